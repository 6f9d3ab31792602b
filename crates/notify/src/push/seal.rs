//! Message encryption for web push: RFC 8291 over RFC 8188, one record.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

/// An uncompressed point on P-256.
pub(crate) const POINT_LEN: usize = 65;
/// The browser's authentication secret.
pub(crate) const AUTH_LEN: usize = 16;
/// The salt of RFC 8188.
const SALT_LEN: usize = 16;
/// The content encryption key of AES-128-GCM.
const KEY_LEN: usize = 16;
/// A push service takes so much (RFC 8030, section 7.2): head, text, its end mark and the tag.
const RECORD: u32 = 4096;
/// What stands before the sealed text: salt, record size, length of the point, point.
const HEAD_LEN: usize = SALT_LEN + 4 + 1 + POINT_LEN;
/// Longest text.
pub(crate) const TEXT_MAX: usize = RECORD as usize - HEAD_LEN - 1 - 16;
/// Marks the end of the text in the last record.
const LAST: u8 = 2;

/// The browser's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) point: [u8; POINT_LEN],
    pub(crate) auth: [u8; AUTH_LEN],
}

/// The text can't be sealed: most likely the browser's point is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser's keys can't be used")]
pub(crate) struct SealError;

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// Seals a text for the browser under keys that are used once.
pub(crate) fn seal(to: &Keys, text: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut salt = [0; SALT_LEN];
    aws_lc_rs::rand::fill(&mut salt)?;
    seal_with(to, text, &PrivateKey::generate(&ECDH_P256)?, &salt)
}

fn seal_with(
    to: &Keys,
    text: &[u8],
    own: &PrivateKey,
    salt: &[u8; SALT_LEN],
) -> Result<Vec<u8>, SealError> {
    if text.len() > TEXT_MAX {
        return Err(SealError);
    }
    let own_point = own.compute_public_key()?;
    let own_point = own_point.as_ref();
    let theirs = UnparsedPublicKey::new(&ECDH_P256, to.point.as_slice());
    let shared = agree(own, theirs, SealError, |secret| {
        let info = [
            b"WebPush: info\0".as_slice(),
            to.point.as_slice(),
            own_point,
        ];
        derive::<32>(&to.auth, secret, &info)
    })?;
    let key = derive::<KEY_LEN>(salt, &shared, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce = derive::<NONCE_LEN>(salt, &shared, &[b"Content-Encoding: nonce\0"])?;

    let mut sealed = Vec::with_capacity(text.len() + 1 + AES_128_GCM.tag_len());
    sealed.extend_from_slice(text);
    sealed.push(LAST);
    LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::empty(),
        &mut sealed,
    )?;

    let mut message = Vec::with_capacity(HEAD_LEN + sealed.len());
    message.extend_from_slice(salt);
    message.extend_from_slice(&RECORD.to_be_bytes());
    message.push(u8::try_from(own_point.len()).map_err(|_| SealError)?);
    message.extend_from_slice(own_point);
    message.extend_from_slice(&sealed);
    Ok(message)
}

/// HKDF with SHA-256 (RFC 5869).
fn derive<const N: usize>(
    salt: &[u8],
    secret: &[u8],
    info: &[&[u8]],
) -> Result<[u8; N], SealError> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let mut derived = [0; N];
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, Length(N))?
        .fill(&mut derived)?;
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64url");
        bytes.try_into().expect("the length")
    }

    fn browser() -> Keys {
        Keys {
            point: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        }
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let own: [u8; 32] = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = PrivateKey::from_private_key(&ECDH_P256, &own).expect("a key");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(&browser(), text, &own, &salt).expect("sealed");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml\
             mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
             pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_longest_text_fills_a_record_and_no_more() {
        let sealed = seal(&browser(), &[b'x'; TEXT_MAX]).expect("sealed");
        assert_eq!(sealed.len(), RECORD as usize);
        assert_eq!(seal(&browser(), &[b'x'; TEXT_MAX + 1]), Err(SealError));
    }

    #[test]
    fn a_point_that_is_none_is_refused() {
        let mut keys = browser();
        keys.point[40] ^= 1;
        assert_eq!(seal(&keys, b"x"), Err(SealError));
    }
}
