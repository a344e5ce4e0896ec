//! What a mutation that writes people gets.

use bytes::Bytes;
use memchr::memmem;
use std::fmt::Write;

const FIELD: &[u8] = b"updateOrCreateUser(";

/// The people that a request writes, and the answer that says that all of them were created.
#[derive(Debug)]
pub(super) struct Upserts {
    pub rows: u64,
    /// The sum of the numbers in their `ref`s.
    pub refs: u64,
    pub answer: Bytes,
}

/// Reads a request; none if it writes nobody.
pub(super) fn upserts(request: &[u8]) -> Option<Upserts> {
    let (mut rows, mut refs) = (0, 0);
    let mut answer = String::from(r#"{"data":{"#);
    for place in memmem::find_iter(request, FIELD) {
        let number = reference(&request[place..])?;
        let separator = if rows == 0 { "" } else { "," };
        let alias = alias(&request[..place]);
        let _ = write!(
            answer,
            r#"{separator}"{alias}":{{"user":{{"id":"00000000-0000-4000-8000-{number:012x}"}},"created":true}}"#
        );
        rows += 1;
        refs += number;
    }
    answer.push_str("}}");
    (rows > 0).then(|| Upserts {
        rows,
        refs,
        answer: Bytes::from(answer),
    })
}

/// The name under which the answer has a field: the alias before it, or its own.
fn alias(before: &[u8]) -> &str {
    let own = "updateOrCreateUser";
    let Some(before) = before.strip_suffix(b":") else {
        return own;
    };
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = before.iter().rev().take_while(|byte| is_part(byte)).count();
    std::str::from_utf8(&before[before.len() - length..]).unwrap_or(own)
}

/// The number of the first `EMP-000123` from here on: an argument, or a variable behind the document.
fn reference(request: &[u8]) -> Option<u64> {
    let digits = &request[memmem::find(request, b"EMP-")? + 4..];
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&digits[..length]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::upserts;

    #[test]
    fn every_row_is_answered_under_its_alias() {
        let batch = br#"{"query":"mutation M{r0:updateOrCreateUser(ref:\"EMP-000007\",user:{}){created}r1:updateOrCreateUser(ref:\"EMP-000010\",user:{}){created}}"}"#;
        let found = upserts(batch).unwrap();
        assert_eq!((found.rows, found.refs), (2, 17));
        let answer: serde_json::Value = serde_json::from_slice(&found.answer).unwrap();
        assert_eq!(answer["data"]["r1"]["created"], true);
        let one = br#"{"query":"mutation($ref: String){ updateOrCreateUser(ref: $ref) { created } }","variables":{"ref":"EMP-000003"}}"#;
        let found = upserts(one).unwrap();
        assert_eq!((found.rows, found.refs), (1, 3));
        assert!(
            std::str::from_utf8(&found.answer)
                .unwrap()
                .contains(r#""updateOrCreateUser":{"#)
        );
        assert!(upserts(br#"{"query":"{ paginatedUsers { count } }"}"#).is_none());
    }
}
