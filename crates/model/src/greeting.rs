//! Greetings and farewells that operators say.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// One of the variants, or the company's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wording {
    /// A variant, counted from 1.
    Variant {
        /// Which one.
        number: u8,
    },
    /// Own words; `{company}` and `{operator}` stand for the names.
    Own {
        /// The words.
        text: String,
    },
}

/// Longest own wording, in characters: an operator says it in one breath or two.
pub const OWN_WORDING_MAX: usize = 500;

/// Variants of the greeting in a language.
pub fn greetings(language: Language) -> &'static [&'static str] {
    match language {
        Language::Ru => &[
            "«{company}», здравствуйте! Меня зовут {operator}. Чем могу помочь?",
            "Добрый день! Вы позвонили в компанию «{company}». Меня зовут {operator}, слушаю вас.",
            "Компания «{company}», {operator}. Специалисты сейчас заняты, я запишу ваш вопрос и передам его.",
        ],
        Language::En => &[
            "{company}, hello! My name is {operator}. How can I help you?",
            "Good day! You have reached {company}. This is {operator} speaking.",
            "{company}, {operator} speaking. Our specialists are busy, let me take your question and pass it on.",
        ],
    }
}

/// Variants of the farewell in a language.
pub fn farewells(language: Language) -> &'static [&'static str] {
    match language {
        Language::Ru => &[
            "Спасибо за звонок в «{company}»! Я передам ваше сообщение. Всего доброго!",
            "Ваш вопрос записан, вам перезвонят. Хорошего дня!",
            "Благодарим за обращение. До свидания!",
        ],
        Language::En => &[
            "Thank you for calling {company}! I will pass your message on. Goodbye!",
            "Your question is written down, you will be called back. Have a good day!",
            "Thank you for your call. Goodbye!",
        ],
    }
}

/// What is said first to somebody who is called back.
pub fn call_back(language: Language) -> &'static str {
    match language {
        Language::Ru => {
            "Здравствуйте! Меня зовут {operator}, компания «{company}». Вы звонили нам и не дождались ответа. \
             Чем могу помочь?"
        }
        Language::En => {
            "Hello! This is {operator} from {company}. You called us, and nobody answered in time. \
             How can I help you?"
        }
    }
}

/// What is said first to an employee whom a message is read to.
pub fn reading(language: Language) -> &'static str {
    match language {
        Language::Ru => {
            "Здравствуйте! Меня зовут {operator}, я отвечаю на звонки компании «{company}». Для вас есть сообщение."
        }
        Language::En => {
            "Hello! This is {operator}, I answer calls for {company}. There is a message for you."
        }
    }
}

/// What is said last to somebody who was called.
pub fn parting(language: Language) -> &'static str {
    match language {
        Language::Ru => "Спасибо за разговор! Всего доброго!",
        Language::En => "Thank you for your time. Goodbye!",
    }
}

/// The words with the names put in for `{company}` and `{operator}`.
pub fn named(text: &str, company: &str, operator: &str) -> String {
    text.replace("{company}", company)
        .replace("{operator}", operator)
}

impl Wording {
    /// The words to say, names put in. A variant that does not exist counts as the first.
    pub fn say(&self, variants: &[&str], company: &str, operator: &str) -> String {
        let text = match self {
            Self::Variant { number } => {
                let index = usize::from(*number).saturating_sub(1);
                variants
                    .get(index)
                    .or(variants.first())
                    .copied()
                    .unwrap_or_default()
            }
            Self::Own { text } => text,
        };
        named(text, company, operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_in() {
        let own = Wording::Own {
            text: "{company}: {operator}".into(),
        };
        assert_eq!(own.say(&[], "Ромашка", "Мария"), "Ромашка: Мария");
        let first = Wording::Variant { number: 1 };
        let said = first.say(greetings(Language::Ru), "Ромашка", "Мария");
        assert!(said.starts_with("«Ромашка»") && said.contains("Мария"));
    }

    #[test]
    fn an_unknown_variant_is_the_first() {
        let wording = Wording::Variant { number: 200 };
        assert_eq!(wording.say(&["a", "b"], "", ""), "a");
    }
}
