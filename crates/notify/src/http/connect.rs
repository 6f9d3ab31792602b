//! Connections to addresses that were looked at.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::web_address::WebAddress;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::RequestError;

/// How long one address may take: the next one may be better.
const EACH: Duration = Duration::from_secs(4);

/// TLS with the system's roots and those given. A system without any leaves
/// only unprotected requests to allowed networks: each other one says why.
pub(crate) fn tls(trusted: &[CertificateDer<'static>]) -> Result<TlsConnector, rustls::Error> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!(%error, "a certificate of the system can't be read");
    }
    // Some systems carry roots that nobody can read any more; the rest serves.
    roots.add_parsable_certificates(system.certs);
    for certificate in trusted {
        roots.add(certificate.clone())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The first of the addresses that takes a connection.
pub(crate) async fn first(addresses: &[SocketAddr]) -> Result<TcpStream, RequestError> {
    let mut failure = String::new();
    for address in addresses {
        match timeout(EACH, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A request is written in one go; waiting for more of it gains nothing.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => failure = error.kind().to_string(),
            Err(_) => failure = format!("nobody answered within {} s", EACH.as_secs()),
        }
    }
    Err(RequestError::Connect(failure))
}

/// TLS over the connection; the certificate has to be of the host that was typed.
pub(crate) async fn protect(
    tls: &TlsConnector,
    to: &WebAddress,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, RequestError> {
    let name = match to.ip() {
        Some(ip) => ServerName::from(ip),
        None => ServerName::try_from(to.host())
            .map_err(|_| RequestError::Tls("no certificate can be of this host".into()))?,
    };
    let protected = tls.connect(name, stream).await;
    protected.map_err(|error| RequestError::Tls(error.to_string()))
}
