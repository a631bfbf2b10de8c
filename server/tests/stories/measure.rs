//! Numbers that a story tells: `cargo xtask bench` reads the lines and puts each number beside what was promised (design 7).

use serde_json::{Value, json};

/// What was promised of a number; both are the most that it may be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Promise {
    /// More than this fails the bench.
    pub(crate) floor: Option<u32>,
    /// What we work towards.
    pub(crate) aim: Option<u32>,
}

impl Promise {
    /// A number that is told without a promise.
    pub(crate) const NONE: Self = Self { floor: None, aim: None };

    /// Floor and aim.
    pub(crate) const fn of(floor: u32, aim: u32) -> Self {
        Self { floor: Some(floor), aim: Some(aim) }
    }
}

/// How often a story does something: as the environment says, for the bench does it more often than a test.
#[expect(clippy::disallowed_methods, reason = "how often is said from outside, as the bench wants it more often")]
pub(crate) fn how_often(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).map_or(otherwise, |often| often.parse().unwrap())
}

/// Tells how many there were.
pub(crate) fn count(name: &str, value: u32, promise: Promise) {
    tell(name, &json!(value), "count", promise);
}

/// Tells how long something took.
pub(crate) fn milliseconds(name: &str, value: f64, promise: Promise) {
    tell(name, &json!(value), "milliseconds", promise);
}

/// Tells how many of something a second brought.
pub(crate) fn per_second(name: &str, value: f64) {
    tell(name, &json!(value), "per_second", Promise::NONE);
}

/// Tells a ratio, of which more is better.
#[expect(clippy::print_stdout, reason = "the bench reads these lines")]
pub(crate) fn times(name: &str, value: f64, Promise { floor, aim }: Promise) {
    let told =
        json!({ "name": name, "value": value, "unit": "times", "floor": floor, "aim": aim, "more_is_better": true });
    println!("measure {told}");
}

/// Tells how large something is.
pub(crate) fn megabytes(name: &str, value: f64, promise: Promise) {
    tell(name, &json!(value), "megabytes", promise);
}

#[expect(clippy::print_stdout, reason = "the bench reads these lines")]
fn tell(name: &str, value: &Value, unit: &str, Promise { floor, aim }: Promise) {
    let told = json!({ "name": name, "value": value, "unit": unit, "floor": floor, "aim": aim });
    println!("measure {told}");
}
