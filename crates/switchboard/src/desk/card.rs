//! The card of a call: what its operator is to know.

use jiff::Timestamp;
use model::call::CallResult;
use model::id::{CallId, CompanyId, DepartmentId, EmployeeId};
use model::line::Recipient;
use model::notice::Presence;
use model::question::Question;
use model::transfer::Dialled;
use serde::Serialize;

use super::Errand;

/// What an operator is to know of a call.
#[derive(Clone, Debug, Serialize)]
pub struct CallCard {
    /// The call.
    pub id: CallId,
    /// The line's name.
    pub line_name: String,
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// What it is placed for; none where it came in.
    pub errand: Option<Errand>,
    /// The caller's number as stored, or the one that is called; empty where hidden.
    pub caller_phone: String,
    /// The caller's number for reading.
    pub caller_phone_shown: String,
    /// The caller's name, as the company knows it, or as the PBX tells it.
    pub caller_name: String,
    /// What the company knows besides.
    pub caller_note: String,
    /// The caller goes before all others.
    pub vip: bool,
    /// What to say first, names put in.
    pub greeting: String,
    /// What to say last.
    pub farewell: String,
    /// The company.
    pub company: CardCompany,
    /// Whether it is working time there.
    pub working_time: WorkingTime,
    /// Who gets the message unless the operator chooses another.
    pub default_recipient: Option<Recipient>,
    /// «Вопросы сценария».
    pub questions: Vec<Question>,
    /// The company's departments.
    pub departments: Vec<CardDepartment>,
    /// The company's employees.
    pub employees: Vec<CardEmployee>,
    /// It comes back from a transfer.
    pub returned: bool,
    /// The caller's earlier calls, newest first.
    pub earlier: Vec<EarlierCall>,
}

/// The company on a card.
#[derive(Clone, Debug, Serialize)]
pub struct CardCompany {
    /// Id.
    pub id: CompanyId,
    /// Name as operators say it.
    pub name: String,
    /// What it does.
    pub about: String,
    /// Address.
    pub address: String,
    /// Site.
    pub site: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// What operators must not say.
    pub not_to_say: String,
    /// «Готовые тексты» for messages.
    pub texts: Vec<String>,
}

/// Whether it is working time at the company.
#[derive(Clone, Debug, Serialize)]
pub struct WorkingTime {
    /// It is.
    pub open: bool,
    /// Until when.
    pub changes_at: Option<Timestamp>,
    /// IANA name of the company's zone.
    pub zone: String,
}

/// A department on a card.
#[derive(Clone, Debug, Serialize)]
pub struct CardDepartment {
    /// Id.
    pub id: DepartmentId,
    /// Name.
    pub name: String,
    /// Extension.
    pub extension: String,
    /// At which numbers it can be called.
    pub dialled: Vec<Dialled>,
}

/// An employee on a card.
#[derive(Clone, Debug, Serialize)]
pub struct CardEmployee {
    /// Id.
    pub id: EmployeeId,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Department.
    pub department: Option<DepartmentId>,
    /// Extension.
    pub extension: String,
    /// At which numbers the employee can be called.
    pub dialled: Vec<Dialled>,
    /// Whether messages reach this employee by e-mail.
    pub has_email: bool,
    /// What the employee says of oneself now.
    pub presence: Presence,
    /// Until when.
    pub presence_until: Option<Timestamp>,
    /// Until when the employee is away, where that is so now.
    pub absent_until: Option<Timestamp>,
    /// Who stands in.
    pub deputy_name: Option<String>,
}

/// An earlier call of the caller, or to the caller.
#[derive(Clone, Debug, Serialize)]
pub struct EarlierCall {
    /// An operator placed it.
    pub outgoing: bool,
    /// When.
    pub at: Timestamp,
    /// What became of it.
    pub result: Option<CallResult>,
    /// The message, where there is one.
    pub text: Option<String>,
}
