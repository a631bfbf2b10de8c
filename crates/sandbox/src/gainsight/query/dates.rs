//! Dates in filters and writes (`gainsight.md` 5.3).

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use serde_json::Value;

/// A moment, and how long the spelling leaves open: a day for a mere date, nothing for a time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) length: i64,
}

pub(crate) const DAY: i64 = 86_400_000;

/// The zone of a tenant that reads filters in its own: five hours behind UTC, all year.
const TENANT_OFFSET: i64 = -5 * 3_600_000;

/// How a filter value is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Only the spellings of the documentation's samples.
    pub(crate) documented_only: bool,
    /// Values without a zone are in the tenant's.
    pub(crate) in_tenant_zone: bool,
}

impl Reading {
    /// Reads a filter value.
    pub(crate) fn filter(self, value: &Value) -> Option<Span> {
        let shift = if self.in_tenant_zone { -TENANT_OFFSET } else { 0 };
        let documented = value.as_str().and_then(samples);
        if let Some(span) = documented {
            return Some(Span { from: span.from.checked_add(shift)?, ..span });
        }
        if self.documented_only {
            return None;
        }
        match value {
            Value::Number(millis) => Some(Span { from: millis.as_i64()?, length: 0 }),
            Value::String(text) => iso(text).map(|from| Span { from, length: 0 }),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The three spellings that samples show.
fn samples(text: &str) -> Option<Span> {
    for (format, length) in [("%m-%d-%Y", DAY), ("%Y-%m-%d", DAY)] {
        if let Ok(date) = strtime::parse(format, text).and_then(|parsed| parsed.to_date()) {
            return Some(Span { from: millis(date.at(0, 0, 0, 0))?, length });
        }
    }
    let time = strtime::parse("%Y-%m-%d %H:%M:%S", text).and_then(|parsed| parsed.to_datetime()).ok()?;
    Some(Span { from: millis(time)?, length: 0 })
}

fn millis(time: DateTime) -> Option<i64> {
    time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_millisecond())
}

/// A moment in ISO 8601 with either spelling of the offset: `…+0000` or `…-07:00`.
pub(crate) fn iso(text: &str) -> Option<i64> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_millisecond());
    }
    ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%z"].iter().find_map(|format| {
        strtime::parse(format, text).and_then(|parsed| parsed.to_timestamp()).ok().map(jiff::Timestamp::as_millisecond)
    })
}

/// A date in a write: `yyyy-MM-dd`, or the day of a moment.
pub(crate) fn date(text: &str) -> Option<i64> {
    if let Ok(date) = strtime::parse("%Y-%m-%d", text).and_then(|parsed| parsed.to_date()) {
        return millis(date.at(0, 0, 0, 0));
    }
    iso(text).map(|moment| moment.div_euclid(DAY) * DAY)
}

/// A moment or date as some replies write it.
pub(crate) fn spelled(millis: i64, with_time: bool) -> String {
    let format = if with_time { "%Y-%m-%dT%H:%M:%S%.3fZ" } else { "%Y-%m-%d" };
    jiff::Timestamp::from_millisecond(millis).map_or_else(
        |_| String::new(),
        |moment| strtime::format(format, &moment.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTC: Reading = Reading { documented_only: true, in_tenant_zone: false };
    const MIDNIGHT: i64 = 1_772_409_600_000; // 2026-03-02T00:00:00Z

    #[test]
    fn the_documented_spellings_are_read() {
        let cases = [
            ("03-02-2026", Some((MIDNIGHT, DAY))),
            ("2026-03-02", Some((MIDNIGHT, DAY))),
            ("2026-03-02 09:30:00", Some((MIDNIGHT + 34_200_000, 0))),
            ("2026-03-02T09:30:00Z", None),
            ("02.03.2026", None),
            ("2026-02-30", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let span = expected.map(|(from, length)| Span { from, length });
            assert_eq!(UTC.filter(&Value::from(text)), span, "{text}");
        }
    }

    #[test]
    fn the_zone_of_a_filter_is_a_matter_of_the_tenant() {
        let there = Reading { in_tenant_zone: true, ..UTC };
        assert_eq!(there.filter(&"2026-03-02".into()).unwrap().from, MIDNIGHT + 5 * 3_600_000);
        let lenient = Reading { documented_only: false, in_tenant_zone: true };
        assert_eq!(lenient.filter(&"2026-03-02T00:00:00Z".into()).unwrap().from, MIDNIGHT);
        assert_eq!(lenient.filter(&MIDNIGHT.into()).unwrap().from, MIDNIGHT);
    }

    #[test]
    fn both_offset_spellings_are_the_same_moment() {
        let moment = MIDNIGHT + 34_200_000;
        for text in [
            "2026-03-02T09:30:00.000+0000",
            "2026-03-02T09:30:00.000Z",
            "2026-03-02T02:30:00.000-07:00",
            "2026-03-02T02:30:00-0700",
        ] {
            assert_eq!(iso(text), Some(moment), "{text}");
        }
        assert_eq!(iso("yesterday"), None);
        assert_eq!(date("2026-03-02T09:30:00.000Z"), Some(MIDNIGHT));
        assert_eq!(spelled(moment, true), "2026-03-02T09:30:00.000Z");
        assert_eq!(spelled(moment, false), "2026-03-02");
    }
}
