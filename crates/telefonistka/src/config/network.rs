//! Where the server listens and what it tells others: `[http]`, `[sip]`,
//! `[rtp]`, `[browser]`.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;

use sip::Network;

use super::kind;
use super::reader::Reader;

/// `[http]`
#[derive(Clone, Debug)]
pub struct Http {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// How browsers reach it: scheme, host and port, without a slash at the end.
    pub public_url: String,
    /// A reverse proxy stands in front and tells the browser's address in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Where `/metrics` stands alone; none: beside everything else.
    pub metrics_listen: Option<SocketAddr>,
}

/// `[sip]`
#[derive(Clone, Debug)]
pub struct Sip {
    /// Address to listen on, UDP and TCP.
    pub listen: SocketAddr,
    /// Addresses that PBXs are told, where they differ: one of a family at most.
    pub external_address: Vec<IpAddr>,
    /// Networks besides the public ones that customers' server names may lead to.
    pub allowed_networks: Vec<Network>,
}

/// `[rtp]`
#[derive(Clone, Debug)]
pub struct Rtp {
    /// Address to take sound on.
    pub listen: IpAddr,
    /// Addresses that PBXs are told, where they differ: one of a family at most.
    pub external_address: Vec<IpAddr>,
    /// Ports, one for each running call.
    pub ports: RangeInclusive<u16>,
}

/// `[browser]`
#[derive(Clone, Debug)]
pub struct Browser {
    /// UDP address for all browsers.
    pub listen: SocketAddr,
    /// Addresses that browsers try; never empty.
    pub addresses: Vec<IpAddr>,
    /// Media threads.
    pub threads: usize,
}

impl Http {
    pub(super) fn take(reader: &mut Reader) -> Self {
        let listen = reader.get("http", "listen", kind::address(), local(8080));
        let metrics_listen = reader.find("http", "metrics_listen", kind::address());
        if metrics_listen == Some(listen) {
            reader.complain(
                "http",
                "metrics_listen",
                "another address than [http] listen is expected; leave it out to have /metrics there",
            );
        }
        Self {
            public_url: reader.get("http", "public_url", kind::origin(), {
                format!("http://{}", seen_from_here(listen))
            }),
            behind_proxy: reader.get("http", "behind_proxy", kind::yes_or_no(), false),
            listen,
            metrics_listen,
        }
    }
}

impl Sip {
    pub(super) fn take(reader: &mut Reader) -> Self {
        let listen = reader.get("sip", "listen", kind::address(), everywhere(5060));
        Self {
            external_address: reader
                .find("sip", "external_address", kind::own_ips())
                .unwrap_or_else(|| all_reachable(listen.ip())),
            allowed_networks: reader.get("sip", "allowed_networks", kind::networks(), Vec::new()),
            listen,
        }
    }
}

impl Rtp {
    pub(super) fn take(reader: &mut Reader) -> Self {
        let listen = reader.get("rtp", "listen", kind::ip(), everywhere(0).ip());
        Self {
            external_address: reader
                .find("rtp", "external_address", kind::own_ips())
                .unwrap_or_else(|| all_reachable(listen)),
            ports: reader.get("rtp", "ports", kind::ports(), 20_000..=29_999),
            listen,
        }
    }
}

impl Browser {
    pub(super) fn take(reader: &mut Reader) -> Self {
        let listen = reader.get("browser", "listen", kind::address(), everywhere(19_000));
        let mut addresses = reader.get("browser", "addresses", kind::ips(), Vec::new());
        if addresses.is_empty() {
            let own = (!listen.ip().is_unspecified()).then_some(listen.ip());
            addresses.push(
                own.or_else(|| reachable(listen.ip()))
                    .unwrap_or(local(0).ip()),
            );
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads: reader.get("browser", "threads", kind::whole(1..=64), cores.min(64)),
            listen,
            addresses,
        }
    }
}

fn everywhere(port: u16) -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], port))
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// How a browser on this machine names the address.
fn seen_from_here(listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() || listen.ip().is_loopback() {
        format!("localhost:{}", listen.port())
    } else {
        listen.to_string()
    }
}

/// The same for each family that is listened on: `[::]` takes both.
fn all_reachable(listen: IpAddr) -> Vec<IpAddr> {
    let v4 = listen.is_ipv6().then_some(everywhere(0).ip());
    let all = [Some(listen), v4.filter(|_| listen.is_unspecified())];
    all.into_iter().flatten().filter_map(reachable).collect()
}

/// What to tell others where `listen` names no address of its own: the
/// address that this machine's packets to the Internet leave with.
fn reachable(listen: IpAddr) -> Option<IpAddr> {
    if !listen.is_unspecified() {
        return None;
    }
    // Connecting a UDP socket sends nothing, it only asks the routing table.
    let socket = UdpSocket::bind((listen, 0)).ok()?;
    let anywhere: &str = if listen.is_ipv4() {
        "198.51.100.1:9"
    } else {
        "[2001:db8::1]:9"
    };
    socket.connect(anywhere).ok()?;
    Some(socket.local_addr().ok()?.ip())
}
