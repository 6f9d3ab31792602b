//! An address of the web that somebody else gave: a customer's webhook, a browser's push service.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// Longest address that is taken, in bytes. Push services' own are a few hundred.
pub const WEB_ADDRESS_MAX: usize = 2048;

/// An `https:` or `http:` address, with all that a request to it needs.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress {
    url: Url,
    host: Host<String>,
}

/// Why a text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebAddressError {
    /// Too long, or not an address at all.
    #[error("not an address of the web")]
    Malformed,
    /// Of another scheme.
    #[error("the address has to begin with https://")]
    Scheme,
    /// With a user or a password in it: those would be shown with the address.
    #[error("the address must not hold a login")]
    Login,
    /// With a part behind `#`, which is never sent.
    #[error("the address must not have a part behind #")]
    Fragment,
}

impl WebAddress {
    /// Whether the connection is protected.
    pub fn is_protected(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Name or address of the host; an IPv6 address stands in brackets.
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The host, where it is an address already.
    pub fn ip(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
        }
    }

    /// Port.
    pub fn port(&self) -> u16 {
        let usual = if self.is_protected() { 443 } else { 80 };
        self.url.port().unwrap_or(usual)
    }

    /// Host, with the port where it is not the usual one: the header Host.
    pub fn authority(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host(),
        }
    }

    /// Scheme, host and port: what a token for a push service is made out to (RFC 8292, section 2).
    pub fn origin(&self) -> String {
        format!("{}://{}", self.url.scheme(), self.authority())
    }

    /// What is asked of the host: path and query.
    pub fn path(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// The address as it is stored: host in lower case and ASCII.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }
}

impl FromStr for WebAddress {
    type Err = WebAddressError;

    fn from_str(text: &str) -> Result<Self, WebAddressError> {
        if text.len() > WEB_ADDRESS_MAX {
            return Err(WebAddressError::Malformed);
        }
        let url = Url::parse(text.trim()).map_err(|_| WebAddressError::Malformed)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(WebAddressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebAddressError::Login);
        }
        if url.fragment().is_some() {
            return Err(WebAddressError::Fragment);
        }
        let host = url.host().ok_or(WebAddressError::Malformed)?.to_owned();
        // Written in other letters it may have become longer.
        if url.as_str().len() > WEB_ADDRESS_MAX || url.port() == Some(0) {
            return Err(WebAddressError::Malformed);
        }
        Ok(Self { url, host })
    }
}

impl fmt::Debug for WebAddress {
    /// The host alone: paths of such addresses are often secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebAddress({})", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<WebAddress, WebAddressError> {
        text.parse()
    }

    #[test]
    fn an_address_is_taken_apart() {
        let address = parsed("https://Hooks.Example.com/in?key=1").expect("an address");
        assert!(address.is_protected());
        assert_eq!(address.host(), "hooks.example.com");
        assert_eq!((address.port(), address.ip()), (443, None));
        assert_eq!(address.path(), "/in?key=1");
        assert_eq!(address.origin(), "https://hooks.example.com");
        let address = parsed("http://[::1]:8080").expect("an address");
        assert_eq!((address.port(), address.path().as_str()), (8080, "/"));
        assert_eq!(address.authority(), "[::1]:8080");
        assert_eq!(address.ip(), "::1".parse().ok());
    }

    #[test]
    fn other_spellings_of_an_address_are_seen_through() {
        for text in ["http://127.1/", "http://0x7f000001/", "http://2130706433/"] {
            let address = parsed(text).expect(text);
            assert_eq!(address.ip(), "127.0.0.1".parse().ok(), "{text}");
        }
        let address = parsed("https://пример.рф/x").expect("an address");
        assert_eq!(address.host(), "xn--e1afmkfd.xn--p1ai");
    }

    #[test]
    fn what_is_no_address_says_why() {
        use WebAddressError::{Fragment, Login, Malformed, Scheme};
        for (text, error) in [
            ("", Malformed),
            ("romashka.example", Malformed),
            ("https://", Malformed),
            ("https://a:0/", Malformed),
            ("ftp://a/", Scheme),
            ("file:///etc/passwd", Scheme),
            ("https://user:word@a/", Login),
            ("https://a/#b", Fragment),
        ] {
            assert_eq!(parsed(text), Err(error), "{text}");
        }
        let long = format!("https://a/{}", "x".repeat(WEB_ADDRESS_MAX));
        assert_eq!(parsed(&long), Err(Malformed));
    }

    #[test]
    fn the_path_does_not_come_into_a_log() {
        let address = parsed("https://a.example/secret").expect("an address");
        assert_eq!(format!("{address:?}"), "WebAddress(a.example)");
    }
}
