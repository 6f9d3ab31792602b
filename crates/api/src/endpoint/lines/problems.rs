//! What stops a line from working, and the mend in words.

use model::company::{Department, Employee, Notify};
use model::language::Language;
use model::line::{Line, Recipient};
use model::pbx::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::sentences;

/// Something that stops a line from working.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineProblem {
    /// What.
    code: LineProblemCode,
    /// What, and the mend, in the user's language.
    text: String,
}

/// What can stop a line from working.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineProblemCode {
    /// «Подключение к АТС (SIP)» is not filled in.
    NoAccount,
    /// The PBX does not have the line registered.
    NotRegistered,
    /// Nobody is chosen to get messages.
    NoRecipient,
    /// Who was chosen is gone.
    RecipientGone,
    /// A department that no message reaches.
    RecipientUnreachable,
}

/// Everything that stops the line.
pub fn problems(
    line: &Line,
    connection: &Connection,
    departments: &[Department],
    employees: &[Employee],
    language: Language,
) -> Vec<LineProblem> {
    let mut found = Vec::new();
    let mut put = |code, text| found.push(LineProblem { code, text });
    if line.account.is_none() {
        put(
            LineProblemCode::NoAccount,
            sentences::outcome(&Connection::NotConfigured, language),
        );
    } else if let Connection::Failed { fault } = connection {
        let why = sentences::fault(fault, language);
        let text = match language {
            Language::Ru => format!("Линия не подключена к АТС. {why}"),
            Language::En => format!("The line is not connected to the PBX. {why}"),
        };
        put(LineProblemCode::NotRegistered, text);
    }
    if let Some(code) = recipient(line.script.recipient, departments, employees) {
        put(code, recipient_sentence(code, language).to_owned());
    }
    found
}

fn recipient(
    chosen: Option<Recipient>,
    departments: &[Department],
    employees: &[Employee],
) -> Option<LineProblemCode> {
    let is_there = |id| employees.iter().any(|employee| employee.id == id);
    match chosen {
        None => Some(LineProblemCode::NoRecipient),
        Some(Recipient::Employee { employee }) => {
            (!is_there(employee)).then_some(LineProblemCode::RecipientGone)
        }
        Some(Recipient::Department { department }) => {
            let Some(row) = departments.iter().find(|row| row.id == department) else {
                return Some(LineProblemCode::RecipientGone);
            };
            let reached = match row.notify {
                Notify::Employee { employee } => is_there(employee),
                Notify::Everyone => employees.iter().any(|e| e.department == Some(department)),
            };
            (!reached).then_some(LineProblemCode::RecipientUnreachable)
        }
    }
}

fn recipient_sentence(code: LineProblemCode, language: Language) -> &'static str {
    match (code, language) {
        (LineProblemCode::NoRecipient, Language::Ru) => {
            "Не выбрано, кому отправлять сообщения. Укажите отдел или сотрудника в пункте 3 сценария."
        }
        (LineProblemCode::NoRecipient, Language::En) => {
            "Nobody is chosen to get messages. Choose a department or an employee in point 3 of the script."
        }
        (LineProblemCode::RecipientUnreachable, Language::Ru) => {
            "В отделе, выбранном в пункте 3 сценария, нет сотрудников: сообщения никто не получит. \
             Добавьте сотрудников на вкладке «Сотрудники» или выберите другого получателя."
        }
        (LineProblemCode::RecipientUnreachable, Language::En) => {
            "The department chosen in point 3 of the script has no employees: nobody would get the messages. \
             Add employees in the tab “Employees”, or choose another recipient."
        }
        (_, Language::Ru) => "Получатель сообщений удалён. Выберите другого в пункте 3 сценария.",
        (_, Language::En) => {
            "The recipient of messages was deleted. Choose another one in point 3 of the script."
        }
    }
}

#[cfg(test)]
mod tests {
    use model::company::{Department, Employee, Notify};
    use model::id::{CompanyId, DepartmentId, EmployeeId, LineId};
    use model::language::Language;
    use model::line::{Line, Recipient, Scenario, Script};
    use model::pbx::{Connection, Fault, PbxAccount, Transport};
    use model::secret::Secret;
    use uuid::Uuid;

    use super::{LineProblemCode, problems};

    fn line(recipient: Option<Recipient>) -> Line {
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
                server: "pbx".into(),
                proxy: None,
                auth_name: None,
                port: None,
                transport: Transport::Udp,
                interval_s: 120,
            }),
            contact: String::new(),
            connected: true,
        }
    }

    fn codes(line: &Line, connection: &Connection, staff: &[Employee]) -> Vec<LineProblemCode> {
        let department = Department {
            id: DepartmentId(Uuid::from_u128(3)),
            name: "Продажи".into(),
            extension: String::new(),
            notify: Notify::Everyone,
        };
        problems(line, connection, &[department], staff, Language::Ru)
            .into_iter()
            .map(|problem| problem.code)
            .collect()
    }

    #[test]
    fn a_line_that_works_has_no_problem() {
        let department = DepartmentId(Uuid::from_u128(3));
        let employee = Employee {
            id: EmployeeId(Uuid::from_u128(4)),
            email: "a@b.ru".into(),
            name: "Анна".into(),
            department: Some(department),
            position: String::new(),
            extension: String::new(),
            mobile: String::new(),
        };
        let registered = Connection::Registered { granted_s: 60 };
        let line = line(Some(Recipient::Department { department }));
        assert_eq!(codes(&line, &registered, &[employee]), []);
        assert_eq!(
            codes(&line, &registered, &[]),
            [LineProblemCode::RecipientUnreachable]
        );
    }

    #[test]
    fn everything_that_stops_it_is_told() {
        let mut bare = line(None);
        let failed = Connection::Failed {
            fault: Fault::WrongPassword,
        };
        assert_eq!(
            codes(&bare, &failed, &[]),
            [LineProblemCode::NotRegistered, LineProblemCode::NoRecipient]
        );
        bare.account = None;
        bare.script.recipient = Some(Recipient::Employee {
            employee: EmployeeId(Uuid::from_u128(9)),
        });
        assert_eq!(
            codes(&bare, &Connection::NotConfigured, &[]),
            [LineProblemCode::NoAccount, LineProblemCode::RecipientGone]
        );
    }
}
