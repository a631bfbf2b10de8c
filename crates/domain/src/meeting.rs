//! What kind of meeting Zoom says it is (`zoom.md` 6.4).

/// How a meeting came to be, which tells what its number stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MeetingKind {
    /// Planned once: the number belongs to it alone.
    Planned,
    /// Planned again and again: each instance has the same number.
    Series,
    /// Somebody's personal room, begun on the spot, or a kind that we do not know: the number says nothing about what is talked of.
    Other,
}

impl MeetingKind {
    /// Reads Zoom's `type`.
    #[must_use]
    pub const fn of(number: i64) -> Self {
        match number {
            2 => Self::Planned,
            3 | 8 => Self::Series,
            _ => Self::Other,
        }
    }

    /// The `type` that is kept for it.
    #[must_use]
    pub const fn number(self) -> Option<i64> {
        match self {
            Self::Planned => Some(2),
            Self::Series => Some(8),
            Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_recurring_meetings_are_a_series() {
        let cases = [(3, MeetingKind::Series), (8, MeetingKind::Series), (2, MeetingKind::Planned)];
        for (number, kind) in cases {
            assert_eq!(MeetingKind::of(number), kind, "{number}");
            assert_eq!(kind.number().map(MeetingKind::of), Some(kind), "{number}");
        }
        for number in [0, 1, 4, 7, 10, -1] {
            assert_eq!(MeetingKind::of(number), MeetingKind::Other, "{number}");
        }
    }
}
