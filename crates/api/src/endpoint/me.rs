//! How whoever is signed in is told of messages.

pub mod presence;
pub mod reach;
pub mod read;
pub mod summary;

use jiff::{SignedDuration, Timestamp};
use model::company::Employee;
use model::notice::{Absence, Quiet};

use crate::Api;
use crate::problem::{Code, Flaw, Problem};
use crate::session::Viewer;
use crate::validate::Checks;

/// Most intervals of quiet hours.
const QUIET_MAX: usize = 20;
/// The longest absence, in days.
const ABSENCE_DAYS: u32 = 400;

/// The employee that whoever asks is; an administrator may be none.
async fn oneself(api: &Api, viewer: &Viewer) -> Result<Employee, Problem> {
    let notice = api.store.notice();
    let employee = notice
        .employee_of(viewer.company, &viewer.user.login)
        .await?;
    employee.ok_or_else(|| Code::NotFound.into())
}

/// Checks quiet hours.
fn check_quiet(checks: &mut Checks, quiet: &[Quiet]) {
    checks.rows("quiet", quiet.len(), QUIET_MAX);
    for (row, quiet) in quiet.iter().enumerate() {
        checks.weekdays(&format!("quiet.{row}.days"), &quiet.days);
    }
}

/// Checks an absence.
pub fn check_absence(checks: &mut Checks, absence: Option<&Absence>, now: Timestamp) {
    let Some(absence) = absence else { return };
    let longest = SignedDuration::from_hours(24 * i64::from(ABSENCE_DAYS));
    let lasts = absence.to.duration_since(absence.from);
    if !lasts.is_positive() || lasts > longest || absence.to <= now {
        checks.flaw("absence.to", Flaw::BadPeriod { days: ABSENCE_DAYS });
    }
}
