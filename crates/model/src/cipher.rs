//! Keys of encrypted sound (SRTP, RFC 3711), as the signalling agrees on them
//! (SDES, RFC 4568) and the media side needs them.

use std::fmt;

/// How sound is encrypted: AES in counter mode with a key of 128 bits, and
/// HMAC-SHA1 with a tag of this length (RFC 4568, section 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// `AES_CM_128_HMAC_SHA1_80`.
    Tag80,
    /// `AES_CM_128_HMAC_SHA1_32`.
    Tag32,
}

impl Suite {
    /// The name in session descriptions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tag80 => "AES_CM_128_HMAC_SHA1_80",
            Self::Tag32 => "AES_CM_128_HMAC_SHA1_32",
        }
    }

    /// Bytes of the tag that ends each packet.
    pub fn tag(self) -> usize {
        match self {
            Self::Tag80 => 10,
            Self::Tag32 => 4,
        }
    }
}

/// Bytes of the master key, and of the master salt that follows it.
pub const KEY_BYTES: usize = 16;
/// Bytes of the master salt.
pub const SALT_BYTES: usize = 14;

/// A master key with its salt. `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey([u8; KEY_BYTES + SALT_BYTES]);

impl MasterKey {
    /// Key and salt, in that order.
    pub fn new(bytes: [u8; KEY_BYTES + SALT_BYTES]) -> Self {
        Self(bytes)
    }

    /// Key and salt, for those who encrypt and describe.
    pub fn reveal(&self) -> &[u8; KEY_BYTES + SALT_BYTES] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The keys of one stream, both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// How, both ways alike.
    pub suite: Suite,
    /// What this side sends with.
    pub ours: MasterKey,
    /// What the other side sends with.
    pub theirs: MasterKey,
}

#[cfg(test)]
mod tests {
    use super::{Keys, MasterKey, Suite};

    #[test]
    fn keys_are_not_printed() {
        let key = MasterKey::new([7; 30]);
        let keys = Keys {
            suite: Suite::Tag80,
            ours: key,
            theirs: key,
        };
        let printed = format!("{keys:?}");
        assert!(
            !printed.contains('7') && printed.contains("[secret]"),
            "{printed}"
        );
    }
}
