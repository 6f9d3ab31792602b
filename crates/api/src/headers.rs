//! Headers that every answer carries: what a page of ours may do in a browser.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The headers, made once from the public address.
#[derive(Clone, Debug)]
pub struct SecurityHeaders {
    policy: HeaderValue,
    secure: bool,
}

impl SecurityHeaders {
    /// For pages that are served under these origins, such as `https://calls.example.ru`.
    pub fn new<'a>(origins: impl Iterator<Item = &'a str>) -> Self {
        let mut connect = String::from("'self'");
        let mut secure = false;
        for (at, origin) in origins.enumerate() {
            // Some browsers do not count a WebSocket as 'self'.
            if let Some(socket) = socket_origin(origin) {
                connect.push(' ');
                connect.push_str(&socket);
            }
            secure |= at == 0 && origin.starts_with("https://");
        }
        // Styles may stand inline: the components' library sets its colours so. Scripts may not.
        let policy = format!(
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; \
             connect-src {connect}; worker-src 'self' blob:; manifest-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(
            "default-src 'self'; frame-ancestors 'none'",
        ));
        Self { policy, secure }
    }

    fn put(&self, headers: &mut HeaderMap) {
        let fixed = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (
                HeaderName::from_static("permissions-policy"),
                "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
            ),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ];
        for (name, value) in fixed {
            // What an answer says by itself is stricter, or looser for a reason written there.
            headers
                .entry(name)
                .or_insert(HeaderValue::from_static(value));
        }
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert_with(|| self.policy.clone());
        if self.secure {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
    }
}

fn socket_origin(origin: &str) -> Option<String> {
    let (scheme, rest) = origin.split_once("://")?;
    Some(format!(
        "{}://{rest}",
        if scheme == "https" { "wss" } else { "ws" }
    ))
}

/// Puts the headers on every answer.
pub async fn secure(headers: SecurityHeaders, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    headers.put(response.headers_mut());
    if is_api && !response.headers().contains_key(header::CACHE_CONTROL) {
        let never = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, never);
    }
    response
}

/// Whether a program is spoken to there, and not a page.
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/v1/")
}
