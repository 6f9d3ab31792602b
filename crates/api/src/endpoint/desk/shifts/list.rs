//! Lists the shifts of a day.

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ShiftRow, of_day, zone_of};
use crate::Api;
use crate::input::Asked;
use crate::problem::Problem;

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShiftsQuery {
    /// The day, such as `2026-11-23`.
    #[param(value_type = String, format = Date)]
    day: Date,
    /// IANA name of the time zone whose day it is; Moscow where none is told.
    zone: Option<String>,
}

/// The shifts of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftList {
    /// Those who were there, by name.
    items: Vec<ShiftRow>,
}

/// Lists what operators did in a day, as of now.
#[utoipa::path(get, path = "/api/desk/shifts", tag = "desk", params(ShiftsQuery),
    responses((status = OK, body = ShiftList)))]
pub async fn list_shifts(
    State(api): State<Api>,
    Asked(ShiftsQuery { day, zone }): Asked<ShiftsQuery>,
) -> Result<Json<ShiftList>, Problem> {
    let items = of_day(&api, day, &zone_of(zone)?).await?;
    Ok(Json(ShiftList { items }))
}
