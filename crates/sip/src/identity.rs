//! Who calls, and whom they had dialled, out of an invitation's headers.

use model::call::Caller;
use rsipstack::sip::Headers;

use crate::digest::{split_outside_quotes, unquote};

/// Longest name or number that is taken over.
const TEXT_MAX: usize = 128;

/// A `name-addr` or `addr-spec` (RFC 3261, section 25.1), as far as it tells who somebody is.
#[derive(Debug, PartialEq, Eq)]
struct Party {
    name: Option<String>,
    number: Option<String>,
    host: String,
}

/// Who calls: P-Asserted-Identity before Remote-Party-ID before From. Nobody
/// where the caller asked not to be shown.
pub(crate) fn caller(headers: &Headers) -> Caller {
    let remote: Vec<&str> = values(headers, &["remote-party-id"])
        .flat_map(split_outside_quotes)
        .filter(|value| is_of_the_caller(value))
        .collect();
    let asks = |for_what: &str| {
        let mut levels = remote
            .iter()
            .filter_map(|value| parameter(value, "privacy"));
        // `full-network`: the network asks in the caller's name.
        levels.any(|level| {
            let level = level.split('-').next().unwrap_or_default();
            level.trim().eq_ignore_ascii_case(for_what)
        })
    };
    let hidden = values(headers, &["privacy"]).any(|value| {
        value.split([';', ',']).any(|word| {
            matches!(
                word.trim().to_ascii_lowercase().as_str(),
                "id" | "user" | "full"
            )
        })
    });
    if hidden || asks("full") || asks("uri") {
        return Caller::default();
    }
    let asserted = values(headers, &["p-asserted-identity"])
        .flat_map(split_outside_quotes)
        .chain(remote.iter().copied());
    let party = asserted
        .filter_map(parse)
        .find(|party| party.number.is_some())
        .or_else(|| values(headers, &["from", "f"]).find_map(parse));
    let Some(party) = party else {
        return Caller::default();
    };
    let anonymous = |text: &str| {
        matches!(
            text.to_ascii_lowercase().as_str(),
            "anonymous" | "restricted" | "unknown" | "unavailable"
        )
    };
    let hidden = party.host.eq_ignore_ascii_case("anonymous.invalid")
        || party.number.as_deref().is_some_and(anonymous);
    if hidden {
        return Caller::default();
    }
    let shown = !asks("name");
    let name = party
        .name
        .filter(|name| shown && !anonymous(name) && Some(name) != party.number.as_ref());
    Caller {
        number: party.number,
        name,
    }
}

/// Whom the caller had dialled before the PBX sent the call here, where it tells.
pub(crate) fn dialled(headers: &Headers) -> Option<String> {
    // The last Diversion is the first one that happened (RFC 5806); History-Info counts upwards.
    values(headers, &["diversion"])
        .flat_map(split_outside_quotes)
        .last()
        .or_else(|| {
            values(headers, &["history-info"])
                .flat_map(split_outside_quotes)
                .next()
        })
        .and_then(parse)
        .and_then(|party| party.number)
}

fn values<'a>(headers: &'a Headers, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
    headers
        .iter()
        .filter(|header| {
            names
                .iter()
                .any(|name| header.name().eq_ignore_ascii_case(name))
        })
        .map(|header| header.value())
}

/// Whether a Remote-Party-ID is about who calls: it may also tell who is called, or who sent the call on.
fn is_of_the_caller(value: &str) -> bool {
    parameter(value, "party").is_none_or(|party| party.eq_ignore_ascii_case("calling"))
}

/// A header's parameter, as it is meant. What stands in the name or in the
/// address is none.
fn parameter(value: &str, name: &str) -> Option<String> {
    let rest = match angle(value) {
        Some(at) => value[at..].split_once('>').map_or("", |(_, rest)| rest),
        None => value,
    };
    let mut parts = rest.split(';').skip(1);
    parts.find_map(|part| {
        let (key, text) = part.split_once('=')?;
        let is_it = key.trim().eq_ignore_ascii_case(name);
        is_it.then(|| unquote(text.trim()))
    })
}

fn parse(value: &str) -> Option<Party> {
    let value = value.trim();
    let (name, uri) = match angle(value) {
        Some(at) => {
            let name = value[..at].trim();
            let name = if name.starts_with('"') {
                unquote(name)
            } else {
                name.to_owned()
            };
            let rest = &value[at + 1..];
            (name, rest.split('>').next().unwrap_or(rest))
        }
        None => (String::new(), value),
    };
    let (scheme, rest) = uri.trim().split_once(':')?;
    let (user, host) = match scheme.to_ascii_lowercase().as_str() {
        "sip" | "sips" => match rest.split_once('@') {
            Some((user, host)) => (user, host),
            None => ("", rest),
        },
        "tel" => (rest, ""),
        _ => return None,
    };
    // A password or a parameter of the user part is no part of the number.
    let user = user.split([';', ':', '?']).next().unwrap_or(user);
    let host = host.split([';', ':', '?', '>']).next().unwrap_or(host);
    Some(Party {
        name: clean(&name),
        number: clean(&percent_decode(user)),
        host: host.to_owned(),
    })
}

/// Where the address begins: the first `<` outside of quotes.
fn angle(value: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => return Some(at),
            _ => {}
        }
    }
    // A quote that never closes must not hide who calls.
    quoted.then(|| value.rfind('<')).flatten()
}

