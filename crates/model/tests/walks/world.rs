//! One message's way through simulated time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::id::EmployeeId;
use model::notice::{Decision, Progress, Situation, decide};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use crate::company::{Company, company, reach};
use crate::ledger::{Ledger, Moment};

/// The longest walk: more than two runs of three days.
const LONGEST: SignedDuration = SignedDuration::from_hours(8 * 24);

/// A message, its company, and what is on its way.
pub struct World {
    rng: SmallRng,
    zone: TimeZone,
    company: Company,
    now: Timestamp,
    end: Timestamp,
    progress: Progress,
    next_at: Option<Timestamp>,
    /// Notices that wait to leave, with when they may.
    queued: Vec<(EmployeeId, Timestamp)>,
    /// Calls that operators owe.
    owed: Vec<(EmployeeId, Timestamp)>,
    /// How likely things are in an hour: that somebody reads, changes how to
    /// be reached, is deleted; that the message is accepted and given back.
    reads: f64,
    changes: f64,
    gives_back: f64,
    ledger: Ledger,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut rng = SmallRng::seed_from_u64(seed);
        let start: Timestamp = "2026-10-23T09:00:00Z".parse().expect("a timestamp");
        let now = start + SignedDuration::from_mins(rng.random_range(0..10_080));
        // Zones with and without a change of the clock in these days.
        let zone = ["Europe/Moscow", "Europe/Berlin"][rng.random_range(0..2)];
        Self {
            zone: TimeZone::get(zone).expect("a zone"),
            company: company(&mut rng, now),
            now,
            end: now + LONGEST,
            progress: Progress::new(now),
            next_at: Some(now),
            queued: Vec::new(),
            owed: Vec::new(),
            reads: [0.0, 0.05, 0.5][rng.random_range(0..3)],
            changes: [0.0, 0.05, 0.3][rng.random_range(0..3)],
            gives_back: [0.0, 0.01][rng.random_range(0..2)],
            ledger: Ledger::default(),
            rng,
        }
    }

    /// Goes on until the message is accepted for good, or nothing follows any more.
    pub fn run(mut self) -> Ledger {
        while self.now < self.end {
            if self.next_at.is_some_and(|next| next <= self.now) {
                self.step();
            } else if self.rng.random_bool(0.1) {
                self.look_too_early();
            }
            self.leave();
            self.happen();
            self.advance();
        }
        self.ledger.walks += 1;
        self.ledger
    }

    fn decide(&self) -> Decision {
        decide(
            self.now,
            &Situation {
                zone: &self.zone,
                staff: &self.company.staff,
                recipient: self.company.recipient,
                urgent: self.company.urgent,
                policy: &self.company.policy,
                progress: &self.progress,
                pending: &ids(&self.queued),
                called: &ids(&self.owed),
            },
        )
    }

    fn step(&mut self) {
        let decision = self.decide();
        let moment = Moment {
            now: self.now,
            zone: &self.zone,
            company: &self.company,
            before: &self.progress,
            queued: &self.queued,
            owed: &self.owed,
        };
        self.ledger.decided(&moment, &decision);
        for notice in &decision.notices {
            let from = notice.hold_until.unwrap_or(self.now);
            self.queued.push((notice.employee, from));
        }
        for call in &decision.calls {
            self.owed.push((call.employee, call.due_at));
        }
        self.progress = decision.progress;
        self.next_at = decision.next_at;
    }

    /// A worker that was woken for nothing changes nothing.
    fn look_too_early(&mut self) {
        let decision = self.decide();
        let expected = Decision {
            next_at: self.next_at,
            ..Decision::nothing(self.progress.clone())
        };
        if self.next_at.is_some() {
            assert_eq!(decision, expected);
        }
    }

    /// Letters leave once they may, and calls are made; either may take its time.
    fn leave(&mut self) {
        let (now, late) = (self.now, self.rng.random_bool(0.2));
        self.queued.retain(|(_, from)| *from > now || late);
        self.owed.retain(|(_, from)| *from > now || late);
    }

    /// What people do in between.
    fn happen(&mut self) {
        if self.rng.random_bool(self.reads) {
            self.progress.read(self.now);
            if self.next_at.is_some() {
                let (policy, urgent) = (&self.company.policy, self.company.urgent);
                self.next_at = policy.next_at(urgent, &self.progress);
            }
            self.ledger.reads += 1;
        }
        let employees: Vec<EmployeeId> = (self.company.staff.people.iter())
            .map(|person| person.id)
            .collect();
        if !employees.is_empty() && self.rng.random_bool(self.changes) {
            let place = self.rng.random_range(0..employees.len());
            if self.rng.random_bool(0.1) {
                self.company.staff.people.remove(place);
                self.ledger.deleted += 1;
            } else {
                let new = reach(&mut self.rng, self.now, &employees);
                self.company.staff.people[place].reach = new;
            }
        }
        if self.rng.random_bool(self.gives_back) {
            // Accepted and given back: a run begins anew, without whoever had it.
            let except = self.rng.random_bool(0.5) && !employees.is_empty();
            let place = self.rng.random_range(0..employees.len().max(1));
            self.progress = Progress {
                except: except.then(|| employees[place]),
                ..Progress::new(self.now)
            };
            self.next_at = Some(self.now);
            self.owed.clear();
            self.ledger.runs += 1;
        }
    }

    /// To the next thing that is due, or a while on.
    fn advance(&mut self) {
        let while_on = self.now + SignedDuration::from_secs(self.rng.random_range(1..7_200));
        let due = self.next_at.filter(|next| *next > self.now);
        let next = match (self.next_at, due) {
            (Some(_), None) => self.now,
            (_, Some(due)) if due < while_on => {
                // A worker comes a little late.
                due + SignedDuration::from_millis(self.rng.random_range(0..900))
            }
            _ => while_on,
        };
        self.now = next;
    }
}

fn ids(all: &[(EmployeeId, Timestamp)]) -> Vec<EmployeeId> {
    all.iter().map(|(id, _)| *id).collect()
}
