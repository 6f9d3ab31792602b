//! A table that is sent as the body of a request.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::problem::{Code, Problem};

/// Largest file, in bytes.
const FILE_MAX: usize = 2 * 1024 * 1024;

/// What the page may call it; what it is tells the file itself.
const KINDS: [&str; 2] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

/// The bytes of a file that somebody chose.
#[derive(Debug)]
pub struct Upload(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_table(request.headers()) {
            return Err(Code::NotTable.into());
        }
        let body: Limited<Body> = Limited::new(request.into_body(), FILE_MAX);
        match body.collect().await {
            Ok(read) => Ok(Self(read.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => Err(Code::TableTooLarge.into()),
            // The sender went away: nobody reads the answer.
            Err(_) => Err(Code::TableBroken.into()),
        }
    }
}

fn is_table(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| {
            KINDS
                .iter()
                .any(|known| kind.trim().eq_ignore_ascii_case(known))
        })
}
