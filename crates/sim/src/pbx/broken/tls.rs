//! A port that speaks TLS with a certificate that is wrong.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, SanType, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::HERE;

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Its time is over.
    Expired,
    /// It is for another name.
    AnotherName,
    /// An authority vouches for it that nobody knows but who is told.
    Private,
}

/// Why there is no such port.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate can't be made.
    #[error("no certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The certificate can't be used.
    #[error("no TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The port can't be listened at.
    #[error("no port: {0}")]
    Port(#[from] std::io::Error),
}

/// Opens the port. Where it is, and the authority's certificate (PEM).
pub async fn tls_port(paper: Paper) -> Result<(SocketAddr, String), TlsError> {
    // The one that there is already stays.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let mut params = match paper {
        Paper::AnotherName => CertificateParams::new(vec!["other.example".to_owned()])?,
        Paper::Expired | Paper::Private => CertificateParams::default(),
    };
    if paper != Paper::AnotherName {
        params.subject_alt_names = vec![SanType::IpAddress(HERE)];
    }
    if paper == Paper::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority)?.der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der())
        .map_err(|reason| rustls::Error::General(reason.to_owned()))?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((HERE, 0)).await?;
    let at = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Whoever does not trust us goes away; the others are never answered.
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut bytes = [0; 1024];
                    while matches!(stream.read(&mut bytes).await, Ok(1..)) {}
                }
            });
        }
    });
    Ok((at, authority.pem()))
}
