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

/// The answer that holds a page of so many.
pub(crate) fn page(index: usize, pages: usize) -> Bytes {
    let mut text = String::with_capacity(17_000);
    let (next, count) = (index + 1 < pages, pages * PAGE);
    let cursor = cursor(index);
    let _ = write!(
        text,
        r#"{{"data":{{"paginatedUsers":{{"pageInfo":{{"hasNextPage":{next},"endCursor":"{cursor}"}},"count":{count},"edges":["#
    );
    for row in index * PAGE..(index + 1) * PAGE {
        if row != index * PAGE {
            text.push(',');
        }
        user(&mut text, row);
    }
    text.push_str("]}}}");
    Bytes::from(text)
}

/// The cursor at the end of a page.
fn cursor(index: usize) -> String {
    format!("YXJyYXljb25uZWN0aW9u{index:08}")
}

/// The page that a request's variables ask for.
pub(super) fn asked(request: &[u8]) -> usize {
    let number = |name: &[u8], skip: usize| {
        let rest = &request[memchr::memmem::find(request, name)? + name.len() + skip..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(&rest[..digits]).ok()?.parse::<usize>().ok()
    };
    // Inside of the document's text a quote is escaped, so that these occur among the variables only.
    number(br#""after":"YXJyYXljb25uZWN0aW9u"#, 0)
        .map(|page| page + 1)
        .or_else(|| number(br#""offset":"#, 0).map(|offset| offset / PAGE))
        .unwrap_or(0)
}

fn user(text: &mut String, row: usize) {
    let first = FIRST[row % FIRST.len()];
    let last = LAST[(row / 7) % LAST.len()];
    let archived = row.is_multiple_of(17);
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
        r#"{{"node":{{"id":"{id}","name":"{first} {last}","email":"medewerker.{row:06}@voorbeeld-organisatie.example","ref":"EMP-{row:06}","archived":{archived},"isActive":{active},"roles":{roles},"language":"{language}","#
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
