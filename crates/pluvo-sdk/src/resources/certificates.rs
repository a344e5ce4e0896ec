//! Certificates, and issuing them.

use super::answer::Answer;
use super::chunked::PEOPLE;
use super::{BulkResult, Chunked, Members, Write};
use crate::client::Client;
use crate::model::Certificate;
use crate::operation::generated::{
    CERTIFICATES, CertificatesVariables, GENERATE_CERTIFICATE, GenerateCertificateVariables,
};
use crate::paginate::List;

/// The organisation's certificates. Which scope they need is not documented.
#[derive(Debug, Clone)]
pub struct Certificates {
    pub(crate) client: Client,
}

impl Client {
    /// The organisation's certificates.
    pub fn certificates(&self) -> Certificates {
        Certificates { client: self.clone() }
    }
}

impl Certificates {
    /// All certificates that can be issued.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let certificates = client.certificates().list().to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<Certificate, CertificatesVariables> {
        List::new(
            self.client.clone(),
            &CERTIFICATES,
            CertificatesVariables::default(),
        )
    }

    /// Issues a certificate to people, by Pluvo's ids only. It appears in their portfolios by itself, so make no portfolio
    /// item beside it.
    ///
    /// Nothing says that Pluvo notices a certificate that somebody has already: a second call may issue a second one. It is
    /// therefore never repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{model::Id, resources::CertificateIssue};
    /// let people = [Id::from("933d8663-edf6-42c9-895a-eeec13fff0ab")];
    /// let issue = CertificateIssue {
    ///     title: Some("First aid 2024".into()),
    ///     ..CertificateIssue::new("0c2c8d1a-5b0f-4c86-9d0e-2f4d3a1b7c55", people)
    /// };
    /// let result = client.certificates().issue(&issue).await?;
    /// println!("{} have it, {} do not", result.succeeded.len(), result.failed.len());
    /// # Ok(()) }
    /// ```
    pub fn issue(&self, issue: &CertificateIssue) -> Chunked<BulkResult> {
        let write = Write::new(&self.client, &GENERATE_CERTIFICATE, issue);
        Chunked::new(write, Answer::bulk, PEOPLE, Members::Ids(issue.user_ids.clone()))
    }
}

/// Which certificate, to whom, and what it says.
pub type CertificateIssue = GenerateCertificateVariables;
