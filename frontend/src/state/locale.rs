//! Dates and numbers as the viewer's language writes them; the browser's `Intl` does it, tests have a plain stand-in.

use sidelight_domain::Timestamp;

/// Writes dates and numbers for a person, in the viewer's language and time zone.
pub trait Locale {
    /// "10:02".
    fn clock(&self, at: Timestamp) -> String;
    /// "Wed, 3 Jun", with the year where it is not the present one.
    fn day(&self, at: Timestamp) -> String;
    /// Day and time in full, for titles.
    fn exact(&self, at: Timestamp) -> String;
    /// "410K".
    fn compact(&self, number: i64) -> String;
    /// Counts days by the viewer's calendar; two moments of one day have the same number.
    fn day_number(&self, at: Timestamp) -> i64;
    /// The value of a `datetime-local` field: "2026-06-03T10:02".
    fn to_field(&self, at: Timestamp) -> String;
    /// Reads such a value.
    fn read_field(&self, value: &str) -> Option<Timestamp>;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A language in which everything is a number of milliseconds, in UTC.
    pub(crate) struct PlainLocale;

    const DAY: i64 = 86_400_000;

    impl Locale for PlainLocale {
        fn clock(&self, at: Timestamp) -> String {
            format!("clock {}", at.as_millis() % DAY)
        }
        fn day(&self, at: Timestamp) -> String {
            format!("day {}", self.day_number(at))
        }
        fn exact(&self, at: Timestamp) -> String {
            format!("exact {}", at.as_millis())
        }
        fn compact(&self, number: i64) -> String {
            format!("{}K", number / 1000)
        }
        fn day_number(&self, at: Timestamp) -> i64 {
            at.as_millis().div_euclid(DAY)
        }
        fn to_field(&self, at: Timestamp) -> String {
            at.as_millis().to_string()
        }
        fn read_field(&self, value: &str) -> Option<Timestamp> {
            value.parse().ok().map(Timestamp::from_millis)
        }
    }
}
