//! Listening on the loopback, with or without TLS.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::http::{answer, read};
use super::{Asked, Manner};

/// Judges each request; the status is that of a good answer.
pub(crate) trait Judge: Send + Sync + 'static {
    fn judge(&self, asked: &Asked) -> Manner;
    fn yes(&self) -> u16;
}

/// A running server; it stops when dropped.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    /// The certificate that its clients have to trust.
    pub(crate) certificate: Option<CertificateDer<'static>>,
    _stop: DropGuard,
}

impl Listening {
    /// Starts it on a free port.
    pub(crate) async fn start(judge: Arc<dyn Judge>, protected: bool) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (acceptor, certificate) = match protected {
            true => {
                let (acceptor, certificate) = tls()?;
                (Some(acceptor), Some(certificate))
            }
            false => (None, None),
        };
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let serve = async move {
            loop {
                // A connection that can't be taken leaves the listener as it was.
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let (judge, acceptor) = (Arc::clone(&judge), acceptor.clone());
                tokio::spawn(stopped.clone().run_until_cancelled_owned(async move {
                    match acceptor {
                        Some(acceptor) => {
                            let stream = acceptor.accept(stream).await?;
                            converse(stream, judge.as_ref()).await
                        }
                        None => converse(stream, judge.as_ref()).await,
                    }
                }));
            }
        };
        tokio::spawn(stop.clone().run_until_cancelled_owned(serve));
        Ok(Self {
            address,
            certificate,
            _stop: stop.drop_guard(),
        })
    }

    pub(crate) fn origin(&self) -> String {
        match self.certificate {
            Some(_) => format!("https://localhost:{}", self.address.port()),
            None => format!("http://{}", self.address),
        }
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    judge: &dyn Judge,
) -> io::Result<()> {
    let manner = match read(&mut stream).await {
        Ok(asked) => judge.judge(&asked),
        Err(_) => Manner::Refuse(400),
    };
    answer(&mut stream, manner, judge.yes()).await
}

/// A certificate for `localhost` that nobody else has signed.
fn tls() -> io::Result<(TlsAcceptor, CertificateDer<'static>)> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
    let made = made.map_err(io::Error::other)?;
    let certificate = made.cert.der().clone();
    let key =
        PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .map_err(io::Error::other)?;
    Ok((TlsAcceptor::from(Arc::new(config)), certificate))
}
