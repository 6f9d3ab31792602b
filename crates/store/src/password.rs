//! Passwords as argon2id hashes, worked out off the async threads.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use model::secret::Secret;

use crate::{Result, StoreError};

/// A hash of nothing, of the same cost as a real one: an unknown login is
/// checked against it, so that the time of an answer does not tell whether a login exists.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(refused)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to be stored.
pub(crate) async fn hash(password: &Secret) -> Result<String> {
    let password = password.clone();
    blocking(move || {
        let mut salt = [0; 16];
        aws_lc_rs::rand::fill(&mut salt)
            .map_err(|_| StoreError::Corrupt("no random bytes".into()))?;
        let salt = SaltString::encode_b64(&salt).map_err(refused)?;
        let hash = argon()?
            .hash_password(password.reveal().as_bytes(), &salt)
            .map_err(refused)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the hash's. Without a hash the work is done all the same.
pub(crate) async fn verify(password: &Secret, hash: Option<String>) -> Result<bool> {
    let password = password.clone();
    blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&hash)
            .map_err(|e| StoreError::Corrupt(format!("a password's hash: {e}")))?;
        let fits = argon()?
            .verify_password(password.reveal().as_bytes(), &hash)
            .is_ok();
        Ok(fits && known)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| StoreError::Other(Box::new(e)))?
}

fn refused(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("argon2: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let hash = hash(&Secret::new("correct horse")).await.expect("hashed");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let right = verify(&Secret::new("correct horse"), Some(hash.clone())).await;
        assert!(right.expect("checked"));
        let wrong = verify(&Secret::new("battery staple"), Some(hash)).await;
        assert!(!wrong.expect("checked"));
    }

    #[tokio::test]
    async fn nobody_has_a_password() {
        let nobody = verify(&Secret::new(""), None).await;
        assert!(!nobody.expect("checked against a well-formed hash"));
    }
}
