//! When people work, wherever they are.

/// From when to when somebody begins something, in quarters of an hour after midnight UTC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Hours {
    first: i64,
    last: i64,
}

impl Hours {
    /// From eight to a quarter to six.
    pub(super) const fn of(utc_offset: i64) -> Self {
        Self { first: (8 - utc_offset) * 4, last: (18 - utc_offset) * 4 - 1 }
    }

    /// Those of them in which somebody else works too; whoever is too far away meets at the edge of the day.
    pub(super) fn shared_with(self, other: Self) -> Self {
        Self { first: other.first.clamp(self.first, self.last), last: other.last.clamp(self.first, self.last) }
    }

    /// The first and the last quarter.
    pub(super) const fn quarters(self) -> (i64, i64) {
        (self.first, self.last)
    }
}

/// Hours ahead of UTC outside summer time; close enough for the hours of a call.
pub(super) fn utc_offset(timezone: &str) -> i64 {
    match timezone {
        "America/Los_Angeles" | "America/Vancouver" => -8,
        "America/Denver" => -7,
        "America/Chicago" | "America/Mexico_City" => -6,
        "America/New_York" | "America/Toronto" | "America/Bogota" => -5,
        "America/Halifax" => -4,
        "Europe/Helsinki" | "Europe/Sofia" | "Africa/Gaborone" | "Africa/Johannesburg" => 2,
        "Africa/Nairobi" => 3,
        "Asia/Dubai" => 4,
        "Asia/Kolkata" => 5,
        "Asia/Singapore" | "Australia/Perth" => 8,
        "Asia/Tokyo" => 9,
        "Australia/Melbourne" => 10,
        "Europe/London" | "Europe/Dublin" | "Europe/Lisbon" => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_far_apart_meet_while_both_work_or_at_the_edge_of_the_day() {
        let cases = [
            ("Europe/Paris", "Europe/Berlin", (7 * 4, 17 * 4 - 1)),
            ("America/Los_Angeles", "Europe/Stockholm", (16 * 4, 17 * 4 - 1)),
            ("Asia/Tokyo", "Europe/Helsinki", (6 * 4, 9 * 4 - 1)),
            ("Australia/Melbourne", "Europe/London", (8 * 4 - 1, 8 * 4 - 1)),
        ];
        for (customer, author, expected) in cases {
            let shared = Hours::of(utc_offset(customer)).shared_with(Hours::of(utc_offset(author)));
            assert_eq!(shared.quarters(), expected, "{customer} and {author}");
        }
    }
}
