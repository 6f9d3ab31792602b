//! RTP ports: the even ones of a range, in turn, so that a port that was just given back rests.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::OpenError;

/// The range, and where in it the search goes on.
#[derive(Debug)]
pub(crate) struct Ports {
    listen: IpAddr,
    first: u16,
    count: usize,
    next: AtomicUsize,
}

impl Ports {
    /// None where the range holds no even port.
    pub(crate) fn new(listen: IpAddr, range: &RangeInclusive<u16>) -> Option<Self> {
        let first = range.start().checked_next_multiple_of(2)?;
        let count = usize::from(range.end().checked_sub(first)?) / 2 + 1;
        // Port 0 would be any port, an odd one too.
        let (first, count) = if first == 0 {
            (2, count - 1)
        } else {
            (first, count)
        };
        (count > 0).then_some(Self {
            listen,
            first,
            count,
            next: AtomicUsize::new(0),
        })
    }

    /// Binds the next free one.
    pub(crate) fn bind(&self) -> Result<UdpSocket, OpenError> {
        for _ in 0..self.count {
            let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.count;
            let port = self.first + 2 * turn as u16;
            match bind(SocketAddr::new(self.listen, port)) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                result => return result.map_err(OpenError::Bind),
            }
        }
        Err(OpenError::PortsExhausted)
    }
}

/// A socket that never blocks.
pub(crate) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn even_ports_of_a_range_are_taken_until_there_are_none() {
        let ports = Ports::new(HERE, &(47_111..=47_115)).expect("two even ports");
        let one = ports.bind().expect("the first");
        let other = ports.bind().expect("the second");
        for socket in [&one, &other] {
            let port = socket.local_addr().expect("bound").port();
            assert!(port == 47_112 || port == 47_114, "{port}");
        }
        assert!(matches!(ports.bind(), Err(OpenError::PortsExhausted)));
        drop(one);
        assert!(ports.bind().is_ok(), "a port that was given back");
    }

    #[test]
    fn a_range_without_an_even_port_and_a_foreign_address_are_refused() {
        assert!(Ports::new(HERE, &(47_121..=47_121)).is_none());
        assert!(Ports::new(HERE, &(65_535..=65_535)).is_none());
        assert!(Ports::new(HERE, &(0..=1)).is_none());
        #[expect(clippy::reversed_empty_ranges)]
        let reversed = Ports::new(HERE, &(9..=8));
        assert!(reversed.is_none());
        let foreign = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
        let ports = Ports::new(foreign, &(47_130..=47_140)).expect("ports");
        assert!(matches!(ports.bind(), Err(OpenError::Bind(_))));
    }
}
