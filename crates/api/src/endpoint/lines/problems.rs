//! What stops a line from working, and the mend in words.

use model::company::{Department, Employee, Notify};
use model::language::Language;
use model::line::{Line, Recipient};
use model::pbx::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use super::surroundings::Surroundings;
use crate::sentences;

/// Something that stops a line from working.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineProblem {
    /// What.
    pub code: LineProblemCode,
    /// What, and the mend, in the user's language.
    pub text: String,
    /// Where it is mended.
    pub mend: Mend,
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
    /// A department without people.
    RecipientUnreachable,
    /// A department whose notifications go to somebody who is gone.
    NotifiedGone,
    /// No working hours, and no calls are taken outside of them.
    NeverOpen,
}

/// The page or section where something is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// «Сценарий обработки звонков» of the line.
    Script,
    /// «Подключение к АТС (SIP)» of the line.
    Account,
    /// «Рабочее время».
    Hours,
    /// «Отделы».
    Departments,
    /// «Сотрудники».
    Employees,
}

/// Everything that stops the line.
pub fn problems(
    line: &Line,
    connection: &Connection,
    around: &Surroundings,
    language: Language,
) -> Vec<LineProblem> {
    let mut found = Vec::new();
    let mut put = |code, mend, text| found.push(LineProblem { code, text, mend });
    if line.account.is_none() {
        let text = sentences::outcome(&Connection::NotConfigured, language);
        put(LineProblemCode::NoAccount, Mend::Account, text);
    } else if let Connection::Failed { fault } = connection {
        let why = sentences::fault(fault, language);
        let text = match language {
            Language::Ru => format!("Линия не подключена к АТС. {why}"),
            Language::En => format!("The line is not connected to the PBX. {why}"),
        };
        put(LineProblemCode::NotRegistered, Mend::Account, text);
    }
    let reached = recipient(
        line.script.recipient,
        &around.departments,
        &around.employees,
    );
    if let Err((code, mend)) = reached {
        put(code, mend, recipient_sentence(code, language).to_owned());
    }
    if !around.hours.ever_open(around.today) && !line.script.outside_hours {
        let text = match language {
            Language::Ru => {
                "Рабочее время не задано, а в нерабочее время звонки не обрабатываются: каждый звонящий услышит \
                 короткие гудки. Задайте рабочее время или выберите «Да» в пункте 4 сценария."
            }
            Language::En => {
                "There are no working hours, and calls outside of them are not handled: every caller hears the busy \
                 tone. Set the working hours, or choose “Yes” in point 4 of the scenario."
            }
        };
        put(LineProblemCode::NeverOpen, Mend::Hours, text.to_owned());
    }
    found
}

/// Those who get a message for the recipient.
pub fn recipient<'a>(
    chosen: Option<Recipient>,
    departments: &[Department],
    employees: &'a [Employee],
) -> Result<Vec<&'a Employee>, (LineProblemCode, Mend)> {
    let find = |id| employees.iter().find(|employee| employee.id == id);
    match chosen {
        None => Err((LineProblemCode::NoRecipient, Mend::Script)),
        Some(Recipient::Employee { employee }) => match find(employee) {
            Some(employee) => Ok(vec![employee]),
            None => Err((LineProblemCode::RecipientGone, Mend::Script)),
        },
        Some(Recipient::Department { department }) => {
            let row = departments.iter().find(|row| row.id == department);
            let row = row.ok_or((LineProblemCode::RecipientGone, Mend::Script))?;
            if let Notify::Employee { employee } = row.notify {
                let employee =
                    find(employee).ok_or((LineProblemCode::NotifiedGone, Mend::Departments))?;
                return Ok(vec![employee]);
            }
            let people = employees
                .iter()
                .filter(|e| e.department == Some(department));
            let people: Vec<_> = people.collect();
            if people.is_empty() {
                return Err((LineProblemCode::RecipientUnreachable, Mend::Employees));
            }
            Ok(people)
        }
    }
}

