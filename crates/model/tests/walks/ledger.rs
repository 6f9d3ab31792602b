//! What has to hold in every walk, worked out apart from the machine.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::company::Notify;
use model::id::{DepartmentId, EmployeeId};
use model::line::Recipient;
use model::notice::{Decision, Note, Person, Progress, Target};

use crate::company::Company;

/// From a run's beginning to its alarm.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(72);
/// The longest that anything is held.
const HELD_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Everything around a decision.
pub struct Moment<'a> {
    pub now: Timestamp,
    pub zone: &'a TimeZone,
    pub company: &'a Company,
    pub before: &'a Progress,
    pub queued: &'a [(EmployeeId, Timestamp)],
    pub owed: &'a [(EmployeeId, Timestamp)],
}

/// What was seen, to know that walks go everywhere.
#[derive(Debug, Default)]
pub struct Ledger {
    pub walks: u64,
    pub runs: u64,
    pub reads: u64,
    pub deleted: u64,
    decisions: u64,
    told: u64,
    held: u64,
    deputised: u64,
    absent: u64,
    calls: u64,
    repeated: u64,
    nobody_on_duty: u64,
    administrators: u64,
    exhausted: u64,
    at_once: u64,
}

impl Ledger {
    /// Checks a decision that was due.
    pub fn decided(&mut self, moment: &Moment<'_>, decision: &Decision) {
        self.decisions += 1;
        let steps = moment.company.policy.steps_of(moment.company.urgent);
        moment.in_time(steps.len());
        let alarm = decision.progress.run_at + TOLD_FOR;
        if decision.notes.contains(&Note::Exhausted) {
            assert!(moment.now >= alarm, "an alarm before three days are over");
            assert!(decision.notices.is_empty() && decision.calls.is_empty());
            assert_eq!(decision.next_at, None);
            self.exhausted += 1;
            return;
        }
        assert!(
            moment.before.step.is_none() || moment.now < alarm,
            "nobody is told after the alarm"
        );
        moment.somebody_is_responsible(decision);
        moment.administrators_are_the_last(decision);
        moment.nobody_is_told_twice(decision);
        for notice in &decision.notices {
            moment.may_be_told(notice.employee, notice.hold_until);
            if let Some(absent) = notice.as_deputy_of {
                let absent = moment.person(absent);
                assert!(absent.reach.absent_at(moment.now).is_some());
                self.deputised += 1;
            }
            self.held += u64::from(notice.hold_until.is_some());
            self.told += 1;
        }
        for call in &decision.calls {
            let held = Some(call.due_at).filter(|due| *due > moment.now);
            moment.may_be_told(call.employee, held);
            self.calls += 1;
        }
        match decision.next_at {
            None => assert!(steps.is_empty(), "a policy goes on until the alarm"),
            Some(next) => assert!(next > moment.now && next <= alarm, "{next}"),
        }
        self.steps_follow_each_other(moment, decision);
        self.administrators += u64::from(decision.administrators);
        for note in &decision.notes {
            self.absent += u64::from(matches!(note, Note::Absent(_)));
            self.nobody_on_duty += u64::from(matches!(note, Note::NobodyOnDuty(_)));
        }
    }

    /// One by one; further ones at once where those before can't be reached now.
    fn steps_follow_each_other(&mut self, moment: &Moment<'_>, decision: &Decision) {
        let begun: Vec<u32> = decision
            .notes
            .iter()
            .filter_map(|note| match note {
                Note::Step { step, .. } => Some(*step),
                _ => None,
            })
            .collect();
        let last = moment.company.policy.steps.len();
        let mut expected = moment.before.step.map_or(1, |step| step + 1);
        for (place, step) in begun.iter().enumerate() {
            let repeated = usize::try_from(*step).expect("small") == last && *step < expected;
            assert!(*step == expected || (place == 0 && repeated), "{begun:?}");
            self.repeated += u64::from(repeated);
            self.at_once += u64::from(place > 0);
            expected = step + 1;
        }
        assert!(usize::try_from(expected).expect("small") <= last + 1);
    }

    pub fn add(&mut self, walk: Self) {
        self.walks += walk.walks;
        self.runs += walk.runs;
        self.reads += walk.reads;
        self.deleted += walk.deleted;
        self.decisions += walk.decisions;
        self.told += walk.told;
        self.held += walk.held;
        self.deputised += walk.deputised;
        self.absent += walk.absent;
        self.calls += walk.calls;
        self.repeated += walk.repeated;
        self.nobody_on_duty += walk.nobody_on_duty;
        self.administrators += walk.administrators;
        self.exhausted += walk.exhausted;
        self.at_once += walk.at_once;
    }

    /// Or the walks show little.
    pub fn went_everywhere(&self) {
        for seen in [
            self.runs,
            self.reads,
            self.deleted,
            self.held,
            self.deputised,
            self.absent,
            self.calls,
            self.repeated,
            self.nobody_on_duty,
            self.administrators,
            self.exhausted,
            self.at_once,
        ] {
            assert!(seen >= 100, "{self:?}");
        }
        assert!(self.decisions >= 100_000, "{self:?}");
    }
}

