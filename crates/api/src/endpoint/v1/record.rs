//! The sound of a call as MP3, as the old API gave it.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::call_of;
use super::short_id::ShortId;
use crate::Api;
use crate::endpoint::calls::{file_name, packed_of, put};
use crate::endpoint::hours::company_zone;
use crate::input::Id;
use crate::mp3;
use crate::problem::{Code, Problem};
use crate::range::{Wanted, wanted};
use crate::session::Viewer;

/// The sound of a call: the caller left, what the caller heard right.
#[utoipa::path(get, path = "/v1/calls/{id}/record.mp3", tag = "old api",
    params(("id" = String, Path), ("auth_api_key" = Option<String>, Query)),
    responses(
        (status = OK, description = "The sound", content_type = "audio/mpeg", body = Vec<u8>),
        (status = PARTIAL_CONTENT, description = "The part that `Range` asks for", content_type = "audio/mpeg", body = Vec<u8>),
    ))]
pub async fn old_call_record(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<ShortId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let call = packed_of(call_of(&api, &viewer, id).await?)?;
    let file = mp3::file(&api, &call).await?;
    let zone = company_zone(&api, call.company).await?;
    let range = headers.get(header::RANGE);
    let size = file.len() as u64;
    let mut response = match wanted(range.and_then(|value| value.to_str().ok()), size) {
        Wanted::Whole => file.into_response(),
        Wanted::Part(part) => {
            let told = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            // Both lie within the file, which is in memory.
            let bytes = file.slice(part.start as usize..part.end as usize);
            let mut response = (StatusCode::PARTIAL_CONTENT, bytes).into_response();
            put(&mut response, header::CONTENT_RANGE, &told);
            response
        }
        Wanted::Impossible => {
            let mut response = Problem::from(Code::RangeNotSatisfiable).into_response();
            let told = format!("bytes */{size}");
            put(&mut response, header::CONTENT_RANGE, &told);
            return Ok(response);
        }
    };
    let name = file_name(&call, &zone, "mp3");
    for (header, value) in [
        (header::CONTENT_TYPE, "audio/mpeg"),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, "private, max-age=86400"),
        (
            header::CONTENT_DISPOSITION,
            &format!("inline; filename=\"{name}\""),
        ),
        // Scripts put this address into `<audio>` on pages of their CRM.
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ] {
        put(&mut response, header, value);
    }
    Ok(response)
}
