//! Companies of every shape.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use model::company::Notify;
use model::id::{DepartmentId, EmployeeId};
use model::line::Recipient;
use model::notice::{
    Absence, Group, Person, Policy, Presence, Quiet, Reach, Rota, Shift, Staff, Step, Target,
};
use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

/// The people of a company, and how its messages go.
pub struct Company {
    pub staff: Staff,
    pub policy: Policy,
    pub recipient: Recipient,
    pub urgent: bool,
}

/// Employees have small numbers, departments larger ones.
fn employee(number: u128) -> EmployeeId {
    EmployeeId(Uuid::from_u128(number))
}

fn department(number: u128) -> DepartmentId {
    DepartmentId(Uuid::from_u128(100 + number))
}

pub fn company(rng: &mut SmallRng, now: Timestamp) -> Company {
    let employees: Vec<EmployeeId> = (0..rng.random_range(1..7)).map(employee).collect();
    let departments: Vec<DepartmentId> = (0..rng.random_range(1..4)).map(department).collect();
    let people = employees.iter().map(|id| Person {
        id: *id,
        department: departments
            .choose(rng)
            .copied()
            .filter(|_| rng.random_bool(0.8)),
        reach: reach(rng, now, &employees),
    });
    let people = people.collect();
    let groups = departments.iter().map(|id| Group {
        id: *id,
        notify: match rng.random_range(0..3) {
            0 => Notify::Everyone,
            1 => Notify::Employee {
                employee: one(rng, &employees),
            },
            _ => Notify::OnDuty,
        },
        rota: Rota {
            shifts: (0..rng.random_range(0..5))
                .map(|_| Shift {
                    employee: one(rng, &employees),
                    days: days(rng),
                    from: time(rng),
                    to: time(rng),
                })
                .collect(),
        },
    });
    let groups = groups.collect();
    let steps = (0..rng.random_range(0..5)).map(|_| Step {
        after_minutes: *[1, 5, 30, 240, 1440].choose(rng).expect("some"),
        to: match rng.random_range(0..5) {
            0 => Target::Department {
                department: one(rng, &departments),
            },
            1 => Target::OnDuty {
                department: one(rng, &departments),
            },
            2 => Target::OperatorCall,
            _ => Target::Employee {
                employee: one(rng, &employees),
            },
        },
    });
    let steps = steps.collect();
    Company {
        staff: Staff {
            people,
            departments: groups,
        },
        policy: Policy {
            only_urgent: rng.random_bool(0.2),
            steps,
        },
        recipient: match rng.random_bool(0.5) {
            true => Recipient::Employee {
                employee: one(rng, &employees),
            },
            false => Recipient::Department {
                department: one(rng, &departments),
            },
        },
        urgent: rng.random_bool(0.4),
    }
}

/// How somebody may be reached; deputies may stand in for each other in a circle.
pub fn reach(rng: &mut SmallRng, now: Timestamp, employees: &[EmployeeId]) -> Reach {
    let hours = |rng: &mut SmallRng| SignedDuration::from_hours(rng.random_range(1..60));
    let presence = match rng.random_range(0..8) {
        0 => Presence::DoNotDisturb,
        1 => Presence::Busy,
        _ => Presence::Available,
    };
    Reach {
        presence,
        presence_until: rng.random_bool(0.7).then(|| now + hours(rng)),
        quiet: (0..rng.random_range(0..3))
            .map(|_| Quiet {
                days: days(rng),
                from: time(rng),
                to: time(rng),
            })
            .collect(),
        urgent_anyway: rng.random_bool(0.7),
        absence: rng.random_bool(0.3).then(|| Absence {
            from: now + hours(rng) - SignedDuration::from_hours(40),
            to: now + hours(rng),
            deputy: employees
                .choose(rng)
                .copied()
                .filter(|_| rng.random_bool(0.7)),
        }),
        ..Reach::default()
    }
}

fn one<T: Copy>(rng: &mut SmallRng, all: &[T]) -> T {
    *all.choose(rng).expect("one at least")
}

fn days(rng: &mut SmallRng) -> Vec<u8> {
    (1..=7).filter(|_| rng.random_bool(0.6)).collect()
}

fn time(rng: &mut SmallRng) -> Time {
    let quarter = rng.random_range(0..96_i8);
    Time::constant(quarter / 4, quarter % 4 * 15, 0, 0)
}