impl Moment<'_> {
    fn person(&self, id: EmployeeId) -> &Person {
        let mut people = self.company.staff.people.iter();
        let person = people.find(|person| person.id == id);
        person.expect("who is told exists")
    }

    /// A step is never earlier than it is due: so many minutes after the
    /// former one began, or after it was read; a repetition keeps a distance.
    fn in_time(&self, steps: usize) {
        let Some(step) = self.before.step else {
            return;
        };
        let step = usize::try_from(step).expect("small");
        let mut after = self.company.policy.steps[step.min(steps - 1)].after_minutes;
        if step >= steps && after < 15 {
            after = 15;
        }
        let since = self.before.read_at.unwrap_or(self.before.step_at);
        let due = since + SignedDuration::from_mins(i64::from(after));
        assert!(self.now >= due.min(self.before.run_at + TOLD_FOR), "{due}");
    }

    /// Whoever is told now, will be when quiet hours end, is about to be
    /// called, or the administrators.
    fn somebody_is_responsible(&self, decision: &Decision) {
        assert!(
            decision.administrators
                || !decision.notices.is_empty()
                || !decision.calls.is_empty()
                || !self.queued.is_empty()
                || !self.owed.is_empty(),
            "nobody is responsible"
        );
        assert_eq!(
            decision.administrators,
            decision.notes.contains(&Note::Nobody)
        );
        assert!(
            !decision.administrators || (decision.notices.is_empty() && decision.calls.is_empty()),
            "the administrators are told where somebody else is"
        );
    }

    /// The administrators are told when nobody behind the steps that began is
    /// there, by oneself or a deputy; and only then.
    fn administrators_are_the_last(&self, decision: &Decision) {
        let mut begun: Vec<usize> = decision
            .notes
            .iter()
            .filter_map(|note| match note {
                Note::Step { step, .. } => Some(usize::try_from(*step).expect("small")),
                _ => None,
            })
            .collect();
        if self.before.step.is_none() {
            begun.push(0);
        }
        let found = begun.iter().any(|step| {
            let behind = self.behind(*step);
            behind.into_iter().any(|id| self.is_there(id))
        });
        assert_eq!(decision.administrators, !found);
    }

    /// Whoever a step is for; of a call, those of all steps before.
    fn behind(&self, step: usize) -> Vec<EmployeeId> {
        let Some(place) = step.checked_sub(1) else {
            return match self.company.recipient {
                Recipient::Employee { employee } => vec![employee],
                Recipient::Department { department } => self.department(department, false),
            };
        };
        match self.company.policy.steps[place].to {
            Target::Employee { employee } => vec![employee],
            Target::Department { department } => self.department(department, false),
            Target::OnDuty { department } => self.department(department, true),
            Target::OperatorCall => (0..step).flat_map(|step| self.behind(step)).collect(),
        }
    }

    fn department(&self, id: DepartmentId, on_duty: bool) -> Vec<EmployeeId> {
        let staff = &self.company.staff;
        let group = staff.departments.iter().find(|group| group.id == id);
        let group = group.expect("departments stay");
        match group.notify {
            Notify::Employee { employee } if !on_duty => return vec![employee],
            Notify::Everyone if !on_duty => {}
            _ => {
                let mut duty = group.rota.on_duty(self.now, self.zone);
                duty.retain(|id| staff.people.iter().any(|person| person.id == *id));
                if !duty.is_empty() {
                    return duty;
                }
            }
        }
        let own = staff.people.iter().filter(|it| it.department == Some(id));
        own.map(|person| person.id).collect()
    }

    /// Whether somebody, or a deputy, exists, is not away, and may be told.
    fn is_there(&self, id: EmployeeId) -> bool {
        let staff = &self.company.staff;
        let mut id = Some(id);
        for _ in 0..=staff.people.len() {
            let person = staff.people.iter().find(|person| Some(person.id) == id);
            let Some(person) = person else { return false };
            match person.reach.absent_at(self.now) {
                None => return self.before.except != id,
                Some(absence) => id = absence.deputy,
            }
        }
        false
    }

    fn nobody_is_told_twice(&self, decision: &Decision) {
        let mut told = HashSet::new();
        for notice in &decision.notices {
            assert!(told.insert(notice.employee), "told twice at a step");
            let waiting = self.queued.iter().any(|(id, _)| *id == notice.employee);
            assert!(!waiting, "told while a notice waits");
        }
        let mut called = HashSet::new();
        for call in &decision.calls {
            assert!(called.insert(call.employee), "called twice at a step");
            assert!(self.owed.iter().all(|(id, _)| *id != call.employee));
        }
    }

    /// Nobody who is away is told, nobody who gave the message back, and
    /// nobody in quiet hours before they end.
    fn may_be_told(&self, id: EmployeeId, hold_until: Option<Timestamp>) {
        assert_ne!(self.before.except, Some(id));
        let reach = &self.person(id).reach;
        assert!(reach.absent_at(self.now).is_none(), "told while away");
        let passes = self.company.urgent && reach.urgent_anyway;
        match hold_until {
            None => assert!(
                passes || reach.quiet_until(self.now, self.zone).is_none(),
                "told in quiet hours"
            ),
            Some(until) => {
                assert!(!passes && until > self.now, "held without need");
                let quiet = reach.quiet_until(until, self.zone).is_some();
                let open_ended = reach.presence_until.is_none();
                let longest = until == self.now + HELD_MAX;
                assert!(!quiet || open_ended || longest, "held too short");
            }
        }
    }
}
