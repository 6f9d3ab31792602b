//! After the call: the raw recording becomes the one that is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use model::call::RecordingState;
use model::id::{CallId, CompanyId};
use store::Recordings;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::facts::{Fact, Facts};

/// Recordings that are packed at a time: packing is work for later, calls are now.
const AT_ONCE: usize = 1;

/// A raw recording with what it is of.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) company: CompanyId,
    pub(crate) call: CallId,
    pub(crate) arrived_at: Timestamp,
    pub(crate) path: PathBuf,
    pub(crate) cut_off: bool,
}

/// Packs recordings, one after the other, beside the calls.
#[derive(Clone)]
pub(crate) struct Packing {
    recordings: Recordings,
    facts: Facts,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Packing {
    pub(crate) fn new(recordings: Recordings, facts: Facts) -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Self {
            recordings,
            facts,
            places,
            tasks: TaskTracker::new(),
        }
    }

    /// Packs it when its turn comes, and tells the store how it stands then.
    pub(crate) fn add(&self, raw: Raw) {
        let packing = self.clone();
        self.tasks.spawn(async move {
            let Ok(_place) = packing.places.acquire().await else {
                return;
            };
            let (company, call) = (raw.company, raw.call);
            let (state, ms) = packing.pack(raw).await;
            packing.facts.tell(Fact::Recording {
                company,
                call,
                state,
                ms,
            });
        });
    }

    /// Waits until everything is packed.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn pack(&self, raw: Raw) -> (RecordingState, u32) {
        let whole = if raw.cut_off {
            RecordingState::CutOff
        } else {
            RecordingState::Ready
        };
        let call = raw.call;
        match self.try_pack(raw).await {
            Ok(0) => (RecordingState::None, 0),
            Ok(ms) => (whole, ms),
            Err(error) => {
                // The raw file stays, and is tried again at the next start.
                tracing::error!(%call, %error, "a recording could not be packed; its raw file is kept");
                (RecordingState::CutOff, 0)
            }
        }
    }

    async fn try_pack(&self, raw: Raw) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
        let (ogg, peaks) = (
            raw.path.with_extension("ogg"),
            raw.path.with_extension("peaks"),
        );
        let packed = {
            let (path, ogg, peaks) = (raw.path.clone(), ogg.clone(), peaks.clone());
            tokio::task::spawn_blocking(move || media::pack::pack(&path, &ogg, &peaks)).await??
        };
        if packed.ms > 0 {
            self.recordings
                .put(raw.company, raw.call, raw.arrived_at, &ogg, &peaks)
                .await?;
        } else {
            remove(&ogg).await;
            remove(&peaks).await;
        }
        remove(&raw.path).await;
        Ok(u32::try_from(packed.ms).unwrap_or(u32::MAX))
    }
}

async fn remove(path: &Path) {
    if let Err(error) = tokio::fs::remove_file(path).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a temporary file stays behind");
    }
}
