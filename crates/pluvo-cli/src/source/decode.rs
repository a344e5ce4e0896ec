//! From bytes to text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// Decodes a file. Without a name: what its byte order mark says, else UTF-8 if all of it is, else Windows-1252, which
/// is what spreadsheets and HR systems write in western Europe.
pub(super) fn text<'a>(bytes: &'a [u8], name: Option<&str>) -> Result<Cow<'a, str>, String> {
    let encoding = match name {
        Some(name) => Encoding::for_label(name.as_bytes())
            .ok_or_else(|| format!("`{name}` is not an encoding such as utf-8 or windows-1252"))?,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    // A byte order mark has the last word, and is taken off.
    let (text, encoding, malformed) = encoding.decode(bytes);
    if malformed {
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        return Err(format!(
            "line {line} is not {}; name another encoding by --encoding",
            encoding.name()
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(text("Zoë".as_bytes(), None).unwrap(), "Zoë");
        assert_eq!(text(b"Zo\xeb \x80", None).unwrap(), "Zoë €");
        assert_eq!(text(b"\xef\xbb\xbfZo\xc3\xab", None).unwrap(), "Zoë");
        assert_eq!(text(b"\xff\xfeZ\0o\0", None).unwrap(), "Zo");
        assert_eq!(text(b"\xa3", Some("iso-8859-2")).unwrap(), "Ł");
    }

    #[test]
    fn what_an_encoding_cannot_hold_is_told_with_its_line() {
        let error = text(b"a\nb\xeb\n", Some("utf-8")).unwrap_err();
        assert!(error.starts_with("line 2 is not UTF-8"), "{error}");
        assert!(text(b"", Some("klingon")).unwrap_err().contains("klingon"));
    }
}
