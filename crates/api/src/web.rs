//! The web build; every address that is no file is the application's own.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::Api;
use crate::problem::{Code, Problem};

/// A file of the web build.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its content.
    pub content: Cow<'static, [u8]>,
    /// SHA-256 of the content.
    pub digest: [u8; 32],
}

const INDEX: &str = "index.html";

/// What stands there while there is no web build.
const NOT_BUILT: &str = "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\">\
    <title>Телефонистка</title>\
    <h1>Интерфейс не собран</h1>\
    <p>Эта программа собрана без веб-интерфейса. Команда <code>make build</code> собирает его вместе с ней.\
    <p lang=\"en\">The web interface is not built into this program: <code>make build</code> builds it.</html>";

/// Serves a file of the web build, or the application for its own addresses.
pub async fn serve(
    State(api): State<Api>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::from(Code::NotFound).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = (api.pages)(path) {
        return answer(path, &file, &headers);
    }
    // A file of an older build must not turn into a page: the browser would take it for a script.
    let is_file =
        path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|n| n.contains('.'));
    if is_file {
        return StatusCode::NOT_FOUND.into_response();
    }
    match (api.pages)(INDEX) {
        Some(file) => answer(INDEX, &file, &headers),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            NOT_BUILT,
        )
            .into_response(),
    }
}

fn answer(path: &str, file: &Page, asked: &HeaderMap) -> Response {
    let digest: String = file.digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Weak: the same file may travel compressed.
    let tag = format!("W/\"{digest}\"");
    // Vite puts a hash of the content into the names under `assets`.
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.content.clone().into_owned().into_response()
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match kind.essence_str() {
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, caching.into()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
