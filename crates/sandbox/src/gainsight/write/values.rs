//! From JSON to a value of a field (`gainsight.md` 4.2, 6).

use std::sync::Arc;

use serde_json::Value;

use super::super::query::dates;
use super::super::store::{Category, Cell, Field, Kind, Store};
use super::super::view::View;
use super::errors::FieldError;

/// What a tenant takes where nobody is sure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taking {
    pub(crate) labels: bool,
    pub(crate) item_ids: bool,
    pub(crate) millis: bool,
}

/// Checks a value against the type of its field.
///
/// # Errors
/// The documented code for what is wrong with it.
pub(crate) fn parse(
    store: &Store,
    view: &View,
    field: &Field,
    value: &Value,
    taking: Taking,
) -> Result<Cell, FieldError> {
    let wrong = |code, text: &str| Err(FieldError::new(code, field.name, format!("{}: {text}.", field.name), value));
    if value.is_null() {
        return if field.is_required { wrong("GSOBJ_1007", "null is not allowed") } else { Ok(Cell::Null) };
    }
    match field.kind {
        Kind::Text | Kind::RichText | Kind::Url => match value.as_str() {
            Some(text) if text.chars().count() > field.length => wrong("GSOBJ_1001", "the value is too long"),
            Some("") if field.is_required => wrong("GSOBJ_1007", "an empty value is not allowed"),
            Some(text) => Ok(Cell::text(text)),
            None => wrong("GSOBJ_1002", "a text is expected"),
        },
        Kind::Email => match value.as_str() {
            Some(text) if is_address(text) => Ok(Cell::text(text)),
            _ => wrong("GSOBJ_1008", "not an e-mail address"),
        },
        Kind::Number | Kind::Currency => match value.as_f64() {
            Some(number) => Ok(Cell::Number(number)),
            None => wrong("GSOBJ_1002", "a number is expected"),
        },
        Kind::Percentage => match value.as_f64() {
            Some(number) => Ok(Cell::Number(number)),
            None => wrong("GSOBJ_1008", "a percentage is expected"),
        },
        Kind::Flag => match value.as_bool() {
            Some(flag) => Ok(Cell::Flag(flag)),
            None => wrong("GSOBJ_1008", "true or false is expected"),
        },
        Kind::Date => match moment(value, taking, dates::date) {
            Some(day) => Ok(Cell::Time(day.div_euclid(dates::DAY) * dates::DAY)),
            None => wrong("GSOBJ_1006", "the date cannot be parsed"),
        },
        Kind::DateTime => match moment(value, taking, dates::iso) {
            Some(moment) => Ok(Cell::Time(moment)),
            None => wrong("GSOBJ_1005", "the date and time cannot be parsed"),
        },
        Kind::Picklist(name) => match value.as_str().and_then(|text| item(store.category(name), text, taking)) {
            Some(label) => Ok(Cell::text(label)),
            None => wrong("GSOBJ_1002", "not an item of the picklist"),
        },
        Kind::MultiSelect(name) => match selection(store.category(name), value, taking) {
            Some(items) => Ok(Cell::Items(items)),
            None => wrong("GSOBJ_1002", "not items of the picklist"),
        },
        Kind::Lookup(object) => match value.as_str().filter(|gsid| is_there(store, view, object, gsid)) {
            Some(gsid) => Ok(Cell::text(gsid)),
            None => wrong("GSOBJ_1002", "no such record"),
        },
        Kind::Gsid => match value.as_str().filter(|text| is_gsid(text)) {
            Some(gsid) => Ok(Cell::text(gsid)),
            None => wrong("GSOBJ_1004", "not a GSID"),
        },
    }
}

/// Whether a text has the shape of a record id (`gainsight.md` 1).
pub(crate) fn is_gsid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// What somebody does not see, he cannot link to either.
fn is_there(store: &Store, view: &View, object: &str, gsid: &str) -> bool {
    store.table(object).is_some_and(|table| table.get(gsid).is_some_and(|row| view.sees(table, row)))
}

fn is_address(text: &str) -> bool {
    text.len() <= 255 && sidelight_domain::EmailAddress::parse(text).is_ok()
}

