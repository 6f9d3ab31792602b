//! Recordings: raw files while calls run, packed ones afterwards.

use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::Timestamp;
use model::id::{CallId, CompanyId};

/// Recordings; cheap to clone.
#[derive(Clone)]
pub struct Recordings {
    root: PathBuf,
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

impl Recordings {
    /// Opens the folder, creating it where missing.
    pub fn open(root: &Path) -> Result<Self, RecordingsError> {
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Where the raw file of a running call is written.
    pub fn live_path(&self, call: CallId) -> PathBuf {
        self.root.join("live").join(format!("{call}.wav"))
    }

    /// Raw files that calls of before have left, with the calls that they are of.
    pub fn left_over(&self) -> Result<Vec<(CallId, PathBuf)>, RecordingsError> {
        todo!()
    }

    /// Where the packed recording lies, for those who print it: a path below the folder.
    pub fn ogg_path(&self, company: CompanyId, call: CallId, arrived_at: Timestamp) -> PathBuf {
        let _ = (company, call, arrived_at);
        todo!()
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
    ) -> Result<(), RecordingsError> {
        let _ = (company, call, arrived_at, ogg, peaks);
        todo!()
    }

    /// The packed sound's size.
    pub async fn head(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
    ) -> Result<RecordingFile, RecordingsError> {
        let _ = (company, call, arrived_at);
        todo!()
    }

    /// A part of the packed sound.
    pub async fn read(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
        range: Range<u64>,
    ) -> Result<Bytes, RecordingsError> {
        let _ = (company, call, arrived_at, range);
        todo!()
    }

    /// The peaks, as they were packed.
    pub async fn peaks(
        &self,
        company: CompanyId,
        call: CallId,
        arrived_at: Timestamp,
    ) -> Result<Bytes, RecordingsError> {
        let _ = (company, call, arrived_at);
        todo!()
    }
}
