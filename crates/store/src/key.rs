//! The key under which passwords of PBX accounts are kept, and the sealing itself.

use std::path::Path;

/// Key of 256 bits that seals what must not be readable in the database file.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("key file: {0}")]
    Io(#[from] std::io::Error),
    /// It is not 32 bytes in base64.
    #[error("a master key is 32 bytes in base64")]
    Malformed,
}

impl MasterKey {
    /// A key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 32 bytes in base64, as a configuration or the environment gives them.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let _ = text;
        todo!()
    }

    /// Reads the key file, or creates it with a random key, readable by its owner alone.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let _ = path;
        todo!()
    }
}
