//! The API that customers had scripts for before: four addresses, read only.
//!
//! What is known of it comes from such scripts. They read `list[0]` of a call's
//! messages whatever the call was, cut times off at their dot, put the
//! address of the record into pages of other sites, and ask every few seconds.

pub mod messages;
pub mod moment;
pub mod read;
pub mod record;
pub mod search;
mod short_id;

use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

use short_id::ShortId;

/// A list, as the old API gives it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldList<T> {
    /// The items.
    list: Vec<T>,
}

/// The call that a short id is of.
async fn call_of(api: &Api, viewer: &Viewer, id: ShortId) -> Result<store::CallDetails, Problem> {
    let (millisecond, lowest) = (id.millisecond(), id.lowest());
    let calls = api.store.calls();
    let id = calls
        .by_moment(viewer.company, millisecond, lowest, ShortId::LOWEST)
        .await?;
    Ok(calls.get_seen(viewer.company, id, &viewer.seen).await?)
}
