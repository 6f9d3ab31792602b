//! `Idempotency-Key`: a program that got no answer sends its request again,
//! and what it asks for is done once.
//!
//! Only what was done is kept: a request that was refused changed nothing, and
//! is asked anew.

use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use model::api_key::ApiKey;
use store::{Begun, StoredAnswer};

use crate::Api;
use crate::limits::BODY_MAX;
use crate::problem::{Code, Problem};

const NAME: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Longest name of a request.
const NAME_MAX: usize = 255;

/// Largest answer that is kept: those to POSTs are a row at most.
const ANSWER_MAX: usize = 64 * 1024;

/// Carries a key's request out, or tells what was answered before where it is
/// a POST with a name that was carried out already.
pub async fn run(api: &Api, key: &ApiKey, request: Request, next: Next) -> Response {
    let name = match name(request.method(), request.headers()) {
        Ok(Some(name)) => name,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    match named(api, key, &name, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// The request's name, where it has one that counts.
fn name(method: &Method, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(name) = headers.get(NAME).filter(|_| *method == Method::POST) else {
        return Ok(None);
    };
    let name = name.to_str().map(str::trim).unwrap_or_default();
    let printable = name.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if name.is_empty() || name.len() > NAME_MAX || !printable {
        return Err(Code::BadIdempotencyKey.into());
    }
    Ok(Some(name.to_owned()))
}

async fn named(
    api: &Api,
    key: &ApiKey,
    name: &str,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_MAX).await.map_err(|_| Code::TooLarge)?;
    let asked = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let hash = hash(&[parts.method.as_str().as_bytes(), asked.as_bytes(), &body]);
    let answers = api.store.idempotency();
    match answers.begin(key, name, &hash, Timestamp::now()).await? {
        Begun::First => {}
        Begun::Answered(answer) => return Ok(replayed(answer)),
        Begun::Running => {
            return Err(Problem::after(Code::StillRunning, Duration::ZERO));
        }
        Begun::Differs => return Err(Code::IdempotencyKeyReused.into()),
    }
    // To its end, should the sender hang up meanwhile: the name must not stay taken.
    let (api, key, name) = (api.clone(), key.clone(), name.to_owned());
    let request = Request::from_parts(parts, Body::from(body));
    tokio::spawn(async move { carry_out(&api, &key, &name, request, next).await })
        .await
        .map_err(Problem::internal)?
}

async fn carry_out(
    api: &Api,
    key: &ApiKey,
    name: &str,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let answers = api.store.idempotency();
    let (parts, body) = next.run(request).await.into_parts();
    if !parts.status.is_success() {
        answers.forget(key, name).await?;
        return Ok(Response::from_parts(parts, body));
    }
    let body = match to_bytes(body, ANSWER_MAX).await {
        Ok(body) => body,
        Err(error) => {
            answers.forget(key, name).await?;
            return Err(Problem::internal(error));
        }
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let answer = StoredAnswer {
        status: parts.status.as_u16(),
        content_type: content_type.and_then(|kind| Some(kind.to_str().ok()?.to_owned())),
        body: body.to_vec(),
    };
    // It was done, whatever becomes of the note: to answer otherwise would be wrong.
    if let Err(error) = answers.finish(key, name, &answer).await {
        tracing::warn!(%error, "the answer to a named request could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replayed(answer: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Bytes::from(answer.body)).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Some(kind) = answer.content_type.and_then(|kind| kind.parse().ok()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// Of all parts, each with its length before it.
fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}
