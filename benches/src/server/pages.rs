//! The canned pages: an organisation's people, 50 to a page.

use bytes::Bytes;
use std::fmt::Write;

/// Rows on a page.
pub(crate) const PAGE: usize = 50;

/// What every contender selects of a person, in the order in which the answer has it.
pub(crate) const FIELDS: &str =
    "id name email ref archived isActive roles language lastLogin invitedOn groupCount";

/// The answer to a small query.
pub(crate) const ONE: &str =
    r#"{"data":{"user":{"id":"00000000-0000-4000-8000-000000000001","name":"Sanne de Vries"}}}"#;

const FIRST: [&str; 16] = [
    "Sanne", "Daan", "Emma", "Lucas", "Noor", "Sem", "Zoë", "Bram", "Anouk", "Thijs", "Fatima", "Jörg",
    "Maud", "Youssef", "Élise", "Piet",
];
const LAST: [&str; 13] = [
    "de Vries",
    "Jansen",
    "van den Berg",
    "Bakker",
    "Visser",
    "Smit",
    "Meijer",
    "Müller",
    "Yılmaz",
    "van der Meer",
    "Nowak",
    "Peeters",
    "Dubois",
];
const ROLES: [&str; 4] = [
    r#"["PARTICIPANT"]"#,
    r#"["PARTICIPANT"]"#,
    r#"["PARTICIPANT","TRAINER"]"#,
    r#"["MANAGER","PARTICIPANT"]"#,
];

/// All rows, from which pages of any offset are cut.
#[derive(Debug)]
pub(super) struct Rows {
    /// Their JSON, with commas between them.
    text: String,
    /// Where each begins, and where a further one would.
    starts: Vec<usize>,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub offset: usize,
    pub first: usize,
}

impl Rows {
    pub(super) fn new(count: usize) -> Self {
        let mut rows = Self {
            text: String::with_capacity(350 * count),
            starts: Vec::with_capacity(count + 1),
        };
        for row in 0..count {
            rows.starts.push(rows.text.len());
            user(&mut rows.text, row);
            rows.text.push(',');
        }
        rows.starts.push(rows.text.len());
        rows
    }

    pub(super) fn page(&self, Asked { offset, first }: Asked) -> Bytes {
        let count = self.starts.len() - 1;
        let begin = offset.min(count);
        let end = (begin + first).min(count);
        let rows = self.text[self.starts[begin]..self.starts[end]].trim_end_matches(',');
        let next = end < count;
        let mut page = String::with_capacity(rows.len() + 200);
        let _ = write!(
            page,
            r#"{{"data":{{"paginatedUsers":{{"pageInfo":{{"hasNextPage":{next},"endCursor":"{CURSOR}{end:08}"}},"count":{count},"edges":["#
        );
        page.push_str(rows);
        page.push_str("]}}}");
        Bytes::from(page)
    }
}

/// How every cursor begins; the number of rows before the next page follows.
const CURSOR: &str = "YXJyYXljb25uZWN0aW9u";

/// Reads a request's variables.
pub(super) fn asked(request: &[u8]) -> Asked {
    let number = |name: &[u8], prefix: &[u8]| {
        // Some write a space after the colon.
        let rest = request[memchr::memmem::find(request, name)? + name.len()..].trim_ascii_start();
        let rest = rest.strip_prefix(prefix)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
    };
    // Inside of the document's text a quote is escaped, so that these occur among the variables only.
    let after = || number(br#""after":"#, format!(r#""{CURSOR}"#).as_bytes());
    let offset = after().or_else(|| number(br#""offset":"#, b"")).unwrap_or(0);
    let first = number(br#""first":"#, b"").unwrap_or(PAGE);
    Asked { offset, first }
}

/// What the organisation knows of a person, as far as a row of an HR system speaks of it.
pub(crate) struct Known {
    pub reference: String,
    pub name: String,
    pub email: String,
    pub archived: bool,
}

pub(crate) fn known(row: usize) -> Known {
    let first = FIRST[row % FIRST.len()];
    let last = LAST[(row / 7) % LAST.len()];
    Known {
        reference: format!("EMP-{row:06}"),
        name: format!("{first} {last}"),
        email: format!("medewerker.{row:06}@voorbeeld-organisatie.example"),
        archived: row.is_multiple_of(17),
    }
}

fn user(text: &mut String, row: usize) {
    let Known {
        reference,
        name,
        email,
        archived,
    } = known(row);
    let active = !archived;
    // Spread over the whole range, as version 4 ids are.
    let bits = (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (a, b, c, d) = (bits >> 32, (bits >> 16) & 0xffff, bits & 0xfff, row);
    let id = format!("{a:08x}-{b:04x}-4{c:03x}-8000-{d:012x}");
    let roles = ROLES[(row / 3) % ROLES.len()];
    let language = ["NL", "NL", "EN", "DE"][(row / 5) % 4];
    let (month, day, hour, minute) = (row % 12 + 1, row % 28 + 1, row % 24, row % 60);
    let groups = row % 9;
    let _ = write!(
        text,
        r#"{{"node":{{"id":"{id}","name":"{name}","email":"{email}","ref":"{reference}","archived":{archived},"isActive":{active},"roles":{roles},"language":"{language}","#
    );
    if row.is_multiple_of(11) {
        text.push_str(r#""lastLogin":null,"#);
    } else {
        let _ = write!(
            text,
            r#""lastLogin":"2026-{month:02}-{day:02}T{hour:02}:{minute:02}:12.{row:06}+00:00","#
        );
    }
    let _ = write!(
        text,
        r#""invitedOn":"2024-{month:02}-{day:02}T08:{minute:02}:00+00:00","groupCount":{groups}}}}}"#
    );
}

#[cfg(test)]
mod tests {
    use super::{Asked, CURSOR, asked};

    #[test]
    fn variables_are_read_with_and_without_spaces() {
        for space in ["", " "] {
            let request =
                |variables: &str| format!(r#"{{"query":"a(after: $after)","variables":{{{variables}}}}}"#);
            let by_cursor = request(&format!(r#""first":{space}20,"after":{space}"{CURSOR}00000040""#));
            let by_offset = request(&format!(r#""after":{space}null,"offset":{space}60"#));
            let read = |request: &str| {
                let Asked { offset, first } = asked(request.as_bytes());
                (offset, first)
            };
            assert_eq!(read(&by_cursor), (40, 20));
            assert_eq!(read(&by_offset), (60, 50));
        }
    }
}
