//! What comes in: bodies, ids in paths, queries. Each failure names the field.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::problem::{Code, Flaw, Problem};

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::NotJson.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn unread(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge.into(),
        _ => Code::BrokenJson.into(),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = dotted(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            wrong_field(path, &inner.to_string())
        } else {
            Code::BrokenJson.into()
        }
    })?;
    json.end().map_err(|_| Code::BrokenJson)?;
    Ok(value)
}

/// serde tells unknown and missing fields in words only; the words have been
/// the same since its first version.
fn wrong_field(path: String, message: &str) -> Problem {
    let name = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field") {
        return Problem::field(joined(&path, name), Flaw::Missing);
    }
    if message.starts_with("unknown field") {
        let path = if path.rsplit('.').next() == Some(name) {
            path
        } else {
            joined(&path, name)
        };
        return Problem::field(path, Flaw::Unknown);
    }
    Problem::field(path, Flaw::WrongKind)
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn dotted(path: &serde_path_to_error::Path) -> String {
    let names = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    names.collect::<Vec<_>>().join(".")
}

/// The id in the path. What can't be one is not found.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Code::NotFound)?;
        text.parse().map(Self).map_err(|_| Code::NotFound.into())
    }
}

/// The query of an address.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::from_request_parts(parts, state).await.map_err(
            |rejection: axum::extract::rejection::QueryRejection| {
                let text = rejection.body_text();
                // «Failed to deserialize query string: limit: invalid digit …»
                let field = text.split(": ").nth(1).unwrap_or_default();
                let word =
                    !field.is_empty() && field.chars().all(|c| c.is_alphanumeric() || c == '_');
                Problem::field(if word { field } else { "query" }, Flaw::WrongKind)
            },
        )?;
        Ok(Self(query))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Problem, parse};
    use crate::problem::{Code, Flaw};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[serde(rename = "name")]
        _name: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct List {
        #[serde(rename = "items")]
        _items: Vec<Row>,
    }

    fn problem(json: &str) -> Problem {
        parse::<List>(json.as_bytes()).expect_err(json)
    }

    #[test]
    fn the_field_is_named_by_its_path() {
        assert_eq!(
            problem(r#"{"items":[{"name":"a"},{"name":5}]}"#),
            Problem::field("items.1.name", Flaw::WrongKind)
        );
        assert_eq!(
            problem(r#"{"items":[{}]}"#),
            Problem::field("items.0.name", Flaw::Missing)
        );
        assert_eq!(problem("{}"), Problem::field("items", Flaw::Missing));
        assert_eq!(
            problem(r#"{"items":[{"name":"a","age":5}]}"#),
            Problem::field("items.0.age", Flaw::Unknown)
        );
        assert_eq!(
            problem(r#"{"items":[],"x":1}"#),
            Problem::field("x", Flaw::Unknown)
        );
    }

    #[test]
    fn broken_json_is_told_apart() {
        for json in ["", "{", r#"{"items":[]} x"#, "\u{0}"] {
            assert_eq!(problem(json).code, Code::BrokenJson, "{json:?}");
        }
    }
}
