//! Tells how whoever is signed in is told of messages.

use axum::Json;
use axum::extract::State;
use model::company::Employee;
use model::notice::Reach;
use model::user::Summary;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

/// Oneself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Myself {
    /// The employee that one is; none for an administrator who is none.
    employee: Option<Employee>,
    /// How that employee may be reached.
    reach: Option<Reach>,
    /// How often the summary comes.
    summary: Summary,
}

/// Tells how whoever is signed in is told of messages.
#[utoipa::path(get, path = "/api/me", tag = "me", responses((status = OK, body = Myself)))]
pub async fn read_myself(State(api): State<Api>, viewer: Viewer) -> Result<Json<Myself>, Problem> {
    let notice = api.store.notice();
    let employee = notice
        .employee_of(viewer.company, &viewer.user.login)
        .await?;
    let reach = match &employee {
        Some(employee) => Some(notice.reach(viewer.company, employee.id).await?),
        None => None,
    };
    Ok(Json(Myself {
        employee,
        reach,
        summary: api.store.users().summary(viewer.user.id).await?,
    }))
}
