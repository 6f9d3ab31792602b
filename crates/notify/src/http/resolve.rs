//! From a typed address to the addresses that may be connected to.

use std::io;
use std::net::{IpAddr, SocketAddr};

use async_trait::async_trait;
use model::network::{Network, may_reach};
use model::web_address::WebAddress;

use super::RequestError;

/// Of the addresses of a name so many are tried.
const TRIED_MAX: usize = 4;

/// Resolves names.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// The addresses of a name, best first.
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// As this machine does it, `/etc/hosts` included.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// The addresses to connect to, one after the other.
pub(crate) async fn reachable(
    to: &WebAddress,
    resolver: &dyn Resolve,
    allowed: &[Network],
) -> Result<Vec<SocketAddr>, RequestError> {
    let found = match to.ip() {
        Some(ip) => vec![ip],
        None => {
            let found = resolver.resolve(&to.host()).await;
            found.map_err(|_| RequestError::UnknownHost)?
        }
    };
    if found.is_empty() {
        return Err(RequestError::UnknownHost);
    }
    let reached = found.into_iter().filter(|ip| may_reach(*ip, allowed));
    let reached: Vec<IpAddr> = reached.take(TRIED_MAX).collect();
    if reached.is_empty() {
        return Err(RequestError::Forbidden);
    }
    let own = |ip: &IpAddr| allowed.iter().any(|network| network.contains(*ip));
    let unprotected = !to.is_protected();
    let reached: Vec<SocketAddr> = reached
        .into_iter()
        .filter(|ip| !unprotected || own(ip))
        .map(|ip| SocketAddr::new(ip, to.port()))
        .collect();
    if reached.is_empty() {
        return Err(RequestError::Unprotected);
    }
    Ok(reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Names(&'static [&'static str]);

    #[async_trait]
    impl Resolve for Names {
        async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            Ok(self.0.iter().map(|ip| ip.parse().expect("ip")).collect())
        }
    }

    async fn reached(
        to: &str,
        names: &'static [&'static str],
        allowed: &[&str],
    ) -> Result<Vec<String>, RequestError> {
        let to: WebAddress = to.parse().expect("an address");
        let allowed: Vec<Network> = allowed.iter().map(|n| n.parse().expect("net")).collect();
        let reached = reachable(&to, &Names(names), &allowed).await?;
        Ok(reached.iter().map(ToString::to_string).collect())
    }

    #[tokio::test]
    async fn a_name_leads_to_its_public_addresses_alone() {
        let names = &["10.0.0.1", "8.8.8.8", "::1", "2a02:6b8::1"];
        let found = reached("https://a.example:8443/", names, &[]).await;
        let public = ["8.8.8.8:8443", "[2a02:6b8::1]:8443"].map(String::from);
        assert_eq!(found, Ok(public.to_vec()));
    }

    #[tokio::test]
    async fn what_leads_inside_is_forbidden_however_it_is_written() {
        for names in [
            &["127.0.0.1"],
            &["169.254.169.254"],
            &["::ffff:10.0.0.1"],
            &["64:ff9b::a00:1"],
            &["2002:a00:1::"],
        ] {
            let found = reached("https://a.example/", names, &[]).await;
            assert_eq!(found, Err(RequestError::Forbidden), "{names:?}");
        }
        for to in ["https://127.1/", "https://[::1]/", "http://2130706433/"] {
            let found = reached(to, &[], &[]).await;
            assert_eq!(found, Err(RequestError::Forbidden), "{to}");
        }
    }

    #[tokio::test]
    async fn without_tls_only_allowed_networks_are_reached() {
        let names = &["8.8.8.8", "10.0.0.1"];
        let found = reached("http://a.example/", names, &["10.0.0.0/8"]).await;
        assert_eq!(found, Ok(vec!["10.0.0.1:80".into()]));
        let found = reached("http://a.example/", &["8.8.8.8"], &["10.0.0.0/8"]).await;
        assert_eq!(found, Err(RequestError::Unprotected));
    }

    #[tokio::test]
    async fn a_name_with_many_addresses_is_tried_so_often_and_no_more() {
        let names = &["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4", "8.8.8.5"];
        let found = reached("https://a.example/", names, &[]).await;
        assert_eq!(found.map(|found| found.len()), Ok(TRIED_MAX));
        let found = reached("https://a.example/", &[], &[]).await;
        assert_eq!(found, Err(RequestError::UnknownHost));
    }
}
