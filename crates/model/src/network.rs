//! Which addresses a name that a customer typed may lead to: a PBX's, a webhook's, a push service's.

use std::net::IpAddr;
use std::str::FromStr;

/// A network, written `127.0.0.0/8`; a bare address is a network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// What is wrong with a network as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// The part before the slash.
    #[error("not an IP address before the slash")]
    Address,
    /// The part after the slash.
    #[error("the prefix length is no number from 0 to 32 (IPv4) or 128 (IPv6)")]
    Prefix,
}

impl Network {
    /// Whether the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let shared =
            |a: u128, b: u128, width: u8| self.prefix == 0 || (a ^ b) >> (width - self.prefix) == 0;
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                shared(u128::from(a.to_bits()), u128::from(b.to_bits()), 32)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => shared(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| NetworkError::Address)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(text) => text.trim().parse().map_err(|_| NetworkError::Prefix)?,
            None => width,
        };
        if prefix > width {
            return Err(NetworkError::Prefix);
        }
        Ok(Self { address, prefix })
    }
}

/// Whether requests may be sent to the address: a public one, or one that
/// `allowed` names. Whoever types a server's name into the cabinet must not
/// reach this machine's own services or its neighbours.
pub fn may_reach(address: IpAddr, allowed: &[Network]) -> bool {
    allowed.iter().any(|network| network.contains(address)) || is_public(address.to_canonical())
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                // RFC 6598, RFC 6890, RFC 7526 (6to4 relays), RFC 2544
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            // Global unicast is 2000::/3, which NAT64 and mapped addresses lie outside of.
            // Within it protocols' own (2001::/23, Teredo with them), documentation
            // (RFC 3849, RFC 9637) and 6to4 lead elsewhere.
            (first & 0xe000) == 0x2000
                && first != 0x2002
                && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
                && !(first == 0x3fff && second < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, NetworkError, may_reach};

    fn network(text: &str) -> Network {
        text.parse().expect(text)
    }

    #[test]
    fn a_network_holds_its_addresses() {
        let inside = |net: &str, ip: &str| network(net).contains(ip.parse().expect(ip));
        assert!(inside("127.0.0.0/8", "127.3.2.1"));
        assert!(!inside("127.0.0.0/8", "128.0.0.1"));
        assert!(inside("10.1.2.3", "10.1.2.3"));
        assert!(!inside("10.1.2.3", "10.1.2.4"));
        assert!(inside("0.0.0.0/0", "203.0.113.9"));
        assert!(inside("fd00::/8", "fd12::1"));
        assert!(inside("127.0.0.0/8", "::ffff:127.0.0.1"));
        assert!(!inside("::/0", "127.0.0.1"));
    }

    #[test]
    fn a_network_that_is_none_says_what_is_wrong() {
        assert_eq!("local".parse::<Network>(), Err(NetworkError::Address));
        assert_eq!("10.0.0.0/33".parse::<Network>(), Err(NetworkError::Prefix));
        assert_eq!("10.0.0.0/x".parse::<Network>(), Err(NetworkError::Prefix));
    }

    #[test]
    fn only_public_addresses_are_reached_unless_allowed() {
        for ip in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
            "3fff::1",
            "192.88.99.1",
        ] {
            assert!(!may_reach(ip.parse().expect(ip), &[]), "{ip}");
        }
        for ip in ["81.88.86.11", "8.8.8.8", "2a02:6b8::1"] {
            assert!(may_reach(ip.parse().expect(ip), &[]), "{ip}");
        }
        let allowed = [network("127.0.0.0/8")];
        assert!(may_reach("127.0.0.1".parse().expect("ip"), &allowed));
        assert!(!may_reach("10.0.0.1".parse().expect("ip"), &allowed));
    }
}
