//! Chance that repeats itself: the same seed gives the same world.

/// A splitmix64 generator. Not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// A sequence of its own for `purpose`, so that one part of the world can grow without changing the others.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a: stable across compiler versions, unlike the standard library's hasher.
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut chance = Self(seed ^ hash);
        chance.next();
        chance
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; zero if there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        // The bias is below 2^-50 for all bounds used here.
        usize::try_from(self.next().checked_rem(bound).unwrap_or(0)).unwrap_or(0)
    }

    /// A number from `first` to `last`.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = usize::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(0);
        first.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`; none only if there are none.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }

    /// Fills `bytes`.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_purpose_repeat_and_others_differ() {
        let draw = |seed, purpose| {
            let mut chance = Chance::new(seed, purpose);
            [chance.next(), chance.next(), chance.next()]
        };
        assert_eq!(draw(7, "people"), draw(7, "people"));
        assert_ne!(draw(7, "people"), draw(8, "people"));
        assert_ne!(draw(7, "people"), draw(7, "companies"));
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut chance = Chance::new(1, "bounds");
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<u8>(&[]), None);
        for _ in 0..1_000 {
            assert!((-3..=4).contains(&chance.between(-3, 4)));
            assert!(chance.below(5) < 5);
        }
        assert!(!chance.percent(0) && chance.percent(100));
    }

    #[test]
    fn short_and_long_buffers_are_filled() {
        let mut bytes = [0; 19];
        Chance::new(1, "fill").fill(&mut bytes);
        assert!(bytes[16..].iter().any(|byte| *byte != 0));
    }
}
