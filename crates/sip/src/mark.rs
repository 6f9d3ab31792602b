//! The mark by which a response shows that it comes from where its request
//! went. Nothing is remembered for it.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::LazyLock;

use rsipstack::sip::{Header, Request};

/// The branch parameter of a Via.
pub(crate) fn branch(via: &str) -> Option<&str> {
    via.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("branch")
            .then(|| value.trim())
    })
}

/// Bytes that a mark adds to a branch.
pub(crate) const LENGTH: usize = 17;

/// Hashes with keys that are this process's own.
static MARKS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// What a branch ends with, by which a response shows that it comes from
/// where its request went: what follows the cookie is ours to choose
/// (RFC 3261, section 8.1.1.7).
fn of(branch: &str, peer: IpAddr) -> String {
    format!("-{:016x}", MARKS.hash_one((branch, peer.to_canonical())))
}

/// A branch that shows where its request goes.
pub(crate) fn marked(branch: &str, peer: IpAddr) -> String {
    format!("{branch}{}", of(branch, peer))
}

/// Whether the branch is of a request that went to this address.
pub(crate) fn is_marked(branch: &str, peer: IpAddr) -> bool {
    branch
        .rfind('-')
        .is_some_and(|at| of(&branch[..at], peer) == branch[at..])
}

/// Marks the request's branch. CANCEL has its INVITE's branch, so the same
/// branch gets the same mark, and only once.
pub(crate) fn put(request: &mut Request, peer: IpAddr) {
    let Some(via) = request.headers.iter_mut().find_map(|header| match header {
        Header::Via(via) => Some(via),
        _ => None,
    }) else {
        return;
    };
    let Some(branch) = branch(via.value()).filter(|branch| !is_marked(branch, peer)) else {
        return;
    };
    let value = via.value().replacen(branch, &marked(branch, peer), 1);
    via.replace(value);
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use rsipstack::sip::Request;

    use super::{branch, is_marked, put};

    #[test]
    fn a_branch_tells_where_its_request_went() {
        let [pbx, other] = [1, 2].map(|n| IpAddr::from([192, 0, 2, n]));
        let text =
            "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP z9h:5060;branch=z9hG4bKz9;rport\r\n\r\n";
        let mut request = Request::try_from(text.as_bytes()).expect("a request");
        let via = |request: &Request| {
            let via = request.headers.iter().next().map(|via| via.value());
            via.unwrap_or_default().to_owned()
        };
        put(&mut request, pbx);
        let marked = via(&request);
        let ours = branch(&marked).expect("a branch");
        assert!(
            ours.starts_with("z9hG4bKz9-") && is_marked(ours, pbx),
            "{ours}"
        );
        assert!(!is_marked(ours, other) && !is_marked("z9hG4bKz9", pbx));
        assert!(is_marked(
            ours,
            "::ffff:192.0.2.1".parse().expect("an address")
        ));
        put(&mut request, pbx);
        assert_eq!(via(&request), marked, "a mark is not marked again");
        assert!(marked.starts_with("SIP/2.0/UDP z9h:5060;") && marked.ends_with(";rport"));
    }
}
