//! From a server's name to the addresses that serve it, in the order to try
//! them (RFC 3263). The transport is the customer's choice: of the NAPTR
//! records those count that lead to it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use model::pbx::{Fault, Transport};
use rand::Rng as _;
use tokio::task::JoinSet;

use model::network::{Network, may_reach};

mod order;
mod server;

pub(crate) use server::Server;

use order::in_order;

/// Most servers that one name may lead to.
const SERVERS_MAX: usize = 16;

/// Most NAPTR records of a name that are followed.
const SERVICES_MAX: usize = 4;

/// How long all questions about one name may take.
const FIND_WITHIN: Duration = Duration::from_secs(10);

/// How long one of them may, where no name server answers it; it is put once more meanwhile.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// A name that was not found is believed to be missing so long: whoever mends
/// its records is not to wait for a day.
const MISSING_FOR: Duration = Duration::from_secs(30);

/// Finds servers' addresses, and refuses those that must not be reached.
#[derive(Clone)]
pub(crate) struct Lookup {
    resolver: Option<TokioResolver>,
    allowed: Vec<Network>,
    families: Families,
}

/// The families of addresses that our socket reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Families {
    v4: bool,
    v6: bool,
}

impl Families {
    /// Those of a socket that listens there: `[::]` takes both.
    pub(crate) fn of(listen: IpAddr) -> Self {
        Self {
            v4: listen.is_ipv4() || listen.is_unspecified(),
            v6: listen.is_ipv6(),
        }
    }

    fn have(self, address: &SocketAddr) -> bool {
        match address.ip() {
            IpAddr::V4(_) => self.v4,
            IpAddr::V6(_) => self.v6,
        }
    }

    fn strategy(self) -> LookupIpStrategy {
        match (self.v4, self.v6) {
            (true, false) => LookupIpStrategy::Ipv4Only,
            (false, _) => LookupIpStrategy::Ipv6Only,
            // A PBX whose IPv6 leads nowhere is more frequent than one without IPv4.
            (true, true) => LookupIpStrategy::Ipv4AndIpv6,
        }
    }
}

/// The port of a server that was typed without one.
pub(crate) fn usual_port(transport: Transport) -> u16 {
    match transport {
        Transport::Tls => 5061,
        Transport::Udp | Transport::Tcp => 5060,
    }
}

impl Lookup {
    /// With these name servers, or with the system's where there are none.
    pub(crate) fn new(allowed: Vec<Network>, listen: IpAddr, name_servers: &[SocketAddr]) -> Self {
        let families = Families::of(listen);
        let builder = if name_servers.is_empty() {
            TokioResolver::builder_tokio()
        } else {
            let servers = name_servers.iter().map(|at| {
                let mut server = NameServerConfig::udp_and_tcp(at.ip());
                for connection in &mut server.connections {
                    connection.port = at.port();
                }
                server
            });
            let config = ResolverConfig::from_name_servers(servers.collect());
            Ok(TokioResolver::builder_with_config(
                config,
                TokioRuntimeProvider::default(),
            ))
        };
        let resolver = builder.and_then(|mut builder| {
            let options = builder.options_mut();
            options.ip_strategy = families.strategy();
            (options.timeout, options.attempts) = (ANSWER_WITHIN / 2, 1);
            options.negative_max_ttl = Some(MISSING_FOR);
            builder.build()
        });
        if let Err(error) = &resolver {
            tracing::warn!(%error, "no name server is configured: only addresses can be reached");
        }
        Self {
            resolver: resolver.ok(),
            allowed,
            families,
        }
    }

