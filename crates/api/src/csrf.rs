//! Keeps other sites' pages from acting in a user's name.
//!
//! Two walls: a request that changes something must come from our own origin
//! (here, before anything else), and must carry the session's token in
//! `X-CSRF-Token` (in `session.rs`, where the session is known).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Api;
use crate::problem::{Code, Problem};

/// The header that carries the session's token.
pub const HEADER: &str = "x-csrf-token";

/// Whether the method changes something.
pub fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses changes and WebSockets that other sites' pages ask for.
pub async fn own_origin(State(api): State<Api>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    // A WebSocket's opening is a GET, and browsers let any page send it.
    let guarded = changes(request.method()) || headers.contains_key(header::UPGRADE);
    if guarded && !is_own(headers, &api.origins) {
        return Problem::from(Code::ForeignOrigin).into_response();
    }
    next.run(request).await
}

fn is_own(headers: &HeaderMap, origins: &[String]) -> bool {
    match headers.get(header::ORIGIN) {
        Some(origin) => {
            let origin = origin.to_str().unwrap_or_default();
            origins.iter().any(|own| own.eq_ignore_ascii_case(origin))
        }
        // No browser leaves Origin out of such a request, but for very old
        // ones; other programs have no cookies that a page could misuse.
        None => headers
            .get("sec-fetch-site")
            .is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

/// Whether two tokens are one, in a time that tells nothing about where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |acc, (x, y)| acc | (x ^ y))
            == 0
}

/// The origins of an address. The loopback's two names are one place, and
/// people type either.
pub fn own_origins(url: &str) -> Vec<String> {
    const LOOPBACK: [&str; 2] = ["127.0.0.1", "localhost"];
    let origin = origin_of(url);
    let twin = LOOPBACK
        .iter()
        .zip(LOOPBACK.iter().rev())
        .find_map(|(name, other)| {
            let port = origin.strip_prefix("http://")?.strip_prefix(name)?;
            (port.is_empty() || port.starts_with(':')).then(|| format!("http://{other}{port}"))
        });
    std::iter::once(origin).chain(twin).collect()
}

/// The origin of an address: scheme, host and port.
fn origin_of(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{is_own, origin_of, own_origins, same};

    #[test]
    fn only_our_own_origin_passes() {
        let own = [origin_of("https://Calls.example.ru/")];
        let with = |name: &'static str, value: &'static str| {
            HeaderMap::from_iter([(name.parse().expect("name"), HeaderValue::from_static(value))])
        };
        assert!(is_own(&with("origin", "https://calls.example.ru"), &own));
        assert!(!is_own(
            &with("origin", "https://calls.example.ru.evil.example"),
            &own
        ));
        assert!(!is_own(&with("origin", "http://calls.example.ru"), &own));
        assert!(!is_own(&with("origin", "null"), &own));
        assert!(!is_own(&with("sec-fetch-site", "cross-site"), &own));
        assert!(!is_own(&with("sec-fetch-site", "same-site"), &own));
        assert!(is_own(&with("sec-fetch-site", "same-origin"), &own));
        assert!(is_own(&HeaderMap::new(), &own));
    }

    #[test]
    fn the_loopback_has_two_names() {
        let both = ["http://127.0.0.1:8080", "http://localhost:8080"];
        let origins = own_origins("http://127.0.0.1:8080/cabinet");
        assert_eq!(origins, both);
        assert_eq!(own_origins("http://localhost:8080"), [both[1], both[0]]);
        assert_eq!(own_origins("http://localhost.evil.example").len(), 1);
        assert_eq!(
            own_origins("https://calls.example.ru"),
            ["https://calls.example.ru"]
        );
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", "ab"));
    }
}