fn moment(value: &Value, taking: Taking, read: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    match value {
        Value::String(text) => read(text),
        Value::Number(millis) if taking.millis => millis.as_i64(),
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Inactive items are kept where they are and cannot be chosen anew.
fn item(category: Option<&Category>, text: &str, taking: Taking) -> Option<&'static str> {
    let item = category?
        .items
        .iter()
        .find(|item| taking.item_ids && item.gsid == text || taking.labels && item.label.eq_ignore_ascii_case(text))?;
    item.is_active.then_some(item.label)
}

/// An array, or texts joined by semicolons.
fn selection(category: Option<&Category>, value: &Value, taking: Taking) -> Option<Vec<Arc<str>>> {
    let texts: Vec<&str> = match value {
        Value::String(text) => text.split(';').filter(|text| !text.is_empty()).collect(),
        Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<_>>()?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    texts.into_iter().map(|text| item(category, text.trim(), taking).map(Arc::from)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chance::Chance;

    const TAKING: Taking = Taking { labels: true, item_ids: true, millis: false };

    fn code(kind: Kind, value: &Value) -> Result<Cell, &'static str> {
        let store = Store::new(&mut Chance::new(1, "values"));
        let field = Field::new("Field", "Field", kind).length(5).required();
        parse(&store, &View::default(), &field, value, TAKING).map_err(|error| error.code)
    }

    #[test]
    fn each_kind_of_mistake_has_its_code() {
        let cases = [
            (Kind::Text, json!("sixsix"), "GSOBJ_1001"),
            (Kind::Text, json!(5), "GSOBJ_1002"),
            (Kind::Text, json!(null), "GSOBJ_1007"),
            (Kind::Text, json!(""), "GSOBJ_1007"),
            (Kind::Number, json!("five"), "GSOBJ_1002"),
            (Kind::Percentage, json!("half"), "GSOBJ_1008"),
            (Kind::Flag, json!("yes"), "GSOBJ_1008"),
            (Kind::Email, json!("nobody"), "GSOBJ_1008"),
            (Kind::Date, json!(210_318), "GSOBJ_1006"),
            (Kind::Date, json!("18.03.2021"), "GSOBJ_1006"),
            (Kind::DateTime, json!("noon"), "GSOBJ_1005"),
            (Kind::Picklist("Stage"), json!("Nirvana"), "GSOBJ_1002"),
            (Kind::Picklist("Stage"), json!("Pilot (old)"), "GSOBJ_1002"),
            (Kind::MultiSelect("Tags"), json!(["Reference", "Nonsense"]), "GSOBJ_1002"),
            (Kind::Lookup("GsUser"), json!("1P01NOBODY"), "GSOBJ_1002"),
            (Kind::Gsid, json!("short"), "GSOBJ_1004"),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(code(kind, &value), Err(expected), "{kind:?} {value}");
        }
    }

    #[test]
    fn values_of_the_right_type_are_taken() {
        assert_eq!(code(Kind::Text, &json!("five!")), Ok(Cell::text("five!")));
        assert_eq!(code(Kind::Date, &json!("1970-01-02")), Ok(Cell::Time(86_400_000)));
        assert_eq!(code(Kind::Picklist("Stage"), &json!("launched")), Ok(Cell::text("Launched")));
        let both = Cell::Items(vec![Arc::from("Reference"), Arc::from("Beta")]);
        assert_eq!(code(Kind::MultiSelect("Tags"), &json!("Reference;Beta")), Ok(both));
    }

    #[test]
    fn picklists_can_insist_on_ids() {
        let store = Store::new(&mut Chance::new(1, "values"));
        let field = Field::new("Stage", "Stage", Kind::Picklist("Stage"));
        let ids_only = Taking { labels: false, ..TAKING };
        assert!(parse(&store, &View::default(), &field, &json!("Launched"), ids_only).is_err());
        let gsid = store.category("Stage").and_then(|category| category.item("Launched")).unwrap().gsid.clone();
        assert_eq!(parse(&store, &View::default(), &field, &json!(gsid), ids_only).unwrap(), Cell::text("Launched"));
    }
}
