//! Media types, as the GraphQL-over-HTTP specification wants them told apart.

use axum::http::HeaderMap;

use super::JSON;

/// The newer media type of GraphQL answers.
pub(crate) const GRAPHQL: &str = "application/graphql-response+json";

/// The media type to answer in; nothing if the client accepts none that the server has.
///
/// `*/*` and a missing `Accept` get `application/json`, as old clients expect.
pub(crate) fn accepted(headers: &HeaderMap) -> Option<&'static str> {
    let mut values = headers
        .get_all("accept")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .peekable();
    if values.peek().is_none() {
        return Some(JSON);
    }
    let mut best: Option<(f32, &'static str)> = None;
    for range in values.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let kind = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            GRAPHQL => GRAPHQL,
            JSON | "application/*" | "*/*" => JSON,
            _ => continue,
        };
        let mut utf8 = true;
        let mut quality = 1.0;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                "q" => quality = value.trim().parse().unwrap_or(0.0),
                "charset" => utf8 = is_utf8(value),
                _ => {}
            }
        }
        if utf8 && quality > 0.0 && best.is_none_or(|(other, _)| quality > other) {
            best = Some((quality, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// Whether a body is of this media type, in UTF-8.
pub(crate) fn is(headers: &HeaderMap, kind: &str) -> bool {
    let Some(value) = headers.get("content-type").and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|name| name.eq_ignore_ascii_case(kind))
        && parts
            .filter_map(|part| part.split_once('='))
            .all(|(name, value)| name != "charset" || is_utf8(value))
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Whether the client takes a content encoding.
pub(crate) fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers
        .get_all("accept-encoding")
        .iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|offer| {
        let (name, rest) = offer.split_once(';').unwrap_or((offer, ""));
        name.trim().eq_ignore_ascii_case(encoding) && !matches!(rest.trim(), "q=0" | "q=0.0")
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{GRAPHQL, JSON, accepted, is};

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        [(name.parse().expect("a name"), value.parse().expect("a value"))]
            .into_iter()
            .collect()
    }

    #[test]
    fn the_best_of_the_accepted_types_is_chosen() {
        assert_eq!(accepted(&HeaderMap::new()), Some(JSON));
        let cases = [
            ("*/*", Some(JSON)),
            ("application/json", Some(JSON)),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(GRAPHQL),
            ),
            (
                "application/json;q=0.5, application/graphql-response+json; charset=utf-8",
                Some(GRAPHQL),
            ),
            ("application/json; charset=iso-8859-1", None),
            ("text/html", None),
        ];
        for (accept, wanted) in cases {
            assert_eq!(accepted(&with("accept", accept)), wanted, "{accept}");
        }
    }

    #[test]
    fn bodies_have_to_be_of_the_type_in_utf8() {
        assert!(is(&with("content-type", "application/json; charset=UTF-8"), JSON));
        assert!(!is(
            &with("content-type", "application/json; charset=latin1"),
            JSON
        ));
        assert!(!is(&with("content-type", "text/plain"), JSON));
        assert!(!is(&HeaderMap::new(), JSON));
    }
}
