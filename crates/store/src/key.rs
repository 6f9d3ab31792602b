//! The key under which passwords of PBX accounts are kept, and the sealing itself.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Result as StoreResult, StoreError};

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
    /// The system gives no random bytes.
    #[error("no random bytes")]
    NoRandomness,
}

impl MasterKey {
    /// A key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 32 bytes in base64, as a configuration or the environment gives them.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = STANDARD
            .decode(text.trim())
            .map_err(|_| KeyError::Malformed)?;
        bytes.try_into().map(Self).map_err(|_| KeyError::Malformed)
    }

    /// Reads the key file, or creates it with a random key, readable by its owner alone.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(e) if e.kind() == ErrorKind::NotFound => Self::create(path),
            Err(e) => Err(e.into()),
        }
    }

    /// The file gets its name once it is whole and on the disk: a key that was
    /// cut off would lose every password.
    fn create(path: &Path) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder)?;
        let unnamed = path.with_extension(format!("{}.new", std::process::id()));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unnamed)?;
        writeln!(file, "{}", STANDARD.encode(bytes))?;
        file.sync_all()?;
        // A link, unlike a rename, leaves a key alone that another process made meanwhile.
        let named = std::fs::hard_link(&unnamed, path);
        std::fs::remove_file(&unnamed)?;
        match named {
            Ok(()) => {
                File::open(folder)?.sync_all()?;
                Ok(Self(bytes))
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                Self::parse(&std::fs::read_to_string(path)?)
            }
            Err(e) => Err(e.into()),
        }
    }

    /// Seals a text with AES-256-GCM under a random nonce, which stands before
    /// it. It opens only in the same place again.
    pub(crate) fn seal(&self, text: &str, place: &[u8]) -> StoreResult<Vec<u8>> {
        let mut sealed = text.as_bytes().to_vec();
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(Aad::from(place), &mut sealed)
            .map_err(|_| StoreError::Corrupt("a password can't be sealed".into()))?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    pub(crate) fn open(&self, sealed: &[u8], place: &[u8]) -> StoreResult<String> {
        let broken =
            || StoreError::Corrupt("a password can't be opened; is this the master key?".into());
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut text = text.to_vec();
        let text = self
            .cipher()?
            .open_in_place(nonce, Aad::from(place), &mut text)
            .map_err(|_| broken())?;
        String::from_utf8(text.to_vec()).map_err(|_| broken())
    }

    fn cipher(&self) -> StoreResult<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0)
            .map_err(|_| StoreError::Corrupt("the master key is of no use".into()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_sealed_text_opens_in_its_place_alone() {
        let key = MasterKey::from_bytes([7; 32]);
        let sealed = key.seal("пароль", b"line 1").expect("sealed");
        assert_eq!(key.open(&sealed, b"line 1").expect("opened"), "пароль");
        assert!(key.open(&sealed, b"line 2").is_err());
        assert!(
            MasterKey::from_bytes([8; 32])
                .open(&sealed, b"line 1")
                .is_err()
        );
        assert!(key.open(&sealed[..5], b"line 1").is_err());
        assert_ne!(sealed, key.seal("пароль", b"line 1").expect("sealed"));
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets").join("master.key");
        let made = MasterKey::load_or_create(&path).expect("made");
        let read = MasterKey::load_or_create(&path).expect("read");
        assert_eq!(made.0, read.0);
        let mode = std::fs::metadata(&path)
            .expect("the file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "short").expect("written");
        assert!(matches!(
            MasterKey::load_or_create(&path),
            Err(KeyError::Malformed)
        ));
    }
}
