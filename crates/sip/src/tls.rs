//! TLS towards PBXs: whose certificate a line trusts, and the connections
//! that were made under that trust.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};

use model::pbx::{CertificateFlaw, Fault, Fingerprint, PbxAccount, Trust};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transport::tls::{TlsConfig, TlsConnection};
use rsipstack::transport::{SipAddr, SipConnection};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_util::sync::CancellationToken;

use crate::lookup::Server;
use crate::socket::lock;

/// Most connections that are remembered; those that ended leave first.
const CONNECTIONS_MAX: usize = 20_000;

/// Whom a line's connections have to show themselves as.
pub(crate) struct Secure {
    /// The server's name, as the customer typed it: it stands in the certificate.
    name: String,
    trust: Trust,
    connections: Arc<Connections>,
    /// The endpoint's end.
    end: CancellationToken,
}

/// Connections by their server, its name and the trust they were made under.
#[derive(Default)]
pub(crate) struct Connections(Mutex<HashMap<Key, Slot>>);

type Key = (SocketAddr, String, Trust);
/// Whoever opens a connection keeps the others waiting, who then use it.
type Slot = Arc<tokio::sync::Mutex<Option<(SipConnection, CancellationToken)>>>;

impl Secure {
    /// For the lines of this account.
    pub(crate) fn new(
        account: &PbxAccount,
        connections: Arc<Connections>,
        end: CancellationToken,
    ) -> Self {
        let typed = account.proxy.as_deref().unwrap_or(&account.server);
        Self {
            name: Server::parse(typed, None).host,
            trust: account.trust.clone(),
            connections,
            end,
        }
    }

    /// The connection to the server; a new one where there is none.
    pub(crate) async fn connect(
        &self,
        stack: &EndpointInnerRef,
        peer: &SipAddr,
    ) -> Result<SipConnection, Fault> {
        let server = peer
            .get_socketaddr()
            .map_err(|_| Fault::ConnectionRefused)?;
        let slot = (self.connections).slot((server, self.name.clone(), self.trust.clone()));
        let mut open = slot.lock().await;
        if let Some((connection, end)) = open.as_ref()
            && !end.is_cancelled()
        {
            return Ok(connection.clone());
        }
        let end = self.end.child_token();
        let verifier = Arc::new(Verifier::new(&self.trust)?);
        let config = TlsConfig {
            sni_hostname: Some(self.name.clone()),
            ..TlsConfig::default()
        };
        let connected = TlsConnection::connect(
            peer,
            Some(&config),
            Some(verifier.clone()),
            Some(end.clone()),
        );
        let connection = match connected.await {
            Ok(connection) => SipConnection::Tls(connection),
            Err(_) => {
                let found = verifier.found.get();
                return Err(found.cloned().unwrap_or(Fault::ConnectionRefused));
            }
        };
        stack.transport_layer.add_connection(connection.clone());
        *open = Some((connection.clone(), end));
        Ok(connection)
    }
}

impl Connections {
    fn slot(&self, key: Key) -> Slot {
        let mut slots = lock(&self.0);
        if slots.len() >= CONNECTIONS_MAX {
            slots.retain(|_, slot| match slot.try_lock() {
                Ok(open) => open.as_ref().is_some_and(|(_, end)| !end.is_cancelled()),
                Err(_) => true,
            });
        }
        slots.entry(key).or_default().clone()
    }
}

/// Checks a PBX's certificate, and keeps what was wrong with it.
struct Verifier {
    check: Check,
    provider: Arc<CryptoProvider>,
    /// The fault of the certificate that was shown.
    found: OnceLock<Fault>,
}

enum Check {
    Chain(Arc<WebPkiServerVerifier>),
    /// SHA-256 of the certificate or of its public key; whatever else stands in it.
    Pin([u8; 32]),
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

impl Verifier {
    fn new(trust: &Trust) -> Result<Self, Fault> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let roots = match trust {
            Trust::Public => public_roots(),
            Trust::Authority { certificate } => authority(certificate)?,
            Trust::Pinned { sha256 } => {
                return Ok(Self {
                    check: Check::Pin(sha256.0),
                    provider,
                    found: OnceLock::new(),
                });
            }
        };
        let chain = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build();
        // Only a list of roots without any can't be built from.
        let chain = chain.map_err(|_| Fault::Certificate {
            flaw: CertificateFlaw::Issuer,
            seen: None,
        })?;
        Ok(Self {
            check: Check::Chain(chain),
            provider,
            found: OnceLock::new(),
        })
    }

    fn fails(
        &self,
        certificate: &CertificateDer<'_>,
        flaw: CertificateFlaw,
        error: rustls::Error,
    ) -> rustls::Error {
        let seen = Some(Fingerprint(sha256(certificate)));
        // The first one stands; a handshake has no second certificate.
        let _ = self.found.set(Fault::Certificate { flaw, seen });
        error
    }
}

/// What the system trusts; read once, as the files are many.
fn public_roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let read = || {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "some of the system's certificates can't be read");
        }
        roots.add_parsable_certificates(found.certs);
        Arc::new(roots)
    };
    ROOTS.get_or_init(read).clone()
}

/// The customer's own authority, or a certificate that signed itself.
fn authority(pem: &str) -> Result<Arc<RootCertStore>, Fault> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()).flatten() {
        let _ = roots.add(certificate);
    }
    match roots.is_empty() {
        true => Err(Fault::Certificate {
            flaw: CertificateFlaw::Authority,
            seen: None,
        }),
        false => Ok(Arc::new(roots)),
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let mut hash = [0; 32];
    hash.copy_from_slice(digest.as_ref());
    hash
}

fn is_pinned(certificate: &CertificateDer<'_>, pin: &[u8; 32]) -> bool {
    if sha256(certificate) == *pin {
        return true;
    }
    let key = webpki::EndEntityCert::try_from(certificate)
        .map(|certificate| sha256(&certificate.subject_public_key_info()));
    key.is_ok_and(|key| key == *pin)
}

/// What is wrong with a certificate, of what its owner can mend.
fn flaw(error: &rustls::Error) -> CertificateFlaw {
    use CertificateError as E;
    match error {
        rustls::Error::InvalidCertificate(error) => match error {
            E::Expired | E::ExpiredContext { .. } => CertificateFlaw::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => CertificateFlaw::NotYetValid,
            E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFlaw::Name,
            // Whose signature does not fit has an issuer of the trusted one's name.
            E::UnknownIssuer | E::BadSignature => CertificateFlaw::Issuer,
            _ => CertificateFlaw::Unusable,
        },
        _ => CertificateFlaw::Unusable,
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.check {
            Check::Chain(chain) => chain
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .map_err(|error| self.fails(end_entity, flaw(&error), error)),
            Check::Pin(pin) if is_pinned(end_entity, pin) => Ok(ServerCertVerified::assertion()),
            Check::Pin(_) => {
                let error = CertificateError::ApplicationVerificationFailure.into();
                Err(self.fails(end_entity, CertificateFlaw::Pin, error))
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
