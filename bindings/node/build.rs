//! Tells the linker what Node will supply.

fn main() {
    napi_build::setup();
}
