//! A row of an answer, and the forms its values come in (`gainsight.md` 5.1, 5.3).

use std::fmt;

use jiff::civil;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use sidelight_domain::ids::Gsid;
use sidelight_domain::{EmailAddress, Timestamp};

/// A row. Its keys may come in another case than they were asked for, so they are found in any. Prints no values.
#[derive(Clone, Eq, PartialEq)]
pub struct Record(Map<String, Value>);

impl Record {
    /// Wraps a row as it came.
    #[must_use]
    pub fn new(row: Map<String, Value>) -> Self {
        Self(row)
    }

    /// A value, if the row has it and it is not null.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        let same_name = || self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(field)).map(|(_, value)| value);
        self.0.get(field).or_else(same_name).filter(|value| !value.is_null())
    }

    /// A text that is not blank; numbers count as texts.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<String> {
        text(self.get(field))
    }

    /// A record id.
    #[must_use]
    pub fn gsid(&self, field: &str) -> Option<Gsid> {
        self.text(field).map(Gsid::new)
    }

    /// An address, in the form in which we compare.
    #[must_use]
    pub fn email(&self, field: &str) -> Option<EmailAddress> {
        EmailAddress::parse(&self.text(field)?).ok()
    }

    /// A number, which may come as a text.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<f64> {
        let number = match self.get(field)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        number.filter(|number| number.is_finite())
    }

    /// A truth value, which may come as a text or number.
    #[must_use]
    pub fn flag(&self, field: &str) -> Option<bool> {
        match self.get(field)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_i64() == Some(1)),
            Value::String(text) => Some(text.eq_ignore_ascii_case("true") || text == "1"),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A moment: epoch milliseconds, or ISO text. A date without a time is the beginning of that day in UTC: dates have no
    /// zone and are not shifted (`gainsight.md` 19.9).
    #[must_use]
    pub fn moment(&self, field: &str) -> Option<Timestamp> {
        match self.get(field)? {
            Value::Number(number) => number.as_i64().map(Timestamp::from_millis),
            Value::String(text) => moment(text.trim()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Texts that come as a list, or as one text with separators.
    #[must_use]
    pub fn texts(&self, field: &str) -> Vec<String> {
        match self.get(field) {
            Some(Value::Array(items)) => items.iter().filter_map(|item| text(Some(item))).collect(),
            Some(Value::String(all)) => {
                // Names may contain commas ("Ruiz, Ana"), so a semicolon is the separator wherever there is one.
                let separator = if all.contains(';') { ';' } else { ',' };
                all.split(separator).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Record").field(&self.0.keys().collect::<Vec<_>>()).finish()
    }
}

/// A text that says something; numbers and truth values count.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The spellings of `gainsight.md` 5.3, and milliseconds as a text.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(millis) = text.parse() {
        return Some(Timestamp::from_millis(millis));
    }
    let with_offset = || text.parse::<jiff::Timestamp>().ok();
    let compact_offset = || jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok();
    let in_utc = |moment: civil::DateTime| moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let without_offset = || text.parse().ok().and_then(in_utc);
    let moment = with_offset().or_else(compact_offset).or_else(without_offset)?;
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

/// A moment as a filter on a `DateTime` takes it, in UTC (`gainsight.md` 5.3: the delete log's sample).
pub(crate) fn filter_text(moment: Timestamp) -> String {
    spelled(moment, "%Y-%m-%d %H:%M:%S")
}

/// A moment as a Timeline write takes it, in UTC (`gainsight.md` 5.3).
pub(crate) fn write_text(moment: Timestamp) -> String {
    spelled(moment, "%Y-%m-%dT%H:%M:%S.%3f%z")
}

fn spelled(moment: Timestamp, format: &str) -> String {
    // Beyond the year 9999 there is no spelling; such a moment is cut back to what there is.
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis());
    moment.unwrap_or(jiff::Timestamp::MAX).to_zoned(TimeZone::UTC).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn record(value: Value) -> Record {
        Record::new(Map::from_iter([("Field".to_owned(), value)]))
    }

    #[test]
    fn keys_are_found_in_any_case() {
        let row = record(json!("x"));
        assert_eq!(row.text("field"), Some("x".to_owned()));
        assert_eq!(row.text("FIELD"), row.text("Field"));
        assert_eq!(row.get("Other"), None);
        assert_eq!(record(Value::Null).get("Field"), None);
    }

    #[test]
    fn every_spelling_of_a_moment_is_read() {
        let half_past_nine = Some(1_772_443_800_000);
        let cases = [
            (json!(1_772_443_800_000_i64), half_past_nine),
            (json!("1772443800000"), half_past_nine),
            (json!("2026-03-02T09:30:00.000+0000"), half_past_nine),
            (json!("2026-03-02T09:30:00Z"), half_past_nine),
            (json!("2026-03-02T02:30:00.000-07:00"), half_past_nine),
            (json!("2026-03-02T02:30:00.000-0700"), half_past_nine),
            (json!("2026-03-02 09:30:00"), half_past_nine),
            (json!("2026-03-02T09:30:00"), half_past_nine),
            (json!("2026-03-02"), Some(1_772_409_600_000)),
            (json!("03/02/2026"), None),
            (json!(""), None),
            (json!(true), None),
            (Value::Null, None),
        ];
        for (value, expected) in cases {
            assert_eq!(record(value.clone()).moment("field").map(Timestamp::as_millis), expected, "{value}");
        }
    }

    #[test]
    fn moments_are_written_as_documented() {
        let moment = Timestamp::from_millis(1_772_443_800_007);
        assert_eq!(write_text(moment), "2026-03-02T09:30:00.007+0000");
        assert_eq!(filter_text(moment), "2026-03-02 09:30:00");
        assert!(write_text(Timestamp::from_millis(i64::MAX)).starts_with("9999-12-3"));
    }

    #[test]
    fn values_are_read_from_texts_too() {
        assert_eq!(record(json!("410000.50")).number("Field"), Some(410_000.5));
        assert_eq!(record(json!("NaN")).number("Field"), None);
        for (value, expected) in [(json!(true), true), (json!("TRUE"), true), (json!(1), true), (json!("no"), false)] {
            assert_eq!(record(value.clone()).flag("Field"), Some(expected), "{value}");
        }
        assert_eq!(record(json!([])).flag("Field"), None);
        assert_eq!(record(json!(7)).text("Field"), Some("7".to_owned()));
        assert_eq!(record(json!(" \n")).text("Field"), None);
        assert_eq!(record(json!("Ana@X.example")).email("Field").unwrap().as_str(), "ana@x.example");
    }

    #[test]
    fn attendees_come_as_list_or_text() {
        let cases = [
            (json!(["Ana Ruiz", "", "Bo"]), vec!["Ana Ruiz", "Bo"]),
            (json!("Ana Ruiz, Bo"), vec!["Ana Ruiz", "Bo"]),
            (json!("Ruiz, Ana; Bo"), vec!["Ruiz, Ana", "Bo"]),
            (json!(""), vec![]),
            (Value::Null, vec![]),
        ];
        for (value, expected) in cases {
            assert_eq!(record(value.clone()).texts("Field"), expected, "{value}");
        }
    }

    #[test]
    fn debug_output_shows_no_value() {
        let shown = format!("{:?}", record(json!("ana@northwind.example")));
        assert!(shown.contains("Field") && !shown.contains("ana"), "{shown}");
    }

    proptest! {
        #[test]
        fn a_written_moment_is_read_back(millis in 0..4_102_444_800_000_i64) {
            let row = record(json!(write_text(Timestamp::from_millis(millis))));
            prop_assert_eq!(row.moment("Field"), Some(Timestamp::from_millis(millis)));
        }

        #[test]
        fn no_text_makes_it_panic(value in ".{0,40}") {
            let row = record(json!(value));
            let _ = (row.moment("Field"), row.number("Field"), row.texts("Field"));
        }
    }
}
