//! The sound of a call.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::call::{Call, RecordingState};
use model::id::{CallId, CompanyId};
use serde::Deserialize;
use store::{CallDetails, RecordingsError};
use utoipa::{IntoParams, ToSchema};

use super::viewed;
use crate::Api;
use crate::endpoint::hours::company_zone;
use crate::input::{Asked, Id};
use crate::problem::{Code, Problem};
use crate::range::{Wanted, wanted};
use crate::session::Viewer;

/// Bytes read at once while a recording is sent.
const CHUNK: u64 = 256 * 1024;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordingQuery {
    /// `ogg` to play (the default), `wav` to download.
    #[param(inline)]
    format: Option<Format>,
}

/// A form of sound.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Ogg/Opus, as it is kept.
    Ogg,
    /// WAV, as a download.
    Wav,
}

/// The sound of a call: caller left, what the caller heard right.
#[utoipa::path(get, path = "/api/calls/{id}/recording", tag = "calls",
    params(("id" = CallId, Path), RecordingQuery),
    responses(
        (status = OK, description = "The sound", content((Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/wav"))),
        (status = PARTIAL_CONTENT, description = "The part that `Range` asks for", content_type = "audio/ogg", body = Vec<u8>),
    ))]
pub async fn recording(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<CallId>,
    Asked(query): Asked<RecordingQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let call = packed(&api, &viewer, id).await?;
    match query.format {
        Some(Format::Wav) => as_wav(&api, &call).await,
        Some(Format::Ogg) | None => as_ogg(&api, &call, &headers).await,
    }
}

/// The call, whose recording is packed.
pub(super) async fn packed(api: &Api, viewer: &Viewer, id: CallId) -> Result<Call, Problem> {
    packed_of(viewed(api, viewer, id).await?)
}

/// The same of a call that was looked up.
pub fn packed_of(call: CallDetails) -> Result<Call, Problem> {
    let call = call.row.call;
    match call.recording {
        RecordingState::None => Err(Code::NotFound.into()),
        RecordingState::InProgress => Err(Code::RecordingNotReady.into()),
        RecordingState::Ready | RecordingState::CutOff => Ok(call),
    }
}

/// Why it can't be had.
pub(super) fn unread(error: RecordingsError) -> Problem {
    match error {
        RecordingsError::NotFound => Code::NotFound.into(),
        RecordingsError::Range => Code::RangeNotSatisfiable.into(),
        RecordingsError::Other(_) => Problem::internal(error),
    }
}

async fn as_ogg(api: &Api, call: &Call, headers: &HeaderMap) -> Result<Response, Problem> {
    let (company, id, arrived_at) = (call.company, call.id, call.arrived_at);
    let size = api
        .recordings
        .head(company, id, arrived_at)
        .await
        .map_err(unread)?
        .size;
    let header = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let (status, part) = match wanted(header, size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Impossible => {
            let mut response = Problem::from(Code::RangeNotSatisfiable).into_response();
            put(
                &mut response,
                header::CONTENT_RANGE,
                &format!("bytes */{size}"),
            );
            return Ok(response);
        }
    };
    let mut response = (
        status,
        stream_of(api, company, id, arrived_at, part.clone()),
    )
        .into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        put(&mut response, header::CONTENT_RANGE, &range);
    }
    put(&mut response, header::CONTENT_TYPE, "audio/ogg");
    put(&mut response, header::ACCEPT_RANGES, "bytes");
    put(
        &mut response,
        header::CONTENT_LENGTH,
        &(part.end - part.start).to_string(),
    );
    put(
        &mut response,
        header::CACHE_CONTROL,
        "private, max-age=86400",
    );
    Ok(response)
}

/// Reads on while the browser takes it, so that an hour's call is never whole in memory.
fn stream_of(
    api: &Api,
    company: CompanyId,
    id: CallId,
    arrived_at: Timestamp,
    part: std::ops::Range<u64>,
) -> Body {
    let recordings = api.recordings.clone();
    let starts = stream::iter((part.start..part.end).step_by(CHUNK as usize));
    let chunks = starts.then(move |start| {
        let recordings = recordings.clone();
        let chunk = start..part.end.min(start + CHUNK);
        async move { recordings.read(company, id, arrived_at, chunk).await }
    });
    Body::from_stream(chunks.map_err(|error| {
        tracing::error!(%error, "a recording broke off while it was sent");
        error
    }))
}

/// The packed sound, whole.
pub async fn whole_sound(api: &Api, call: &Call) -> Result<Bytes, Problem> {
    let (company, id, arrived_at) = (call.company, call.id, call.arrived_at);
    let recordings = &api.recordings;
    let size = recordings
        .head(company, id, arrived_at)
        .await
        .map_err(unread)?
        .size;
    recordings
        .read(company, id, arrived_at, 0..size)
        .await
        .map_err(unread)
}

async fn as_wav(api: &Api, call: &Call) -> Result<Response, Problem> {
    let ogg = whole_sound(api, call).await?;
    let decode = api.config.decode_wav.clone();
    let wav = tokio::task::spawn_blocking(move || decode(ogg.to_vec()))
        .await
        .map_err(Problem::internal)?
        .map_err(|error| {
            tracing::error!(%error, call = %call.id, "a recording can't be decoded");
            Code::RecordingUnreadable
        })?;
    let zone = company_zone(api, call.company).await?;
    let mut response = Bytes::from(wav).into_response();
    put(&mut response, header::CONTENT_TYPE, "audio/wav");
    let name = file_name(call, &zone, "wav");
    put(
        &mut response,
        header::CONTENT_DISPOSITION,
        &format!("attachment; filename=\"{name}\""),
    );
    Ok(response)
}

/// A name that every file system takes: when, and the caller's digits.
pub fn file_name(call: &Call, zone: &TimeZone, suffix: &str) -> String {
    let at = call
        .arrived_at
        .to_zoned_datetime(zone.clone())
        .strftime("%Y-%m-%d_%H-%M-%S");
    let digits: String = call
        .caller
        .number
        .iter()
        .flat_map(|number| number.chars())
        .filter(char::is_ascii_digit)
        .take(20)
        .collect();
    let dash = if digits.is_empty() { "" } else { "_" };
    format!("{at}{dash}{digits}.{suffix}")
}

pub fn put(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
