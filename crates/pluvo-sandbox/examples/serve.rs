//! A sandbox on a free port, until it is stopped: `cargo run -p pluvo-sandbox --example serve -- 500` has 500 people.

use pluvo_sandbox::Sandbox;

#[tokio::main]
#[expect(
    clippy::print_stdout,
    reason = "whoever started it must learn where it listens"
)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Sandbox::builder();
    if let Some(users) = std::env::args().nth(1) {
        builder = builder.users(users.parse()?);
    }
    let sandbox = builder.start().await?;
    println!("{}", sandbox.url());
    std::future::pending().await
}
