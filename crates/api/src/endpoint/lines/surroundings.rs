//! What of a company a line's problems, warnings and forecast are told from.

use jiff::Timestamp;
use jiff::civil::Date;
use model::company::{Department, Employee};
use model::hours::WorkingHours;
use model::id::CompanyId;
use model::line::Line;

use crate::Api;
use crate::problem::Problem;

/// A company's people, lines and hours.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Departments.
    pub departments: Vec<Department>,
    /// Employees.
    pub employees: Vec<Employee>,
    /// All lines of the company.
    pub lines: Vec<Line>,
    /// Working hours.
    pub hours: WorkingHours,
    /// Today, by the company's clock.
    pub today: Date,
    /// Letters go out.
    pub email_enabled: bool,
}

impl Surroundings {
    /// Reads them.
    pub async fn of(api: &Api, company: CompanyId) -> Result<Self, Problem> {
        let hours = api.store.companies().hours(company).await?.value;
        let zone = hours.time_zone().map_err(Problem::internal)?;
        Ok(Self {
            departments: api.store.departments().list(company).await?.value,
            employees: api.store.employees().list(company).await?.value,
            lines: api.store.lines().list(company).await?,
            today: Timestamp::now().to_zoned_datetime(zone).date(),
            hours,
            email_enabled: api.config.email_enabled,
        })
    }
}

#[cfg(test)]
pub mod samples {
    use jiff::civil::Date;
    use model::company::{Department, Employee, Notify};
    use model::hours::WorkingHours;
    use model::id::{CompanyId, DepartmentId, EmployeeId, LineId};
    use model::line::{Line, Recipient, Scenario, Script};
    use model::pbx::{PbxAccount, Transport};
    use model::secret::Secret;
    use uuid::Uuid;

    use super::Surroundings;

    pub fn department() -> Department {
        Department {
            id: DepartmentId(Uuid::from_u128(3)),
            name: "Продажи".into(),
            extension: "10".into(),
            notify: Notify::Everyone,
        }
    }

    pub fn employee() -> Employee {
        Employee {
            id: EmployeeId(Uuid::from_u128(4)),
            email: "anna@romashka.ru".into(),
            name: "Анна".into(),
            department: Some(department().id),
            position: String::new(),
            extension: "101".into(),
            mobile: "8 926 123-45-67".into(),
        }
    }

    pub fn line(recipient: Option<Recipient>) -> Line {
        Line {
            id: LineId(Uuid::from_u128(1)),
            company: CompanyId(Uuid::from_u128(2)),
            name: "Основная".into(),
            scenario: Scenario::MissedCalls,
            script: Script {
                recipient,
                ..Script::default()
            },
            account: Some(PbxAccount {
                user: "200".into(),
                password: Secret::new("x"),
                server: "pbx.ru".into(),
                proxy: None,
                auth_name: None,
                port: None,
                transport: Transport::Udp,
                interval_s: 120,
                trust: model::pbx::Trust::default(),
                codecs: model::audio::Codec::ALL.to_vec(),
            }),
            contact: String::new(),
            connected: true,
        }
    }

    /// An office with a department, an employee and nine-to-six.
    pub fn office() -> Surroundings {
        Surroundings {
            departments: vec![department()],
            employees: vec![employee()],
            lines: Vec::new(),
            hours: WorkingHours::default(),
            today: Date::constant(2026, 11, 23),
            email_enabled: true,
        }
    }
}
