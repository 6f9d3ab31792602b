//! Keys that come as INFO, in either of the two usual forms.

use model::audio::Digit;
use rsipstack::sip::Request;

use crate::wire;

/// The key that an INFO tells: `application/dtmf-relay` or `application/dtmf`.
pub(crate) fn digit(request: &Request) -> Option<Digit> {
    let kind = wire::values(&request.headers, "content-type")
        .next()?
        .to_ascii_lowercase();
    let body = std::str::from_utf8(&request.body).ok()?;
    let key = if kind.starts_with("application/dtmf-relay") {
        body.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("signal")
                .then(|| value.trim())
        })?
    } else if kind.starts_with("application/dtmf") {
        body.trim()
    } else {
        return None;
    };
    match key {
        // Some write the event's number.
        "10" => Digit::from_event(10),
        "11" => Digit::from_event(11),
        key => {
            let mut chars = key.chars();
            let digit = chars.next().and_then(Digit::from_char);
            digit.filter(|_| chars.next().is_none())
        }
    }
}

#[cfg(test)]
mod tests {
    use model::audio::Digit;
    use rsipstack::sip::Request;

    use super::digit;

    fn request(headers: &str, body: &str) -> Request {
        let text = format!(
            "INFO sip:x@h SIP/2.0\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Request::try_from(text.as_str()).expect("a request")
    }

    #[test]
    fn a_key_is_read_in_both_forms() {
        let relay = |body| digit(&request("Content-Type: application/dtmf-relay\r\n", body));
        assert_eq!(relay("Signal=5\r\nDuration=160\r\n"), Digit::from_char('5'));
        assert_eq!(relay("Signal= #\r\n"), Digit::from_char('#'));
        assert_eq!(relay("Signal=11\r\n"), Digit::from_char('#'));
        assert_eq!(relay("Signal=55\r\n"), None);
        assert_eq!(
            digit(&request("Content-Type: application/dtmf\r\n", "*")),
            Digit::from_char('*')
        );
        assert_eq!(digit(&request("Content-Type: text/plain\r\n", "5")), None);
        assert_eq!(digit(&request("", "5")), None);
    }
}
