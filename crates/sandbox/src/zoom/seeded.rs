//! Ids that repeat themselves, for what is there at the start.

use std::sync::Mutex;

use sidelight_domain::IdSource;
use uuid::Uuid;

use crate::chance::Chance;
use crate::control::locked;

/// Draws ids from the seed. Never for secrets.
pub(crate) struct SeededIds(Mutex<Chance>);

impl SeededIds {
    /// A sequence of its own for `purpose`.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        Self(Mutex::new(Chance::new(seed, purpose)))
    }
}

impl IdSource for SeededIds {
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Uuid::from_bytes(bytes)
    }

    fn fill(&self, bytes: &mut [u8]) {
        locked(&self.0).fill(bytes);
    }
}
