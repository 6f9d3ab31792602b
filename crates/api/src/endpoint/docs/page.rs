//! The page.

use std::sync::OnceLock;

use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use model::language::Language;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::reference::Reference;
use crate::Api;
use crate::input::Asked;
use crate::problem::{Problem, Tongue};

/// Nothing but this server's style sheet and pictures; no scripts at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DocsQuery {
    /// The browser's where not given.
    #[param(inline)]
    lang: Option<DocsLanguage>,
}

/// A language of the page.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DocsLanguage {
    /// Russian.
    Ru,
    /// English.
    En,
}

/// How to use the API: a page to read.
#[utoipa::path(get, path = "/api/docs", tag = "operations", params(DocsQuery),
    responses((status = OK, content_type = "text/html", body = String)))]
pub async fn api_docs(
    State(api): State<Api>,
    Extension(tongue): Extension<Tongue>,
    Asked(query): Asked<DocsQuery>,
) -> Result<Response, Problem> {
    let language = match query.lang {
        Some(DocsLanguage::Ru) => Language::Ru,
        Some(DocsLanguage::En) => Language::En,
        None => tongue.language(),
    };
    let page = page(language, &api.config.public_url)?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.code()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept-language"),
    ];
    Ok((headers, page).into_response())
}

/// The page, made once for each language: neither the table nor the address changes while this runs.
fn page(language: Language, url: &str) -> Result<String, Problem> {
    static PAGES: [OnceLock<(String, String)>; 2] = [const { OnceLock::new() }; 2];
    let kept = match language {
        Language::Ru => &PAGES[0],
        Language::En => &PAGES[1],
    };
    if let Some((_, page)) = kept.get().filter(|(of, _)| of == url) {
        return Ok(page.clone());
    }
    let page = render(language, url).map_err(Problem::internal)?;
    // The first one stays; tests have servers of several addresses.
    let _ = kept.set((url.to_owned(), page.clone()));
    Ok(page)
}

fn render(language: Language, url: &str) -> Result<String, minijinja::Error> {
    let document: serde_json::Value =
        serde_json::from_str(&crate::router::openapi()).unwrap_or_default();
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, source) in [
        ("layout", include_str!("layout.html")),
        ("reference", include_str!("reference.html")),
        ("ru", include_str!("ru.html")),
        ("en", include_str!("en.html")),
        ("verify", include_str!("verify.html")),
        ("old-script", include_str!("old-script.html")),
    ] {
        environment.add_template(name, source)?;
    }
    let told = Reference::of(&document, language);
    environment.get_template(language.code())?.render(context! {
        language => language.code(),
        url => url.trim_end_matches('/'),
        version => env!("CARGO_PKG_VERSION"),
        operations_list => Serde(&told.operations),
        old => Serde(&told.old),
        kinds_list => Serde(&told.kinds),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::language::Language;

    use super::render;
    use crate::access::RULES;
    use crate::endpoint::docs::reference::Reference;
    use crate::endpoint::docs::words::is_known;

    #[test]
    fn both_languages_tell_all_that_keys_open() {
        for language in [Language::Ru, Language::En] {
            let page = render(language, "https://calls.example.ru").expect("a page");
            let page = page.replace("&#x2f;", "/");
            for rule in RULES {
                let told = page.contains(&format!("</span> {} <", rule.path));
                if rule.scope.is_some() {
                    assert!(told, "{} {}", rule.method, rule.path);
                } else {
                    let opened =
                        |other: &&crate::Rule| other.path == rule.path && other.scope.is_some();
                    let shared = RULES.iter().any(|other| opened(&other));
                    assert!(!told || shared, "{} is no key's", rule.path);
                }
            }
            for word in ["<script", "http://", " style=", " onclick"] {
                assert!(!page.contains(word), "{word}");
            }
        }
    }

    /// Whoever adds an address, a field or a parameter that keys meet, adds its Russian words to `ru.tsv`.
    #[test]
    fn what_the_document_says_has_russian_words() {
        let document = serde_json::from_str(&crate::router::openapi()).expect("a document");
        let told = Reference::of(&document, Language::En);
        let mut missing = BTreeSet::new();
        let mut need = |text: &str| {
            if !is_known(text) {
                missing.insert(text.to_owned());
            }
        };
        for operation in told.operations.iter().chain(&told.old) {
            need(&operation.about);
            operation.parameters.iter().for_each(|it| need(&it.about));
        }
        for kind in &told.kinds {
            need(&kind.about);
            let parts = kind.fields.iter().chain(&kind.values);
            parts.for_each(|it| need(&it.about));
        }
        let missing: Vec<String> = missing.into_iter().collect();
        assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
    }
}
