//! Which browser a datagram is from: by the name in a STUN request, then by the address that it had named.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::id::BrowserId;

/// An address stays its browser's for so long after the last STUN request: several intervals of them.
const KEPT: Duration = Duration::from_secs(10);

/// Where a browser's leg lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub browser: BrowserId,
    pub thread: usize,
}

/// The names of all legs, shared by the threads. Asked for STUN requests only.
#[derive(Clone, Default)]
pub(crate) struct Names(Arc<Mutex<HashMap<String, Place>>>);

impl Names {
    /// A leg has this name now, and no other.
    pub(crate) fn set(&self, name: String, place: Place) {
        let mut names = self.lock();
        names.retain(|_, known| known.browser != place.browser);
        names.insert(name, place);
    }

    /// A leg is gone.
    pub(crate) fn remove(&self, browser: BrowserId) {
        self.lock().retain(|_, known| known.browser != browser);
    }

    /// Whose STUN request it is; none where it is none, or names nobody.
    pub(crate) fn named(&self, datagram: &[u8]) -> Option<Place> {
        self.find(stun_name(datagram)?)
    }

    fn find(&self, name: &str) -> Option<Place> {
        self.lock().get(name).copied()
    }

    fn knows(&self, browser: BrowserId) -> bool {
        self.lock().values().any(|known| known.browser == browser)
    }

    /// Whether there is any leg.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        // Nothing is left half done under this lock, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread's view that reads the browsers' socket.
pub(crate) struct Router {
    names: Names,
    addresses: HashMap<SocketAddr, (Place, Instant)>,
}

impl Router {
    pub(crate) fn new(names: Names) -> Self {
        Self {
            names,
            addresses: HashMap::new(),
        }
    }

    /// Whose datagram it is; none for strangers.
    pub(crate) fn find(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
    ) -> Option<Place> {
        let Some(name) = stun_name(datagram) else {
            return self.addresses.get(&from).map(|(place, _)| *place);
        };
        let place = self.names.find(name)?;
        match self.addresses.get_mut(&from) {
            // A request under another's address must not turn its sound away.
            Some((known, seen)) if *known != place && now.duration_since(*seen) < KEPT => {}
            Some(known) => *known = (place, now),
            None => {
                self.forget_the_gone();
                self.addresses.insert(from, (place, now));
            }
        }
        Some(place)
    }

    /// Rare enough (an address comes) to look through all of them.
    fn forget_the_gone(&mut self) {
        let names = &self.names;
        self.addresses
            .retain(|_, (place, _)| names.knows(place.browser));
    }
}

/// The receiver's part of a STUN binding request's USERNAME (RFC 8445, section 7.2.2).
fn stun_name(datagram: &[u8]) -> Option<&str> {
    let (header, mut rest) = datagram.split_at_checked(20)?;
    if header[0..2] != [0, 1] || header[4..8] != [0x21, 0x12, 0xa4, 0x42] {
        return None;
    }
    while let Some((head, after)) = rest.split_at_checked(4) {
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = after.get(..length)?;
        if head[..2] == [0, 6] {
            return std::str::from_utf8(value).ok()?.split(':').next();
        }
        rest = after.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn request(name: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        bytes.extend_from_slice(&[7; 12]);
        bytes.extend_from_slice(&[0x80, 0x22, 0, 3, b'a', b'b', b'c', 0]);
        bytes.extend_from_slice(&[0, 6, 0, name.len() as u8]);
        bytes.extend_from_slice(name);
        bytes
    }

    fn place(n: u8) -> Place {
        let id = format!("00000000-0000-0000-0000-0000000000{n:02}");
        Place {
            browser: BrowserId::from_str(&id).expect("an id"),
            thread: usize::from(n),
        }
    }

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn names_are_read_and_hostile_bytes_are_not() {
        assert_eq!(stun_name(&request(b"ours:theirs")), Some("ours"));
        let whole = request(b"ours:theirs");
        for length in 0..whole.len() {
            assert_eq!(stun_name(&whole[..length]), None);
        }
        assert_eq!(stun_name(&request(&[0xff, 0xfe])), None);
        assert_eq!(stun_name(&[0x80; 100]), None);
    }

    #[test]
    fn a_leg_is_found_by_its_name_then_by_its_address() {
        let names = Names::default();
        names.set("one".into(), place(1));
        names.set("two".into(), place(2));
        let mut router = Router::new(names.clone());
        let now = Instant::now();
        assert_eq!(router.find(&[0x80; 20], address(1), now), None);
        assert_eq!(
            router.find(&request(b"one:x"), address(1), now),
            Some(place(1))
        );
        assert_eq!(router.find(&[0x80; 20], address(1), now), Some(place(1)));
        // Another's request under the same address does not take it over, unless it has been quiet.
        router.find(&request(b"two:x"), address(1), now);
        assert_eq!(router.find(&[0x80; 20], address(1), now), Some(place(1)));
        let later = now + KEPT;
        router.find(&request(b"two:x"), address(1), later);
        assert_eq!(router.find(&[0x80; 20], address(1), later), Some(place(2)));
        // An ICE restart changes the name.
        names.set("two again".into(), place(2));
        assert_eq!(router.find(&request(b"two:x"), address(2), later), None);
        assert_eq!(
            router.find(&request(b"two again:x"), address(2), later),
            Some(place(2))
        );
        names.remove(place(2).browser);
        router.find(&request(b"one:x"), address(3), later);
        assert_eq!(router.find(&[0x80; 20], address(2), later), None);
    }
}
