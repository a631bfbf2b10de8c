//! The `lookups` block: filling a field with the record that other columns describe (`gainsight.md` 5.4).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::store::{Cell, Row, Store, Table, same_text};
use super::super::view::View;
use super::errors::FieldError;

/// Target field → how to find what goes into it.
pub(crate) type Lookups = BTreeMap<String, Lookup>;

/// How to find a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lookup {
    /// Column in the record → field of the other object; all must match.
    fields: BTreeMap<String, String>,
    #[serde(default = "gsid", rename = "lookupField")]
    answer: String,
    pub(crate) object_name: String,
    #[serde(default)]
    multi_match_option: MultiMatch,
    #[serde(default)]
    on_no_match: NoMatch,
    #[serde(default)]
    default_value: Option<String>,
}

impl Lookup {
    /// Whether a column of the record is only there to look something up.
    pub(crate) fn uses(&self, column: &str) -> bool {
        self.fields.contains_key(column)
    }
}

fn gsid() -> String {
    "Gsid".to_owned()
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum MultiMatch {
    #[default]
    FirstMatch,
    MarkAsError,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum NoMatch {
    Nullable,
    DefaultValue,
    #[default]
    Error,
}

/// What a look-up found: one value, several for a column that holds a list, or nothing where that is allowed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Found(pub(crate) Vec<String>);

/// Resolves one look-up for a record; `None` if the record has none of its columns.
///
/// # Errors
/// What the block says about no match or several, and blocks that make no sense.
pub(crate) fn resolve(
    store: &Store,
    view: &View,
    target: &str,
    lookup: &Lookup,
    record: &Map<String, Value>,
) -> Result<Option<Found>, FieldError> {
    let wrong = |text: String, value: &Value| FieldError::new("GSOBJ_1008", target, text, value);
    let table = store.table(&lookup.object_name).ok_or_else(|| {
        wrong(format!("Lookup of {target}: object {} is not found.", lookup.object_name), &Value::Null)
    })?;
    let mut wanted: Vec<(&str, &Value)> = Vec::new();
    for (column, field) in &lookup.fields {
        if let Some(value) = record.get(column).filter(|value| !value.is_null()) {
            wanted.push((field, value));
        }
    }
    let found = match wanted.as_slice() {
        [] => return Ok(None),
        [(field, Value::Array(values))] => {
            let mut found = Vec::with_capacity(values.len());
            for value in values {
                found.extend(one(store, table, view, target, lookup, &[(*field, value)])?);
            }
            found
        }
        all => one(store, table, view, target, lookup, all)?.into_iter().collect(),
    };
    Ok(Some(Found(found)))
}

fn one(
    store: &Store,
    table: &Table,
    view: &View,
    target: &str,
    lookup: &Lookup,
    wanted: &[(&str, &Value)],
) -> Result<Option<String>, FieldError> {
    let shown = wanted.first().map_or(&Value::Null, |(_, value)| *value);
    let wrong = |text: String| FieldError::new("GSOBJ_1008", target, text, shown);
    let mut matches = Vec::new();
    for row in table.rows().iter().filter(|row| view.sees(table, row)) {
        if all_match(store, table, row, wanted)
            .map_err(|field| wrong(format!("Lookup of {target}: no field {field}.")))?
        {
            matches.push(row);
        }
    }
    match matches.as_slice() {
        [] => match lookup.on_no_match {
            NoMatch::Nullable => Ok(None),
            NoMatch::DefaultValue => Ok(lookup.default_value.clone()),
            NoMatch::Error => Err(wrong(format!("Lookup of {target}: no match found."))),
        },
        [_, _, ..] if lookup.multi_match_option == MultiMatch::MarkAsError => {
            Err(wrong(format!("Lookup of {target}: multiple matches found.")))
        }
        [first, ..] => Ok(table.value(first, &lookup.answer).as_text().map(str::to_owned)),
    }
}

/// Whether a record has all values; texts are compared without case, as e-mail addresses need it.
fn all_match<'f>(store: &Store, table: &Table, row: &Row, wanted: &[(&'f str, &Value)]) -> Result<bool, &'f str> {
    for (name, value) in wanted {
        let cell = follow(store, table, row, name).ok_or(*name)?;
        let is_same = match (cell, value) {
            (Cell::Text(held), Value::String(text)) => same_text(held, text.trim()),
            (Cell::Number(held), Value::Number(number)) => {
                number.as_f64().is_some_and(|number| number.total_cmp(held).is_eq())
            }
            (Cell::Flag(held), Value::Bool(flag)) => held == flag,
            _ => false,
        };
        if !is_same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A field of the record, or of one that it looks up: `Person_ID__gr.Email`.
fn follow<'a>(store: &'a Store, table: &'a Table, row: &'a Row, name: &str) -> Option<&'a Cell> {
    match name.split_once('.') {
        None => row.cells.get(table.object.column(name)?),
        Some((relation, rest)) => {
            let (column, object) = table.object.relation(relation)?;
            let next = store.table(object)?;
            match row.cells.get(column).and_then(Cell::as_text).and_then(|gsid| next.get(gsid)) {
                Some(target) => follow(store, next, target, rest),
                None => Some(&Cell::Null),
            }
        }
    }
}

#[cfg(test)]
#[path = "lookups_tests.rs"]
mod tests;
