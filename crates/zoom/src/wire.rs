//! Zoom's JSON, read leniently: ids come as texts or numbers, absent values as `""` (`zoom.md` 6.4, 11).

use serde_json::Value;
use sidelight_domain::Timestamp;

/// A text that says something. Numbers and truth values count, `""` and blanks do not.
pub(crate) fn text(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An ISO 8601 moment such as `2023-11-14T22:13:20Z`.
pub(crate) fn time(object: &Value, key: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = object.get(key)?.as_str()?.parse().ok()?;
    Some(Timestamp::from_millis(moment.as_millisecond()))
}
