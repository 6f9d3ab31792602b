//! Digest authentication (RFC 7616, RFC 8760): what a PBX asks for, and the
//! answer to it.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use md5::{Digest as _, Md5};

/// Most challenges that are read from one response.
const CHALLENGES_MAX: usize = 16;

/// The hash of a challenge, weakest first: the strongest one offered is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Md5,
    Sha256,
    Sha512_256,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
            Self::Sha512_256 => "SHA-512-256",
        }
    }

    fn hex(self, text: &str) -> String {
        let hash = |algorithm| digest::digest(algorithm, text.as_bytes());
        match self {
            Self::Md5 => hex(&Md5::digest(text.as_bytes())),
            Self::Sha256 => hex(hash(&digest::SHA256).as_ref()),
            Self::Sha512_256 => hex(hash(&digest::SHA512_256).as_ref()),
        }
    }

    fn hex_bytes(self, body: &[u8]) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(body)),
            Self::Sha256 => hex(digest::digest(&digest::SHA256, body).as_ref()),
            Self::Sha512_256 => hex(digest::digest(&digest::SHA512_256, body).as_ref()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is protected besides the login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Qop {
    Auth,
    /// The body too.
    AuthInt,
}

/// A challenge that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) realm: String,
    pub(crate) nonce: String,
    pub(crate) opaque: Option<String>,
    pub(crate) algorithm: Algorithm,
    /// `-sess`: the first hash is bound to the nonces.
    pub(crate) session: bool,
    /// None is the way of RFC 2069.
    pub(crate) qop: Option<Qop>,
    /// It came with 407 and is answered in Proxy-Authorization.
    pub(crate) proxy: bool,
}

/// Who answers a challenge.
pub(crate) struct Login<'a> {
    pub(crate) user: &'a str,
    pub(crate) password: &'a str,
}

/// The request that an answer is made for.
pub(crate) struct Guarded<'a> {
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) body: &'a [u8],
    /// Our own nonce, unguessable.
    pub(crate) cnonce: &'a str,
    /// How often this challenge's nonce was answered, this time included.
    pub(crate) count: u32,
}

impl Challenge {
    /// Reads one header's value, which may hold several challenges. Those that
    /// can't be answered (another scheme, an unknown hash) are left out.
    pub(crate) fn parse(value: &str, proxy: bool) -> Vec<Self> {
        let mut schemes: Vec<(String, Vec<(String, String)>)> = Vec::new();
        for element in split_outside_quotes(value) {
            let element = element.trim();
            let (name, rest) = match element.split_once('=') {
                Some((name, rest)) => (name.trim(), Some(rest.trim())),
                None => (element, None),
            };
            // `Digest realm` opens a challenge; a bare name goes on with it.
            let parameter = match name.split_once(char::is_whitespace) {
                Some((scheme, parameter)) => {
                    if schemes.len() == CHALLENGES_MAX {
                        break;
                    }
                    schemes.push((scheme.to_ascii_lowercase(), Vec::new()));
                    parameter.trim()
                }
                None => name,
            };
            if let (Some((_, parameters)), Some(value)) = (schemes.last_mut(), rest) {
                parameters.push((parameter.to_ascii_lowercase(), unquote(value)));
            }
        }
        schemes
            .iter()
            .filter(|(scheme, _)| scheme == "digest")
            .filter_map(|(_, parameters)| Self::from_parameters(parameters, proxy))
            .collect()
    }

    fn from_parameters(parameters: &[(String, String)], proxy: bool) -> Option<Self> {
        let get = |name: &str| {
            parameters
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value.as_str())
        };
        let named = get("algorithm").unwrap_or("MD5").to_ascii_uppercase();
        let (named, session) = match named.strip_suffix("-SESS") {
            Some(named) => (named, true),
            None => (named.as_str(), false),
        };
        let algorithm = match named {
            "MD5" => Algorithm::Md5,
            "SHA-256" => Algorithm::Sha256,
            "SHA-512-256" => Algorithm::Sha512_256,
            _ => return None,
        };
        let qop = match get("qop") {
            None => None,
            Some(offered) => {
                let offers = |wanted: &str| {
                    offered
                        .split(',')
                        .any(|q| q.trim().eq_ignore_ascii_case(wanted))
                };
                if offers("auth") {
                    Some(Qop::Auth)
                } else if offers("auth-int") {
                    Some(Qop::AuthInt)
                } else {
                    return None;
                }
            }
        };
        Some(Self {
            realm: get("realm")?.to_owned(),
            nonce: get("nonce")?.to_owned(),
            opaque: get("opaque").map(str::to_owned),
            algorithm,
            session,
            qop,
            proxy,
        })
    }

    /// The strongest of those offered; the first one among equals.
    pub(crate) fn strongest(challenges: Vec<Self>) -> Option<Self> {
        challenges.into_iter().reduce(|best, other| {
            if other.algorithm > best.algorithm {
                other
            } else {
                best
            }
        })
    }

    /// The value of the Authorization or Proxy-Authorization header.
    pub(crate) fn answer(&self, login: &Login<'_>, request: &Guarded<'_>) -> String {
        let hash = |text: String| self.algorithm.hex(&text);
        let (realm, nonce, cnonce) = (&self.realm, &self.nonce, request.cnonce);
        let mut a1 = hash(format!("{}:{realm}:{}", login.user, login.password));
        if self.session {
            a1 = hash(format!("{a1}:{nonce}:{cnonce}"));
        }
        let mut a2 = format!("{}:{}", request.method, request.uri);
        if self.qop == Some(Qop::AuthInt) {
            let _ = write!(a2, ":{}", self.algorithm.hex_bytes(request.body));
        }
        let a2 = hash(a2);
        let count = format!("{:08x}", request.count);
        let qop = self.qop.map(|qop| match qop {
            Qop::Auth => "auth",
            Qop::AuthInt => "auth-int",
        });
        let response = hash(match qop {
            Some(qop) => format!("{a1}:{nonce}:{count}:{cnonce}:{qop}:{a2}"),
            None => format!("{a1}:{nonce}:{a2}"),
        });
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={}{}",
            quote(login.user),
            quote(realm),
            quote(nonce),
            quote(request.uri),
            self.algorithm.name(),
            if self.session { "-sess" } else { "" },
        );
        if let Some(qop) = qop {
            let _ = write!(value, ", qop={qop}, nc={count}");
        }
        if qop.is_some() || self.session {
            let _ = write!(value, ", cnonce={}", quote(cnonce));
        }
        if let Some(opaque) = &self.opaque {
            let _ = write!(value, ", opaque={}", quote(opaque));
        }
        value
    }
}

