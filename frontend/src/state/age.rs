//! How long ago something was, in a few letters.

use sidelight_domain::Timestamp;
use sidelight_domain::words::Word;

/// "just now", "12 s ago", "5 min ago", "3 h ago", "4 d ago".
#[must_use]
pub fn age(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.since(then).as_secs();
    let (word, count) = match seconds {
        0..=1 => return Word::AgeNow.text().to_owned(),
        2..=59 => (Word::AgeSeconds, seconds),
        60..=3_599 => (Word::AgeMinutes, seconds / 60),
        3_600..=86_399 => (Word::AgeHours, seconds / 3_600),
        _ => (Word::AgeDays, seconds / 86_400),
    };
    word.fill(&[("count", &count.to_string())])
}

/// Whole minutes between two moments, rounded up, at least one: what a call that just began took so far.
#[must_use]
pub fn minutes_between(start: Timestamp, end: Timestamp) -> u32 {
    u32::try_from(end.since(start).as_millis().div_ceil(60_000)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_largest_whole_unit() {
        let cases = [
            (0, "just now"),
            (1_999, "just now"),
            (2_000, "2 s ago"),
            (59_999, "59 s ago"),
            (60_000, "1 min ago"),
            (3_600_000, "1 h ago"),
            (86_400_000, "1 d ago"),
            (-5_000, "just now"),
        ];
        for (millis, text) in cases {
            let then = Timestamp::from_millis(1_000_000_000_000);
            assert_eq!(age(Timestamp::from_millis(1_000_000_000_000 + millis), then), text, "{millis}");
        }
    }

    #[test]
    fn a_call_takes_at_least_a_minute() {
        let start = Timestamp::from_millis(0);
        for (millis, minutes) in [(0, 1), (60_000, 1), (60_001, 2), (1_920_000, 32)] {
            assert_eq!(minutes_between(start, Timestamp::from_millis(millis)), minutes, "{millis}");
        }
    }
}
