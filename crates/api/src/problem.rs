//! Problem details (RFC 9457): what went wrong, told to the person and to the program.
//!
//! A handler returns a [`Problem`] without knowing the language; [`speak`]
//! around all of them puts it into words, for only there is it known which
//! language the session or the browser asks for.

mod code;
mod flaw;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::language::Language;
use serde::Serialize;
use utoipa::ToSchema;

pub use code::Code;
pub use flaw::{Flaw, Use};

/// Something that went wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub code: Code,
    /// The fields to mend, as paths such as `items.3.email`.
    pub fields: Vec<(String, Flaw)>,
    /// When trying again makes sense.
    pub retry_after: Option<Duration>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self {
            code,
            fields: Vec::new(),
            retry_after: None,
        }
    }
}

impl Problem {
    /// One field is to be mended.
    pub fn field(path: impl Into<String>, flaw: Flaw) -> Self {
        Self::fields(vec![(path.into(), flaw)])
    }

    /// Several fields are to be mended.
    pub fn fields(fields: Vec<(String, Flaw)>) -> Self {
        Self {
            code: Code::Invalid,
            fields,
            retry_after: None,
        }
    }

    /// The code, and the field that it is about.
    pub fn at(code: Code, path: impl Into<String>, flaw: Flaw) -> Self {
        Self {
            code,
            fields: vec![(path.into(), flaw)],
            retry_after: None,
        }
    }

    /// The server's own fault; what happened goes to the log only.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Code::Internal.into()
    }

    fn body(&self, language: Language) -> ProblemBody {
        let sentence = self.code.sentence(language);
        let errors: Vec<FieldError> = self
            .fields
            .iter()
            .map(|(field, flaw)| FieldError::of(field, flaw, language))
            .collect();
        // One field that is to be mended says more than «mend the marked fields».
        let detail = match (self.code, errors.as_slice()) {
            (Code::Invalid | Code::InUse | Code::AlreadyAccepted, [only]) => only.detail.clone(),
            _ => sentence.to_owned(),
        };
        ProblemBody {
            kind: format!("/problems/{}", self.code.as_str()),
            title: sentence.to_owned(),
            status: self.code.status().as_u16(),
            detail,
            code: self.code.as_str().to_owned(),
            field: errors.first().map(|error| error.field.clone()),
            errors,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs().saturating_add(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem as it travels (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// The kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What to do, in the user's language.
    detail: String,
    /// The machine's word.
    code: String,
    /// The first field to mend.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// All fields to mend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// A field to mend.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field, such as `items.3.email`.
    field: String,
    /// What is wrong with it, in the user's language.
    detail: String,
}

impl FieldError {
    /// The flaw in words.
    pub fn of(field: &str, flaw: &Flaw, language: Language) -> Self {
        Self {
            field: field.to_owned(),
            detail: flaw.sentence(language),
        }
    }
}

/// The language to answer a request in. The browser's wish stands until the
/// session tells the user's.
#[derive(Clone, Debug)]
pub struct Tongue {
    wished: Language,
    user: Arc<OnceLock<Language>>,
}

impl Tongue {
    /// What the browser asks for.
    pub fn of(headers: &HeaderMap) -> Self {
        let wished = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map_or_else(Language::default, preferred);
        Self {
            wished,
            user: Arc::default(),
        }
    }

    /// The session told the user's language.
    pub fn settle(&self, language: Language) {
        // The first session of a request stands: there is no second one.
        let _ = self.user.set(language);
    }

    /// The language to answer in.
    pub fn language(&self) -> Language {
        self.user.get().copied().unwrap_or(self.wished)
    }
}

/// The better liked of the languages that are spoken here (RFC 9110, section 12.5.4).
fn preferred(accept: &str) -> Language {
    let mut best = (Language::default(), 0.0);
    for wish in accept.split(',') {
        let mut parts = wish.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        let language = match tag.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("ru") => Language::Ru,
            Some("en") => Language::En,
            _ => continue,
        };
        if quality > best.1 {
            best = (language, quality);
        }
    }
    best.0
}

/// Puts problems into words, those of the framework as well.
pub async fn speak(mut request: Request, next: Next) -> Response {
    let tongue = Tongue::of(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    request.extensions_mut().insert(tongue.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_api && (status.is_client_error() || status.is_server_error()) => {
            Code::of_status(status).into()
        }
        None => return response,
    };
    let language = tongue.language();
    let body = serde_json::to_vec(&problem.body(language)).unwrap_or_default();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(language.code()),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.status_mut() = problem.code.status();
    *response.body_mut() = body.into();
    response
}

#[cfg(test)]
mod tests {
    use model::language::Language;

    use super::{Code, Flaw, Problem, preferred};

    #[test]
    fn the_better_liked_language_is_chosen() {
        assert_eq!(preferred("en-US,en;q=0.9,ru;q=0.8"), Language::En);
        assert_eq!(preferred("de, ru;q=0.5, en;q=0.4"), Language::Ru);
        assert_eq!(preferred("de"), Language::Ru);
        assert_eq!(preferred(""), Language::Ru);
        assert_eq!(preferred("en;q=0"), Language::Ru);
    }

    #[test]
    fn a_single_field_speaks_for_the_whole() {
        let body = Problem::field("name", Flaw::Empty).body(Language::Ru);
        assert_eq!(body.detail, "Заполните это поле.");
        assert_eq!(body.field.as_deref(), Some("name"));
        let two = Problem::fields(vec![("a".into(), Flaw::Empty), ("b".into(), Flaw::Empty)]);
        assert_eq!(
            two.body(Language::En).detail,
            Code::Invalid.sentence(Language::En)
        );
    }
}
