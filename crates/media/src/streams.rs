//! Browsers whose network lets no UDP through: the same datagrams over TCP, each behind its length (RFC 4571).
//!
//! The thread that reads the browsers' UDP socket reads the streams as well;
//! any thread writes to them. Nothing is allocated for a packet: a stream has
//! its two buffers from its beginning.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::command::DATAGRAM;
use crate::route::{Names, Place};

/// Streams that are open at once: more than one server has operators, few enough for its memory.
const STREAMS_MAX: usize = 512;

/// Streams that are open at once from one network address: an office of 50 operators behind a NAT, each
/// with the stream of a restart beside, and rather more. No single address leaves none for the others.
const STREAMS_EACH: usize = 128;

/// What a stream may have come of a datagram that is not whole yet.
const IN_MAX: usize = 2 * (DATAGRAM + LENGTH);

/// What may wait for a network that is slow: a second of sound. More would only be heard late.
const OUT_MAX: usize = 16 * 1024;

/// The length before each datagram.
const LENGTH: usize = 2;

/// A stream that has not named a browser by then is a stranger's.
const NAMED_WITHIN: Duration = Duration::from_secs(5);

/// A stream that says nothing for so long is dead: browsers ask for a sign of life every few seconds.
const SILENT_MAX: Duration = Duration::from_secs(40);

/// Streams that are taken in one turn, so that a flood of them holds no sound up.
const TAKEN_AT_ONCE: usize = 8;

/// The writing sides of all streams, by the browser's address.
#[derive(Clone, Default)]
pub(crate) struct Outs(Arc<Mutex<HashMap<SocketAddr, Out>>>);

struct Out {
    stream: TcpStream,
    /// What the network has not taken yet.
    waiting: Vec<u8>,
}

