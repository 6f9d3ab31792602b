//! «Проверить соединение»: the doctor of connections.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::doctor::{Reply, Report};
use model::id::LineId;
use serde::{Deserialize, Serialize};
use switchboard::doctor::ExamineError;
use utoipa::ToSchema;

use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Code, Problem};
use crate::session::CompanyAdmin;

/// How the line is examined, or what was found the last time.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoctorView {
    /// The doctor is at work.
    running: bool,
    /// When the examination began.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// What was found; none before the first examination.
    report: Option<Report>,
}

/// What a person answers to the doctor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoctorReply {
    /// The answer.
    reply: Reply,
}

/// Begins to examine the line; goes on where that is done already.
#[utoipa::path(post, path = "/api/lines/{id}/doctor", tag = "lines", params(("id" = LineId, Path)),
    responses((status = OK, body = DoctorView)))]
pub async fn start_doctor(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<Json<DoctorView>, Problem> {
    let line = api.store.lines().get(admin.company, id).await?;
    // Without an account there is nobody to ask: the page does not offer it.
    if line.account.is_none() {
        return Ok(Json(view(&api, &admin, id).await?));
    }
    match api.switchboard.examine(admin.company, id).await {
        Ok(()) => {}
        // Its account was just saved, and is being read.
        Err(ExamineError::NotConfigured) => return Err(Code::Unavailable.into()),
        Err(ExamineError::Store(error)) => return Err(error.into()),
    }
    Ok(Json(view(&api, &admin, id).await?))
}

/// How the examination stands, or what came of the last one.
#[utoipa::path(get, path = "/api/lines/{id}/doctor", tag = "lines", params(("id" = LineId, Path)),
    responses((status = OK, body = DoctorView)))]
pub async fn read_doctor(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<Json<DoctorView>, Problem> {
    Ok(Json(view(&api, &admin, id).await?))
}

/// Answers to what the doctor asks a person for.
#[utoipa::path(post, path = "/api/lines/{id}/doctor/reply", tag = "lines",
    params(("id" = LineId, Path)), request_body = DoctorReply,
    responses((status = NO_CONTENT)))]
pub async fn reply_to_doctor(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
    Body(said): Body<DoctorReply>,
) -> Result<StatusCode, Problem> {
    api.store.lines().get(admin.company, id).await?;
    api.switchboard.reply_to_doctor(id, said.reply);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the examination; nothing of it is kept.
#[utoipa::path(delete, path = "/api/lines/{id}/doctor", tag = "lines",
    params(("id" = LineId, Path)), responses((status = NO_CONTENT)))]
pub async fn stop_doctor(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<StatusCode, Problem> {
    api.store.lines().get(admin.company, id).await?;
    api.switchboard.stop_examination(id);
    Ok(StatusCode::NO_CONTENT)
}

async fn view(api: &Api, admin: &CompanyAdmin, id: LineId) -> Result<DoctorView, Problem> {
    let stored = api.store.line_reports().get(admin.company, id).await?;
    if let Some(progress) = api.switchboard.examination(id) {
        return Ok(DoctorView {
            running: !progress.report.done,
            at: Some(progress.began_at),
            report: Some(progress.report),
        });
    }
    Ok(DoctorView {
        running: false,
        at: stored.as_ref().map(|stored| stored.at),
        report: stored.map(|stored| stored.report),
    })
}
