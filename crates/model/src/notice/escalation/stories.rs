//! Messages that nobody takes on, told as stories.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::*;
use crate::company::Notify;
use crate::notice::{Absence, Quiet, Shift};

const ANNA: EmployeeId = EmployeeId(Uuid::from_u128(1));
const BORIS: EmployeeId = EmployeeId(Uuid::from_u128(2));
const VERA: EmployeeId = EmployeeId(Uuid::from_u128(3));
const SALES: DepartmentId = DepartmentId(Uuid::from_u128(11));

/// Monday noon in Moscow.
fn noon() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a timestamp")
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// A company of three, Anna and Boris of them in the sales department.
struct Story {
    zone: TimeZone,
    staff: Staff,
    recipient: Recipient,
    urgent: bool,
    policy: Policy,
    progress: Progress,
    pending: Vec<EmployeeId>,
    called: Vec<EmployeeId>,
    now: Timestamp,
}

impl Story {
    fn new(recipient: Recipient, steps: &[(u32, Target)]) -> Self {
        let person = |id, department| Person {
            id,
            department,
            reach: Reach::default(),
        };
        let steps = steps.iter().map(|(after_minutes, to)| Step {
            after_minutes: *after_minutes,
            to: *to,
        });
        Self {
            zone: TimeZone::get("Europe/Moscow").expect("a zone"),
            staff: Staff {
                people: vec![
                    person(ANNA, Some(SALES)),
                    person(BORIS, Some(SALES)),
                    person(VERA, None),
                ],
                departments: vec![Group {
                    id: SALES,
                    notify: Notify::Everyone,
                    rota: Rota::default(),
                }],
            },
            recipient,
            urgent: false,
            policy: Policy {
                only_urgent: false,
                steps: steps.collect(),
            },
            progress: Progress::new(noon()),
            pending: Vec::new(),
            called: Vec::new(),
            now: noon(),
        }
    }

    fn reach(&mut self, id: EmployeeId) -> &mut Reach {
        let mut people = self.staff.people.iter_mut();
        let person = people.find(|person| person.id == id);
        &mut person.expect("one of the three").reach
    }

    fn away(&mut self, id: EmployeeId, deputy: Option<EmployeeId>) {
        self.reach(id).absence = Some(Absence {
            from: noon() - minutes(1),
            to: noon() + minutes(100_000),
            deputy,
        });
    }

    /// Quiet until the hour of the present day in Moscow.
    fn quiet(&mut self, id: EmployeeId, until: &str) {
        self.reach(id).quiet = vec![Quiet {
            days: vec![1],
            from: "00:00".parse().expect("time"),
            to: until.parse().expect("time"),
        }];
    }

    fn decide(&mut self) -> Decision {
        let situation = Situation {
            zone: &self.zone,
            staff: &self.staff,
            recipient: self.recipient,
            urgent: self.urgent,
            policy: &self.policy,
            progress: &self.progress,
            pending: &self.pending,
            called: &self.called,
        };
        let decision = decide(self.now, &situation);
        self.progress = decision.progress.clone();
        decision
    }

    /// Goes to when the next decision is due.
    fn next(&mut self) -> Decision {
        self.now = self
            .policy
            .next_at(self.urgent, &self.progress)
            .expect("due");
        self.decide()
    }
}

fn told(decision: &Decision) -> Vec<EmployeeId> {
    decision
        .notices
        .iter()
        .map(|notice| notice.employee)
        .collect()
}

fn to(employee: EmployeeId) -> Recipient {
    Recipient::Employee { employee }
}

const TO_SALES: Recipient = Recipient::Department { department: SALES };

#[test]
fn without_a_policy_those_whom_it_is_for_are_told_once() {
    let mut story = Story::new(TO_SALES, &[]);
    let decision = story.decide();
    assert_eq!(told(&decision), [ANNA, BORIS]);
    assert_eq!((decision.next_at, decision.notes), (None, vec![]));
    let later = story.decide();
    assert_eq!(later, Decision::nothing(story.progress.clone()));
}

