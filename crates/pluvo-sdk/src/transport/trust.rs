//! Servers that the caller's own code vouches for, in place of the platform's store.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Decides which servers' certificates are trusted, in place of the platform's store and the well-known roots.
///
/// For platforms whose store can be reached only from their own language, as Android's, and for programs that pin
/// certificates. The client itself checks that the certificate names the host, and that the server holds its key: what is
/// asked here is who vouches for it.
///
/// ```
/// use pluvo_sdk::transport::ServerTrust;
///
/// #[derive(Debug)]
/// struct Pinned(Vec<u8>);
///
/// impl ServerTrust for Pinned {
///     fn check(&self, chain: &[&[u8]], _host: &str) -> Result<(), String> {
///         if chain.first() == Some(&self.0.as_slice()) {
///             return Ok(());
///         }
///         Err("this is not the certificate that was pinned".to_owned())
///     }
/// }
/// ```
pub trait ServerTrust: fmt::Debug + Send + Sync + 'static {
    /// Whether this chain of certificates, in DER and with the server's own first, is good for a server at `host`. It is
    /// asked at each new connection, in the task that connects, and should not take long.
    ///
    /// # Errors
    ///
    /// Why not, in words: the request fails with [`ErrorKind::Connect`](crate::ErrorKind::Connect), and nothing was sent.
    fn check(&self, chain: &[&[u8]], host: &str) -> Result<(), String>;
}

/// Asks a [`ServerTrust`] as rustls asks for it.
#[derive(Debug)]
pub(super) struct Verifier {
    pub trust: Arc<dyn ServerTrust>,
    pub provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        let chain: Vec<&[u8]> = std::iter::once(end_entity)
            .chain(intermediates)
            .map(AsRef::as_ref)
            .collect();
        match self.trust.check(&chain, &server_name.to_str()) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(why) => Err(CertificateError::Other(OtherError(Arc::new(Refused(why)))).into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// The words of a [`ServerTrust`] that refused a server.
#[derive(Debug)]
pub(super) struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server's certificate is not trusted: {}", self.0)
    }
}

impl std::error::Error for Refused {}
