//! Recordings as MP3: made when they are asked for, one at a time, away from
//! the async threads, and kept for a while, for players ask for a file in parts.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use model::call::Call;
use model::id::CallId;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Api;
use crate::problem::{Code, Problem};

/// Bytes of files that are kept: some three hours of calls.
const KEPT_MAX: usize = 64 * 1024 * 1024;

/// How long a request waits for its turn: an hour's call takes some ten seconds to make.
const PATIENCE: Duration = Duration::from_secs(30);

/// The files that were asked for last.
#[derive(Debug)]
pub struct Mp3Files {
    kept: Mutex<Kept>,
    /// The cores belong to the calls: one file is made at a time.
    turn: Semaphore,
}

impl Default for Mp3Files {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            turn: Semaphore::new(1),
        }
    }
}

#[derive(Debug, Default)]
struct Kept {
    /// The one that was asked for longest ago first.
    files: VecDeque<(CallId, Bytes)>,
    bytes: usize,
}

impl Kept {
    fn get(&mut self, call: CallId) -> Option<Bytes> {
        let at = self.files.iter().position(|(id, _)| *id == call)?;
        let found = self.files.remove(at)?;
        let file = found.1.clone();
        self.files.push_back(found);
        Some(file)
    }

    fn put(&mut self, call: CallId, file: Bytes) {
        if file.len() > KEPT_MAX {
            return;
        }
        self.bytes += file.len();
        self.files.push_back((call, file));
        while self.bytes > KEPT_MAX
            && let Some((_, oldest)) = self.files.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }
}

impl Mp3Files {
    fn kept<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The call's recording as MP3; whoever asks has been let in to it.
pub async fn file(api: &Api, call: &Call) -> Result<Bytes, Problem> {
    let files = &api.mp3_files;
    if let Some(file) = files.kept(|kept| kept.get(call.id)) {
        return Ok(file);
    }
    let turn = timeout(PATIENCE, files.turn.acquire()).await;
    let busy = |_| Problem::after(Code::Unavailable, PATIENCE);
    let _turn = turn.map_err(busy)?.map_err(Problem::internal)?;
    // Whoever stood before may have asked for the same.
    if let Some(file) = files.kept(|kept| kept.get(call.id)) {
        return Ok(file);
    }
    let file = make(api, call).await?;
    files.kept(|kept| kept.put(call.id, file.clone()));
    Ok(file)
}

async fn make(api: &Api, call: &Call) -> Result<Bytes, Problem> {
    let ogg = crate::endpoint::calls::whole_sound(api, call).await?;
    let encode = api.config.encode_mp3.clone();
    let mp3 = tokio::task::spawn_blocking(move || encode(ogg.to_vec()))
        .await
        .map_err(Problem::internal)?
        .map_err(|error| {
            tracing::error!(%error, call = %call.id, "a recording can't be made an MP3 of");
            Code::RecordingUnreadable
        })?;
    Ok(Bytes::from(mp3))
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use model::id::CallId;
    use uuid::Uuid;

    use super::{KEPT_MAX, Kept};

    #[test]
    fn the_files_asked_for_last_are_kept() {
        let [a, b, c] = [1, 2, 3].map(|n| CallId(Uuid::from_u128(n)));
        let mut kept = Kept::default();
        let half = || Bytes::from(vec![0; KEPT_MAX / 2]);
        kept.put(a, half());
        kept.put(b, half());
        assert!(kept.get(a).is_some());
        kept.put(c, half());
        assert!(kept.get(a).is_some() && kept.get(c).is_some());
        assert!(kept.get(b).is_none(), "it was asked for longest ago");
        kept.put(b, Bytes::from(vec![0; KEPT_MAX + 1]));
        assert_eq!((kept.files.len(), kept.bytes), (2, KEPT_MAX));
    }
}
