//! «Порядок оповещения»: who is told next while nobody takes a message on.

mod decide;
mod people;
#[cfg(test)]
mod stories;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Reach, Rota};
use crate::company::Notify;
use crate::id::{DepartmentId, EmployeeId};
use crate::line::Recipient;

pub use self::decide::decide;

/// Whom a step tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = StepTarget)]
pub enum Target {
    /// One employee.
    Employee {
        /// Which one.
        employee: EmployeeId,
    },
    /// A department, by its own rule.
    Department {
        /// Which one.
        department: DepartmentId,
    },
    /// Whoever is on duty for a department, whatever its rule is.
    OnDuty {
        /// Which one.
        department: DepartmentId,
    },
    /// Operators call those who were told before, and read the message to them.
    OperatorCall,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EscalationStep)]
pub struct Step {
    /// Minutes after the former step began; the message itself is the first one.
    pub after_minutes: u32,
    /// Whom it tells.
    pub to: Target,
}

/// «Порядок оповещения».
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EscalationPolicy)]
pub struct Policy {
    /// Whether ordinary messages stay with those whom they are for.
    pub only_urgent: bool,
    /// The steps in order; none: nobody is told but those whom the message is for.
    pub steps: Vec<Step>,
}

impl Policy {
    /// The most steps that a policy may have.
    pub const STEPS_MAX: usize = 20;
    /// The longest that a step waits for the former one: a day.
    pub const AFTER_MAX: u32 = 24 * 60;
    /// The least minutes from one repetition of the last step to the next: a step a minute
    /// after the former one is no wish for thousands of letters in three days.
    pub const REPEAT_MIN: u32 = 15;

    /// The steps that a message takes.
    pub fn steps_of(&self, urgent: bool) -> &[Step] {
        match self.only_urgent && !urgent {
            true => &[],
            false => &self.steps,
        }
    }
}

/// How far a message's notices have come. A run begins when a message is
/// stored, given back, opened again, or assigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// When the run began.
    pub run_at: Timestamp,
    /// The step that has begun: 0 are those whom the message is for; none at the run's beginning.
    pub step: Option<u32>,
    /// When that step began.
    pub step_at: Timestamp,
    /// When somebody who was told has first read the message since then.
    pub read_at: Option<Timestamp>,
    /// Who gave it back, and is not told of it in this run.
    pub except: Option<EmployeeId>,
}

impl Progress {
    /// A run that begins now.
    pub fn new(now: Timestamp) -> Self {
        Self {
            run_at: now,
            step: None,
            step_at: now,
            read_at: None,
            except: None,
        }
    }

    /// Somebody who was told has read the message: the next step waits once more.
    pub fn read(&mut self, now: Timestamp) {
        if self.step.is_some() && self.read_at.is_none() {
            self.read_at = Some(now);
        }
    }
}

/// An employee, as far as the rules need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: EmployeeId,
    /// Of which department.
    pub department: Option<DepartmentId>,
    /// How to be reached.
    pub reach: Reach,
}

/// A department, as far as the rules need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which one.
    pub id: DepartmentId,
    /// Its rule.
    pub notify: Notify,
    /// Its rota.
    pub rota: Rota,
}

/// The company's people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    /// Employees in the company's order.
    pub people: Vec<Person>,
    /// Departments.
    pub departments: Vec<Group>,
}

/// An open message and everything on which its notices depend.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The company's zone.
    pub zone: &'a TimeZone,
    /// Its people.
    pub staff: &'a Staff,
    /// Whom the message is for; the one it was assigned to, once it was.
    pub recipient: Recipient,
    /// Whether it can't wait.
    pub urgent: bool,
    /// The policy of the message's department, or of the company.
    pub policy: &'a Policy,
    /// How far it has come.
    pub progress: &'a Progress,
    /// Who has a notice that waits to leave.
    pub pending: &'a [EmployeeId],
    /// Whom operators are asked to call already.
    pub called: &'a [EmployeeId],
}

/// A notice to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// To whom.
    pub employee: EmployeeId,
    /// For whom this one stands in.
    pub as_deputy_of: Option<EmployeeId>,
    /// It waits until then.
    pub hold_until: Option<Timestamp>,
}

/// A call that operators are asked to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// To whom.
    pub employee: EmployeeId,
    /// Not before then.
    pub due_at: Timestamp,
}

/// What the timeline tells of a decision, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A step of the policy began; with those it tells or has called.
    Step {
        /// Which one, from 1 on.
        step: u32,
        /// Whom.
        to: Vec<EmployeeId>,
    },
    /// Somebody is away and another stands in.
    Deputised {
        /// Who is away.
        absent: EmployeeId,
        /// Who stands in.
        deputy: EmployeeId,
    },
    /// Somebody is away and nobody stands in.
    Absent(EmployeeId),
    /// By the rota nobody was on duty.
    NobodyOnDuty(DepartmentId),
    /// Nobody was found: the administrators are told.
    Nobody,
    /// The alarm: nobody is told any more.
    Exhausted,
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who is told.
    pub notices: Vec<Notice>,
    /// Who is called by operators.
    pub calls: Vec<Call>,
    /// Whether the company's administrators are told, for nobody else is.
    pub administrators: bool,
    /// What the timeline tells.
    pub notes: Vec<Note>,
    /// How far the message has come now.
    pub progress: Progress,
    /// When the next decision is due; none where nothing more follows.
    pub next_at: Option<Timestamp>,
}

impl Decision {
    /// Nothing is to be done, now or later.
    pub fn nothing(progress: Progress) -> Self {
        Self {
            notices: Vec::new(),
            calls: Vec::new(),
            administrators: false,
            notes: Vec::new(),
            progress,
            next_at: None,
        }
    }
}
