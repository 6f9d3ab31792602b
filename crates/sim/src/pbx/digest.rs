//! Digest answers, verified by code of the PBX's own (RFC 2617, RFC 8760).

use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};

use super::config::Challenge;

/// The parameters of an Authorization header.
#[derive(Debug)]
pub struct Credentials(Vec<(String, String)>);

impl Credentials {
    /// Reads the header's value. None where it is no digest.
    pub fn parse(value: &str) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut parameters = Vec::new();
        let mut chars = rest.chars().peekable();
        while chars.peek().is_some() {
            let name: String = take_until(&mut chars, '=')?.trim().to_ascii_lowercase();
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            let value = match chars.next_if_eq(&'"') {
                Some(_) => {
                    let value = quoted(&mut chars)?;
                    // Only white space may stand before the comma.
                    while chars.next_if(|c| *c != ',').is_some() {}
                    value
                }
                None => {
                    let mut value = String::new();
                    while let Some(c) = chars.next_if(|c| *c != ',') {
                        value.push(c);
                    }
                    value.trim().to_owned()
                }
            };
            chars.next_if_eq(&',');
            parameters.push((name, value));
        }
        Some(Self(parameters))
    }

    /// A parameter's value; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether the answer, to a request without a body, is the right one for the password.
    pub fn answers(&self, challenge: Challenge, method: &str, password: &str) -> bool {
        let algorithm = match self.get("algorithm") {
            "" => "MD5",
            named => named,
        };
        if !algorithm.eq_ignore_ascii_case(challenge.name()) {
            return false;
        }
        let hash = |text: String| challenge.hash(&text);
        let secret = hash(format!(
            "{}:{}:{password}",
            self.get("username"),
            self.get("realm")
        ));
        let qop = self.get("qop");
        let request = match qop {
            "auth-int" => format!("{method}:{}:{}", self.get("uri"), hash(String::new())),
            _ => format!("{method}:{}", self.get("uri")),
        };
        let request = hash(request);
        let expected = match qop {
            "" => hash(format!("{secret}:{}:{request}", self.get("nonce"))),
            "auth" | "auth-int" => hash(format!(
                "{secret}:{}:{}:{}:{qop}:{request}",
                self.get("nonce"),
                self.get("nc"),
                self.get("cnonce")
            )),
            _ => return false,
        };
        expected == self.get("response").to_ascii_lowercase()
    }
}

impl Challenge {
    /// The algorithm's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
            Self::Sha512_256 => "SHA-512-256",
        }
    }

    fn hash(self, text: &str) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect();
        match self {
            Self::Md5 => hex(&Md5::digest(text)),
            Self::Sha256 => hex(&Sha256::digest(text)),
            Self::Sha512_256 => hex(&Sha512_256::digest(text)),
        }
    }
}

fn take_until(chars: &mut impl Iterator<Item = char>, end: char) -> Option<String> {
    let mut taken = String::new();
    for c in chars {
        if c == end {
            return Some(taken);
        }
        taken.push(c);
    }
    None
}

fn quoted(chars: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(text),
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2617, section 3.5.
    const MUFASA: &str = r#"Digest username="Mufasa",
        realm="testrealm@host.com",
        nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
        uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b",
        response="6629fae49393a05397450978507c4ef1",
        opaque="5ccc069c403ebaf9f0171e9517f40e41""#;

    /// RFC 7616, section 3.9.1.
    const SHA: &str = r#"Digest username="Mufasa", realm="http-auth@example.org",
        uri="/dir/index.html", algorithm=SHA-256,
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth,
        response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#;

    #[test]
    fn the_examples_of_the_standards_are_right() {
        let md5 = Credentials::parse(MUFASA).expect("a digest");
        assert!(md5.answers(Challenge::Md5, "GET", "Circle Of Life"));
        assert!(!md5.answers(Challenge::Md5, "GET", "circle of life"));
        assert!(!md5.answers(Challenge::Sha256, "GET", "Circle Of Life"));
        let sha = Credentials::parse(SHA).expect("a digest");
        assert!(sha.answers(Challenge::Sha256, "GET", "Circle of Life"));
        assert!(!sha.answers(Challenge::Md5, "GET", "Circle of Life"));
    }

    #[test]
    fn what_is_no_digest_is_none() {
        for text in ["", "Basic abc", "Digest", "Digest username", "Digest a=\"b"] {
            assert!(Credentials::parse(text).is_none(), "{text}");
        }
        let quoted = Credentials::parse(r#"Digest username="a\"b,c" , nc = 1"#).expect("read");
        assert_eq!(quoted.get("username"), "a\"b,c");
        assert_eq!(quoted.get("nc"), "1");
    }
}
