//! The machine: what is to be done with an open message now.

use jiff::{SignedDuration, Timestamp};

use super::people::{Found, Told};
use super::{Call, Decision, Note, Notice, Policy, Progress, Situation, Step, Target};
use crate::id::EmployeeId;
use crate::notice::week::minutes;

/// From a run's beginning on, people are told for so long.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(72);
/// The most calls that a step asks operators for.
const CALLS_MAX: usize = 10;

/// Decides about a message that nobody has taken on. Before the next step is
/// due, nothing is done but to say when it is.
///
/// A run begins with those whom the message is for. Each step then follows
/// the former one: at once where that one's people can't be reached now,
/// otherwise in its time, which is counted from the former step's beginning,
/// or once from the reading by somebody who was told. The last step comes
/// again and again. Where a decision finds nobody, not even somebody whose
/// quiet hours will end, the administrators are told.
pub fn decide(now: Timestamp, situation: &Situation<'_>) -> Decision {
    let progress = situation.progress;
    let steps = situation.policy.steps_of(situation.urgent);
    let first = match progress.step {
        None => 0,
        Some(step) => {
            let next = next_at(steps, progress);
            if next.is_none_or(|next| now < next) {
                return waiting(progress, next);
            }
            if now >= alarm_at(progress) {
                return Decision {
                    notes: vec![Note::Exhausted],
                    ..waiting(progress, None)
                };
            }
            following(step, steps)
        }
    };
    Round::new(now, situation, steps).run(first)
}

impl Policy {
    /// When the next decision about a message is due; none where none follows.
    pub fn next_at(&self, urgent: bool, progress: &Progress) -> Option<Timestamp> {
        next_at(self.steps_of(urgent), progress)
    }
}

/// When the step after the present one is due, or the alarm before it.
fn next_at(steps: &[Step], progress: &Progress) -> Option<Timestamp> {
    let Some(step) = progress.step else {
        return Some(progress.run_at);
    };
    let next = following(step, steps);
    let mut after = steps.get(index(next).checked_sub(1)?)?.after_minutes;
    if next <= step {
        after = after.max(Policy::REPEAT_MIN);
    }
    let since = progress.read_at.unwrap_or(progress.step_at);
    let due = since.max(progress.step_at) + minutes(after);
    Some(due.min(alarm_at(progress)))
}

fn alarm_at(progress: &Progress) -> Timestamp {
    progress.run_at + TOLD_FOR
}

/// The step after this one: the last one comes again. A policy may have
/// become shorter meanwhile.
fn following(step: u32, steps: &[Step]) -> u32 {
    let last = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    step.saturating_add(1).min(last)
}

fn index(step: u32) -> usize {
    usize::try_from(step).unwrap_or(usize::MAX)
}

fn waiting(progress: &Progress, next_at: Option<Timestamp>) -> Decision {
    Decision {
        next_at,
        ..Decision::nothing(progress.clone())
    }
}

/// Steps that begin at one moment.
struct Round<'a> {
    now: Timestamp,
    situation: &'a Situation<'a>,
    steps: &'a [Step],
    notices: Vec<Notice>,
    calls: Vec<Call>,
    notes: Vec<Note>,
    /// Somebody is told now, or will be.
    found: bool,
}

impl<'a> Round<'a> {
    fn new(now: Timestamp, situation: &'a Situation<'a>, steps: &'a [Step]) -> Self {
        Self {
            now,
            situation,
            steps,
            notices: Vec::new(),
            calls: Vec::new(),
            notes: Vec::new(),
            found: false,
        }
    }

    fn run(mut self, first: u32) -> Decision {
        let mut step = first;
        while !self.begin(step) && index(step) < self.steps.len() {
            step += 1;
        }
        if !self.found {
            self.notes.push(Note::Nobody);
        }
        let progress = Progress {
            step: Some(step),
            step_at: self.now,
            read_at: None,
            ..self.situation.progress.clone()
        };
        Decision {
            next_at: next_at(self.steps, &progress),
            administrators: !self.found,
            notices: self.notices,
            calls: self.calls,
            notes: self.notes,
            progress,
        }
    }

    /// Begins a step; whether somebody is reached by it now.
    fn begin(&mut self, step: u32) -> bool {
        let target = match index(step).checked_sub(1) {
            None => None,
            Some(before) => match self.steps.get(before) {
                Some(step) => Some(step.to),
                None => return false,
            },
        };
        let found = match target {
            Some(Target::OperatorCall) => self.told_before(step),
            Some(target) => self.situation.behind(target, self.now),
            None => self.situation.addressees(self.now),
        };
        let place = self.notes.len();
        if let Some(department) = found.nobody_on_duty {
            self.notes.push(Note::NobodyOnDuty(department));
        }
        let (mut to, mut reached) = (Vec::new(), false);
        for employee in found.people {
            let notice = match self.situation.told(employee, self.now) {
                Told::Notice(notice) => notice,
                Told::Away => {
                    self.note(Note::Absent(employee));
                    continue;
                }
            };
            if self.situation.progress.except == Some(notice.employee) {
                continue;
            }
            self.found = true;
            reached |= notice.hold_until.is_none();
            let added = match target {
                Some(Target::OperatorCall) => self.call(notice),
                _ => self.tell(notice),
            };
            if added {
                to.push(notice.employee);
            }
            if let Some(absent) = notice.as_deputy_of {
                let deputy = notice.employee;
                self.note(Note::Deputised { absent, deputy });
            }
        }
        if step > 0 {
            self.notes.insert(place, Note::Step { step, to });
        }
        reached
    }

    /// Those of the message and of the steps before a call, as they are now.
    fn told_before(&self, step: u32) -> Found {
        let mut found = self.situation.addressees(self.now);
        for before in self.steps.iter().take(index(step) - 1) {
            let behind = self.situation.behind(before.to, self.now);
            for employee in behind.people {
                if !found.people.contains(&employee) {
                    found.people.push(employee);
                }
            }
        }
        found.nobody_on_duty = None;
        found
    }

    /// Adds a notice, unless one waits for them or was added a moment ago.
    fn tell(&mut self, notice: Notice) -> bool {
        let known = |id: EmployeeId| self.notices.iter().any(|notice| notice.employee == id);
        if known(notice.employee) || self.situation.pending.contains(&notice.employee) {
            return false;
        }
        self.notices.push(notice);
        true
    }

    /// Adds a call, unless one is owed to them.
    fn call(&mut self, notice: Notice) -> bool {
        let known = self.calls.iter().any(|it| it.employee == notice.employee)
            || self.situation.called.contains(&notice.employee);
        if known || self.calls.len() >= CALLS_MAX {
            return false;
        }
        self.calls.push(Call {
            employee: notice.employee,
            due_at: notice.hold_until.unwrap_or(self.now),
        });
        true
    }

    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