/// Elements between the commas that stand outside of quoted strings.
pub(crate) fn split_outside_quotes(value: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&value[start..]);
    parts
}

/// A token as it is, a quoted string without its quotes and escapes.
pub(crate) fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}

fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Challenge, Guarded, Login, Qop};

    fn parameter<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
        let start = answer.find(&format!(" {name}="))? + name.len() + 2;
        let rest = &answer[start..];
        Some(rest.split(", ").next().unwrap_or(rest).trim_matches('"'))
    }

    const MUFASA: Login<'_> = Login {
        user: "Mufasa",
        password: "Circle of Life",
    };

    fn rfc_7616(algorithm: &str) -> String {
        let value = format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        let challenge = Challenge::parse(&value, false).pop().expect("a challenge");
        challenge.answer(
            &MUFASA,
            &Guarded {
                method: "GET",
                uri: "/dir/index.html",
                body: b"",
                cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                count: 1,
            },
        )
    }

    #[test]
    fn the_examples_of_rfc_7616_come_out() {
        let md5 = rfc_7616("MD5");
        assert_eq!(
            parameter(&md5, "response"),
            Some("8ca523f5e9506fed4657c9700eebdbec")
        );
        assert_eq!(parameter(&md5, "nc"), Some("00000001"));
        assert_eq!(
            parameter(&md5, "opaque"),
            Some("FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")
        );
        assert_eq!(
            parameter(&rfc_7616("SHA-256"), "response"),
            Some("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")
        );
    }

    #[test]
    fn the_old_way_without_qop_and_the_session_way() {
        let request = Guarded {
            method: "REGISTER",
            uri: "sip:x",
            body: b"",
            cnonce: "c",
            count: 1,
        };
        // Calculated with an independent implementation.
        let old = Challenge::parse("Digest realm=\"a\",nonce=\"b\"", false).remove(0);
        let answer = old.answer(
            &Login {
                user: "u",
                password: "p",
            },
            &request,
        );
        assert_eq!(parameter(&answer, "cnonce"), None);
        assert_eq!(parameter(&answer, "response"), Some(OLD));
        let session = Challenge::parse(
            "Digest realm=\"a\",nonce=\"b\",algorithm=SHA-512-256-sess,qop=\"auth-int\"",
            true,
        )
        .remove(0);
        assert!(session.session && session.proxy);
        assert_eq!(session.qop, Some(Qop::AuthInt));
        let answer = session.answer(
            &Login {
                user: "u",
                password: "p",
            },
            &request,
        );
        assert_eq!(parameter(&answer, "algorithm"), Some("SHA-512-256-sess"));
        assert_eq!(parameter(&answer, "response"), Some(SESSION));
    }

    const OLD: &str = "42df92f377b8caf5bdf42d17e02beb87";
    const SESSION: &str = "c969ba0706b3c44b4ca016b9fa63713fb11ec5e57b52e00d9e7d6805d659a8fd";

    #[test]
    fn the_strongest_of_several_challenges_in_one_header_is_taken() {
        let value = "Basic realm=\"x\", Digest realm=\"r, one\", nonce=\"n\\\"1\", algorithm=MD5, \
                     Digest realm=\"r\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth,auth-int\", \
                     Digest realm=\"r\", nonce=\"n3\", algorithm=WHIRLPOOL";
        let challenges = Challenge::parse(value, false);
        assert_eq!(challenges.len(), 2);
        assert_eq!(challenges[0].realm, "r, one");
        assert_eq!(challenges[0].nonce, "n\"1");
        let best = Challenge::strongest(challenges).expect("one");
        assert_eq!(
            (best.algorithm, best.nonce.as_str()),
            (Algorithm::Sha256, "n2")
        );
        assert_eq!(best.qop, Some(Qop::Auth));
    }

    #[test]
    fn quotes_in_names_are_escaped_in_the_header_only() {
        let challenge =
            Challenge::parse("Digest realm=\"a \\\"b\\\"\", nonce=\"n\"", false).remove(0);
        assert_eq!(challenge.realm, "a \"b\"");
        let request = Guarded {
            method: "INVITE",
            uri: "sip:x",
            body: b"",
            cnonce: "c",
            count: 1,
        };
        let answer = challenge.answer(
            &Login {
                user: "o\"k",
                password: "p",
            },
            &request,
        );
        assert!(answer.contains("username=\"o\\\"k\""), "{answer}");
        assert!(answer.contains("realm=\"a \\\"b\\\"\""), "{answer}");
    }

    #[test]
    fn what_is_no_challenge_is_none() {
        for value in [
            "",
            "Digest",
            "Digest realm",
            ",,,",
            "Digest nonce=\"x\"",
            "Bearer a=b",
            "=",
            "Digest =\"\"",
        ] {
            assert!(Challenge::parse(value, false).is_empty(), "{value}");
        }
    }
}
