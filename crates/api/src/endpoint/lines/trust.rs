//! Whose certificate a line takes, as it is filled in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::pbx::Trust;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::Flaw;

/// Longest text of certificates, in bytes: an authority has one, some have a chain of three.
const CERTIFICATES_MAX: usize = 32_768;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Whose certificate a line takes, where it connects by TLS.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TrustForm {
    /// One that the system's authorities vouch for, with the server's name.
    #[default]
    Public,
    /// One that this authority vouches for, with the server's name.
    Authority {
        /// The authority's certificate, or several (PEM).
        certificate: String,
    },
    /// This very one, whatever its name and dates are.
    Pinned {
        /// SHA-256 of the certificate or of its public key: 64 hexadecimal digits.
        sha256: String,
    },
}

impl TrustForm {
    /// What is stored, or what is wrong with it.
    pub fn checked(self) -> Result<Trust, Flaw> {
        match self {
            Self::Public => Ok(Trust::Public),
            Self::Authority { certificate } => {
                let certificate = certificate.trim().to_owned();
                match flaw(&certificate) {
                    Some(flaw) => Err(flaw),
                    None => Ok(Trust::Authority { certificate }),
                }
            }
            Self::Pinned { sha256 } if sha256.trim().is_empty() => Err(Flaw::Empty),
            Self::Pinned { sha256 } => match sha256.parse() {
                Ok(sha256) => Ok(Trust::Pinned { sha256 }),
                Err(_) => Err(Flaw::NotFingerprint),
            },
        }
    }
}

fn flaw(pem: &str) -> Option<Flaw> {
    if pem.is_empty() {
        return Some(Flaw::Empty);
    }
    if pem.contains("PRIVATE KEY") {
        return Some(Flaw::PrivateKey);
    }
    if pem.len() > CERTIFICATES_MAX {
        return Some(Flaw::TooLong {
            max: CERTIFICATES_MAX,
        });
    }
    let mut blocks = pem.split(BEGIN).skip(1).peekable();
    let whole = blocks.peek().is_some() && blocks.all(is_whole);
    (!whole).then_some(Flaw::NotCertificate)
}

/// Whether what follows the first line of a certificate is the rest of one.
/// Whether it can be used shows when the line connects.
fn is_whole(block: &str) -> bool {
    let Some((base64, _)) = block.split_once(END) else {
        return false;
    };
    let base64: String = base64.split_whitespace().collect();
    // A sequence (X.690) of some length.
    STANDARD
        .decode(base64)
        .is_ok_and(|der| der.len() > 100 && der.first() == Some(&0x30))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use model::pbx::Trust;

    use super::{BEGIN, CERTIFICATES_MAX, END, TrustForm};
    use crate::problem::Flaw;

    fn authority(certificate: &str) -> Result<Trust, Flaw> {
        let certificate = certificate.to_owned();
        TrustForm::Authority { certificate }.checked()
    }

    fn pem() -> String {
        format!("{BEGIN}\r\n{}\r\n{END}", STANDARD.encode([0x30; 200]))
    }

    #[test]
    fn certificates_are_taken_as_they_are_pasted() {
        let certificate = pem();
        for pasted in [certificate.clone(), format!("  \n{certificate}\n\n")] {
            let trust = Trust::Authority {
                certificate: certificate.clone(),
            };
            assert_eq!(authority(&pasted), Ok(trust));
        }
        let two = format!("subject=CN = root\n{certificate}\n# and\n{certificate}");
        assert!(authority(&two).is_ok());
    }

    #[test]
    fn what_is_no_certificate_is_told() {
        let cut = pem().replace(END, "");
        let short = format!("{BEGIN}\nMAAA\n{END}");
        let request =
            "-----BEGIN CERTIFICATE REQUEST-----\nMIIC\n-----END CERTIFICATE REQUEST-----";
        for wrong in ["pbx.example", &cut, &short, request] {
            assert_eq!(authority(wrong), Err(Flaw::NotCertificate), "{wrong}");
        }
        assert_eq!(authority(" "), Err(Flaw::Empty));
        let key = format!("{}\n-----BEGIN EC PRIVATE KEY-----\n", pem());
        assert_eq!(authority(&key), Err(Flaw::PrivateKey));
        let max = CERTIFICATES_MAX;
        assert_eq!(authority(&"x".repeat(max + 1)), Err(Flaw::TooLong { max }));
    }

    #[test]
    fn a_fingerprint_has_64_digits() {
        let pinned = |sha256: &str| {
            let sha256 = sha256.to_owned();
            TrustForm::Pinned { sha256 }.checked()
        };
        assert!(pinned(&"aB".repeat(32)).is_ok());
        assert_eq!(pinned("ab:cd"), Err(Flaw::NotFingerprint));
        assert_eq!(pinned(""), Err(Flaw::Empty));
    }
}
