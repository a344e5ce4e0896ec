//! Lists everybody who is not archived.
//!
//! `PLUVO_BASE_URL=http://127.0.0.1:8787 PLUVO_CLIENT_ID=sandbox PLUVO_CLIENT_SECRET=sandbox-secret cargo run --example list_users`
#![allow(clippy::print_stdout, reason = "printing is what the example does")]

#[tokio::main]
async fn main() -> pluvo_sdk::Result<()> {
    let client = pluvo_sdk::Client::from_env()?;
    let mut users = client.users().list().archived(false).items();
    while let Some(user) = users.try_next().await? {
        println!("{}", user.name.unwrap_or_default());
    }
    Ok(())
}
