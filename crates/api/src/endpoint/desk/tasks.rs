//! Calls that operators owe to those whom a message did not reach.

pub mod finish;
pub mod list;
pub mod take;

use jiff::Timestamp;
use model::id::{MessageId, TaskId, UserId};
use model::notice::TaskState;
use model::question::Answer;
use serde::Serialize;
use store::CallTask;
use utoipa::ToSchema;

use crate::endpoint::calls::shown;

/// A call that operators owe.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskRow {
    /// Id.
    id: TaskId,
    /// Name of the company.
    company_name: String,
    /// Whom to call.
    employee_name: String,
    /// The employee's extension at the company.
    extension: String,
    /// The employee's mobile number.
    mobile: String,
    /// The message that is to be read.
    message_id: MessageId,
    /// Whom it is for.
    recipient_name: String,
    /// Who left it.
    caller_name: String,
    /// The caller's number for reading.
    caller_phone_shown: String,
    /// What it says.
    text: String,
    /// What the caller answered to the questions of the line's scenario.
    answers: Vec<Answer>,
    /// Whether it can't wait.
    urgent: bool,
    /// When it was left.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when the call is due.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// Calls that nobody answered.
    attempts: u32,
    /// How it stands.
    state: TaskState,
    /// Another operator is at it.
    taken_by_other: bool,
}

impl TaskRow {
    fn of(task: CallTask, operator: UserId) -> Self {
        let (extension, mobile) = task
            .employee
            .map(|employee| (employee.extension, employee.mobile))
            .unwrap_or_default();
        Self {
            id: task.id,
            company_name: task.company_name,
            employee_name: task.employee_name,
            extension,
            mobile,
            message_id: task.message.id,
            recipient_name: task.recipient_name,
            caller_name: task.message.caller_name,
            caller_phone_shown: shown(&task.message.caller_phone),
            text: task.message.text,
            answers: task.message.answers,
            urgent: task.message.urgent,
            created_at: task.message.created_at,
            due_at: task.due_at,
            attempts: task.attempts,
            state: task.state,
            taken_by_other: task.taken_by.is_some_and(|by| by != operator),
        }
    }
}
