//! One request and its answer over one connection.

use std::error::Error;
use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{AGENT, Answer, BODY_MAX, Request, RequestError};

/// How much of an answer's head is kept, and how many headers.
const HEAD_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;

/// The longest pause that an answer may ask for.
const RETRY_MAX: Duration = Duration::from_secs(60 * 60);

pub(crate) async fn exchange<S>(stream: S, request: Request<'_>) -> Result<Answer, RequestError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| RequestError::Broken(in_words(&error));
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_MAX)
        .max_headers(HEADERS_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let mut built = hyper::Request::post(request.to.path())
        .header(header::HOST, request.to.authority())
        .header(header::USER_AGENT, AGENT)
        .header(header::CONNECTION, "close");
    for (name, value) in request.headers {
        built = built.header(name, value);
    }
    let built = built
        .body(Full::new(Bytes::from(request.body)))
        .map_err(|error| RequestError::Broken(error.to_string()))?;
    // Both end with this function: nothing reads on behind its back.
    let answer = pin!(read(&mut sender, built));
    let answer = match select(answer, pin!(connection)).await {
        Either::Left((answer, _)) => answer,
        // What came before the end is still to be read.
        Either::Right((_, answer)) => answer.await,
    };
    answer.map_err(broken)
}

async fn read(
    sender: &mut http1::SendRequest<Full<Bytes>>,
    request: hyper::Request<Full<Bytes>>,
) -> Result<Answer, hyper::Error> {
    let answer = sender.send_request(request).await?;
    let status = answer.status().as_u16();
    let retry_after = answer
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(RETRY_MAX));
    pass_over(answer.into_body()).await?;
    Ok(Answer {
        status,
        retry_after,
    })
}

/// Reads the body to its end, or as far as anything is read.
async fn pass_over(mut body: Incoming) -> Result<(), hyper::Error> {
    let mut read = 0;
    while let Some(frame) = body.frame().await {
        read += frame?.data_ref().map_or(0, Bytes::len);
        if read >= BODY_MAX {
            break;
        }
    }
    Ok(())
}

/// Hyper's words, which do not quote what came.
fn in_words(error: &hyper::Error) -> String {
    if error.is_parse() {
        "it is not HTTP".into()
    } else if error.is_incomplete_message() || breaks_off(error) {
        "the connection ended before its end".into()
    } else {
        "the connection broke".into()
    }
}

/// Whether the answer's body was shorter than told.
fn breaks_off(error: &hyper::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return io.kind() == io::ErrorKind::UnexpectedEof;
        }
        cause = inner.source();
    }
    false
}
