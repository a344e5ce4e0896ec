//! The least that can be spent: hyper's own client, which reads the bytes and decodes nothing.

use super::Tally;
use super::peer::{ONE, Page, Peer, TOKEN, USERS, Variables, find_next};
use crate::server::{Address, GRAPHQL};
use anyhow::{Result, ensure};
use bytes::Bytes;
use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::io::Read;
use std::sync::Arc;

pub(super) struct Hyper {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    token: HeaderValue,
}

impl Hyper {
    pub(super) fn new(server: &Address) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        if let Some(pem) = &server.certificate {
            roots.add(CertificateDer::from_pem_slice(pem.as_bytes())?)?;
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            uri: format!("{}{GRAPHQL}", server.url).parse()?,
            token: HeaderValue::from_str(&format!("Bearer {TOKEN}"))?,
        })
    }

    async fn send(&self, body: Vec<u8>) -> Result<Response<Incoming>> {
        let request = Request::post(self.uri.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
            .header(AUTHORIZATION, self.token.clone())
            .body(Full::new(Bytes::from(body)))?;
        let response = self.client.request(request).await?;
        ensure!(response.status() == 200, "{}", response.status());
        Ok(response)
    }
}

impl Peer for Hyper {
    async fn page(&self, variables: Variables<'_>) -> Result<Page> {
        let body = serde_json::json!({ "query": USERS, "variables": variables });
        let response = self.send(serde_json::to_vec(&body)?).await?;
        let gzip = response.headers().contains_key(CONTENT_ENCODING);
        let mut body = response.into_body();
        let next = if gzip {
            let mut plain = Vec::with_capacity(20_000);
            GzDecoder::new(&*body.collect().await?.to_bytes()).read_to_end(&mut plain)?;
            find_next(&plain)?
        } else {
            let mut front: Option<Bytes> = None;
            while let Some(frame) = body.frame().await {
                let data = frame?.into_data().unwrap_or_default();
                front.get_or_insert(data);
            }
            find_next(&front.unwrap_or_default())?
        };
        let mut tally = Tally::default();
        tally.page();
        Ok(Page { tally, next })
    }

    async fn one(&self) -> Result<()> {
        let body = serde_json::json!({ "query": ONE, "variables": { "ref": "EMP-000001" } });
        let response = self.send(serde_json::to_vec(&body)?).await?;
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(!body.is_empty(), "an empty answer");
        Ok(())
    }
}
