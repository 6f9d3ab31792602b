//! Keys in session descriptions: `a=crypto` (SDES, RFC 4568), as far as
//! telephones use it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use model::cipher::{MasterKey, Suite};

/// Most keys of a stream that are looked at.
pub(crate) const KEYS_MAX: usize = 16;

/// A key that the other side offers or has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crypto {
    /// Its number, by which an answer names it.
    pub(crate) tag: u32,
    pub(crate) suite: Suite,
    pub(crate) key: MasterKey,
}

impl Crypto {
    /// Reads the value of `a=crypto:`; none where it asks for what is not
    /// served: another suite, a key identifier in each packet, or parameters
    /// that change how packets are encrypted.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let tag = words.next()?.parse().ok()?;
        let name = words.next()?;
        let suite = [Suite::Tag80, Suite::Tag32]
            .into_iter()
            .find(|suite| suite.name().eq_ignore_ascii_case(name))?;
        let inline = words.next()?;
        let (method, keys) = inline.split_once(':')?;
        // Several keys stand one after the other only with identifiers.
        if !method.eq_ignore_ascii_case("inline") || keys.contains(';') {
            return None;
        }
        // Those that only tell, or may be left aside, begin with a hyphen or
        // concern the window (section 6.3).
        if words.any(|word| !word.starts_with('-') && !word.starts_with("WSH=")) {
            return None;
        }
        let mut parts = keys.split('|');
        let key = parts.next()?;
        // A lifetime; what has a colon is an identifier and its length.
        if parts.any(|part| part.contains(':')) {
            return None;
        }
        let bytes = STANDARD
            .decode(key)
            .or_else(|_| STANDARD_NO_PAD.decode(key))
            .ok()?;
        let key = MasterKey::new(bytes.try_into().ok()?);
        Some(Self { tag, suite, key })
    }

    /// The one to talk by: the longer tag, then the one that stands first.
    pub(crate) fn best(offered: &[Self]) -> Option<Self> {
        let with = |suite| offered.iter().find(|crypto| crypto.suite == suite);
        with(Suite::Tag80).or_else(|| with(Suite::Tag32)).copied()
    }

    /// The line that describes it.
    pub(crate) fn line(&self) -> String {
        let key = STANDARD.encode(self.key.reveal());
        format!(
            "a=crypto:{} {} inline:{key}\r\n",
            self.tag,
            self.suite.name()
        )
    }
}

#[cfg(test)]
mod tests {
    use model::cipher::{MasterKey, Suite};

    use super::Crypto;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for suite in [Suite::Tag80, Suite::Tag32] {
            let crypto = Crypto {
                tag: 7,
                suite,
                key: MasterKey::new([200; 30]),
            };
            let line = crypto.line();
            let value = line.strip_prefix("a=crypto:").expect("an attribute");
            assert_eq!(Crypto::read(value), Some(crypto));
        }
    }

    #[test]
    fn the_key_of_the_standard_is_read_with_its_lifetime() {
        // RFC 4568, section 4.
        let key = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
        let read =
            |rest: &str| Crypto::read(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{key}{rest}"));
        let plain = read("").expect("a key");
        assert_eq!(plain.key.reveal()[..4], *b"wDfv");
        assert_eq!(read("|2^20"), Some(plain));
        assert_eq!(read("|2^20 WSH=64"), Some(plain));
        assert_eq!(read("|2^20|1:4"), None, "an identifier in each packet");
        assert_eq!(read(" UNENCRYPTED_SRTP"), None);
        assert_eq!(read(" KDR=1"), None);
    }

    #[test]
    fn what_is_no_key_is_none() {
        for value in [
            "",
            "1",
            "x AES_CM_128_HMAC_SHA1_80 inline:AAAA",
            "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
            "1 AES_CM_128_HMAC_SHA1_80 uri:AAAA",
            "1 AEAD_AES_128_GCM inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
            "1 AES_CM_128_HMAC_SHA1_80 inline:!!!!",
        ] {
            assert_eq!(Crypto::read(value), None, "{value}");
        }
    }

    #[test]
    fn the_longer_tag_is_preferred() {
        let crypto = |tag, suite| Crypto {
            tag,
            suite,
            key: MasterKey::new([0; 30]),
        };
        let all = [
            crypto(1, Suite::Tag32),
            crypto(2, Suite::Tag80),
            crypto(3, Suite::Tag80),
        ];
        assert_eq!(Crypto::best(&all).map(|c| c.tag), Some(2));
        assert_eq!(Crypto::best(&all[..1]).map(|c| c.tag), Some(1));
        assert_eq!(Crypto::best(&[]), None);
    }
}