    /// The addresses of a server; never none.
    pub(crate) async fn find(
        &self,
        server: &Server,
        transport: Transport,
    ) -> Result<Vec<SocketAddr>, Fault> {
        let port = server.port.unwrap_or(usual_port(transport));
        let mut found = match server.host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip.to_canonical(), port)],
            Err(_) => {
                let named = self.named(&server.host, server.port, transport, port);
                let found = tokio::time::timeout(FIND_WITHIN, named).await;
                found.unwrap_or_default()
            }
        };
        found.retain(|address| self.families.have(address));
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

    /// A name's addresses: by its services, else its own at `port`. A port
    /// that was typed names the one service (RFC 3263, section 4.2).
    async fn named(
        &self,
        name: &str,
        typed: Option<u16>,
        transport: Transport,
        port: u16,
    ) -> Vec<SocketAddr> {
        if typed.is_some() {
            return self.addresses(name, port).await;
        }
        let (wanted, usual) = match transport {
            Transport::Udp => ("SIP+D2U", "_sip._udp"),
            Transport::Tcp => ("SIP+D2T", "_sip._tcp"),
            Transport::Tls => ("SIPS+D2T", "_sips._tcp"),
        };
        // At once: some name servers leave what they don't know unanswered.
        let (services, usual, own) = tokio::join!(
            self.services(name, wanted),
            self.servers(format!("{usual}.{name}.")),
            self.addresses(name, port),
        );
        let led = async {
            let mut targets = Vec::new();
            for service in &services {
                targets.extend(self.servers(service.clone()).await);
            }
            if services.is_empty() {
                targets = usual;
            }
            targets.truncate(SERVERS_MAX);
            self.all_addresses(targets).await
        };
        let found = tokio::time::timeout(FIND_WITHIN / 2, led).await;
        let found = found.unwrap_or_default();
        if found.is_empty() { own } else { found }
    }

    /// Names of the service records to ask for, where the name has them
    /// (RFC 3263, section 4.1).
    async fn services(&self, name: &str, wanted: &str) -> Vec<String> {
        let mut found: Vec<(u16, u16, String)> = Vec::new();
        if let Some(resolver) = &self.resolver
            && let question = resolver.lookup(format!("{name}."), RecordType::NAPTR)
            && let Ok(Ok(lookup)) = tokio::time::timeout(ANSWER_WITHIN, question).await
        {
            for record in lookup.answers() {
                let RData::NAPTR(naptr) = &record.data else {
                    continue;
                };
                // Only those that end at a service record lead on.
                if naptr.flags.eq_ignore_ascii_case(b"s")
                    && naptr.services.eq_ignore_ascii_case(wanted.as_bytes())
                {
                    let to = naptr.replacement.to_string();
                    found.push((naptr.order, naptr.preference, to));
                }
            }
        }
        found.sort();
        let services = found.into_iter().map(|(_, _, to)| to);
        services.take(SERVICES_MAX).collect()
    }

    /// Targets of a service, in the order to try them.
    async fn servers(&self, service: String) -> Vec<(String, u16)> {
        let Some(resolver) = &self.resolver else {
            return Vec::new();
        };
        let question = resolver.srv_lookup(service);
        let Ok(Ok(lookup)) = tokio::time::timeout(ANSWER_WITHIN, question).await else {
            return Vec::new();
        };
        let records = lookup
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                // A target of the root says that there is no such service.
                RData::SRV(srv) => Some(srv).filter(|srv| !srv.target.is_root()),
                _ => None,
            });
        let records = records
            .take(SERVERS_MAX)
            .map(|srv| (srv.priority, srv.weight, srv.target.to_string(), srv.port));
        in_order(records.collect(), |below| {
            rand::rng().random_range(0..=below)
        })
    }

    /// The targets' addresses, asked for at once and kept in the targets' order.
    async fn all_addresses(&self, targets: Vec<(String, u16)>) -> Vec<SocketAddr> {
        let mut questions = JoinSet::new();
        for (at, (target, port)) in targets.into_iter().enumerate() {
            let lookup = self.clone();
            questions.spawn(async move { (at, lookup.addresses(&target, port).await) });
        }
        let mut answers = questions.join_all().await;
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().flat_map(|(_, found)| found).collect()
    }

    async fn addresses(&self, name: &str, port: u16) -> Vec<SocketAddr> {
        let Some(resolver) = &self.resolver else {
            return Vec::new();
        };
        match tokio::time::timeout(2 * ANSWER_WITHIN, resolver.lookup_ip(name)).await {
            Ok(Ok(found)) => found.iter().map(|ip| SocketAddr::new(ip, port)).collect(),
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
#[path = "lookup_tests.rs"]
mod tests;
