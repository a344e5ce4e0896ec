//! Saying what is wrong with a body that cannot be read: at which path, and never with the data.

use crate::error::{Error, ErrorKind};
use crate::redact;
use serde::Deserialize;
use serde_json::Value;

/// Says what is wrong with a body. Slow, and only on the way to an error.
pub(super) fn explain(body: &[u8], cause: &serde_json::Error) -> Error {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let message = match first {
        None => "the answer is empty".to_owned(),
        Some(b'{') => {
            let path = path_to(text, place(text, cause));
            let cause = redact::quoted(&cause.to_string());
            format!(
                "the answer cannot be read at `{path}`: {cause} of {} bytes",
                body.len()
            )
        }
        Some(_) => format!(
            "the answer is not GraphQL but begins with: {}",
            redact::excerpt(text)
        ),
    };
    Error::new(ErrorKind::Decode, message)
}

/// How much of a text was read when it could not be read on.
fn place(text: &[u8], cause: &serde_json::Error) -> usize {
    if let Err(not_utf8) = std::str::from_utf8(text) {
        return not_utf8.valid_up_to();
    }
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(cause.line().saturating_sub(1)).map(<[u8]>::len).sum();
    text.len().min(before + cause.column())
}

/// The path to the value that was read last: where a text without the end of that value breaks off. So it takes no second
/// way of reading for each type, of which there are many.
fn path_to(text: &[u8], end: usize) -> String {
    let read = text[..end].trim_ascii_end();
    let cut = match read.last() {
        // The value was only looked at.
        None | Some(b':' | b',' | b'[' | b'{') => read.len(),
        // A number without its end is a number still, so it goes as a whole.
        Some(byte) if in_number(*byte) => read
            .iter()
            .rposition(|byte| !in_number(*byte))
            .map_or(0, |last| last + 1),
        Some(_) => read.len() - 1,
    };
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_slice(&read[..cut]);
    let _ = Value::deserialize(serde_path_to_error::Deserializer::new(
        &mut deserializer,
        &mut track,
    ));
    let path = track.path().to_string();
    // Where it breaks off before a key, the object is what cannot be read.
    match path.strip_suffix('?') {
        Some("") => ".".to_owned(),
        Some(object) => object.trim_end_matches('.').to_owned(),
        None => path,
    }
}

fn in_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

#[cfg(test)]
mod tests {
    use crate::response::decode::at;
    use serde::Deserialize;

    #[test]
    fn an_error_names_the_path_to_what_is_wrong() {
        #[derive(Debug, Deserialize)]
        struct Group {
            #[serde(rename = "size")]
            _size: u8,
        }
        let message = |group: &str| {
            let body = format!("{{\"errors\": null,\n \"data\": {{\"group\":\n  {group} }} }}");
            at::<Group>(body.as_bytes(), &["group"]).unwrap_err().to_string()
        };
        for wrong in [
            "-17",
            "1234",
            "\"e1\"",
            "true",
            "1.5e3",
            "[]",
            "[1, 2]",
            "{}",
            "{\"a\": 1}",
            "null",
        ] {
            let told = message(&format!(r#"{{"name": "e1", "size": {wrong} , "x": 1}}"#));
            assert!(told.contains("at `data.group.size`"), "{wrong}: {told}");
        }
        for lacking in [
            "{}",
            r#"{"name": 1}"#,
            r#"{"name": "a", "x": [{"size": 1}] }"#,
            "[]",
            "17",
        ] {
            let told = message(lacking);
            assert!(told.contains("at `data.group`"), "{lacking}: {told}");
        }
        assert!(message(r#"{"x": [1, {"y": tru}]}"#).contains("at `data.group.x[1].y`"));
    }
}