#[test]
fn the_next_one_is_told_when_nobody_has_read_it() {
    let mut story = Story::new(to(ANNA), &[(15, Target::Employee { employee: VERA })]);
    let decision = story.decide();
    assert_eq!(told(&decision), [ANNA]);
    assert_eq!(decision.next_at, Some(noon() + minutes(15)));
    // Before it is due, nothing happens.
    story.now = noon() + minutes(14);
    let early = story.decide();
    assert_eq!((told(&early), early.next_at), (vec![], decision.next_at));
    let next = story.next();
    assert_eq!(told(&next), [VERA]);
    assert_eq!(
        next.notes,
        [Note::Step {
            step: 1,
            to: vec![VERA]
        }]
    );
    // The last one comes again.
    assert_eq!(next.next_at, Some(noon() + minutes(30)));
    assert_eq!(told(&story.next()), [VERA]);
}

#[test]
fn who_reads_gets_the_time_once_more() {
    let mut story = Story::new(to(ANNA), &[(15, Target::Employee { employee: VERA })]);
    story.decide();
    story.progress.read(noon() + minutes(10));
    story.progress.read(noon() + minutes(12));
    story.next();
    assert_eq!(story.now, noon() + minutes(25));
    // Of the step that follows, it is counted anew.
    story.next();
    assert_eq!(story.now, noon() + minutes(40));
}

#[test]
fn an_ordinary_message_stays_where_only_urgent_ones_go_on() {
    let mut story = Story::new(to(ANNA), &[(15, Target::Employee { employee: VERA })]);
    story.policy.only_urgent = true;
    assert_eq!(story.decide().next_at, None);
    let mut urgent = Story::new(to(ANNA), &[(15, Target::Employee { employee: VERA })]);
    urgent.policy.only_urgent = true;
    urgent.urgent = true;
    assert!(urgent.decide().next_at.is_some());
}

#[test]
fn quiet_hours_hold_and_the_next_step_follows_at_once() {
    let mut story = Story::new(to(ANNA), &[(15, Target::Employee { employee: VERA })]);
    story.quiet(ANNA, "14:00");
    let decision = story.decide();
    let held = Notice {
        employee: ANNA,
        as_deputy_of: None,
        hold_until: Some(noon() + minutes(120)),
    };
    assert_eq!(decision.notices[0], held);
    assert_eq!(told(&decision), [ANNA, VERA]);
    assert_eq!(decision.progress.step, Some(1));
    // Urgent ones pass.
    let mut urgent = Story::new(to(ANNA), &[]);
    urgent.urgent = true;
    urgent.quiet(ANNA, "14:00");
    assert_eq!(urgent.decide().notices[0].hold_until, None);
}

#[test]
fn what_waits_already_is_not_told_again() {
    let mut story = Story::new(to(ANNA), &[(15, Target::Employee { employee: ANNA })]);
    story.quiet(ANNA, "14:00");
    assert_eq!(told(&story.decide()), [ANNA]);
    story.pending = vec![ANNA];
    let next = story.next();
    assert_eq!((told(&next), next.administrators), (vec![], false));
}

#[test]
fn a_deputy_stands_in_and_for_the_deputy_another() {
    let mut story = Story::new(to(ANNA), &[]);
    story.away(ANNA, Some(BORIS));
    story.away(BORIS, Some(VERA));
    let decision = story.decide();
    let notice = Notice {
        employee: VERA,
        as_deputy_of: Some(ANNA),
        hold_until: None,
    };
    assert_eq!(decision.notices, [notice]);
    let deputised = Note::Deputised {
        absent: ANNA,
        deputy: VERA,
    };
    assert_eq!(decision.notes, [deputised]);
}

#[test]
fn a_deputy_who_is_told_anyway_is_told_once() {
    let mut story = Story::new(TO_SALES, &[]);
    story.away(ANNA, Some(BORIS));
    assert_eq!(told(&story.decide()), [BORIS]);
}

#[test]
fn deputies_in_a_circle_are_nobody_and_the_administrators_are_told() {
    let mut story = Story::new(to(ANNA), &[]);
    story.away(ANNA, Some(BORIS));
    story.away(BORIS, Some(ANNA));
    let decision = story.decide();
    assert!(decision.administrators && decision.notices.is_empty());
    assert_eq!(decision.notes, [Note::Absent(ANNA), Note::Nobody]);
}

