//! What parent and child agree on.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use model::call::{Call, Caller, RecordingState};
use model::id::{CallId, CompanyId, EmployeeId, LineId, MessageId};
use model::line::Recipient;
use model::message::Message;
use serde::{Deserialize, Serialize};
use store::{MasterKey, Store};
use uuid::Uuid;

/// Messages in all.
pub const MESSAGES: usize = 10_000;
/// Companies that they are spread over.
pub const COMPANIES: usize = 8;

/// Messages of one call.
const OF_CALL: usize = 20;

/// The ways that the messages of a company take.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    pub webhook: bool,
    pub push: bool,
    pub mail: bool,
}

impl Ways {
    /// Of the company with that number: two take all three ways, the others one each.
    pub fn of(company: usize) -> Self {
        Self {
            webhook: [0, 1, 4, 7].contains(&company),
            push: [0, 2, 5, 7].contains(&company),
            mail: [0, 3, 6, 7].contains(&company),
        }
    }

    /// How many there are.
    pub fn count(self) -> usize {
        [self.webhook, self.push, self.mail]
            .into_iter()
            .filter(|way| *way)
            .count()
    }
}

/// What the child is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    pub database: String,
    pub mail_port: u16,
    pub begun: Timestamp,
    pub firms: Vec<Firm>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Firm {
    pub company: CompanyId,
    pub line: LineId,
    pub anna: EmployeeId,
}

/// A message with what belongs to it.
pub struct Numbered {
    /// Its call, where it is the first one of it.
    pub call: Option<Call>,
    pub message: Message,
    pub ways: Ways,
}

impl Plan {
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).expect("a plan");
        serde_json::from_str(&text).expect("a plan")
    }

    pub fn write(&self, folder: &Path) -> PathBuf {
        let file = folder.join("plan.json");
        let text = serde_json::to_string(self).expect("JSON");
        std::fs::write(&file, text).expect("written");
        file
    }

    pub async fn store(&self) -> Result<Store, store::StoreError> {
        Store::open(&self.database, MasterKey::from_bytes([7; 32])).await
    }

    /// The message of a number is always the same: storing it twice stores once.
    pub fn message(&self, number: usize) -> Numbered {
        let company = number % COMPANIES;
        let firm = self.firms[company];
        let round = number / COMPANIES;
        let at = self.begun + SignedDuration::from_millis(i64::try_from(number).expect("small"));
        let id = |kind: u128, of: usize| Uuid::from_u128(kind << 64 | of as u128);
        let call = Call {
            id: CallId(id(1, round / OF_CALL * COMPANIES + company)),
            company: firm.company,
            line: firm.line,
            outgoing: false,
            caller: Caller::default(),
            arrived_at: at,
            answered_at: None,
            ended_at: None,
            ending: None,
            result: None,
            operator: None,
            recording: RecordingState::None,
            recording_ms: 0,
            called_back: false,
        };
        let message = Message {
            id: MessageId(id(2, number)),
            company: firm.company,
            call: call.id,
            recipient: Recipient::Employee {
                employee: firm.anna,
            },
            caller_name: "Иван Петров".into(),
            caller_phone: "+79261234567".into(),
            text: format!("Сообщение {number}"),
            answers: Vec::new(),
            urgent: false,
            author: None,
            created_at: at,
        };
        Numbered {
            call: round.is_multiple_of(OF_CALL).then_some(call),
            message,
            ways: Ways::of(company),
        }
    }
}
