//! What is searched for, and what it is looked for in.
//!
//! A call and a message each have a text of terms: words in lower case, and
//! telephone numbers as their endings, so that the beginning of a term is any
//! part of a number. What somebody types is read the same way, and every word
//! of it has to begin a term.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, Condition};

use crate::column::{digits, folded};

/// Longest term, in characters: longer words are told apart by no one.
const TERM_MAX: usize = 40;
/// Most terms of a text: a message of 4000 characters has some 600 words.
const TERMS_MAX: usize = 1000;
/// Most words of a search that are looked for.
const WORDS_MAX: usize = 12;
/// Fewest digits that are looked for as a number.
const DIGITS_MIN: usize = 2;
/// How many digits a number in a text has, between its brackets and dashes.
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

/// Terms of a call or a message, to be stored.
#[derive(Default)]
pub(crate) struct Terms {
    terms: Vec<String>,
    known: HashSet<String>,
}

impl Terms {
    /// The terms of a stored text.
    pub(crate) fn stored(text: &str) -> Self {
        let mut terms = Self::default();
        text.split(' ')
            .filter(|t| !t.is_empty())
            .for_each(|t| terms.put(t));
        terms
    }

    /// Adds a telephone number, to be found by any part of it.
    pub(crate) fn number(mut self, number: &str) -> Self {
        let digits = digits(number);
        if digits.len() == 1 {
            self.put(&digits);
        }
        for start in 0..digits.len().saturating_sub(DIGITS_MIN - 1) {
            self.put(&digits[start..]);
        }
        self
    }

    /// Adds the words of a text, and the numbers that stand in it.
    pub(crate) fn words(mut self, text: &str) -> Self {
        for word in words(text) {
            self.put(&word);
        }
        for number in text.split(|c: char| !in_number(c)) {
            if NUMBER_DIGITS.contains(&digits(number).len()) {
                self = self.number(number);
            }
        }
        self
    }

    /// As it is stored: a space before each term.
    pub(crate) fn text(&self) -> String {
        self.terms.iter().flat_map(|term| [" ", term]).collect()
    }

    fn put(&mut self, term: &str) {
        if self.terms.len() < TERMS_MAX && self.known.insert(term.to_owned()) {
            self.terms.push(term.to_owned());
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = folded(text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(TERM_MAX).collect())
        .collect();
    words.into_iter()
}

fn in_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '\u{a0}')
}

/// A search: every part has to begin a term, in one of its spellings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    parts: Vec<Vec<String>>,
}

impl Search {
    /// None where nothing was typed.
    pub(crate) fn parse(text: Option<&str>) -> Option<Self> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let number = digits(text);
        let parts = if text.chars().all(in_number) && number.len() >= DIGITS_MIN {
            let mut spellings = vec![number.clone()];
            // 8 is dialled for the 7 that is stored.
            if let Some(rest) = number.strip_prefix('8')
                && !text.starts_with('+')
            {
                spellings.push(format!("7{rest}"));
            }
            vec![spellings]
        } else {
            words(text).take(WORDS_MAX).map(|word| vec![word]).collect()
        };
        Some(Self { parts })
    }

    /// Nothing can be found: signs alone were typed.
    pub(crate) fn is_vain(&self) -> bool {
        self.parts.is_empty()
    }

    /// The condition on a column of terms.
    pub(crate) fn holds(&self, column: impl ColumnTrait) -> Condition {
        self.parts.iter().fold(Condition::all(), |all, spellings| {
            let any = spellings.iter().fold(Condition::any(), |any, term| {
                any.add(column.like(format!("% {term}%")))
            });
            all.add(any)
        })
    }

    /// The same in the language of an index: each term by `term`, joined by the two signs.
    pub(crate) fn expression(&self, term: impl Fn(&str) -> String, and: &str, or: &str) -> String {
        let parts = self.parts.iter().map(|spellings| {
            let any: Vec<String> = spellings.iter().map(|s| term(s)).collect();
            format!("({})", any.join(or))
        });
        format!("({})", parts.collect::<Vec<_>>().join(and))
    }
}

#[cfg(test)]
mod tests {
    use super::{Search, Terms};

    fn parts(text: &str) -> Vec<Vec<String>> {
        Search::parse(Some(text)).expect("a search").parts
    }

    #[test]
    fn a_number_is_read_in_every_spelling() {
        assert_eq!(parts("8 (926) 123"), [["8926123", "7926123"]]);
        assert_eq!(parts("+7 926"), [["7926"]]);
        assert_eq!(parts("123-45-67"), [["1234567"]]);
        assert_eq!(parts("2 чашки"), [["2"], ["чашки"]]);
        assert_eq!(parts("Ёлка, ёлка!"), [["елка"], ["елка"]]);
        assert!(Search::parse(Some("?!")).expect("a search").is_vain());
    }

    #[test]
    fn nothing_typed_is_no_search() {
        assert!(Search::parse(Some("  ")).is_none());
        assert!(Search::parse(None).is_none());
    }

    #[test]
    fn any_part_of_a_number_begins_a_term() {
        let terms = Terms::default().number("+1 234");
        assert_eq!(terms.text(), " 1234 234 34");
        assert_eq!(Terms::default().number("7").text(), " 7");
        assert_eq!(Terms::default().number("").text(), "");
    }

    #[test]
    fn terms_are_kept_once_and_can_be_added_to() {
        let terms = Terms::default().words("Роза и ещё роза").text();
        assert_eq!(terms, " роза и еще");
        let more = Terms::stored(&terms).words("Роза, т. 12-34-5").text();
        assert_eq!(more, " роза и еще т 12 34 5 12345 2345 345 45");
    }
}