fn recipient_sentence(code: LineProblemCode, language: Language) -> &'static str {
    match (code, language) {
        (LineProblemCode::NoRecipient, Language::Ru) => {
            "Не выбрано, кому передавать сообщения. Укажите отдел или сотрудника в пункте 3 сценария."
        }
        (LineProblemCode::NoRecipient, Language::En) => {
            "Nobody is chosen to get messages. Choose a department or an employee in point 3 of the scenario."
        }
        (LineProblemCode::RecipientUnreachable, Language::Ru) => {
            "В отделе, выбранном в пункте 3 сценария, нет сотрудников: сообщения никто не получит. \
             Добавьте сотрудников на вкладке «Сотрудники» или выберите другого получателя."
        }
        (LineProblemCode::RecipientUnreachable, Language::En) => {
            "The department chosen in point 3 of the scenario has no employees: nobody would get the messages. \
             Add employees in the tab “Employees”, or choose another recipient."
        }
        (LineProblemCode::NotifiedGone, Language::Ru) => {
            "Уведомления отдела, выбранного в пункте 3 сценария, идут сотруднику, которого больше нет. \
             Выберите другого на вкладке «Отделы»."
        }
        (LineProblemCode::NotifiedGone, Language::En) => {
            "The notifications of the department chosen in point 3 of the scenario go to an employee who is gone. \
             Choose another one in the tab “Departments”."
        }
        (_, Language::Ru) => "Получатель сообщений удалён. Выберите другого в пункте 3 сценария.",
        (_, Language::En) => {
            "The recipient of messages was deleted. Choose another one in point 3 of the scenario."
        }
    }
}

#[cfg(test)]
mod tests {
    use model::company::Notify;
    use model::id::EmployeeId;
    use model::language::Language;
    use model::line::{Line, Recipient};
    use model::pbx::{Connection, Fault};
    use uuid::Uuid;

    use super::super::surroundings::Surroundings;
    use super::super::surroundings::samples::{department, employee, line, office};
    use super::{LineProblemCode, problems};

    fn codes(line: &Line, connection: &Connection, around: &Surroundings) -> Vec<LineProblemCode> {
        problems(line, connection, around, Language::Ru)
            .into_iter()
            .map(|problem| problem.code)
            .collect()
    }

    fn to_department() -> Line {
        line(Some(Recipient::Department {
            department: department().id,
        }))
    }

    const REGISTERED: Connection = Connection::Registered { granted_s: 60 };

    #[test]
    fn a_line_that_works_has_no_problem() {
        assert_eq!(codes(&to_department(), &REGISTERED, &office()), []);
        let empty = Surroundings {
            employees: Vec::new(),
            ..office()
        };
        assert_eq!(
            codes(&to_department(), &REGISTERED, &empty),
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
            codes(&bare, &failed, &office()),
            [LineProblemCode::NotRegistered, LineProblemCode::NoRecipient]
        );
        bare.account = None;
        bare.script.recipient = Some(Recipient::Employee {
            employee: EmployeeId(Uuid::from_u128(9)),
        });
        assert_eq!(
            codes(&bare, &Connection::NotConfigured, &office()),
            [LineProblemCode::NoAccount, LineProblemCode::RecipientGone]
        );
    }

    #[test]
    fn a_department_may_notify_somebody_who_is_gone() {
        let mut around = office();
        around.departments[0].notify = Notify::Employee {
            employee: EmployeeId(Uuid::from_u128(9)),
        };
        assert_eq!(
            codes(&to_department(), &REGISTERED, &around),
            [LineProblemCode::NotifiedGone]
        );
        around.departments[0].notify = Notify::Employee {
            employee: employee().id,
        };
        assert_eq!(codes(&to_department(), &REGISTERED, &around), []);
    }

    #[test]
    fn hours_that_never_open_stop_a_line_that_is_silent_outside_of_them() {
        let mut around = office();
        around.hours.week = Default::default();
        let mut line = to_department();
        assert_eq!(codes(&line, &REGISTERED, &around), []);
        line.script.outside_hours = false;
        assert_eq!(
            codes(&line, &REGISTERED, &around),
            [LineProblemCode::NeverOpen]
        );
    }
}
