//! Values as they come back (`gainsight.md` 5.3, 6).

use serde_json::{Number, Value};

use super::super::store::{Cell, Field, Kind, Store};
use super::dates::spelled;

/// How a tenant writes values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) dates_as_text: bool,
    pub(crate) picklists_as_ids: bool,
}

impl Style {
    /// A value as JSON.
    pub(crate) fn render(self, store: &Store, field: &Field, cell: &Cell) -> Value {
        match cell {
            Cell::Null => Value::Null,
            Cell::Flag(flag) => Value::Bool(*flag),
            Cell::Number(number) => numeric(*number),
            Cell::Time(millis) if self.dates_as_text => spelled(*millis, field.kind == Kind::DateTime).into(),
            Cell::Time(millis) => (*millis).into(),
            Cell::Text(text) => self.item(store, field, text).into(),
            Cell::Items(items) => {
                let items: Vec<_> = items.iter().map(|item| self.item(store, field, item)).collect();
                items.join(";").into()
            }
        }
    }

    fn item<'a>(self, store: &'a Store, field: &Field, text: &'a str) -> &'a str {
        let category = field.kind.category().filter(|_| self.picklists_as_ids);
        let item = category.and_then(|name| store.category(name)).and_then(|category| category.item(text));
        item.map_or(text, |item| item.gsid.as_str())
    }
}

/// Whole numbers without a point.
fn numeric(number: f64) -> Value {
    let whole = format!("{number:.0}").parse::<i64>().ok().filter(|_| number.fract() == 0.0);
    whole.map_or_else(|| Number::from_f64(number).map_or(Value::Null, Value::Number), Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_without_a_point() {
        assert_eq!(numeric(410_000.0).to_string(), "410000");
        assert_eq!(numeric(12.5).to_string(), "12.5");
        assert_eq!(numeric(f64::NAN), Value::Null);
    }
}
