//! «Что услышит звонящий?»

mod steps;
mod words;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::DateTime;
use model::id::LineId;
use model::pbx::Connection;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::prompt::PromptName;
use super::surroundings::Surroundings;
use crate::Api;
use crate::input::{Asked, Id};
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;

/// Of which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForecastQuery {
    /// The moment by the company's clock, such as `2026-12-31T19:40`; now, where none is given.
    at: Option<String>,
}

/// What a caller of the line meets at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forecast {
    /// The moment, by the company's clock.
    #[schema(value_type = String, example = "2026-12-31T19:40:00")]
    at: DateTime,
    /// The company's time zone.
    zone: String,
    /// It is working time.
    open: bool,
    /// Step by step.
    steps: Vec<ForecastStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForecastStep {
    /// What.
    pub what: ForecastWhat,
    /// The same in words.
    pub text: String,
    /// Which rule or setting makes it so.
    pub why: String,
    /// How many seconds after the call's arrival it begins, where that is known.
    pub after_s: Option<u64>,
    /// What the machine says then, to listen to.
    pub prompts: Vec<PromptName>,
}

/// What a caller meets in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForecastWhat {
    /// Whether it is working time.
    Hours,
    /// Calls do not reach the service at all.
    NotReached,
    /// The sound check.
    LineCheck,
    /// Short beeps.
    Beeps,
    /// Ringing, while an operator is looked for.
    Ringing,
    /// An operator answers.
    Operator,
    /// All are busy: prompts and music.
    Queue,
    /// The place in the queue is kept.
    Reassurance,
    /// A voice message is taken.
    VoiceMessage,
    /// Who gets what was left, and how.
    Message,
}

/// What a caller of the line hears at a moment, step by step, and why: told by
/// the rules that run the calls.
#[utoipa::path(get, path = "/api/lines/{id}/forecast", tag = "lines",
    params(("id" = LineId, Path), ForecastQuery), responses((status = OK, body = Forecast)))]
pub async fn line_forecast(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
    Asked(query): Asked<ForecastQuery>,
) -> Result<Json<Forecast>, Problem> {
    let line = api.store.lines().get(admin.company, id).await?;
    let company = api.store.companies().get(admin.company).await?.value;
    let around = Surroundings::of(&api, admin.company).await?;
    let zone = around.hours.time_zone().map_err(Problem::internal)?;
    let at = match query.at.as_deref().filter(|text| !text.is_empty()) {
        None => Timestamp::now().to_zoned_datetime(zone),
        Some(text) => text
            .parse::<DateTime>()
            .ok()
            .and_then(|at| at.to_zoned_datetime(zone).ok())
            .ok_or_else(|| Problem::field("at", Flaw::WrongKind))?,
    };
    let ruling = around
        .hours
        .ruling_at(at.timestamp())
        .map_err(Problem::internal)?;
    let connection = match line.account {
        Some(_) => api.switchboard.connection(line.id),
        None => Connection::NotConfigured,
    };
    let steps = steps::Case {
        line: &line,
        company: &company,
        around: &around,
        connection: &connection,
        at: &at,
        ruling: &ruling,
        limits: api.switchboard.limits(),
        language: admin.language,
    };
    Ok(Json(Forecast {
        at: at.datetime(),
        zone: around.hours.zone.clone(),
        open: ruling.open,
        steps: steps.steps(),
    }))
}
