//! TLS towards PBXs: whose certificate a line trusts.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use model::pbx::{CertificateFlaw, Fault, Fingerprint, Trust};
use rsipstack::transport::SipConnection;
use rsipstack::transport::tls::{TlsConfig, TlsConnection};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_util::sync::CancellationToken;

use crate::wire;

/// A connection to the server that shows itself as the trust demands. `name`
/// is the server's, as the customer typed it: it stands in the certificate.
pub(crate) async fn connect(
    server: SocketAddr,
    name: String,
    trust: &Trust,
    end: CancellationToken,
) -> Result<SipConnection, Fault> {
    let verifier = Arc::new(Verifier::new(trust)?);
    let config = TlsConfig {
        sni_hostname: Some(name),
        ..TlsConfig::default()
    };
    let peer = wire::address(rsipstack::sip::Transport::Tls, server);
    let connected = TlsConnection::connect(&peer, Some(&config), Some(verifier.clone()), Some(end));
    match connected.await {
        Ok(connection) => Ok(SipConnection::Tls(connection)),
        Err(_) => {
            let found = verifier.found.get();
            Err(found.cloned().unwrap_or(Fault::ConnectionRefused))
        }
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
    /// A certificate that an authority vouches for; or that is one of the
    /// customer's authorities itself, by its SHA-256: PBXs sign theirs as one.
    Chain(Arc<WebPkiServerVerifier>, Vec<[u8; 32]>),
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
        let (roots, own) = match trust {
            Trust::Public => (public_roots(), Vec::new()),
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
            check: Check::Chain(chain, own),
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
fn authority(pem: &str) -> Result<(Arc<RootCertStore>, Vec<[u8; 32]>), Fault> {
    let (mut roots, mut own) = (RootCertStore::empty(), Vec::new());
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()).flatten() {
        let hash = sha256(&certificate);
        if roots.add(certificate).is_ok() {
            own.push(hash);
        }
    }
    match roots.is_empty() {
        true => Err(Fault::Certificate {
            flaw: CertificateFlaw::Authority,
            seen: None,
        }),
        false => Ok((Arc::new(roots), own)),
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
            Check::Chain(_, own) if own.contains(&sha256(end_entity)) => {
                Ok(ServerCertVerified::assertion())
            }
            Check::Chain(chain, _) => chain
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
