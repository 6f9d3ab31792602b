//! What a response says to a registration.

use rsipstack::sip::Response;

use crate::digest::split_outside_quotes;
use crate::registration::Answer;
use crate::wire;

/// What a response says to a registration.
pub(crate) fn read(response: &Response, token: &str) -> Answer {
    let headers = &response.headers;
    // Other contacts of the same account may stand beside ours.
    let ours = wire::values(headers, "contact")
        .flat_map(split_outside_quotes)
        .find(|contact| contact.contains(&format!(":{token}@")));
    let granted = ours.and_then(expires_parameter);
    Answer {
        code: response.status_code.code(),
        listed: ours.is_some(),
        granted_s: granted.or_else(|| wire::number(headers, "expires")),
        min_expires_s: wire::number(headers, "min-expires"),
        retry_after_s: wire::number(headers, "retry-after"),
        challenges: wire::challenges(response),
        seen_as: None,
    }
}

fn expires_parameter(contact: &str) -> Option<u32> {
    let parameters = &contact[contact.rfind('>')? + 1..];
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("expires");
        named
            .then(|| value.trim().trim_matches('"').parse().ok())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::Response;

    use super::read;

    #[test]
    fn what_was_granted_to_our_contact_counts() {
        let response = |headers: &str| {
            let text = format!("SIP/2.0 200 OK\r\n{headers}\r\n");
            read(
                &Response::try_from(text.as_str()).expect("a response"),
                "abc",
            )
        };
        let two = "Contact: <sip:x@h>;expires=10, <sip:abc@h:5060>;q=1;Expires=\"77\"\r\nExpires: 300\r\n";
        assert_eq!(response(two).granted_s, Some(77));
        assert_eq!(
            response("Contact: <sip:x@h>;expires=10\r\nExpires: 300\r\n").granted_s,
            Some(300)
        );
        assert!(response(two).listed);
        assert_eq!(response("").granted_s, None);
        assert!(!response("Contact: <sip:x@h>\r\n").listed);
        let busy =
            response("Retry-After: 120 (I'm in a meeting);duration=3600\r\nMin-Expires: 9\r\n");
        assert_eq!(
            (busy.retry_after_s, busy.min_expires_s),
            (Some(120), Some(9))
        );
    }
}
