//! Signatures of Standard Webhooks, version 1: HMAC-SHA256 over id, time and body.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::secret::Secret;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// The header's value: a signature with each of the secrets, between spaces.
/// A secret that is no base64 signs with nothing; the store makes none such.
pub(crate) fn signatures(secrets: &[Secret], id: &str, second: i64, body: &[u8]) -> String {
    let signatures = secrets.iter().filter_map(|secret| {
        let key = secret.reveal().strip_prefix(PREFIX)?;
        let key = Key::new(HMAC_SHA256, &STANDARD.decode(key).ok()?);
        let signed = [format!("{id}.{second}.").as_bytes(), body].concat();
        let signature = STANDARD.encode(sign(&key, &signed));
        Some(format!("v1,{signature}"))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_known_example_comes_out() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let body = br#"{"test": 2432232314}"#;
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let one = std::slice::from_ref(&secret);
        assert_eq!(signatures(one, id, 1_614_265_330, body), expected);
        let both = [secret, Secret::new("whsec_b3RoZXI=")];
        let signed = signatures(&both, id, 1_614_265_330, body);
        assert!(signed.starts_with(&format!("{expected} v1,")), "{signed}");
    }
}
