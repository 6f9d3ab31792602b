//! A fresh database for a story.

use store::Store;
use tempfile::TempDir;

use crate::{cluster, world};

pub struct Sqlite {
    folder: TempDir,
}

impl Sqlite {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("data").join("store.db")
    }

    pub fn url(&self) -> String {
        format!("sqlite://{}", self.file().display())
    }

    pub async fn store(&self) -> Store {
        Store::open(&self.url(), world::key())
            .await
            .expect("opened")
    }
}

pub struct Postgres {
    pub name: String,
}

impl Postgres {
    pub fn new() -> Self {
        let name = cluster::database_name();
        cluster::shared().create(&name, cluster::TEMPLATE);
        Self { name }
    }

    pub fn url(&self) -> String {
        cluster::shared().url(&self.name)
    }

    pub async fn store(&self) -> Store {
        Store::open(&self.url(), world::key())
            .await
            .expect("opened")
    }
}
