//! Dates and numbers by the browser's `Intl`.

use js_sys::{Array, Date, Intl, Object, Reflect};
use sidelight_domain::Timestamp;
use wasm_bindgen::JsValue;

use crate::state::locale::Locale;

/// The viewer's language and time zone. The formats are made once; making one takes longer than many uses.
pub struct BrowserLocale {
    clock: Intl::DateTimeFormat,
    day: Intl::DateTimeFormat,
    day_of_other_year: Intl::DateTimeFormat,
    exact: Intl::DateTimeFormat,
    compact: Intl::NumberFormat,
}

impl Default for BrowserLocale {
    fn default() -> Self {
        let date = |options: &[(&str, &str)]| Intl::DateTimeFormat::new(&Array::new(), &object(options));
        let day = [("weekday", "short"), ("day", "numeric"), ("month", "short")];
        Self {
            clock: date(&[("timeStyle", "short")]),
            day: date(&day),
            day_of_other_year: date(&[("day", "numeric"), ("month", "short"), ("year", "numeric")]),
            exact: date(&[("dateStyle", "full"), ("timeStyle", "short")]),
            compact: Intl::NumberFormat::new(&Array::new(), &object(&[("notation", "compact")])),
        }
    }
}

impl BrowserLocale {
    /// The viewer's day: his midnight before `now`, and the next one.
    #[must_use]
    pub fn day_around(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let today = date(now);
        let midnight = |later: u32| {
            let day = today.get_date().saturating_add(later);
            let (month, day) = (today.get_month().cast_signed(), day.cast_signed());
            let millis = Date::new_with_year_month_day(today.get_full_year(), month, day).get_time();
            #[expect(clippy::cast_possible_truncation, reason = "a valid date is below 8.64e15")]
            Timestamp::from_millis(millis as i64)
        };
        (midnight(0), midnight(1))
    }
}

fn object(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh plain object cannot fail.
        drop(Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value)));
    }
    object
}

#[expect(clippy::cast_precision_loss, reason = "JavaScript counts time in doubles; these are far below 2^53")]
fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.as_millis() as f64))
}

fn formatted(format: &js_sys::Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, reason = "minutes of a time-zone offset")]
fn offset_minutes(date: &Date) -> i64 {
    date.get_timezone_offset() as i64
}

impl Locale for BrowserLocale {
    fn clock(&self, at: Timestamp) -> String {
        formatted(&self.clock.format(), &date(at))
    }

    fn day(&self, at: Timestamp) -> String {
        let date = date(at);
        let is_this_year = date.get_full_year() == Date::new_0().get_full_year();
        formatted(&if is_this_year { self.day.format() } else { self.day_of_other_year.format() }, &date)
    }

    fn exact(&self, at: Timestamp) -> String {
        formatted(&self.exact.format(), &date(at))
    }

    #[expect(clippy::cast_precision_loss, reason = "shown with two or three digits")]
    fn compact(&self, number: i64) -> String {
        formatted(&self.compact.format(), &JsValue::from_f64(number as f64))
    }

    fn day_number(&self, at: Timestamp) -> i64 {
        (at.as_millis() - offset_minutes(&date(at)) * 60_000).div_euclid(86_400_000)
    }

    fn to_field(&self, at: Timestamp) -> String {
        // A `datetime-local` value is local time without a zone, which ISO format of the shifted moment spells.
        let shifted = date(Timestamp::from_millis(at.as_millis() - offset_minutes(&date(at)) * 60_000));
        String::from(shifted.to_iso_string()).chars().take(16).collect()
    }

    fn read_field(&self, value: &str) -> Option<Timestamp> {
        let millis = Date::parse(value);
        #[expect(clippy::cast_possible_truncation, reason = "a valid date is below 8.64e15")]
        millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
    }
}
