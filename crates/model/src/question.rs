//! «Вопросы сценария»: what a company wants its callers asked, and what they answered.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::QuestionId;
use crate::language::Language;

/// Longest answer in words, in characters.
pub const WORDS_MAX: usize = 1000;
/// Most digits before the point, and behind it: a sum of money has fewer.
const DIGITS_MAX: (usize, usize) = (15, 6);

/// A question of a line's scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Id: a draft finds its answers by it, whatever moves meanwhile.
    pub id: QuestionId,
    /// As the operator reads it.
    pub label: String,
    /// How it is answered.
    pub answer: AnswerKind,
    /// No message without an answer.
    pub required: bool,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerKind {
    /// In words.
    Text,
    /// By one of these.
    Choice {
        /// What can be chosen.
        options: Vec<String>,
    },
    /// By a day.
    Date,
    /// By a number.
    Number,
}

/// An answer as it is kept with its message: the question may be gone by the time it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Answer {
    /// Id of the question.
    pub question: QuestionId,
    /// As it was asked.
    pub label: String,
    /// How the value is read.
    pub kind: ValueKind,
    /// The words, the option, the day as 2026-11-27, or the number as 12.5.
    pub value: String,
}

/// How an answer's value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// In words.
    Text,
    /// One of the options.
    Choice,
    /// A day.
    Date,
    /// A number.
    Number,
}

/// Why an answer does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFlaw {
    /// It has to be answered.
    Missing,
    /// More than [`WORDS_MAX`] characters.
    TooLong,
    /// Control characters.
    BadCharacters,
    /// None of the options.
    NotAnOption,
    /// No day.
    NotADate,
    /// No number.
    NotANumber,
}

impl Question {
    /// Reads what was given; none where nothing was and nothing has to be.
    pub fn read(&self, given: &str) -> Result<Option<Answer>, AnswerFlaw> {
        let given = given.trim();
        if given.is_empty() {
            return match self.required {
                true => Err(AnswerFlaw::Missing),
                false => Ok(None),
            };
        }
        let (kind, value) = match &self.answer {
            AnswerKind::Text => (ValueKind::Text, words(given)?),
            AnswerKind::Choice { options } => match options.iter().any(|option| option == given) {
                true => (ValueKind::Choice, given.to_owned()),
                false => return Err(AnswerFlaw::NotAnOption),
            },
            AnswerKind::Date => {
                let day: Date = given.parse().map_err(|_| AnswerFlaw::NotADate)?;
                (ValueKind::Date, day.to_string())
            }
            AnswerKind::Number => (
                ValueKind::Number,
                number(given).ok_or(AnswerFlaw::NotANumber)?,
            ),
        };
        Ok(Some(Answer {
            question: self.id,
            label: self.label.clone(),
            kind,
            value,
        }))
    }
}

impl Answer {
    /// The value for reading.
    pub fn shown(&self, language: Language) -> String {
        match (self.kind, language) {
            (ValueKind::Date, _) => match self.value.parse::<Date>() {
                Ok(day) => day.strftime("%d.%m.%Y").to_string(),
                Err(_) => self.value.clone(),
            },
            (ValueKind::Number, Language::Ru) => self.value.replace('.', ","),
            _ => self.value.clone(),
        }
    }

    /// Question and answer as one line.
    pub fn line(&self, language: Language) -> String {
        let label = self.label.trim_end_matches(':');
        let mark = if label.ends_with('?') { "" } else { ":" };
        format!("{label}{mark} {}", self.shown(language))
    }
}

/// A message's text with the answers below it, for where there is room for a text alone.
pub fn with_answers(text: &str, answers: &[Answer], language: Language) -> String {
    let lines = answers.iter().map(|answer| answer.line(language));
    let asked = lines.collect::<Vec<_>>().join("\n");
    match (text.is_empty(), asked.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => asked,
        (false, false) => format!("{text}\n\n{asked}"),
    }
}

