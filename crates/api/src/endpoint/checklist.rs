//! «Что осталось сделать»: the way to the first call, and how far a company has come on it.

use axum::Json;
use axum::extract::State;
use model::call::CallResult;
use model::company::Company;
use model::id::LineId;
use model::line::Line;
use model::pbx::Connection;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Version of settings that nobody has saved since the company was created.
const UNTOUCHED: u64 = 1;

/// Calls that only come about where the sound was heard on both sides.
const HEARD: [CallResult; 2] = [CallResult::TestCall, CallResult::MessageTaken];

/// The way to the first call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checklist {
    /// The steps in their order.
    steps: Vec<ChecklistStep>,
    /// The line that the steps on lines are about: the oldest one that is not
    /// connected to the call centre yet, else the oldest.
    line: Option<LineId>,
}

/// A step of the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistStep {
    /// Which one.
    step: Step,
    /// Nothing is left to do in it.
    done: bool,
}

/// What there is to do. A step that was done stays so while the PBX is away:
/// what stops a line that used to work is told beside the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// «Компания» was saved, so operators have more than its name.
    Company,
    /// «Рабочее время» was saved.
    Hours,
    /// There is a department.
    Departments,
    /// There is an employee.
    Employees,
    /// There is a line.
    Line,
    /// A line's script names who gets the messages.
    Script,
    /// A line's account was accepted by the PBX.
    Account,
    /// A test call was made, or a caller was served.
    TestCall,
    /// A line is connected to the call centre.
    Connect,
}

/// Tells what is left to do until calls are answered.
#[utoipa::path(get, path = "/api/checklist", tag = "settings", responses((status = OK, body = Checklist)))]
pub async fn checklist(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<Checklist>, Problem> {
    let company = admin.company;
    let about = api.store.companies().get(company).await?;
    let hours = api.store.companies().hours(company).await?;
    let departments = api.store.departments().list(company).await?;
    let employees = api.store.employees().list(company).await?;
    let lines = api.store.lines().list(company).await?;
    let heard = api.store.calls().any_with_result(company, &HEARD).await?;
    let connected = lines.iter().any(|line| line.connected);
    // A call that was heard came over an account that was accepted.
    let accepted = lines
        .iter()
        .any(|line| line.account.is_some() && (heard || line.connected || registered(&api, line)));
    let steps = [
        (Step::Company, is_told(&about)),
        (Step::Hours, hours.version > UNTOUCHED),
        (Step::Departments, !departments.value.is_empty()),
        (Step::Employees, !employees.value.is_empty()),
        (Step::Line, !lines.is_empty()),
        (
            Step::Script,
            lines.iter().any(|line| line.script.recipient.is_some()),
        ),
        (Step::Account, accepted),
        (Step::TestCall, heard),
        (Step::Connect, connected),
    ];
    let steps = steps
        .map(|(step, done)| ChecklistStep { step, done })
        .into();
    let line = lines
        .iter()
        .find(|line| !line.connected)
        .or(lines.first())
        .map(|line| line.id);
    Ok(Json(Checklist { steps, line }))
}

fn is_told(company: &Versioned<Company>) -> bool {
    company.version > UNTOUCHED || !company.value.about.is_empty()
}

fn registered(api: &Api, line: &Line) -> bool {
    matches!(
        api.switchboard.connection(line.id),
        Connection::Registered { .. }
    )
}
