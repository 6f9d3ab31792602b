//! What does not stop a line, but will not work as it is meant.

use model::language::Language;
use model::line::{Line, Recipient};
use model::pbx::PbxAccount;
use model::phone::Phone;
use serde::Serialize;
use utoipa::ToSchema;

use super::problems::{Mend, recipient};
use super::surroundings::Surroundings;

/// Something that will not work as it is meant.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineWarning {
    /// What.
    pub code: LineWarningCode,
    /// What, and the mend, in the user's language.
    pub text: String,
    /// Where it is mended; none where only the service's own administrator can.
    pub mend: Option<Mend>,
}

/// What may not work as it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineWarningCode {
    /// Messages stand in the cabinet only: no letters go out.
    NoMail,
    /// None of those who get messages has an e-mail address.
    NoChannel,
    /// There are no working hours: every call counts as one outside of them.
    NeverOpen,
    /// A transfer to the recipient would come back to the line.
    ForwardReturns,
    /// Somebody else's number is the line's own.
    NumberIsLines,
    /// Another line seems to have the same PBX user.
    SamePbxUser,
}

/// Everything about the line that one should know.
pub fn warnings(line: &Line, around: &Surroundings, language: Language) -> Vec<LineWarning> {
    let mut found = Vec::new();
    let told = recipient(
        line.script.recipient,
        &around.departments,
        &around.employees,
    );
    if let Ok(people) = told {
        if !around.email_enabled {
            found.push(no_mail(language));
        } else if people.iter().all(|person| person.email.is_empty()) {
            found.push(no_channel(language));
        }
    }
    if !around.hours.ever_open(around.today) && line.script.outside_hours {
        found.push(never_open(language));
    }
    if let Some(account) = &line.account {
        found.extend(returns(line, account, around, language));
        let others = around.lines.iter().filter(|other| other.id != line.id);
        found.extend(
            others
                .filter(|other| other.account.as_ref().is_some_and(|o| same(o, account)))
                .map(|other| same_user(&other.name, language)),
        );
    }
    found
}

/// One user and one password under two names of a server are one extension;
/// the very same server's name is refused when it is saved.
fn same(one: &PbxAccount, other: &PbxAccount) -> bool {
    one.user.eq_ignore_ascii_case(&other.user)
        && (one.server.eq_ignore_ascii_case(&other.server)
            || one.password.reveal() == other.password.reveal())
}

/// Numbers of people and departments that are the line's own extension.
fn returns(
    line: &Line,
    account: &PbxAccount,
    around: &Surroundings,
    language: Language,
) -> Vec<LineWarning> {
    let Some(own) = Phone::parse(&account.user) else {
        return Vec::new();
    };
    let is_own = |number: &str| Phone::parse(number).as_ref() == Some(&own);
    let departments = around.departments.iter().filter_map(|row| {
        let recipient = Recipient::Department { department: row.id };
        is_own(&row.extension).then_some((row.name.as_str(), recipient, Mend::Departments))
    });
    let employees = around.employees.iter().filter_map(|row| {
        let recipient = Recipient::Employee { employee: row.id };
        (is_own(&row.extension) || is_own(&row.mobile)).then_some((
            row.name.as_str(),
            recipient,
            Mend::Employees,
        ))
    });
    departments
        .chain(employees)
        .map(|(name, recipient, mend)| {
            let chosen = line.script.recipient == Some(recipient);
            LineWarning {
                code: match chosen {
                    true => LineWarningCode::ForwardReturns,
                    false => LineWarningCode::NumberIsLines,
                },
                text: returns_sentence(name, &account.user, chosen, language),
                mend: Some(mend),
            }
        })
        .collect()
}

fn returns_sentence(name: &str, user: &str, chosen: bool, language: Language) -> String {
    match (chosen, language) {
        (true, Language::Ru) => format!(
            "Номер получателя «{name}» – {user}, это номер самой линии: переведённый звонок вернётся на неё же. \
             Укажите номер, на котором отвечает человек."
        ),
        (true, Language::En) => format!(
            "The number of the recipient “{name}” is {user}, the line's own: a transferred call would come back \
             to it. Give a number that a person answers."
        ),
        (false, Language::Ru) => format!(
            "У «{name}» указан номер {user}, это номер самой линии. Если оператор переведёт звонок туда, он \
             вернётся на линию."
        ),
        (false, Language::En) => format!(
            "“{name}” has the number {user}, which is the line's own. A call that the operator transfers there \
             comes back to the line."
        ),
    }
}

