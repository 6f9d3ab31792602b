//! Recordings: raw files while calls run, packed ones afterwards.
//!
//! `live/<call>.wav` is written by the media side as the call goes on;
//! `<company>/<yyyy>/<mm>/<call>.ogg` with `.peaks.json` beside it is what stays.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::id::{CallId, CompanyId};
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Location};

/// Recordings; cheap to clone.
#[derive(Clone)]
pub struct Recordings {
    root: PathBuf,
    packed: Arc<dyn ObjectStore>,
}

/// A packed recording, opened for reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingFile {
    /// Its length in bytes.
    pub size: u64,
}

/// Why a recording can't be had.
#[derive(Debug, thiserror::Error)]
pub enum RecordingsError {
    /// There is none.
    #[error("no such recording")]
    NotFound,
    /// The range lies outside of the file.
    #[error("range outside of the recording")]
    Range,
    /// The disk, or wherever recordings are, refused.
    #[error("recordings: {0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

type Result<T> = std::result::Result<T, RecordingsError>;

impl Recordings {
    /// Opens the folder (`recordings` of the data folder), creating it where missing.
    pub fn open(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root.join("live"))?;
        let packed = LocalFileSystem::new_with_prefix(root)?.with_fsync(true);
        Ok(Self {
            root: root.to_owned(),
            packed: Arc::new(packed),
        })
    }

    /// Where the raw file of a running call is written.
    pub fn live_path(&self, call: CallId) -> PathBuf {
        self.root.join("live").join(format!("{call}.wav"))
    }

    /// Raw files that calls of before have left, with the calls that they are of.
    pub fn left_over(&self) -> Result<Vec<(CallId, PathBuf)>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.root.join("live"))? {
            let path = entry?.path();
            let call = path
                .file_name()
                .and_then(|name| name.to_str()?.strip_suffix(".wav")?.parse().ok());
            if let Some(call) = call {
                found.push((call, path));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Removes a call's raw file, once it is packed; that there is none is no error.
    pub async fn remove_live(&self, call: CallId) -> Result<()> {
        remove(&self.live_path(call)).await
    }

    /// Where the packed recording lies on this machine.
    pub fn ogg_path(&self, company: CompanyId, call: CallId, arrived_at: Timestamp) -> PathBuf {
        self.root.join(stem(company, call, arrived_at) + SOUND)
    }

    /// Takes the packed sound and its peaks over from temporary files, which
    /// are gone afterwards; the sound last, so a recording has its peaks.
    pub async fn put(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
        ogg: &Path,
        peaks: &Path,
    ) -> Result<()> {
        let stem = stem(company, call, arrived_at);
        for (file, suffix) in [(peaks, PEAKS), (ogg, SOUND)] {
            let content = tokio::fs::read(file).await?;
            let location = Location::from(format!("{stem}{suffix}"));
            self.packed.put(&location, content.into()).await?;
        }
        remove(peaks).await?;
        remove(ogg).await
    }

    /// The packed sound's size.
    pub async fn head(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
    ) -> Result<RecordingFile> {
        let location = Location::from(stem(company, call, arrived_at) + SOUND);
        let meta = self.packed.head(&location).await?;
        Ok(RecordingFile { size: meta.size })
    }

    /// A part of the packed sound.
    pub async fn read(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
        range: Range<u64>,
    ) -> Result<Bytes> {
        let file = self.head(company, call, arrived_at).await?;
        if range.start >= range.end || range.end > file.size {
            return Err(RecordingsError::Range);
        }
        let location = Location::from(stem(company, call, arrived_at) + SOUND);
        Ok(self.packed.get_range(&location, range).await?)
    }

    /// The peaks, as they were packed.
    pub async fn peaks(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
    ) -> Result<Bytes> {
        let location = Location::from(stem(company, call, arrived_at) + PEAKS);
        Ok(self.packed.get(&location).await?.bytes().await?)
    }
}

const SOUND: &str = ".ogg";
const PEAKS: &str = ".peaks.json";

/// By month of arrival, in UTC: a folder stays of a size that tools can list.
fn stem(company: CompanyId, call: CallId, arrived_at: Timestamp) -> String {
    let date = arrived_at.to_zoned_datetime(TimeZone::UTC).date();
    format!("{company}/{:04}/{:02}/{call}", date.year(), date.month())
}

async fn remove(file: &Path) -> Result<()> {
    match tokio::fs::remove_file(file).await {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

impl From<std::io::Error> for RecordingsError {
    fn from(error: std::io::Error) -> Self {
        Self::Other(Box::new(error))
    }
}

impl From<object_store::Error> for RecordingsError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            other => Self::Other(Box::new(other)),
        }
    }
}
