//! The page's languages: chapters are written in both, and what the OpenAPI
//! document says in English has its Russian words in a table.

use std::collections::HashMap;
use std::sync::LazyLock;

use model::language::Language;

/// A sentence of the document and the Russian one, a tab between them, a pair a line.
static RUSSIAN: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("ru.tsv").lines();
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// What the OpenAPI document says, in the page's language; its own words where there are no others.
pub fn said(text: &str, language: Language) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = match language {
        Language::Ru => RUSSIAN.get(text.as_str()).copied().unwrap_or(&text),
        Language::En => &text,
    };
    // The document is Markdown, the page is not.
    words.replace('`', "")
}

/// Whether there are Russian words for what the page says in English.
#[cfg(test)]
pub fn is_known(text: &str) -> bool {
    text.is_empty() || RUSSIAN.keys().any(|known| known.replace('`', "") == text)
}
