//! Headers of dialogs: what is said in them to a PBX, and what one says about
//! session timers.

use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Headers};

use crate::dialog::Dialog;
use crate::session::{Agreed, MIN_S, Refresher, Refused, Said, Session};
use crate::wire;

/// Longest pause in seconds that a PBX is asked for where two changes meet
/// (RFC 3261, section 14.2).
const RETRY_AFTER_MAX_S: u32 = 10;

/// The Contact header of a dialog.
pub(crate) fn contact(dialog: &Dialog) -> Header {
    Header::Contact(untyped::Contact::new(format!("<{}>", dialog.contact)))
}

/// The Allow header.
pub(crate) fn allow() -> Header {
    Header::Allow(untyped::Allow::new(wire::ALLOW))
}

/// The Content-Type header of a session description.
pub(crate) fn description_type() -> Header {
    Header::ContentType(untyped::ContentType::new("application/sdp"))
}

/// The Supported header of what is said within a dialog.
pub(crate) fn supported() -> Header {
    Header::Supported(untyped::Supported::new("timer"))
}

/// The Supported header of an invitation: its provisional responses may be
/// reliable (RFC 3262, section 4).
fn supported_by_invitations() -> Header {
    Header::Supported(untyped::Supported::new("100rel, timer"))
}

/// When the PBX may try again what crossed with something else.
pub(crate) fn retry_after() -> Header {
    let seconds = rand::random::<u32>() % (RETRY_AFTER_MAX_S + 1);
    Header::RetryAfter(untyped::RetryAfter::new(seconds.to_string()))
}

/// The Min-SE of a 422 (RFC 4028, section 6).
pub(crate) fn min_se() -> Header {
    Header::MinSE(untyped::MinSE::new(MIN_S.to_string()))
}

/// What a request that opens or refreshes a session asks for; `refreshes`
/// where this side already does so and goes on (RFC 4028, section 7.1).
pub(crate) fn wish(session: &Session, refreshes: bool) -> Vec<Header> {
    let by = if refreshes { ";refresher=uac" } else { "" };
    let interval = format!("{}{by}", session.wished_s());
    let supported = match refreshes {
        true => supported(),
        false => supported_by_invitations(),
    };
    let mut headers = vec![
        supported,
        Header::SessionExpires(untyped::SessionExpires::new(interval)),
    ];
    let min = session.min_s();
    headers.extend(min.map(|s| Header::MinSE(untyped::MinSE::new(s.to_string()))));
    headers
}

/// What a 2xx says of the timer that their request asked for (RFC 4028, section 9).
pub(crate) fn agreed(agreed: Agreed, said: Said) -> Vec<Header> {
    let by = match agreed.refresher {
        Refresher::Them => "uac",
        Refresher::Us => "uas",
    };
    let interval = format!("{};refresher={by}", agreed.interval_s);
    let mut headers = vec![Header::SessionExpires(untyped::SessionExpires::new(
        interval,
    ))];
    // One that does not understand timers must not be required to.
    if said.supported {
        headers.push(Header::Require(untyped::Require::new("timer")));
    }
    headers
}

/// What a request of theirs says about the timer.
pub(crate) fn asked(headers: &Headers) -> Said {
    said(headers, "uac", "uas")
}

/// What a 2xx of theirs says about the timer.
pub(crate) fn granted(headers: &Headers) -> Said {
    said(headers, "uas", "uac")
}

fn said(headers: &Headers, them: &str, us: &str) -> Said {
    let expires = wire::values(headers, "session-expires").next();
    let refresher = expires.and_then(|value| {
        value.split(';').skip(1).find_map(|parameter| {
            let (name, side) = parameter.split_once('=')?;
            let side = side.trim();
            match name.trim().eq_ignore_ascii_case("refresher") {
                true if side.eq_ignore_ascii_case(them) => Some(Refresher::Them),
                true if side.eq_ignore_ascii_case(us) => Some(Refresher::Us),
                _ => None,
            }
        })
    });
    let allow = wire::values(headers, "allow").next().is_some();
    Said {
        supported: ["supported", "require"]
            .iter()
            .any(|name| lists(headers, name, "timer")),
        interval_s: wire::number(headers, "session-expires"),
        refresher,
        updates: allow.then(|| lists(headers, "allow", "UPDATE")),
    }
}

/// Whether a header that lists words has this one among them.
pub(crate) fn lists(headers: &Headers, name: &str, word: &str) -> bool {
    wire::values(headers, name)
        .flat_map(|value| value.split(','))
        .any(|w| w.trim().eq_ignore_ascii_case(word))
}

/// What a final response other than 2xx says to a refresh of ours.
pub(crate) fn refused(code: u16, headers: &Headers) -> Refused {
    match code {
        422 => Refused::TooBrief {
            min_s: wire::number(headers, "min-se").unwrap_or(0),
        },
        491 => Refused::Glare,
        405 | 501 => Refused::NotServed,
        // RFC 4028, section 10; RFC 5057, section 5.1.
        404 | 408 | 410 | 416 | 480..=485 | 502 | 604 => Refused::Gone,
        _ => Refused::Otherwise {
            after_s: wire::number(headers, "retry-after"),
        },
    }
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::Request;

    use super::{asked, granted, refused};
    use crate::session::{Refresher, Refused, Said};

    fn request(headers: &str) -> Request {
        let text = format!("UPDATE sip:x@h SIP/2.0\r\n{headers}Content-Length: 0\r\n\r\n");
        Request::try_from(text.as_str()).expect("a request")
    }

    #[test]
    fn what_is_said_about_the_timer_is_read_in_every_spelling() {
        let said = |headers| asked(&request(headers).headers);
        let all = "Supported: replaces, TIMER\r\nSession-Expires: 1800 ; Refresher=UAS\r\n\
            Allow: INVITE, UPDATE\r\n";
        let expected = Said {
            supported: true,
            interval_s: Some(1800),
            refresher: Some(Refresher::Us),
            updates: Some(true),
        };
        assert_eq!(said(all), expected);
        assert_eq!(
            granted(&request(all).headers).refresher,
            Some(Refresher::Them)
        );
        let short = said("k: timer\r\nx: 90;refresher=uac\r\n");
        assert_eq!(
            (short.supported, short.interval_s, short.refresher),
            (true, Some(90), Some(Refresher::Them))
        );
        assert!(said("Require: timer\r\n").supported);
        assert_eq!(said("Allow: INVITE, ACK\r\n").updates, Some(false));
        assert_eq!(said(""), Said::default());
        assert_eq!(said("Session-Expires: soon\r\n").interval_s, None);
    }

    #[test]
    fn refusals_of_a_refresh_are_told_apart() {
        let refused = |code, headers| refused(code, &request(headers).headers);
        assert_eq!(
            refused(422, "Min-SE: 300\r\n"),
            Refused::TooBrief { min_s: 300 }
        );
        assert_eq!(refused(491, ""), Refused::Glare);
        assert_eq!(refused(501, ""), Refused::NotServed);
        for code in [404, 408, 481] {
            assert_eq!(refused(code, ""), Refused::Gone);
        }
        assert_eq!(
            refused(500, "Retry-After: 5 (busy)\r\n"),
            Refused::Otherwise { after_s: Some(5) }
        );
        assert_eq!(refused(503, ""), Refused::Otherwise { after_s: None });
    }
}
