//! How often an account's apps may call (`zoom.md` 7.4). Windows lie on the clock, as Zoom's do.

use std::collections::HashMap;

use sidelight_domain::Timestamp;

const DAY: i64 = 86_400;

/// Label of an endpoint.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Category {
    Light,
    Medium,
}

impl Category {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Medium => "Medium",
        }
    }
}

/// What a plan allows in a category.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Allowance {
    pub(crate) per_second: u32,
    /// Only the free plan counts light and medium calls by the day.
    pub(crate) per_day: Option<u32>,
}

impl Allowance {
    /// What `plan` allows; none where nothing is limited.
    pub(crate) fn of(plan: &str, category: Category) -> Option<Self> {
        let (per_second, per_day) = match (plan, category) {
            ("free", Category::Light) => (4, Some(6_000)),
            ("free", Category::Medium) => (2, Some(2_000)),
            ("pro", Category::Light) => (30, None),
            ("pro", Category::Medium) => (20, None),
            ("business", Category::Light) => (80, None),
            ("business", Category::Medium) => (60, None),
            _ => return None,
        };
        Some(Self { per_second, per_day })
    }
}

/// Which limit a call met.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exceeded {
    PerSecond,
    /// Until the day ends in UTC.
    Daily {
        until: Timestamp,
    },
}

/// The calls of the current second and day.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    seconds: HashMap<(String, Category), (i64, u32)>,
    days: HashMap<(String, Category), (i64, u32)>,
}

impl Limits {
    /// Counts a call and tells how many are left in this second.
    pub(crate) fn take(
        &mut self,
        account: &str,
        category: Category,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<u32, Exceeded> {
        let key = (account.to_owned(), category);
        let day = now.as_seconds().div_euclid(DAY);
        let today = current(self.days.entry(key.clone()).or_default(), day);
        if allowance.per_day.is_some_and(|most| *today >= most) {
            return Err(Exceeded::Daily { until: Timestamp::from_millis((day + 1) * DAY * 1_000) });
        }
        let this_second = current(self.seconds.entry(key).or_default(), now.as_seconds());
        let left = allowance.per_second.checked_sub(*this_second + 1).ok_or(Exceeded::PerSecond)?;
        *this_second += 1;
        *today += 1;
        Ok(left)
    }
}

/// The counter of the window `now`; one of an older window starts again.
fn current(slot: &mut (i64, u32), now: i64) -> &mut u32 {
    if slot.0 != now {
        *slot = (now, 0);
    }
    &mut slot.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_780_056_000_000);

    #[test]
    fn each_second_starts_again() {
        let mut limits = Limits::default();
        let allowance = Allowance::of("free", Category::Medium).unwrap();
        let mut take = |at| limits.take("acc", Category::Medium, allowance, Timestamp::from_millis(at));
        let noon = NOON.as_millis();
        assert_eq!([take(noon), take(noon + 999)], [Ok(1), Ok(0)]);
        assert_eq!(take(noon + 999), Err(Exceeded::PerSecond));
        assert_eq!(take(noon + 1_000), Ok(1));
    }

    #[test]
    fn accounts_and_categories_are_counted_apart() {
        let mut limits = Limits::default();
        let allowance = Allowance { per_second: 1, per_day: None };
        assert!(limits.take("a", Category::Light, allowance, NOON).is_ok());
        assert!(limits.take("b", Category::Light, allowance, NOON).is_ok());
        assert!(limits.take("a", Category::Medium, allowance, NOON).is_ok());
        assert!(limits.take("a", Category::Light, allowance, NOON).is_err());
    }

    #[test]
    fn the_daily_limit_names_the_end_of_the_day() {
        let mut limits = Limits::default();
        let allowance = Allowance { per_second: 10, per_day: Some(1) };
        assert!(limits.take("a", Category::Light, allowance, NOON).is_ok());
        let midnight = Timestamp::from_millis(NOON.as_millis() + 12 * 3_600 * 1_000);
        let refused = limits.take("a", Category::Light, allowance, NOON);
        assert_eq!(refused, Err(Exceeded::Daily { until: midnight }));
        assert!(limits.take("a", Category::Light, allowance, midnight).is_ok());
    }

    #[test]
    fn plans_differ_and_can_be_off() {
        let per_second = |plan| Allowance::of(plan, Category::Light).map(|allowance| allowance.per_second);
        assert_eq!([per_second("free"), per_second("pro"), per_second("business")], [Some(4), Some(30), Some(80)]);
        assert_eq!(per_second("off"), None);
    }
}
