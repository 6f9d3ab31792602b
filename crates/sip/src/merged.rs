//! Invitations being served, so that one which comes twice over different
//! ways rings once (RFC 3261, section 8.2.2.2).

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use rsipstack::sip::Request;

use crate::socket::lock;
use crate::wire;

/// What two copies of an invitation have in common. The line is a part of it:
/// a group of lines may be called at once, and each is a telephone of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    line: String,
    call_id: String,
    from: String,
    seq: u32,
}

/// The invitations being served.
#[derive(Clone, Debug, Default)]
pub(crate) struct Invitations(Arc<Mutex<HashSet<Key>>>);

/// An invitation's place among them; it leaves when this is dropped.
#[derive(Debug)]
pub(crate) struct Served {
    all: Invitations,
    key: Key,
}

impl Invitations {
    /// Enters an invitation to the line with this contact; none where a copy is being served.
    pub(crate) fn enter(&self, line: &str, request: &Request) -> Option<Served> {
        let value = |name| wire::values(&request.headers, name).next();
        let key = Key {
            line: line.to_owned(),
            call_id: value("call-id").unwrap_or_default().to_owned(),
            from: value("from")
                .and_then(wire::tag)
                .unwrap_or_default()
                .to_owned(),
            seq: wire::number(&request.headers, "cseq").unwrap_or_default(),
        };
        lock(&self.0).insert(key.clone()).then(|| Served {
            all: self.clone(),
            key,
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        lock(&self.all.0).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::Request;

    use super::Invitations;

    fn invite(tag: &str, seq: u32) -> Request {
        let text = format!(
            "INVITE sip:x@h SIP/2.0\r\nFrom: <sip:a@b>;tag={tag}\r\nCall-ID: c\r\nCSeq: {seq} INVITE\r\n\r\n"
        );
        Request::try_from(text.as_str()).expect("a request")
    }

    #[test]
    fn a_copy_is_found_for_as_long_as_the_first_is_served() {
        let all = Invitations::default();
        let first = all.enter("line", &invite("t", 1));
        assert!(first.is_some());
        assert!(all.enter("line", &invite("t", 1)).is_none());
        let _others = [
            all.enter("line", &invite("t", 2)).expect("with a login"),
            all.enter("line", &invite("u", 1)).expect("another caller"),
            all.enter("other", &invite("t", 1)).expect("another line"),
        ];
        drop(first);
        assert!(all.enter("line", &invite("t", 1)).is_some());
    }
}
