//! Who stands behind a target at a moment.

use jiff::Timestamp;

use super::{Notice, Person, Situation, Staff, Target};
use crate::company::Notify;
use crate::id::{DepartmentId, EmployeeId};
use crate::line::Recipient;

/// Those behind a target, before absences are looked at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Whom.
    pub(super) people: Vec<EmployeeId>,
    /// Where the rota had nobody.
    pub(super) nobody_on_duty: Option<DepartmentId>,
}

/// How somebody can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Themselves, or by their deputy; perhaps later.
    Notice(Notice),
    /// Away, and nobody stands in.
    Away,
}

impl Staff {
    fn person(&self, id: EmployeeId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}

impl Situation<'_> {
    /// Those of the message itself.
    pub(super) fn addressees(&self, now: Timestamp) -> Found {
        match self.recipient {
            Recipient::Employee { employee } => self.one(employee),
            Recipient::Department { department } => self.department(department, now),
        }
    }

    /// Those of a step; nobody behind a call.
    pub(super) fn behind(&self, target: Target, now: Timestamp) -> Found {
        match target {
            Target::Employee { employee } => self.one(employee),
            Target::Department { department } => self.department(department, now),
            Target::OnDuty { department } => self.on_duty(department, now),
            Target::OperatorCall => Found::default(),
        }
    }

    /// How to tell somebody, by whoever stands in. A chain of deputies that
    /// comes back to where it was has nobody who is there.
    pub(super) fn told(&self, id: EmployeeId, now: Timestamp) -> Told {
        let mut passed = Vec::new();
        let mut next = Some(id);
        while let Some(person) = next.and_then(|id| self.staff.person(id)) {
            if passed.contains(&person.id) {
                break;
            }
            let Some(absence) = person.reach.absent_at(now) else {
                return Told::Notice(Notice {
                    employee: person.id,
                    as_deputy_of: (person.id != id).then_some(id),
                    hold_until: person.reach.held_until(now, self.zone, self.urgent),
                });
            };
            passed.push(person.id);
            next = absence.deputy;
        }
        Told::Away
    }

    fn one(&self, employee: EmployeeId) -> Found {
        Found {
            people: self.known([employee]),
            nobody_on_duty: None,
        }
    }

    fn department(&self, id: DepartmentId, now: Timestamp) -> Found {
        let group = self.staff.departments.iter().find(|group| group.id == id);
        match group.map(|group| group.notify) {
            Some(Notify::Everyone) => Found {
                people: self.everyone(id),
                nobody_on_duty: None,
            },
            Some(Notify::Employee { employee }) => self.one(employee),
            Some(Notify::OnDuty) => self.on_duty(id, now),
            None => Found::default(),
        }
    }

    /// Whoever is on duty; the whole department while nobody is.
    fn on_duty(&self, id: DepartmentId, now: Timestamp) -> Found {
        let group = self.staff.departments.iter().find(|group| group.id == id);
        let Some(group) = group else {
            return Found::default();
        };
        let people = self.known(group.rota.on_duty(now, self.zone));
        if people.is_empty() {
            return Found {
                people: self.everyone(id),
                nobody_on_duty: Some(id),
            };
        }
        Found {
            people,
            nobody_on_duty: None,
        }
    }

    fn everyone(&self, id: DepartmentId) -> Vec<EmployeeId> {
        let own = |person: &&Person| person.department == Some(id);
        let people = self.staff.people.iter().filter(own);
        self.known(people.map(|person| person.id))
    }

    /// Those who exist.
    fn known(&self, ids: impl IntoIterator<Item = EmployeeId>) -> Vec<EmployeeId> {
        ids.into_iter()
            .filter(|id| self.staff.person(*id).is_some())
            .collect()
    }
}
