//! Who is in the company, and whether they can be reached.

use jiff::Timestamp;
use model::company::Employee;
use model::id::CompanyId;
use model::notice::Presence;

use super::{Notice, reach};
use crate::{Result, departments, employees, lookup};

/// An employee as colleagues and operators see one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The employee.
    pub employee: Employee,
    /// Name of the department.
    pub department_name: Option<String>,
    /// What the employee says of oneself now.
    pub presence: Presence,
    /// Until when.
    pub presence_until: Option<Timestamp>,
    /// Until when the employee is away, where that is so now.
    pub absent_until: Option<Timestamp>,
    /// Who stands in, by name.
    pub deputy_name: Option<String>,
}

impl Notice<'_> {
    /// All employees in the company's order, as they are now.
    pub async fn colleagues(&self, company: CompanyId, now: Timestamp) -> Result<Vec<Colleague>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let rows = employees::rows(reader, company).await?;
        let departments = departments::rows(reader, company).await?;
        rows.iter()
            .map(|row| {
                let reach = reach(row)?;
                let presence = reach.presence_at(now);
                let absence = reach.absent_at(now);
                let deputy = absence.and_then(|absence| absence.deputy);
                let deputy = deputy.and_then(|id| rows.iter().find(|row| row.id == id.0));
                let department = departments
                    .iter()
                    .find(|known| row.department_id == Some(known.id));
                Ok(Colleague {
                    employee: employees::employee(row),
                    department_name: department.map(|known| known.name.clone()),
                    presence,
                    presence_until: match presence {
                        Presence::Available => None,
                        _ => reach.presence_until,
                    },
                    absent_until: absence.map(|absence| absence.to),
                    deputy_name: deputy.map(|row| row.name.clone()),
                })
            })
            .collect()
    }
}
