//! From a server's name to the addresses that serve it, in the order to try
//! them (RFC 3263, without NAPTR: the transport is the customer's choice).

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::RData;
use model::pbx::{Fault, Transport};
use rand::Rng as _;

use model::network::{Network, may_reach};

/// Most servers that one name may lead to.
const SERVERS_MAX: usize = 16;

/// A server as customers type it: a name or an address, with or without a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

impl Server {
    /// Reads what was typed; `port` is the field of its own, which counts
    /// where the text has none.
    pub(crate) fn parse(text: &str, port: Option<u16>) -> Self {
        let text = text.trim();
        let text = text.strip_prefix("sip:").unwrap_or(text);
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Self {
                host: ip.to_string(),
                port,
            };
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Self {
                host: address.ip().to_string(),
                port: Some(address.port()),
            };
        }
        match text.rsplit_once(':') {
            Some((host, own)) if own.parse::<u16>().is_ok() => Self {
                host: host.to_owned(),
                port: own.parse().ok(),
            },
            _ => Self {
                host: text.to_owned(),
                port,
            },
        }
    }
}

/// Finds servers' addresses, and refuses those that must not be reached.
#[derive(Clone)]
pub(crate) struct Lookup {
    resolver: Option<TokioResolver>,
    allowed: Vec<Network>,
    /// The family of our socket: it reaches no other.
    ipv4: bool,
}

impl Lookup {
    /// With the system's name servers.
    pub(crate) fn new(allowed: Vec<Network>, ipv4: bool) -> Self {
        let resolver = TokioResolver::builder_tokio().and_then(|builder| builder.build());
        if let Err(error) = &resolver {
            tracing::warn!(%error, "no name server is configured: only addresses can be reached");
        }
        Self {
            resolver: resolver.ok(),
            allowed,
            ipv4,
        }
    }

    /// The addresses of a server; never none.
    pub(crate) async fn find(
        &self,
        server: &Server,
        transport: Transport,
    ) -> Result<Vec<SocketAddr>, Fault> {
        let default_port = if transport == Transport::Tls {
            5061
        } else {
            5060
        };
        let port = server.port.unwrap_or(default_port);
        let mut found = match server.host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => {
                let mut found = Vec::new();
                if server.port.is_none() {
                    for (target, port) in self.srv(&server.host, transport).await {
                        found.extend(self.addresses(&target, port).await);
                    }
                }
                if found.is_empty() {
                    found = self.addresses(&server.host, port).await;
                }
                found
            }
        };
        found.retain(|address| address.is_ipv4() == self.ipv4);
        if found.is_empty() {
            return Err(Fault::NameNotResolved);
        }
        let mut reachable: Vec<SocketAddr> = Vec::new();
        for address in found {
            if may_reach(address.ip(), &self.allowed) && !reachable.contains(&address) {
                reachable.push(address);
            }
        }
        reachable.truncate(SERVERS_MAX);
        if reachable.is_empty() {
            Err(Fault::AddressNotAllowed)
        } else {
            Ok(reachable)
        }
    }

    async fn srv(&self, name: &str, transport: Transport) -> Vec<(String, u16)> {
        let Some(resolver) = &self.resolver else {
            return Vec::new();
        };
        let prefix = match transport {
            Transport::Udp => "_sip._udp",
            Transport::Tcp => "_sip._tcp",
            Transport::Tls => "_sips._tcp",
        };
        let Ok(lookup) = resolver.srv_lookup(format!("{prefix}.{name}.")).await else {
            return Vec::new();
        };
        let records = lookup
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::SRV(srv) => Some(srv),
                _ => None,
            });
        let records = records
            .take(SERVERS_MAX)
            .map(|srv| (srv.priority, srv.weight, srv.target.to_string(), srv.port));
        in_order(records.collect(), |below| {
            rand::rng().random_range(0..=below)
        })
    }

    async fn addresses(&self, name: &str, port: u16) -> Vec<SocketAddr> {
        let Some(resolver) = &self.resolver else {
            return Vec::new();
        };
        match resolver.lookup_ip(name).await {
            Ok(found) => found.iter().map(|ip| SocketAddr::new(ip, port)).collect(),
            Err(_) => Vec::new(),
        }
    }
}

