//! A message without what would let its reader in: answers to challenges,
//! their nonces, and the keys of encrypted sound.

use std::borrow::Cow;

/// What stands in a secret's place.
const MASK: &str = "***";

/// Headers whose parameters are masked.
const LOGINS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "www-authenticate",
    "proxy-authenticate",
    "authentication-info",
];

/// Parameters of a challenge, and of its answer, that say nothing secret.
const PLAIN: [&str; 8] = [
    "realm",
    "username",
    "uri",
    "algorithm",
    "qop",
    "nc",
    "stale",
    "userhash",
];

/// The message's text without its secrets, cut off after so many bytes.
pub(super) fn masked(text: &str, most: usize) -> String {
    let mut written = String::with_capacity(text.len().min(most));
    // A header's continuation belongs to the header (RFC 3261, section 7.3.1).
    let mut login = false;
    // Readers take bare line ends too, so no secret may stand behind one.
    for line in text.lines().flat_map(|line| line.split('\r')) {
        if written.len() + line.len() > most {
            written.push('…');
            break;
        }
        if !written.is_empty() {
            written.push('\n');
        }
        let folded = line.starts_with([' ', '\t']);
        let name = line.split(':').next().unwrap_or_default().trim();
        login = match folded {
            true => login,
            false => LOGINS.iter().any(|login| name.eq_ignore_ascii_case(login)),
        };
        if login {
            written.push_str(&login_masked(line));
        } else {
            written.push_str(&keys_masked(line));
        }
    }
    written.truncate(written.trim_end().len());
    written
}

/// A line of a description without its keys: of `a=crypto` (RFC 4568), of
/// `a=key-mgmt` (RFC 4567), which may stand in other attributes (RFC 5939),
/// and of `k=` (RFC 4566). Readers are lenient, so this is too.
fn keys_masked(line: &str) -> Cow<'_, str> {
    let small = line.to_ascii_lowercase();
    let start = small.trim_start();
    if start.starts_with("k=") {
        let value = line.len() - start.len() + 2;
        return format!("{}{MASK}", &line[..value]).into();
    }
    if !start.starts_with("a=") {
        return line.into();
    }
    if let Some(at) = small.find(MANAGEMENT) {
        // The protocol's name stands before its data.
        let value = at + MANAGEMENT.len();
        let name = small[value..].trim_start();
        let name = value + (small.len() - value - name.len());
        let end = small[name..].find([' ', '\t']).map(|end| name + end);
        return match end {
            Some(end) => format!("{} {MASK}", &line[..end]).into(),
            None => format!("{}{MASK}", &line[..value]).into(),
        };
    }
    match (small.contains(INLINE), small.find(CRYPTO)) {
        (true, _) => inline_masked(line, &small).into(),
        // What can't be read may be a key all the same.
        (false, Some(at)) => format!("{}{MASK}", &line[..at + CRYPTO.len()]).into(),
        (false, None) => line.into(),
    }
}

const CRYPTO: &str = "crypto:";
const INLINE: &str = "inline:";
const MANAGEMENT: &str = "key-mgmt:";

/// Each key of the line is masked; its lifetime and number stand behind it.
fn inline_masked(line: &str, small: &str) -> String {
    let mut written = String::with_capacity(line.len());
    let mut from = 0;
    while let Some(at) = small[from..].find(INLINE) {
        let key = from + at + INLINE.len();
        written.push_str(&line[from..key]);
        written.push_str(MASK);
        let blanks = small[key..].len() - small[key..].trim_start().len();
        let begins = key + blanks;
        let length = small[begins..].find(['|', ' ', '\t', ';']);
        from = length.map_or(line.len(), |length| begins + length);
    }
    written.push_str(&line[from..]);
    written
}

fn login_masked(line: &str) -> String {
    // `Authentication-Info` has no scheme, and nothing that anybody misses.
    let name_ends = line.find(':').map_or(0, |at| at + 1);
    // Whatever is no list of parameters (Basic, Bearer) is a secret as a whole.
    if !line.starts_with([' ', '\t']) && !is_digest(line) {
        return format!("{} {MASK}", &line[..name_ends]);
    }
    let mut parts = crate::digest::split_outside_quotes(line).into_iter();
    let mut written = String::with_capacity(line.len());
    // The first one has the header's name and the scheme before it.
    if let Some(first) = parts.next() {
        let at = first.find('=').map_or(first.len(), |equals| {
            first[..equals].rfind([' ', '\t']).map_or(0, |at| at + 1)
        });
        written.push_str(&first[..at]);
        written.push_str(&parameter_masked(&first[at..]));
    }
    for part in parts {
        written.push(',');
        written.push_str(&parameter_masked(part));
    }
    written
}

