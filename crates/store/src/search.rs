//! What somebody typed into the search field, as conditions on columns.

use sea_orm::sea_query::LikeExpr;
use sea_orm::{ColumnTrait, Condition};

use crate::column::{digits, folded};

/// Fewest digits that are looked for as a number.
const DIGITS_MIN: usize = 2;

/// A search: words, and where it can be read so, a number in any spelling.
pub(crate) struct Search {
    words: String,
    numbers: Vec<String>,
}

impl Search {
    /// None where nothing was typed.
    pub(crate) fn parse(text: Option<&str>) -> Option<Self> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        Some(Self {
            words: format!("%{}%", escaped(&folded(text))),
            numbers: numbers(text),
        })
    }

    /// The words stand in a folded column.
    pub(crate) fn in_text(&self, column: impl ColumnTrait) -> Condition {
        Condition::any().add(column.like(LikeExpr::new(&*self.words).escape('\\')))
    }

    /// The number stands in a column of digits.
    pub(crate) fn in_digits(&self, column: impl ColumnTrait) -> Condition {
        // Condition::any() without members holds for every row.
        let none = Condition::all().add(sea_orm::sea_query::Expr::cust("1 = 0"));
        self.numbers
            .iter()
            .fold(Condition::any().add(none), |any, pattern| {
                any.add(column.like(&**pattern))
            })
    }
}

/// Patterns of a number's digits: as typed, and with a leading 8 for the 7
/// that is stored.
fn numbers(text: &str) -> Vec<String> {
    let spelled = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '\u{a0}'));
    let digits = digits(text);
    if !spelled || digits.len() < DIGITS_MIN {
        return Vec::new();
    }
    let mut patterns = vec![format!("%{digits}%")];
    if let Some(rest) = digits.strip_prefix('8')
        && !text.starts_with('+')
    {
        patterns.push(format!("7{rest}%"));
    }
    patterns
}

/// `%` and `_` as themselves.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::{Search, numbers};

    #[test]
    fn a_number_is_found_in_every_spelling() {
        assert_eq!(numbers("8 (926) 123"), ["%8926123%", "7926123%"]);
        assert_eq!(numbers("+7 926"), ["%7926%"]);
        assert_eq!(numbers("123-45-67"), ["%1234567%"]);
        assert!(numbers("2 чашки").is_empty());
        assert!(numbers("7").is_empty());
    }

    #[test]
    fn nothing_typed_is_no_search() {
        assert!(Search::parse(Some("  ")).is_none());
        assert!(Search::parse(None).is_none());
    }
}
