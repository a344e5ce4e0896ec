//! The scenarios through the `pluvo` command.

fn main() -> std::process::ExitCode {
    pluvo_conformance::harness::main::<pluvo_conformance::faces::Command>()
}
