//! The scenarios through the Rust SDK.

fn main() -> std::process::ExitCode {
    pluvo_conformance::harness::main::<pluvo_conformance::faces::Rust>()
}
