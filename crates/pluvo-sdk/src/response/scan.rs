//! Finding where values stand in a JSON text, without decoding them.
//!
//! What is skipped is hardly checked: whoever decodes the parts does that. `None` means that the text is no JSON there.

use memchr::memchr2;

/// A place in a JSON text. Each method goes on to what follows the value that it reads.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Whether nothing but blanks follows.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The byte with which the next value begins.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// Goes through an object. `each` is told the key as it is written, and has to read the value.
    pub(crate) fn object(&mut self, mut each: impl FnMut(&mut Self, &'a [u8]) -> Option<()>) -> Option<()> {
        self.sequence(b'{', b'}', |scan| {
            let key = scan.string()?;
            scan.take(b':').then_some(())?;
            each(scan, &key[1..key.len() - 1])
        })
    }

    /// Goes through a list. `each` has to read the element.
    pub(crate) fn list(&mut self, each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.sequence(b'[', b']', each)
    }

    /// The text of the next value.
    pub(crate) fn value(&mut self) -> Option<&'a [u8]> {
        match self.peek()? {
            b'"' => self.string(),
            b'{' | b'[' => self.nested(),
            _ => {
                let rest = self.rest();
                let ends =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b' ' | b'\n' | b'\r' | b'\t');
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                self.advance(length).filter(|text| !text.is_empty())
            }
        }
    }

    /// The list that begins here, where after it nothing follows but the ends of so many objects. Found from the end
    /// of the text, without a look at what is in it.
    pub(crate) fn last_list(&mut self, objects: usize) -> Option<&'a [u8]> {
        (self.peek()? == b'[').then_some(())?;
        let mut list = self.rest().trim_ascii_end();
        for _ in 0..objects {
            list = list.strip_suffix(b"}")?.trim_ascii_end();
        }
        (list.len() > 1 && list.ends_with(b"]")).then_some(())?;
        self.advance(list.len())
    }

    fn sequence(&mut self, open: u8, close: u8, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(open).then_some(())?;
        if self.take(close) {
            return Some(());
        }
        loop {
            each(self)?;
            if self.take(close) {
                return Some(());
            }
            self.take(b',').then_some(())?;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    fn advance(&mut self, length: usize) -> Option<&'a [u8]> {
        let text = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(text)
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'a [u8]> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let length = string_length(self.rest())?;
        self.advance(length)
    }

    /// An object or a list, whatever is in it.
    fn nested(&mut self) -> Option<&'a [u8]> {
        let text = self.rest();
        let (mut depth, mut at) = (0_usize, 0);
        loop {
            match text.get(at)? {
                b'"' => at += string_length(&text[at..])? - 1,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                return self.advance(at);
            }
        }
    }
}

/// How long the string is that a text begins with.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            r#"[ -~"\\{}\[\],:é\n]{0,12}"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(r#"[a-z"\\ ]{0,4}"#, inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// Takes a text apart with a scan and puts it together with serde.
    fn rebuild(scan: &mut Scan<'_>) -> Option<Value> {
        match scan.peek()? {
            b'{' => {
                let mut members = serde_json::Map::new();
                scan.object(|scan, key| {
                    let key = [b"\"", key, b"\""].concat();
                    members.insert(serde_json::from_slice(&key).ok()?, rebuild(scan)?);
                    Some(())
                })?;
                Some(Value::Object(members))
            }
            b'[' => {
                let mut elements = Vec::new();
                scan.list(|scan| {
                    elements.push(rebuild(scan)?);
                    Some(())
                })?;
                Some(Value::Array(elements))
            }
            _ => serde_json::from_slice(scan.value()?).ok(),
        }
    }

    proptest! {
        #[test]
        fn parts_are_found_where_they_stand(value in json(), pretty: bool) {
            let text = if pretty { format!("{value:#} \n") } else { value.to_string() };
            // As serde reads it, which does not bring every fraction back to its last bit.
            let value: Value = serde_json::from_str(&text).unwrap();
            let mut scan = Scan::new(text.as_bytes());
            prop_assert_eq!(rebuild(&mut scan), Some(value.clone()));
            prop_assert!(scan.is_at_end());

            let mut whole = Scan::new(text.as_bytes());
            let found = whole.value().map(|text| serde_json::from_slice::<Value>(text).unwrap());
            prop_assert_eq!(found, Some(value));
            prop_assert!(whole.is_at_end());
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"[\[\]{}",:\\a1 \n]{0,40}"#) {
            let mut scan = Scan::new(text.as_bytes());
            while scan.value().is_some_and(|part| !part.is_empty()) {}
            let _ = rebuild(&mut Scan::new(text.as_bytes()));
        }

        #[test]
        fn a_text_that_is_cut_off_has_no_end(value in json(), share in 0.0..1.0_f64) {
            let text = Value::from(vec![value]).to_string();
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a place in a short text")]
            let cut = (text.len() as f64 * share) as usize;
            prop_assert_eq!(Scan::new(&text.as_bytes()[..cut]).value(), None);
        }
    }
}
