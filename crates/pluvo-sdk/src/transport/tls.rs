//! TLS by rustls and ring, set up without touching anything global.

use super::failure::{Failure, FailureKind};
use super::trust::{ServerTrust, Verifier};
#[cfg(any(target_os = "linux", target_os = "android"))]
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// Who vouches for servers.
#[derive(Debug, Clone)]
pub(crate) enum Trusted {
    /// The platform, and these authorities beside it.
    Authorities(Vec<CertificateDer<'static>>),
    /// The caller's own code.
    Asked(Arc<dyn ServerTrust>),
}

/// Reads the certificates of a PEM file.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = found.map_err(|cause| format!("the certificate file is not PEM: {cause}"))?;
    if certificates.is_empty() {
        return Err("the certificate file holds no certificate".to_owned());
    }
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|cause| format!("a certificate cannot be used: {cause}"))?;
    }
    Ok(certificates)
}

/// TLS 1.2 and 1.3.
pub(super) fn config(trusted: &Trusted) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(match trusted {
            Trusted::Authorities(own) => platform(own, provider)?,
            Trusted::Asked(trust) => Arc::new(Verifier {
                trust: Arc::clone(trust),
                provider,
            }),
        });
    let mut config = builder.with_no_client_auth();
    // reqwest leaves a configuration that it is handed as it is, and without ALPN nobody speaks HTTP/2.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts the platform's store and the caller's own authorities.
///
/// On Linux the well-known roots are added, for containers that have no store. Android's store can be reached only
/// through the app, so there the well-known roots are all there is, unless a [`ServerTrust`] asks it.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn platform(
    own: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    roots.add_parsable_certificates(own.iter().cloned());
    // What cannot be read of the platform's store is not trusted, and the rest is: so does everybody who uses it.
    #[cfg(target_os = "linux")]
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|cause| unusable(rustls::Error::General(cause.to_string())))?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn platform(
    own: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let own = own.iter().cloned();
    let verifier =
        rustls_platform_verifier::Verifier::new_with_extra_roots(own, provider).map_err(unusable)?;
    Ok(Arc::new(verifier))
}

fn unusable(cause: rustls::Error) -> Failure {
    Failure::new(FailureKind::Config, "TLS cannot be set up on this machine").with_source(cause)
}

/// For an endpoint on loopback without TLS: nothing is read and nobody is trusted.
pub(super) fn none() -> Result<ClientConfig, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| Failure::new(FailureKind::Config, "TLS cannot be set up").with_source(cause))?;
    Ok(builder
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}
