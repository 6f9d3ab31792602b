//! The desks that are connected.

use std::collections::HashMap;

use jiff::Timestamp;
use model::id::{BrowserId, CallId, UserId};
use model::operator::OperatorState;
use tokio::sync::mpsc;

use crate::desk::{DeskEvent, StateReason};
use crate::handle::DeskId;

/// An operator's state as the desk was last told it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) state: OperatorState,
    pub(crate) since: Timestamp,
    pub(crate) deadline: Option<Timestamp>,
    pub(crate) reason: Option<StateReason>,
}

impl Told {
    pub(crate) fn event(self) -> DeskEvent {
        let Self {
            state,
            since,
            deadline,
            reason,
        } = self;
        DeskEvent::State {
            state,
            since,
            deadline,
            reason,
        }
    }
}

/// A desk that is connected.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) id: DeskId,
    pub(crate) operator: UserId,
    pub(crate) name: String,
    pub(crate) browser: BrowserId,
    pub(crate) sound_up: bool,
    /// The call that rings here, and until when.
    pub(crate) ringing: Option<(CallId, Timestamp)>,
    frames: mpsc::Sender<DeskEvent>,
}

impl Desk {
    pub(crate) fn new(
        id: DeskId,
        operator: UserId,
        name: String,
        frames: mpsc::Sender<DeskEvent>,
    ) -> Self {
        let browser = BrowserId(uuid::Uuid::new_v4());
        Self {
            id,
            operator,
            name,
            browser,
            sound_up: false,
            ringing: None,
            frames,
        }
    }

    /// Sends a frame. A desk that does not take its frames is as good as gone:
    /// its connection ends by the socket's own liveness check.
    pub(crate) fn send(&self, event: DeskEvent) {
        if self.frames.try_send(event).is_err() {
            tracing::debug!(operator = %self.operator, "a desk does not take its frames");
        }
    }
}

/// All desks, one an operator.
#[derive(Debug, Default)]
pub(crate) struct Desks {
    by_operator: HashMap<UserId, Desk>,
    last: u64,
}

impl Desks {
    pub(crate) fn next_id(&mut self) -> DeskId {
        self.last += 1;
        DeskId(self.last)
    }

    /// Puts the operator's desk in; gives back the one that was there.
    pub(crate) fn put(&mut self, desk: Desk) -> Option<Desk> {
        self.by_operator.insert(desk.operator, desk)
    }

    /// Takes the desk out, unless another connection has taken its place.
    pub(crate) fn take(&mut self, id: DeskId) -> Option<Desk> {
        let operator = self.by_id(id)?.operator;
        self.by_operator.remove(&operator)
    }

    pub(crate) fn by_id(&self, id: DeskId) -> Option<&Desk> {
        self.by_operator.values().find(|desk| desk.id == id)
    }

    pub(crate) fn by_browser(&mut self, browser: BrowserId) -> Option<&mut Desk> {
        self.by_operator
            .values_mut()
            .find(|desk| desk.browser == browser)
    }

    pub(crate) fn of(&self, operator: UserId) -> Option<&Desk> {
        self.by_operator.get(&operator)
    }

    pub(crate) fn of_mut(&mut self, operator: UserId) -> Option<&mut Desk> {
        self.by_operator.get_mut(&operator)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Desk> {
        self.by_operator.values()
    }
}
