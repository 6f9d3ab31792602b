//! A line: one account at a company's PBX, with the scenario of its calls.

use serde::{Deserialize, Serialize};

use crate::dialling::Dialling;
use crate::greeting::Wording;
use crate::id::{CompanyId, DepartmentId, EmployeeId, LineId};
use crate::pbx::PbxAccount;
use crate::question::Question;
use crate::transfer::TransferSettings;

/// «Сценарий линии».
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// «Защита от пропущенных»: calls that the staff missed.
    MissedCalls,
    /// «Секретарь»: all calls.
    Secretary,
}

/// How soon calls of a line are taken, against those of other lines. The
/// greater, the sooner.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// After all others.
    Low,
    /// In the order of their arrival.
    #[default]
    Usual,
    /// Before all others.
    High,
}

/// Who gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum Recipient {
    /// A department, by its own rule.
    Department {
        /// Which one.
        department: DepartmentId,
    },
    /// One employee.
    Employee {
        /// Which one.
        employee: EmployeeId,
    },
}

/// «Сценарий обработки звонков»: its four numbered points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// 1: the greeting.
    pub greeting: Wording,
    /// 2: the farewell.
    pub farewell: Wording,
    /// 3: who gets messages unless the operator chooses another.
    pub recipient: Option<Recipient>,
    /// 4: «Обрабатывать звонки в нерабочее время».
    pub outside_hours: bool,
    /// How callers are handed over to colleagues.
    #[serde(default)]
    pub transfer: TransferSettings,
    /// How those are dialled who are called back.
    #[serde(default)]
    pub dialling: Dialling,
    /// How soon calls are taken, against those of other lines.
    #[serde(default)]
    pub priority: Priority,
    /// «Вопросы сценария», in the order in which they are asked.
    #[serde(default)]
    pub questions: Vec<Question>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            greeting: Wording::Variant { number: 1 },
            farewell: Wording::Variant { number: 1 },
            recipient: None,
            outside_hours: true,
            transfer: TransferSettings::default(),
            dialling: Dialling::default(),
            priority: Priority::default(),
            questions: Vec::new(),
        }
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Id.
    pub id: LineId,
    /// Whose it is.
    pub company: CompanyId,
    /// Name, as the company calls it.
    pub name: String,
    /// «Сценарий линии».
    pub scenario: Scenario,
    /// «Сценарий обработки звонков».
    pub script: Script,
    /// «Подключение к АТС (SIP)», once given.
    pub account: Option<PbxAccount>,
    /// User part of the contact that the line registers: 128 random bits in
    /// hex, so an arriving call finds its line, and a stranger finds none.
    pub contact: String,
    /// «Подключить к колл-центру» was chosen: operators answer. Otherwise the sound check does.
    pub connected: bool,
}