fn is_digest(line: &str) -> bool {
    let value = line.split_once(':').map_or("", |(_, value)| value);
    let scheme = value.split_whitespace().next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("digest")
}

fn parameter_masked(part: &str) -> String {
    let Some((name, _)) = part.split_once('=') else {
        return part.to_owned();
    };
    // Several challenges may stand in one header, each with its scheme before it.
    let word = name.split_whitespace().last().unwrap_or_default();
    match PLAIN.iter().any(|plain| word.eq_ignore_ascii_case(plain)) {
        true => part.to_owned(),
        false => format!("{name}=\"{MASK}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn logins_and_keys_are_masked_and_the_rest_stands() {
        let text = "REGISTER sip:h SIP/2.0\r\n\
            Authorization: Digest username=\"200\", realm=\"a, b\", nonce=\"SECRET\",uri=\"sip:h\", \
            response=\"SECRET\", cnonce=\"SECRET\", opaque=\"SECRET\", nc=00000001\r\n\
            www-authenticate: Digest realm=\"r\",\r\n nonce=\"SECRET\", algorithm=MD5\r\n\
            X: nonce=plain\r\n\r\n\
            v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20|1:4 KDR=1\r\nk=clear:SECRET\r\n\
            a=sendrecv\r\n";
        let masked = masked(text, 8192);
        assert!(!masked.contains("SECRET"), "{masked}");
        for kept in [
            "REGISTER sip:h SIP/2.0\n",
            "username=\"200\", realm=\"a, b\", nonce=\"***\",uri=\"sip:h\"",
            "nc=00000001",
            "algorithm=MD5",
            "X: nonce=plain",
            "inline:***|2^20|1:4 KDR=1",
            "a=sendrecv",
        ] {
            assert!(masked.contains(kept), "{kept} in {masked}");
        }
    }

    #[test]
    fn every_key_of_a_description_is_masked() {
        for (line, shown) in [
            (
                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20|1:4;inline:SECRET|2^20|2:4 KDR=1",
                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***|2^20|1:4;inline:***|2^20|2:4 KDR=1",
            ),
            (
                "A=Crypto:1 aes_cm_128_hmac_sha1_32 INLINE: SECRET FEC_KEY=Inline:SECRET",
                "A=Crypto:1 aes_cm_128_hmac_sha1_32 INLINE:*** FEC_KEY=Inline:***",
            ),
            ("a=crypto:1 SECRET", "a=crypto:***"),
            (
                "a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_32 inline:SECRET",
                "a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_32 inline:***",
            ),
            ("a=key-mgmt:mikey SECRET SECRET", "a=key-mgmt:mikey ***"),
            ("a=KEY-MGMT: mikey SECRET", "a=KEY-MGMT: mikey ***"),
            ("a=key-mgmt:SECRET", "a=key-mgmt:***"),
            ("k=base64:SECRET SECRET", "k=***"),
            ("K=clear:SECRET|SECRET", "K=***"),
            ("a=rtpmap:8 PCMA/8000", "a=rtpmap:8 PCMA/8000"),
        ] {
            assert_eq!(masked(line, 1000), shown);
        }
    }

    #[test]
    fn a_secret_without_quotes_or_in_a_basic_login_is_masked() {
        let login = masked("Authorization: Digest response=SECRET,username=a", 100);
        assert_eq!(login, "Authorization: Digest response=\"***\",username=a");
        let basic = masked("Authorization: Basic U0VDUkVU", 100);
        assert_eq!(basic, "Authorization: ***");
    }

    #[test]
    fn a_long_message_is_cut_off() {
        let text = format!("INVITE\r\n{}\r\nlast", "x".repeat(100));
        assert_eq!(masked(&text, 50), "INVITE…");
    }

    #[test]
    fn no_secret_stands_behind_a_bare_line_end() {
        for end in ["\n", "\r"] {
            let text = [
                "REGISTER sip:h SIP/2.0",
                "Authorization: Digest username=\"200\", response=\"abc\"",
                "",
                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0",
            ];
            let shown = masked(&text.join(end), 1000);
            assert!(
                !shown.contains("abc") && !shown.contains("c2VjcmV0"),
                "{shown}"
            );
            assert!(shown.contains("username=\"200\""), "{shown}");
        }
    }
}