/// By priority, and among equals by chance after their weight (RFC 2782).
fn in_order(
    mut records: Vec<(u16, u16, String, u16)>,
    mut chance: impl FnMut(u32) -> u32,
) -> Vec<(String, u16)> {
    records.sort_by_key(|(priority, weight, ..)| (*priority, *weight));
    let mut ordered = Vec::with_capacity(records.len());
    while let Some((priority, ..)) = records.first() {
        let equals = records.iter().take_while(|(p, ..)| p == priority).count();
        let total = records[..equals]
            .iter()
            .map(|(_, weight, ..)| u32::from(*weight))
            .sum();
        let drawn = chance(total);
        let mut sum = 0;
        let at = records[..equals]
            .iter()
            .position(|(_, weight, ..)| {
                sum += u32::from(*weight);
                sum >= drawn
            })
            .unwrap_or(0);
        let (_, _, target, port) = records.remove(at);
        ordered.push((target, port));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use model::pbx::{Fault, Transport};

    use super::{Lookup, Server, in_order};

    fn server(host: &str, port: Option<u16>) -> Server {
        Server {
            host: host.to_owned(),
            port,
        }
    }

    #[test]
    fn a_server_is_read_as_customers_type_it() {
        assert_eq!(
            Server::parse(" vpbx1.mangosip.ru ", None),
            server("vpbx1.mangosip.ru", None)
        );
        assert_eq!(
            Server::parse("pbx.example:5070", Some(5060)),
            server("pbx.example", Some(5070))
        );
        assert_eq!(
            Server::parse("sip:10.0.0.1:5070", None),
            server("10.0.0.1", Some(5070))
        );
        assert_eq!(
            Server::parse("10.0.0.1", Some(5080)),
            server("10.0.0.1", Some(5080))
        );
        assert_eq!(
            Server::parse("[2001:db8::1]:5070", None),
            server("2001:db8::1", Some(5070))
        );
        assert_eq!(
            Server::parse("2001:db8::1", None),
            server("2001:db8::1", None)
        );
    }

    #[test]
    fn service_records_stand_in_the_order_of_their_priority_and_weight() {
        let record = |priority, weight, name: &str| (priority, weight, name.to_owned(), 5060);
        let records = vec![
            record(20, 0, "last"),
            record(10, 10, "light"),
            record(10, 90, "heavy"),
        ];
        let names = |chance: u32| {
            in_order(records.clone(), |below| chance.min(below))
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(5), ["light", "heavy", "last"]);
        assert_eq!(names(50), ["heavy", "light", "last"]);
    }

    #[tokio::test]
    async fn addresses_are_taken_as_they_are_but_not_where_forbidden() {
        let lookup = Lookup {
            resolver: None,
            allowed: vec!["127.0.0.0/8".parse().expect("net")],
            ipv4: true,
        };
        let find =
            async |host: &str, transport| lookup.find(&Server::parse(host, None), transport).await;
        let port = |port| Ok(vec![([127, 0, 0, 1], port).into()]);
        assert_eq!(find("127.0.0.1", Transport::Udp).await, port(5060));
        assert_eq!(find("127.0.0.1", Transport::Tls).await, port(5061));
        assert_eq!(find("127.0.0.1:5070", Transport::Tcp).await, port(5070));
        assert_eq!(
            find("10.0.0.1", Transport::Udp).await,
            Err(Fault::AddressNotAllowed)
        );
        assert_eq!(
            find("2a02:6b8::1", Transport::Udp).await,
            Err(Fault::NameNotResolved)
        );
        assert_eq!(
            find("pbx.example", Transport::Udp).await,
            Err(Fault::NameNotResolved)
        );
    }
}