impl Outs {
    /// Sends a datagram. What a slow network does not take is lost, as on UDP.
    pub(crate) fn send(&self, to: SocketAddr, datagram: &[u8]) {
        let mut outs = self.lock();
        if let Some(out) = outs.get_mut(&to)
            && out.send(datagram).is_err()
        {
            // The reading side finds the end, and forgets the rest.
            let _ = out.stream.shutdown(Shutdown::Both);
            outs.remove(&to);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Out>> {
        // Nothing is left half done under this lock, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Out {
    fn send(&mut self, datagram: &[u8]) -> std::io::Result<()> {
        let fits = self.waiting.len() + LENGTH + datagram.len() <= OUT_MAX;
        // A datagram is dropped whole: half of one would spoil whatever follows.
        let length = u16::try_from(datagram.len()).ok().filter(|_| fits);
        if let Some(length) = length {
            self.waiting.extend_from_slice(&length.to_be_bytes());
            self.waiting.extend_from_slice(datagram);
        }
        while !self.waiting.is_empty() {
            match self.stream.write(&self.waiting) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => drop(self.waiting.drain(..written)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The reading sides, and the port that they come in at.
pub(crate) struct Streams {
    listener: TcpListener,
    names: Names,
    outs: Outs,
    ins: Vec<In>,
}

struct In {
    stream: TcpStream,
    from: SocketAddr,
    /// Whose it is, by the last name that was told.
    place: Option<Place>,
    buffer: Box<[u8; IN_MAX]>,
    filled: usize,
    since: Instant,
    heard: Instant,
}

impl Streams {
    pub(crate) fn new(listener: TcpListener, names: Names, outs: Outs) -> Self {
        Self {
            listener,
            names,
            outs,
            ins: Vec::new(),
        }
    }

    /// Whether there is anything to read from.
    pub(crate) fn is_empty(&self) -> bool {
        self.ins.is_empty()
    }

    /// Takes what has come, and hands out each datagram with whose it is.
    pub(crate) fn read(&mut self, now: Instant, mut hand: impl FnMut(Place, SocketAddr, &[u8])) {
        for _ in 0..TAKEN_AT_ONCE {
            let Ok((stream, from)) = self.listener.accept() else {
                break;
            };
            self.take(stream, from, now);
        }
        let (names, outs) = (&self.names, &self.outs);
        self.ins.retain_mut(|one| {
            let stays = one.read(now, names, &mut hand) && !one.is_over(now);
            if !stays {
                outs.lock().remove(&one.from);
                let _ = one.stream.shutdown(Shutdown::Both);
            }
            stays
        });
    }

    fn take(&mut self, stream: TcpStream, from: SocketAddr, now: Instant) {
        let network = network(from.ip());
        let alike = |one: &&In| self::network(one.from.ip()) == network;
        if self.ins.len() >= STREAMS_MAX
            || self.ins.iter().filter(alike).count() >= STREAMS_EACH
            || stream.set_nonblocking(true).is_err()
        {
            return;
        }
        // Sound that waits for more of it comes late.
        let _ = stream.set_nodelay(true);
        let Ok(out) = stream.try_clone() else {
            return;
        };
        let out = Out {
            stream: out,
            waiting: Vec::with_capacity(OUT_MAX),
        };
        self.outs.lock().insert(from, out);
        self.ins.push(In {
            stream,
            from,
            place: None,
            buffer: Box::new([0; IN_MAX]),
            filled: 0,
            since: now,
            heard: now,
        });
    }
}

/// Whom an address belongs to: an IPv6 network has 2^64 of them for itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

impl In {
    fn is_over(&self, now: Instant) -> bool {
        match self.place {
            None => now.duration_since(self.since) > NAMED_WITHIN,
            Some(_) => now.duration_since(self.heard) > SILENT_MAX,
        }
    }

    /// False where the stream has ended, or talks something else.
    fn read(
        &mut self,
        now: Instant,
        names: &Names,
        hand: &mut impl FnMut(Place, SocketAddr, &[u8]),
    ) -> bool {
        loop {
            match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return false,
                Ok(read) => {
                    self.filled += read;
                    self.heard = now;
                    if !self.take_whole(names, hand) {
                        return false;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }

    /// Hands out what is whole.
    fn take_whole(
        &mut self,
        names: &Names,
        hand: &mut impl FnMut(Place, SocketAddr, &[u8]),
    ) -> bool {
        let mut at = 0;
        while let [high, low, rest @ ..] = &self.buffer[at..self.filled] {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            if length > DATAGRAM {
                return false;
            }
            let Some(datagram) = rest.get(..length) else {
                break;
            };
            if let Some(named) = names.named(datagram) {
                self.place = Some(named);
            }
            match self.place {
                Some(place) => hand(place, self.from, datagram),
                // Nothing comes before the name.
                None => return false,
            }
            at += LENGTH + length;
        }
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser's stream that comes from this address, as far as can be seen.
    fn come(streams: &mut Streams, from: SocketAddr, now: Instant) -> TcpStream {
        let listener = &streams.listener;
        let server = listener.local_addr().expect("bound");
        let browser = TcpStream::connect(server).expect("a stream");
        listener.set_nonblocking(false).expect("it waits");
        let (stream, _) = listener.accept().expect("it has come");
        listener.set_nonblocking(true).expect("it waits no more");
        streams.take(stream, from, now);
        browser
    }

    fn listening() -> Streams {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Streams::new(listener, Names::default(), Outs::default())
    }

    fn of(office: &str, number: usize) -> SocketAddr {
        let port = u16::try_from(10_000 + number).expect("a port");
        SocketAddr::new(office.parse().expect("an address"), port)
    }

    #[test]
    fn one_address_leaves_streams_for_the_others() {
        let (mut streams, now) = (listening(), Instant::now());
        let browsers: Vec<_> = (0..STREAMS_EACH + 10)
            .map(|n| come(&mut streams, of("192.0.2.1", n), now))
            .collect();
        assert_eq!(streams.ins.len(), STREAMS_EACH);
        let _other = come(&mut streams, of("192.0.2.2", 1), now);
        assert_eq!(streams.ins.len(), STREAMS_EACH + 1);

        drop(browsers);
        streams.read(now + NAMED_WITHIN * 2, |_, _, _| {});
        let _again = come(&mut streams, of("192.0.2.1", 1), now);
        assert_eq!(streams.ins.len(), 1, "what has ended leaves its place");
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let (mut streams, now) = (listening(), Instant::now());
        let _browsers: Vec<_> = (0..STREAMS_EACH + 10)
            .map(|n| come(&mut streams, of(&format!("2001:db8::{n:x}"), n), now))
            .collect();
        assert_eq!(streams.ins.len(), STREAMS_EACH);
        let _other = come(&mut streams, of("2001:db8:0:1::1", 1), now);
        assert_eq!(streams.ins.len(), STREAMS_EACH + 1);
    }
}
