//! The company's calls.

pub mod called_back;
pub mod events;
pub mod export;
pub mod list;
pub mod peaks;
pub mod read;
pub mod recording;
mod row;
pub mod today;

use model::id::CallId;
use store::CallDetails;

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

pub use export::clock;
pub use recording::{file_name, packed_of, put, whole_sound};
pub use row::{CallRow, shown};

/// The call, where the viewer may see it.
async fn viewed(api: &Api, viewer: &Viewer, id: CallId) -> Result<CallDetails, Problem> {
    let calls = api.store.calls();
    Ok(calls.get_seen(viewer.company, id, &viewer.seen).await?)
}
