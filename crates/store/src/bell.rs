//! Tells event streams that there may be something new.

use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::watch;

/// Rung after each commit that wrote events, here or in another process. A ring too many does no harm, a missing one does.
#[derive(Debug)]
pub(crate) struct Bell {
    rings: watch::Sender<u64>,
    /// How many events all organisations have together, as far as this process rang for them.
    announced: AtomicI64,
}

impl Bell {
    pub(crate) fn new() -> Self {
        Self { rings: watch::Sender::new(0), announced: AtomicI64::new(0) }
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.rings.subscribe()
    }

    pub(crate) fn ring(&self) {
        self.rings.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// Rings for `count` events that this process committed.
    pub(crate) fn announce(&self, count: i64) {
        self.announced.fetch_add(count, Ordering::SeqCst);
        self.ring();
    }

    /// Rings if `total` differs from what was announced: another process wrote some.
    pub(crate) fn compare(&self, total: i64) {
        if self.announced.swap(total, Ordering::SeqCst) != total {
            self.ring();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_events_ring_once_and_those_of_others_too() {
        let bell = Bell::new();
        let heard = bell.listen();
        bell.announce(2);
        assert_eq!(*heard.borrow(), 1);
        bell.compare(2);
        assert_eq!(*heard.borrow(), 1);
        bell.compare(3);
        assert_eq!(*heard.borrow(), 2);
    }
}
