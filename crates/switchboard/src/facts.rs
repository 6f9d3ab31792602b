//! What calls produce, on its way into the store: in order, and kept while
//! the database is away.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use model::call::{Call, Ending, RecordingState, TimelineEntry};
use model::id::{CallId, CompanyId, LineId, UserId};
use model::journal::JournalEntry;
use model::message::Message;
use model::operator::OperatorState;
use model::shift::OfferOutcome;
use model::transfer::TransferWay;
use store::{Store, StoreError};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::shared::Shared;

/// Facts that wait for the database at the most: hours of a busy server.
/// Beyond that memory is at stake, and newer facts are dropped with an alarm.
const WAITING_MAX: usize = 100_000;

/// Pauses between attempts while the database is away.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Something that has happened and has to be stored.
#[derive(Debug)]
pub(crate) enum Fact {
    Arrived(Box<Call>),
    Happened {
        company: CompanyId,
        call: CallId,
        entry: TimelineEntry,
    },
    Answered {
        company: CompanyId,
        call: CallId,
        operator: UserId,
        at: Timestamp,
    },
    Ended {
        company: CompanyId,
        call: CallId,
        ending: Ending,
        at: Timestamp,
    },
    VoiceMessage {
        message: Box<Message>,
        at: Timestamp,
    },
    Recording {
        company: CompanyId,
        call: CallId,
        state: RecordingState,
        ms: u32,
    },
    /// An operator is in a state.
    OperatorState {
        id: Uuid,
        operator: UserId,
        state: OperatorState,
        at: Timestamp,
    },
    /// All operators are in their states still.
    OperatorsLast {
        at: Timestamp,
    },
    /// A call was offered to an operator.
    Offer {
        id: Uuid,
        operator: UserId,
        call: CallId,
        outcome: OfferOutcome,
        at: Timestamp,
    },
    Way {
        line: LineId,
        way: TransferWay,
        works: bool,
        at: Timestamp,
    },
    Line {
        line: LineId,
        at: Timestamp,
        entry: JournalEntry,
    },
}

/// Takes facts; never blocks.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    queue: mpsc::Sender<Fact>,
    shared: Arc<Shared>,
}

impl Facts {
    /// Starts the writer. It ends when every `Facts` is gone and all is stored.
    pub(crate) fn start(
        store: Store,
        email_enabled: bool,
        shared: Arc<Shared>,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, facts) = mpsc::channel(WAITING_MAX);
        let writer = Writer {
            store,
            email_enabled,
            shared: Arc::clone(&shared),
        };
        (Self { queue, shared }, tokio::spawn(writer.run(facts)))
    }

    pub(crate) fn tell(&self, fact: Fact) {
        if let Err(error) = self.queue.try_send(fact) {
            self.shared.set_facts_waiting(true);
            tracing::error!(%error, "a fact about a call is lost: too many wait for the database");
        }
    }
}

struct Writer {
    store: Store,
    email_enabled: bool,
    shared: Arc<Shared>,
}

impl Writer {
    async fn run(self, mut facts: mpsc::Receiver<Fact>) {
        while let Some(fact) = facts.recv().await {
            let mut pause = FIRST_PAUSE;
            loop {
                match self.write(&fact).await {
                    Ok(()) => break,
                    Err(error) if error.is_retryable() => {
                        self.shared.set_facts_waiting(true);
                        tracing::warn!(%error, "the database is away; what calls produce waits");
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                    // A line can be deleted while its last news is on the way.
                    Err(StoreError::NotFound) if matches!(fact, Fact::Line { .. }) => break,
                    Err(error) => {
                        tracing::error!(%error, "a fact about a call can't be stored");
                        break;
                    }
                }
            }
            self.shared.set_facts_waiting(false);
        }
    }

    async fn write(&self, fact: &Fact) -> Result<(), StoreError> {
        let calls = self.store.calls();
        match fact {
            Fact::Arrived(call) => calls.insert(call).await,
            Fact::Happened {
                company,
                call,
                entry,
            } => calls.append_timeline(*company, *call, entry).await,
            Fact::Answered {
                company,
                call,
                operator,
                at,
            } => calls.set_answered(*company, *call, *operator, *at).await,
            Fact::Ended {
                company,
                call,
                ending,
                at,
            } => calls.finish(*company, *call, *ending, *at).await,
            Fact::VoiceMessage { message, at } => calls
                .finish_with_voice_message(message, *at, self.email_enabled)
                .await
                .map(drop),
            Fact::Recording {
                company,
                call,
                state,
                ms,
            } => calls.set_recording(*company, *call, *state, *ms).await,
            Fact::OperatorState {
                id,
                operator,
                state,
                at,
            } => {
                let shifts = self.store.shifts();
                shifts.begin(*id, *operator, *state, *at).await
            }
            Fact::OperatorsLast { at } => self.store.shifts().last(*at).await,
            Fact::Offer {
                id,
                operator,
                call,
                outcome,
                at,
            } => {
                let shifts = self.store.shifts();
                shifts.offered(*id, *operator, *call, *outcome, *at).await
            }
            Fact::Way {
                line,
                way,
                works,
                at,
            } => self.store.lines().learn_way(*line, *way, *works, *at).await,
            Fact::Line { line, at, entry } => {
                let good = !matches!(entry, JournalEntry::Failed { .. });
                self.store.journal().append(*line, *at, entry, good).await
            }
        }
    }
}
