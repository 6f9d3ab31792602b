//! What others may look at while the switchboard's task goes on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use model::id::{LineId, UserId};
use model::operator::OperatorState;
use model::pbx::Connection;

use crate::check::Check;

/// State that is written by the switchboard and read by everyone.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    connections: RwLock<HashMap<LineId, Connection>>,
    draining: AtomicBool,
    recording_cut: AtomicBool,
    facts_waiting: AtomicBool,
    figures: RwLock<Figures>,
}

/// What goes on, as of a second ago at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Calls that run.
    pub running_calls: u32,
    /// Operators who are signed in, whatever they are doing.
    pub operators_signed_in: u32,
    /// Lines that are registered at their PBX.
    pub lines_registered: u32,
    /// Lines that can't register.
    pub lines_failing: u32,
    pub(crate) operators: HashMap<UserId, OperatorState>,
}

impl Shared {
    pub(crate) fn connection(&self, line: LineId) -> Connection {
        let connections = self
            .connections
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        connections.get(&line).cloned().unwrap_or_default()
    }

    pub(crate) fn set_connection(&self, line: LineId, connection: Option<Connection>) {
        let mut connections = self
            .connections
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match connection {
            Some(connection) => connections.insert(line, connection),
            None => connections.remove(&line),
        };
    }

    pub(crate) fn figures(&self) -> Figures {
        self.figures
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_figures(&self, figures: Figures) {
        *self.figures.write().unwrap_or_else(PoisonError::into_inner) = figures;
    }

    pub(crate) fn operator_state(&self, operator: UserId) -> OperatorState {
        let figures = self.figures.read().unwrap_or_else(PoisonError::into_inner);
        figures
            .operators
            .get(&operator)
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn set_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn set_recording_cut(&self, cut: bool) {
        self.recording_cut.store(cut, Ordering::Relaxed);
    }

    pub(crate) fn set_facts_waiting(&self, waiting: bool) {
        self.facts_waiting.store(waiting, Ordering::Relaxed);
    }

    pub(crate) fn checks(&self) -> Vec<Check> {
        let check = |name, fails: &AtomicBool, sentence: &str| Check {
            name,
            failure: fails.load(Ordering::Relaxed).then(|| sentence.to_owned()),
        };
        vec![
            check(
                "calls",
                &self.draining,
                "the server is stopping and takes no more calls",
            ),
            check(
                "recordings",
                &self.recording_cut,
                "recordings are cut off: their disk is full or can't be written",
            ),
            check(
                "journal",
                &self.facts_waiting,
                "the database does not take what calls produce; it is kept and tried again",
            ),
        ]
    }
}
