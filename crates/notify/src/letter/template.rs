//! The texts of letters, in files beside the code.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value};
use model::language::Language;

/// Every template by its name; those of a letter are `NAME.LANGUAGE.txt` and `.html`.
const TEMPLATES: [(&str, &str); 10] = [
    ("layout.html", include_str!("../../templates/layout.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    (
        "message.ru.txt",
        include_str!("../../templates/message.ru.txt"),
    ),
    (
        "message.ru.html",
        include_str!("../../templates/message.ru.html"),
    ),
    (
        "message.en.txt",
        include_str!("../../templates/message.en.txt"),
    ),
    (
        "message.en.html",
        include_str!("../../templates/message.en.html"),
    ),
    (
        "summary.ru.txt",
        include_str!("../../templates/summary.ru.txt"),
    ),
    (
        "summary.ru.html",
        include_str!("../../templates/summary.ru.html"),
    ),
    (
        "summary.en.txt",
        include_str!("../../templates/summary.en.txt"),
    ),
    (
        "summary.en.html",
        include_str!("../../templates/summary.en.html"),
    ),
];

/// A letter's two parts.
pub(crate) struct Rendered {
    /// For programs that show text alone.
    pub(crate) text: String,
    /// For the others.
    pub(crate) html: String,
}

/// An address of ours: it holds nothing that markup could be made of, and
/// stays readable in the letter's source.
pub(crate) fn address(address: String) -> Value {
    Value::from_safe_string(address)
}

/// Renders both parts of a letter; what stands in `words` is text, never markup.
pub(crate) fn render(
    name: &str,
    language: Language,
    words: Value,
) -> Result<Rendered, minijinja::Error> {
    let mut environment = Environment::new();
    // Lines with nothing but a condition leave none behind.
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    for (name, template) in TEMPLATES {
        environment.add_template(name, template)?;
    }
    let lang = match language {
        Language::Ru => "ru",
        Language::En => "en",
    };
    let words = minijinja::context! { lang, ..words };
    let part = |kind: &str| {
        environment
            .get_template(&format!("{name}.{lang}.{kind}"))?
            .render(&words)
    };
    Ok(Rendered {
        text: part("txt")?,
        html: part("html")?,
    })
}
