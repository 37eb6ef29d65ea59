//! Certificates that nobody else trusts, for the encrypted modes of the server.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// A self-signed certificate and its key.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: Vec<u8>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl Certificate {
    /// A certificate for a name or an address, valid today.
    ///
    /// # Panics
    /// When the name cannot be written in a certificate.
    pub fn new(name: &str) -> Self {
        Self::build(name, |_| {})
    }

    /// A certificate whose validity has ended.
    ///
    /// # Panics
    /// When the name cannot be written in a certificate.
    pub fn expired(name: &str) -> Self {
        Self::build(name, |params| {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        })
    }

    /// The certificate itself, for those who choose to trust it.
    pub fn der(&self) -> Vec<u8> {
        self.der.clone()
    }

    fn build(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("the name fits a certificate");
        change(&mut params);
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = params.self_signed(&key).expect("a certificate can sign itself");
        Self { der: certificate.der().to_vec(), key: key.serialize_der() }
    }

    pub(super) fn server_config(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider speaks the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(self.der.clone())], key)
            .expect("the key belongs to the certificate");
        Arc::new(config)
    }
}
