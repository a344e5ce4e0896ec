//! JSON on its way into JavaScript.

use memchr::memmem;
use napi::bindgen_prelude::{Either, Latin1String};

pub(crate) type Text = Either<Latin1String, String>;

/// True where a list in this JSON may have null elements, and nothing where it has none: a text may look like one.
pub(crate) fn nulls(json: &[u8]) -> Option<bool> {
    let is_element = |at: usize| {
        let before = json[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace());
        matches!(before, Some(b'[' | b','))
    };
    memmem::find_iter(json, b"null").any(is_element).then_some(true)
}

/// JSON of the bridge, what is not ASCII in it escaped: V8 copies a one-byte text as it is, where it would decode UTF-8, and
/// parse a text that has one letter beyond Latin 1 with two bytes for every other letter.
pub(crate) fn text(json: &[u8]) -> Text {
    match std::str::from_utf8(json) {
        Ok(json) => {
            let mut text = String::with_capacity(room(json));
            push(&mut text, json);
            Either::A(text.into())
        }
        // The bridge gives UTF-8; were it not, the decoder in JavaScript would say so better than anybody.
        Err(_) => Either::B(String::from_utf8_lossy(json).into_owned()),
    }
}

/// Looked at so many bytes at a time: nearly all of them are ASCII.
const STRIDE: usize = 64;

/// What is set aside for a text, so that some letters can be escaped in it.
pub(crate) fn room(json: &str) -> usize {
    json.len() + json.len() / STRIDE
}

/// Adds JSON to a text, what is not ASCII in it escaped.
pub(crate) fn push(text: &mut String, json: &str) {
    let mut at = 0;
    while at < json.len() {
        let end = json.len().min(at + STRIDE);
        if json.as_bytes()[at..end].is_ascii() {
            text.push_str(&json[at..end]);
            at = end;
            continue;
        }
        for letter in json[at..].chars() {
            if letter.is_ascii() {
                text.push(letter);
            } else {
                escape(text, letter);
            }
            at += letter.len_utf8();
            if at >= end {
                break;
            }
        }
    }
}

/// As JSON writes it: by its UTF-16.
fn escape(text: &mut String, letter: char) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        text.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            text.extend(char::from_digit(u32::from(*unit >> shift & 0xf), 16));
        }
    }
}
