//! Call budgets in fixed windows, per tenant and shared by everybody (`gainsight.md` 4.3).

use std::collections::HashMap;

use crate::control::Control;

use super::switches;

/// Which budget a call takes from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Budget {
    /// Company, relationship, people, objects, metadata.
    Synchronous,
    /// Logging, changing and deleting single activities.
    Timeline,
    /// User management.
    Users,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Budget {
    /// Length of each window in milliseconds, and how many calls fit into it.
    fn windows(self, control: &Control, tenant: &str) -> Vec<(i64, u64)> {
        let most = |switch| control.switches.number(switch, tenant);
        match self {
            Self::Synchronous => {
                vec![(MINUTE, most(&switches::SYNC_PER_MINUTE)), (DAY, most(&switches::SYNC_PER_DAY))]
            }
            Self::Timeline => vec![(MINUTE, most(&switches::TIMELINE_PER_MINUTE))],
            Self::Users => vec![(HOUR, most(&switches::USERS_PER_HOUR))],
        }
    }

    /// The value of `x-ratelimit-limit`.
    pub(crate) fn announced(self, control: &Control, tenant: &str) -> String {
        let windows = self.windows(control, tenant);
        windows.iter().map(|(length, most)| format!("{most};w={}", length / 1_000)).collect::<Vec<_>>().join(", ")
    }
}

/// Calls in the current windows.
#[derive(Debug, Default)]
pub(crate) struct Windows(HashMap<(Budget, i64), (i64, u64)>);

impl Windows {
    /// Takes one call from a budget.
    ///
    /// # Errors
    /// How many seconds remain of a window that is full. A refused call is not counted.
    pub(crate) fn take(&mut self, budget: Budget, control: &Control, tenant: &str, now: i64) -> Result<(), i64> {
        if control.switches.is(&switches::RATE_LIMITS, tenant, "off") {
            return Ok(());
        }
        let windows = budget.windows(control, tenant);
        for (length, most) in &windows {
            let current = now.div_euclid(*length);
            let (window, count) = self.0.entry((budget, *length)).or_insert((current, 0));
            if *window != current {
                (*window, *count) = (current, 0);
            }
            if *count >= *most {
                let left = length - now.rem_euclid(*length);
                return Err((left + 999) / 1_000);
            }
        }
        for (length, _) in &windows {
            if let Some((_, count)) = self.0.get_mut(&(budget, *length)) {
                *count += 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_fixed_to_the_clock_and_not_to_the_first_call() {
        let control = Control::new(switches::ALL.iter().copied());
        let mut windows = Windows::default();
        let mut take = |now| windows.take(Budget::Synchronous, &control, "lumen", now);
        for _ in 0..100 {
            assert_eq!(take(59_000), Ok(()));
        }
        assert_eq!(take(59_000), Err(1));
        assert_eq!(take(60_000), Ok(()), "the next minute began");
        assert_eq!(Budget::Timeline.announced(&control, "lumen"), "200;w=60");
    }

    #[test]
    fn the_day_has_a_limit_too() {
        let control = Control::new(switches::ALL.iter().copied());
        let limit = serde_json::from_str(r#"{"gainsight.sync_per_day": 3}"#).unwrap();
        control.switches.set(&limit).unwrap();
        let mut windows = Windows::default();
        let taken: Vec<_> =
            (0..4).map(|minute| windows.take(Budget::Synchronous, &control, "x", minute * MINUTE)).collect();
        assert_eq!(taken[..3], [Ok(()), Ok(()), Ok(())]);
        assert_eq!(taken[3], Err((DAY - 3 * MINUTE) / 1_000));
        assert_eq!(windows.take(Budget::Timeline, &control, "x", 0), Ok(()), "budgets are apart");
    }
}
