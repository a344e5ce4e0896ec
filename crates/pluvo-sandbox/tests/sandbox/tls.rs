//! HTTPS with certificates that clients have to accept or refuse.

use pluvo_sandbox::{Sandbox, Tls};
use serde_json::json;

use crate::common::{USERS, plain, start, with};

#[tokio::test]
async fn only_the_valid_certificate_is_accepted() {
    for (kind, trusted, accepted) in [
        (Tls::Valid, true, true),
        (Tls::Valid, false, false),
        (Tls::WrongHost, true, false),
        (Tls::Expired, true, false),
    ] {
        let sandbox = start(Sandbox::builder().tls(kind)).await;
        assert!(sandbox.url().starts_with("https://localhost:"));
        let ca = reqwest::Certificate::from_pem(sandbox.ca_pem().expect("a CA").as_bytes()).expect("PEM");
        let client = plain()
            .tls_certs_only(trusted.then_some(ca))
            .build()
            .expect("a client");
        let answer = with(&client, &sandbox, USERS, &json!({})).send().await;
        assert_eq!(answer.is_ok(), accepted, "{kind:?}: {answer:?}");
        assert_eq!(sandbox.log().len(), usize::from(accepted));
    }
    assert_eq!(start(Sandbox::builder()).await.ca_pem(), None);
}
