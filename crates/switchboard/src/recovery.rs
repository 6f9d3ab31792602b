//! After a server that died: its calls get their ending, its recordings are kept.

use jiff::Timestamp;
use model::call::RecordingState;
use store::{Recordings, Store, StoreError};

use crate::packing::{Packing, Raw};

/// Ends the calls that were running, and packs what was recorded of them.
pub(crate) async fn recover(
    store: &Store,
    recordings: &Recordings,
    packing: &Packing,
) -> Result<(), StoreError> {
    store.shifts().close_unfinished().await?;
    let unfinished = store.calls().close_unfinished(Timestamp::now()).await?;
    if !unfinished.is_empty() {
        tracing::warn!(
            calls = unfinished.len(),
            "calls of a server that died get their ending"
        );
    }
    let left_over = match recordings.left_over() {
        Ok(left_over) => left_over,
        Err(error) => {
            tracing::error!(%error, "recordings of before can't be looked for");
            return Ok(());
        }
    };
    for (id, path) in left_over {
        match store.calls().by_id(id).await {
            Ok(call) => packing.add(Raw {
                company: call.company,
                call: id,
                arrived_at: call.arrived_at,
                path,
                cut_off: call.recording != RecordingState::Ready,
            }),
            Err(StoreError::NotFound) => {
                tracing::warn!(call = %id, path = %path.display(), "a raw recording of no call is left alone");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
