//! A server as customers type it.

use std::net::{IpAddr, SocketAddr};

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

#[cfg(test)]
mod tests {
    use super::Server;

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
}
