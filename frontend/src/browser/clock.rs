//! Time and chance of the browser.

use std::sync::atomic::{AtomicI64, Ordering};

use sidelight_domain::{Clock, IdSource, Timestamp};
use uuid::{Builder, Uuid};

/// The browser's clock, corrected by the server's: a wrong clock in a client does no harm.
#[derive(Debug, Default)]
pub struct BrowserClock {
    ahead_millis: AtomicI64,
}

impl BrowserClock {
    /// Sets the present moment.
    pub fn correct(&self, now: Timestamp) {
        self.ahead_millis.store(now.as_millis() - own_millis(), Ordering::Relaxed);
    }
}

impl Clock for BrowserClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(own_millis() + self.ahead_millis.load(Ordering::Relaxed))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "JavaScript's time is a whole number far below 2^53")]
fn own_millis() -> i64 {
    js_sys::Date::now() as i64
}

/// The browser's source of chance.
#[derive(Clone, Copy, Debug)]
pub struct BrowserIds;

impl IdSource for BrowserIds {
    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        Builder::from_unix_timestamp_millis(u64::try_from(own_millis()).unwrap_or_default(), &random).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let filled = web_sys::window()
            .and_then(|window| window.crypto().ok())
            .is_some_and(|crypto| crypto.get_random_values_with_u8_array(bytes).is_ok());
        // Every engine that runs WebAssembly has it; ids that repeat would be caught by the server as repeats.
        debug_assert!(filled, "the browser has no source of chance");
    }
}