fn words(given: &str) -> Result<String, AnswerFlaw> {
    if given.chars().count() > WORDS_MAX {
        return Err(AnswerFlaw::TooLong);
    }
    if given.chars().any(char::is_control) {
        return Err(AnswerFlaw::BadCharacters);
    }
    Ok(given.to_owned())
}

/// A decimal number in one spelling: spaces between digits go, the comma becomes a point.
fn number(given: &str) -> Option<String> {
    let spelt: String = given
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    let digits = spelt.strip_prefix('-').unwrap_or(&spelt);
    let (whole, rest) = match digits.split_once('.') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (digits, None),
    };
    let sound = |part: &str, max: usize| {
        !part.is_empty() && part.len() <= max && part.bytes().all(|b| b.is_ascii_digit())
    };
    (sound(whole, DIGITS_MAX.0) && rest.is_none_or(|rest| sound(rest, DIGITS_MAX.1)))
        .then_some(spelt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(answer: AnswerKind, required: bool) -> Question {
        Question {
            id: QuestionId(uuid::Uuid::from_u128(7)),
            label: "Договор".into(),
            answer,
            required,
        }
    }

    fn value(answer: AnswerKind, given: &str) -> Result<String, AnswerFlaw> {
        let read = question(answer, true).read(given)?;
        Ok(read.map(|answer| answer.value).unwrap_or_default())
    }

    #[test]
    fn nothing_does_only_where_nothing_has_to_be() {
        assert_eq!(
            question(AnswerKind::Text, true).read(" "),
            Err(AnswerFlaw::Missing)
        );
        assert_eq!(question(AnswerKind::Number, false).read(""), Ok(None));
    }

    #[test]
    fn numbers_have_one_spelling() {
        for (given, kept) in [
            ("12", "12"),
            ("-12,50", "-12.50"),
            ("1 250 000", "1250000"),
            ("0.5", "0.5"),
        ] {
            assert_eq!(value(AnswerKind::Number, given), Ok(kept.to_owned()));
        }
        for given in [
            "двенадцать",
            "1.2.3",
            ".5",
            "5.",
            "-",
            "1e9",
            "1234567890123456",
        ] {
            assert_eq!(
                value(AnswerKind::Number, given),
                Err(AnswerFlaw::NotANumber),
                "{given}"
            );
        }
    }

    #[test]
    fn days_exist() {
        assert_eq!(
            value(AnswerKind::Date, "2028-02-29"),
            Ok("2028-02-29".into())
        );
        for given in ["2027-02-29", "27.11.2026", "завтра"] {
            assert_eq!(value(AnswerKind::Date, given), Err(AnswerFlaw::NotADate));
        }
    }

    #[test]
    fn only_what_is_offered_can_be_chosen() {
        let options = || AnswerKind::Choice {
            options: vec!["Да".into(), "Нет".into()],
        };
        assert_eq!(value(options(), "Да"), Ok("Да".into()));
        assert_eq!(value(options(), "да"), Err(AnswerFlaw::NotAnOption));
    }

    #[test]
    fn an_answer_is_read_in_its_language() {
        let of = |kind, value: &str| Answer {
            question: QuestionId(uuid::Uuid::from_u128(7)),
            label: "Когда?".into(),
            kind,
            value: value.into(),
        };
        let day = of(ValueKind::Date, "2026-11-27");
        assert_eq!(day.line(Language::Ru), "Когда? 27.11.2026");
        let sum = Answer {
            label: "Сумма".into(),
            ..of(ValueKind::Number, "12.5")
        };
        assert_eq!(sum.line(Language::Ru), "Сумма: 12,5");
        assert_eq!(sum.line(Language::En), "Сумма: 12.5");
        assert_eq!(
            with_answers("Перезвоните", &[day, sum], Language::Ru),
            "Перезвоните\n\nКогда? 27.11.2026\nСумма: 12,5"
        );
        assert_eq!(
            with_answers("Перезвоните", &[], Language::Ru),
            "Перезвоните"
        );
    }
}