fn same_user(other: &str, language: Language) -> LineWarning {
    LineWarning {
        code: LineWarningCode::SamePbxUser,
        text: match language {
            Language::Ru => format!(
                "У линии «{other}» тот же пользователь АТС: похоже, это один и тот же внутренний номер. \
                 Звонки могут приходить не на ту линию; заведите для каждой свой."
            ),
            Language::En => format!(
                "The line “{other}” has the same PBX user: it seems to be one and the same extension. Calls may \
                 arrive on the wrong line; give each line an extension of its own."
            ),
        },
        mend: Some(Mend::Account),
    }
}

fn no_mail(language: Language) -> LineWarning {
    LineWarning {
        code: LineWarningCode::NoMail,
        text: match language {
            Language::Ru => {
                "Отправка писем на сервере не настроена: сообщения видны только в личном кабинете. \
                 Обратитесь в поддержку Телефонистки."
            }
            Language::En => {
                "The server sends no letters: messages are seen in the cabinet only. Ask the support of Telefonistka."
            }
        }
        .to_owned(),
        mend: None,
    }
}

fn no_channel(language: Language) -> LineWarning {
    LineWarning {
        code: LineWarningCode::NoChannel,
        text: match language {
            Language::Ru => {
                "У получателя сообщений нет адреса email: сообщения видны только в личном кабинете. \
                 Выберите другого получателя или добавьте сотрудника с адресом."
            }
            Language::En => {
                "The recipient of messages has no e-mail address: messages are seen in the cabinet only. Choose \
                 another recipient, or add an employee with an address."
            }
        }
        .to_owned(),
        mend: Some(Mend::Employees),
    }
}

fn never_open(language: Language) -> LineWarning {
    LineWarning {
        code: LineWarningCode::NeverOpen,
        text: match language {
            Language::Ru => {
                "Рабочее время не задано: все звонки считаются звонками в нерабочее время."
            }
            Language::En => {
                "There are no working hours: every call counts as a call outside of working hours."
            }
        }
        .to_owned(),
        mend: Some(Mend::Hours),
    }
}

#[cfg(test)]
mod tests {
    use model::id::LineId;
    use model::language::Language;
    use model::line::{Line, Recipient};
    use model::secret::Secret;
    use uuid::Uuid;

    use super::super::surroundings::Surroundings;
    use super::super::surroundings::samples::{employee, line, office};
    use super::{LineWarningCode, warnings};

    fn to_anna() -> Line {
        line(Some(Recipient::Employee {
            employee: employee().id,
        }))
    }

    fn codes(line: &Line, around: &Surroundings) -> Vec<LineWarningCode> {
        let found = warnings(line, around, Language::En);
        found.into_iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn nothing_is_said_about_a_line_that_works() {
        assert_eq!(codes(&to_anna(), &office()), []);
    }

    #[test]
    fn a_recipient_whom_no_letter_reaches_is_told() {
        let mut around = office();
        around.employees[0].email.clear();
        assert_eq!(codes(&to_anna(), &around), [LineWarningCode::NoChannel]);
        around.email_enabled = false;
        assert_eq!(codes(&to_anna(), &around), [LineWarningCode::NoMail]);
    }

    #[test]
    fn a_transfer_that_would_come_back_is_told() {
        let mut around = office();
        around.employees[0].extension = "200".into();
        assert_eq!(
            codes(&to_anna(), &around),
            [LineWarningCode::ForwardReturns]
        );
        around.employees[0].extension = "101".into();
        around.departments[0].extension = "200".into();
        assert_eq!(codes(&to_anna(), &around), [LineWarningCode::NumberIsLines]);
        // One number in two spellings.
        let mut line = to_anna();
        if let Some(account) = &mut line.account {
            account.user = "79261234567".into();
        }
        assert_eq!(codes(&line, &around), [LineWarningCode::ForwardReturns]);
    }

    #[test]
    fn one_extension_on_two_lines_is_told() {
        let mut other = to_anna();
        other.id = LineId(Uuid::from_u128(7));
        other.name = "Вторая".into();
        if let Some(account) = &mut other.account {
            account.server = "10.0.0.1".into();
        }
        let mut around = office();
        around.lines = vec![to_anna(), other.clone()];
        assert_eq!(codes(&to_anna(), &around), [LineWarningCode::SamePbxUser]);
        if let Some(account) = &mut other.account {
            account.password = Secret::new("another");
        }
        around.lines = vec![to_anna(), other];
        assert_eq!(codes(&to_anna(), &around), [], "200 of another PBX");
    }

    #[test]
    fn hours_that_never_open_are_told() {
        let mut around = office();
        around.hours.week = Default::default();
        assert_eq!(codes(&to_anna(), &around), [LineWarningCode::NeverOpen]);
    }
}
