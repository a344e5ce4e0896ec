//! UniFFI's generator for Swift, which can write sources, header and module map each by itself.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
