//! Numbers that depend on nothing but the seed, the kind of thing and its index.
//!
//! Every record has a stream of its own, so one more group or another field does not move the values of all the
//! records behind it.

use uuid::Uuid;

/// A splitmix64 generator: small, fast and the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of the `index`-th record of `kind` in the organisation of `seed`.
    pub(crate) fn new(seed: u64, kind: &str, index: u64) -> Self {
        let kind = kind.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut rng = Self(seed ^ kind);
        let mixed = rng.next() ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which must not be 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let scaled = (u128::from(self.next()) * bound as u128) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }

    /// A number from `low` up to and including `high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// Whether something that happens `percent` times in a hundred happens.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// A random (version 4) UUID.
    pub(crate) fn uuid(&mut self) -> Uuid {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn a_stream_depends_on_seed_kind_and_index() {
        let first = |seed, kind, index| Rng::new(seed, kind, index).next();
        assert_eq!(first(1, "user", 0), first(1, "user", 0));
        assert_ne!(first(1, "user", 0), first(2, "user", 0));
        assert_ne!(first(1, "user", 0), first(1, "group", 0));
        assert_ne!(first(1, "user", 0), first(1, "user", 1));
    }

    #[test]
    fn ranges_hold() {
        let mut rng = Rng::new(7, "range", 0);
        for _ in 0..1000 {
            assert!(rng.below(3) < 3);
            assert!((-2..=2).contains(&rng.between(-2, 2)));
        }
        assert_eq!(rng.uuid().get_version_num(), 4);
    }
}
