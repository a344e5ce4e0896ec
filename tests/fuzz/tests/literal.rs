//! Whatever a caller writes, its literal reads back as the same value, or is refused.

#[path = "../../../crates/pluvo-sdk/tests/support/graphql.rs"]
mod graphql;

use bolero::check;
use pluvo_sdk::literal::to_literal;
use serde_json::{Map, Value};

/// Reads bytes as a value, so that a fuzzer that changes a byte changes the value a little.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or_default()
    }

    fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| (number << 8) | u64::from(self.byte()))
    }

    /// Every character has three bytes, so that each plane is as near as any other.
    fn text(&mut self) -> String {
        let length = self.byte() % 24;
        (0..length)
            .filter_map(|_| {
                let [low, middle, high] = [self.byte(), self.byte(), self.byte()].map(u32::from);
                char::from_u32(low | (middle << 8) | ((high % 17) << 16))
            })
            .collect()
    }

    fn name(&mut self) -> String {
        const LETTERS: &[u8] = b"_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let length = 1 + self.byte() % 12;
        (0..length)
            .map(|_| char::from(LETTERS[usize::from(self.byte()) % LETTERS.len()]))
            .collect()
    }

    fn value(&mut self, depth: u8) -> Value {
        let kind = self.byte() % if depth == 0 { 6 } else { 8 };
        match kind {
            0 => Value::Null,
            1 => Value::Bool(self.byte() % 2 == 1),
            2 => self.number().into(),
            3 => self.number().cast_signed().into(),
            // What is no number becomes null, as JSON has it.
            4 => f64::from_bits(self.number()).into(),
            5 => self.text().into(),
            6 => (0..self.byte() % 8).map(|_| self.value(depth - 1)).collect(),
            _ => (0..self.byte() % 8)
                .map(|_| (self.name(), self.value(depth - 1)))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

#[test]
fn literal() {
    check!().for_each(|bytes: &[u8]| {
        let mut bytes = Bytes(bytes.iter());
        let value = bytes.value(6);
        assert_eq!(graphql::by_apollo(&to_literal(&value).unwrap()), value);
        let key = bytes.text();
        if let Ok(literal) = to_literal(&Map::from_iter([(key.clone(), Value::Null)])) {
            assert_eq!(
                graphql::by_apollo(&literal)
                    .as_object()
                    .unwrap()
                    .keys()
                    .collect::<Vec<_>>(),
                [&key]
            );
        }
    });
}
