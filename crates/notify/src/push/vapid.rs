//! Who pushes: a key pair and what is signed with it (RFC 8292).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Store, StoreError};

/// Name of the key among what the store keeps sealed.
const SECRET: &str = "vapid";

/// The signature of JSON Web Tokens named ES256 (RFC 7518, section 3.4).
static ES256: &EcdsaSigningAlgorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;

/// A token is good for so long; 24 hours is the most that is taken.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(12);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum VapidError {
    /// The key can't be read or kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No key can be made.
    #[error("no key for push can be made")]
    Making,
    /// What is kept is no key.
    #[error("the kept key for push can't be used")]
    Broken,
}

/// The key pair under which this server pushes. A browser's subscription is
/// bound to it, so it stays the same for good.
pub struct Vapid {
    pair: EcdsaKeyPair,
    /// How push services reach whoever runs this server: `mailto:` or `https:`.
    contact: String,
}

impl std::fmt::Debug for Vapid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vapid").finish_non_exhaustive()
    }
}

impl Vapid {
    /// The key that is kept, or a new one that is kept from now on.
    pub async fn load_or_create(store: &Store, contact: String) -> Result<Self, VapidError> {
        let fresh = EcdsaKeyPair::generate(ES256).map_err(|_| VapidError::Making)?;
        let fresh = fresh.to_pkcs8v1().map_err(|_| VapidError::Making)?;
        let fresh = STANDARD.encode(fresh.as_ref());
        let kept = store.secrets().keep(SECRET, &fresh).await?;
        let kept = STANDARD.decode(kept).map_err(|_| VapidError::Broken)?;
        let pair = EcdsaKeyPair::from_pkcs8(ES256, &kept).map_err(|_| VapidError::Broken)?;
        Ok(Self { pair, contact })
    }

    /// The public key as a browser takes it: an uncompressed point in base64url.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    /// Value of the header Authorization for a push service.
    pub(crate) fn authorization(&self, origin: &str, now: Timestamp) -> Result<String, VapidError> {
        let head = json!({"typ": "JWT", "alg": "ES256"});
        let claims = json!({
            "aud": origin,
            "exp": (now + GOOD_FOR).as_second(),
            "sub": self.contact,
        });
        let signed = format!("{}.{}", encoded(&head), encoded(&claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_| VapidError::Broken)?;
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        Ok(format!(
            "vapid t={signed}.{signature}, k={}",
            self.public_key()
        ))
    }
}

fn encoded(json: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_token_is_made_out_to_the_service_and_signed() {
        let vapid = Vapid {
            pair: EcdsaKeyPair::generate(ES256).expect("a key"),
            contact: "https://calls.example.com".into(),
        };
        let now: Timestamp = "2026-11-26T10:00:00Z".parse().expect("a time");
        let value = vapid.authorization("https://push.example", now);
        let value = value.expect("a token");
        let (token, key) = value
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .expect("both parts");
        let key = URL_SAFE_NO_PAD.decode(key).expect("base64url");
        assert_eq!((key.len(), key[0]), (65, 4), "an uncompressed point");
        let (signed, signature) = token.rsplit_once('.').expect("a signature");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key)
            .verify(signed.as_bytes(), &signature)
            .expect("ours");
        let claims = signed.split_once('.').expect("two parts").1;
        let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
        let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
        assert_eq!(claims["aud"], "https://push.example");
        assert_eq!(claims["sub"], "https://calls.example.com");
        assert_eq!(claims["exp"], now.as_second() + 12 * 3600);
    }
}
