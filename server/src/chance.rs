//! The real clock and the real source of ids: the only place of the server that asks the machine for either.

use std::time::{SystemTime, UNIX_EPOCH};

use sidelight_domain::{Clock, IdSource, Timestamp};
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the real clock")]
    fn now(&self) -> Timestamp {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The machine's randomness.
#[derive(Clone, Copy, Debug)]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the real source of ids")]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "this is the real source of randomness; without it nothing is safe"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system provides randomness");
    }
}

/// A fresh secret of 256 bits in base64url, for links, cookies and states.
#[must_use]
pub fn secret_text(ids: &dyn IdSource) -> String {
    use base64::Engine as _;
    let mut bytes = [0; 32];
    ids.fill(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A fresh code of six digits, each as likely as any other.
#[must_use]
pub fn code(ids: &dyn IdSource) -> String {
    const CODES: u32 = 1_000_000;
    loop {
        let mut bytes = [0; 4];
        ids.fill(&mut bytes);
        let drawn = u32::from_le_bytes(bytes);
        // The last, incomplete round would favour small codes: draw again.
        if drawn < u32::MAX - u32::MAX % CODES {
            return format!("{:06}", drawn % CODES);
        }
    }
}

#[cfg(test)]
mod tests {
    use sidelight_domain::CountingIds;

    use super::*;

    #[test]
    fn codes_have_six_digits_and_secrets_never_repeat() {
        let ids = CountingIds::default();
        for _ in 0..100 {
            assert_eq!(code(&ids).len(), 6);
        }
        assert_ne!(secret_text(&SystemIds), secret_text(&SystemIds));
    }
}