#[test]
fn an_empty_department_comes_to_the_administrators() {
    let mut story = Story::new(TO_SALES, &[]);
    for person in &mut story.staff.people {
        person.department = None;
    }
    assert!(story.decide().administrators);
    story.staff.departments.clear();
    story.progress = Progress::new(noon());
    assert!(story.decide().administrators);
}

#[test]
fn whoever_is_on_duty_is_told_and_without_one_everybody() {
    let mut story = Story::new(TO_SALES, &[]);
    story.staff.departments[0].notify = Notify::OnDuty;
    let decision = story.decide();
    assert_eq!(told(&decision), [ANNA, BORIS]);
    assert_eq!(decision.notes, [Note::NobodyOnDuty(SALES)]);
    story.staff.departments[0].rota.shifts.push(Shift {
        employee: VERA,
        days: vec![1],
        from: "09:00".parse().expect("time"),
        to: "21:00".parse().expect("time"),
    });
    story.progress = Progress::new(noon());
    assert_eq!(told(&story.decide()), [VERA]);
}

#[test]
fn operators_call_those_who_were_told_when_they_may_be_called() {
    let steps = [
        (10, Target::Employee { employee: VERA }),
        (5, Target::OperatorCall),
    ];
    let mut story = Story::new(to(ANNA), &steps);
    story.decide();
    story.next();
    story.quiet(ANNA, "14:00");
    let decision = story.next();
    let calls = [
        Call {
            employee: ANNA,
            due_at: noon() + minutes(120),
        },
        Call {
            employee: VERA,
            due_at: story.now,
        },
    ];
    assert_eq!(decision.calls, calls);
    assert!(decision.notices.is_empty());
    // Who is to be called already is not asked for twice.
    story.called = vec![ANNA, VERA];
    let again = story.next();
    assert!(again.calls.is_empty() && !again.administrators);
}

#[test]
fn who_gave_it_back_is_not_told() {
    let mut story = Story::new(TO_SALES, &[]);
    story.progress.except = Some(ANNA);
    assert_eq!(told(&story.decide()), [BORIS]);
    let mut alone = Story::new(to(ANNA), &[]);
    alone.progress.except = Some(ANNA);
    assert!(alone.decide().administrators);
}

#[test]
fn after_three_days_there_is_an_alarm_and_then_silence() {
    let mut story = Story::new(to(ANNA), &[(1000, Target::Employee { employee: VERA })]);
    story.decide();
    let mut rounds = 0;
    loop {
        let decision = story.next();
        rounds += 1;
        if decision.notes == [Note::Exhausted] {
            assert_eq!((decision.next_at, told(&decision)), (None, vec![]));
            break;
        }
        assert_eq!(told(&decision), [VERA]);
    }
    assert_eq!((rounds, story.now), (5, noon() + minutes(72 * 60)));
}

#[test]
fn the_last_step_comes_again_a_quarter_of_an_hour_later_at_the_soonest() {
    let mut story = Story::new(to(ANNA), &[(1, Target::Employee { employee: VERA })]);
    story.decide();
    for due in [1, 16, 31] {
        assert_eq!(told(&story.next()), [VERA]);
        assert_eq!(story.now, noon() + minutes(due));
    }
}

#[test]
fn a_policy_that_became_shorter_goes_on_with_its_last_step() {
    let steps = [
        (10, Target::Employee { employee: BORIS }),
        (10, Target::Employee { employee: VERA }),
    ];
    let mut story = Story::new(to(ANNA), &steps);
    story.decide();
    story.next();
    story.next();
    story.policy.steps.truncate(1);
    let decision = story.next();
    assert_eq!(told(&decision), [BORIS]);
    story.policy.steps.clear();
    story.now += minutes(10);
    assert_eq!(story.decide().next_at, None);
}

#[test]
fn a_policy_reads_as_it_was_written() {
    let text = r#"{"only_urgent":true,"steps":[
        {"after_minutes":5,"to":{"kind":"employee","employee":"00000000-0000-0000-0000-000000000001"}},
        {"after_minutes":9,"to":{"kind":"operator_call"}}]}"#;
    let read: Policy = serde_json::from_str(text).expect("a policy");
    assert_eq!(read.steps[0].to, Target::Employee { employee: ANNA });
    let written = serde_json::to_string(&read).expect("written");
    assert_eq!(
        serde_json::from_str::<Policy>(&written).expect("read"),
        read
    );
}