fn clean(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(TEXT_MAX)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `alice%40corp` is `alice@corp`; what is no escape stays.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escape {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use model::call::Caller;
    use rsipstack::sip::headers::make_header;
    use rsipstack::sip::{Header, Headers};

    use super::{caller, dialled, percent_decode};

    fn headers(lines: &[(&str, &str)]) -> Headers {
        let lines: Vec<Header> = lines
            .iter()
            .map(|(name, value)| make_header(name, (*value).to_owned()))
            .collect();
        lines.into()
    }

    fn who(number: &str, name: Option<&str>) -> Caller {
        Caller {
            number: Some(number.to_owned()),
            name: name.map(str::to_owned),
        }
    }

    #[test]
    fn the_asserted_identity_comes_first() {
        let from = ("From", "\"Trunk\" <sip:trunk@pbx>;tag=1");
        let party = (
            "Remote-Party-ID",
            "\"R\" <sip:222@pbx>;party=calling;privacy=off",
        );
        let asserted = (
            "P-Asserted-Identity",
            "\"Ivan, Petrov\" <sip:+79261234567@pbx>, <tel:+79261234567>",
        );
        assert_eq!(caller(&headers(&[from])), who("trunk", Some("Trunk")));
        assert_eq!(caller(&headers(&[from, party])), who("222", Some("R")));
        assert_eq!(
            caller(&headers(&[from, party, asserted])),
            who("+79261234567", Some("Ivan, Petrov"))
        );
    }

    #[test]
    fn odd_spellings_are_read() {
        for (value, expected) in [
            ("sip:89261234567@pbx;user=phone", who("89261234567", None)),
            (
                "tel:+7-926-123-45-67;phone-context=x",
                who("+7-926-123-45-67", None),
            ),
            (
                "\"a <b> \\\"c\\\"\" <sip:101@pbx>;tag=2",
                who("101", Some("a <b> \"c\"")),
            ),
            ("Anna Iv <sip:101;x=y@pbx>", who("101", Some("Anna Iv"))),
            ("\"101\" <sip:101@pbx>", who("101", None)),
            (
                "\"never closed <sip:101@pbx>",
                who("101", Some("never closed")),
            ),
            (
                "<sip:alice%40corp:secret@pbx:5060>",
                who("alice@corp", None),
            ),
        ] {
            assert_eq!(caller(&headers(&[("From", value)])), expected, "{value}");
        }
    }

    #[test]
    fn who_asked_not_to_be_shown_is_not() {
        let asserted = ("P-Asserted-Identity", "<sip:+79261234567@pbx>");
        for hidden in [
            &[(
                "From",
                "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1",
            )] as &[(&str, &str)],
            &[("From", "<sip:Anonymous@pbx>")],
            &[
                ("From", "<sip:x@pbx>"),
                asserted,
                ("Privacy", "id;critical"),
            ],
            &[
                ("From", "<sip:x@pbx>"),
                ("Remote-Party-ID", "<sip:1@pbx>;privacy=full"),
            ],
            &[
                ("From", "<sip:x@pbx>"),
                asserted,
                ("Remote-Party-ID", "<sip:1@pbx>;party=calling;privacy=uri"),
            ],
            &[
                ("From", "<sip:x@pbx>"),
                (
                    "Remote-Party-ID",
                    "<sip:1@pbx> ; Privacy = \"full\" ; screen=yes",
                ),
            ],
            &[
                ("From", "<sip:x@pbx>"),
                ("Remote-Party-ID", "<sip:1@pbx>;privacy=full-network"),
            ],
            &[("From", "nonsense")],
            &[],
        ] {
            assert_eq!(caller(&headers(hidden)), Caller::default(), "{hidden:?}");
        }
        let shown = headers(&[("From", "<sip:x@pbx>"), asserted, ("Privacy", "none")]);
        assert_eq!(caller(&shown), who("+79261234567", None));
    }

    #[test]
    fn a_remote_party_may_be_another_than_the_caller() {
        let from = ("From", "<sip:89261234567@pbx>");
        for other in [
            "<sip:200@pbx>;party=called;privacy=full",
            "<sip:200@pbx>;privacy=off;party=\"redirect\"",
        ] {
            let headers = headers(&[from, ("Remote-Party-ID", other)]);
            assert_eq!(caller(&headers), who("89261234567", None), "{other}");
        }
        let both = "<sip:200@pbx>;party=called, \"A, B\" <sip:101@pbx>;party=Calling";
        let headers = headers(&[from, ("Remote-Party-ID", both)]);
        assert_eq!(caller(&headers), who("101", Some("A, B")));
    }

    #[test]
    fn a_name_alone_may_be_hidden_and_what_a_name_says_is_no_wish() {
        let hidden = ("Remote-Party-ID", "\"Anna\" <sip:101@pbx>;privacy=name");
        assert_eq!(caller(&headers(&[hidden])), who("101", None));
        let called = "\"x;privacy=full\" <sip:101;privacy=full@pbx>;privacy=off";
        let shown = caller(&headers(&[("Remote-Party-ID", called)]));
        assert_eq!(shown, who("101", Some("x;privacy=full")));
    }

    #[test]
    fn whom_the_caller_had_dialled_is_told_where_the_pbx_tells() {
        let diversion = (
            "Diversion",
            "<sip:200@pbx>;reason=cfu, <sip:74950000001@pbx>;reason=no-answer",
        );
        let history = (
            "History-Info",
            "<sip:74950000002@pbx>;index=1, <sip:200@pbx>;index=1.1",
        );
        assert_eq!(
            dialled(&headers(&[diversion, history])).as_deref(),
            Some("74950000001")
        );
        assert_eq!(
            dialled(&headers(&[history])).as_deref(),
            Some("74950000002")
        );
        assert_eq!(dialled(&headers(&[])), None);
    }

    #[test]
    fn escapes_are_undone_and_broken_ones_kept() {
        assert_eq!(percent_decode("a%40b%2"), "a@b%2");
        assert_eq!(percent_decode("%zz%"), "%zz%");
    }
}
