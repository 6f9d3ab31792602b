//! Opens what outlives the program: database, key, recordings.

use std::path::{Path, PathBuf};

use store::{KeyError, MasterKey, Recordings, RecordingsError, Store, StoreError};

use crate::config::Config;

/// Why it can't be opened, in a sentence that says what to mend.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A folder can't be made.
    #[error(
        "the folder {folder} can't be made: {source}; check [data_dir] and who may write there"
    )]
    Folder {
        /// Which one.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The key can't be had.
    #[error("{file}: {source}; without it the PBX passwords can't be read ([secrets] key_file)")]
    Key {
        /// The file.
        file: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// The database can't be opened.
    #[error("the database can't be opened: {}; check [database] url", chain(.0))]
    Database(#[from] StoreError),
    /// The recordings can't be opened.
    #[error("the recordings' folder can't be used: {0}; check [recordings] folder")]
    Recordings(#[from] RecordingsError),
}

/// The database, brought up to date.
pub async fn store(config: &Config) -> Result<Store, OpenError> {
    make_folder(&config.data_dir)?;
    let file = &config.secrets.key_file;
    let key = MasterKey::load_or_create(file).map_err(|source| OpenError::Key {
        file: file.clone(),
        source,
    })?;
    Ok(Store::open(config.database.url.reveal(), key).await?)
}

/// The recordings.
pub fn recordings(config: &Config) -> Result<Recordings, OpenError> {
    make_folder(&config.recordings.folder)?;
    Ok(Recordings::open(&config.recordings.folder)?)
}

fn make_folder(folder: &Path) -> Result<(), OpenError> {
    std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder {
        folder: folder.to_owned(),
        source,
    })
}

/// The error with its causes: the innermost says what to mend.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
