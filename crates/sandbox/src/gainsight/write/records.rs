//! `/v1/data/objects/{object}`: insert, update, delete (`gainsight.md` 5.4).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::super::caller::{Caller, Outcome, Ways, read};
use super::super::envelope::Failure;
use super::super::objects::table;
use super::super::query::dates;
use super::super::query::render::Style;
use super::super::store::{Cell, Field, Object, Row, Store, Table, Written, same_text};
use super::super::switches;
use super::super::tenant::State;
use super::super::view::{View, Who, edits_records};
use super::errors::{FieldError, rejected};
use super::lookups::{Lookups, resolve};
use super::values::{Taking, is_gsid, parse};

/// Most records of one call.
const MOST_RECORDS: usize = 50;
/// Most keys of an update.
const MOST_KEYS: usize = 3;

/// The body of an insert or update.
#[derive(Debug, Deserialize)]
struct Batch {
    records: Vec<Map<String, Value>>,
    #[serde(default)]
    lookups: Option<Lookups>,
}

/// The checked values of one record.
type Values = Vec<(&'static Field, Cell)>;

/// `POST /v1/data/objects/{object}`: all records or none.
pub(crate) async fn insert(caller: Caller, Path(object): Path<String>, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let batch = batch(&body)?;
        let mut state = tenant.state();
        let object = writable(&state.store, &caller, &object)?;
        let checked = check(&state.store, &caller, object, &batch, true)?;
        let records = checked.iter().map(|values| created(&mut state, &caller, object, values)).collect::<Vec<_>>();
        Ok(written(&records))
    })
}

/// `PUT /v1/data/objects/{object}?keys=…`: changes what the keys find.
pub(crate) async fn update(
    caller: Caller,
    Path(object): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    caller.answer(|tenant| {
        let batch = batch(&body)?;
        let mut state = tenant.state();
        let object = writable(&state.store, &caller, &object)?;
        let keys = keys(object, query.as_deref().unwrap_or_default())?;
        let mut changes = Vec::new();
        let view = View::of(&state.store, &caller.who);
        for record in &batch.records {
            changes.push(matching(&state.store, object, &view, &keys, record)?);
        }
        let without_keys = batch.without(&keys);
        let checked = check(&state.store, &caller, object, &without_keys, false)?;
        let mut records = Vec::new();
        for (ids, values) in changes.iter().zip(&checked) {
            for id in ids {
                records.push(changed(&mut state, &caller, object, id, values));
            }
        }
        Ok(written(&records))
    })
}

/// `DELETE /v1/data/objects/{object}/{gsid}`
pub(crate) async fn delete(caller: Caller, Path((object, gsid)): Path<(String, String)>) -> Response {
    caller.answer(|tenant| {
        let mut state = tenant.state();
        let object = writable(&state.store, &caller, &object)?;
        if !is_gsid(&gsid) {
            return Err(Failure::invalid("GSOBJ_1004", "The GSID in the path is invalid."));
        }
        let view = View::of(&state.store, &caller.who);
        let is_there = state
            .store
            .table(object.name)
            .is_some_and(|table| table.get(&gsid).is_some_and(|row| view.sees(table, row)));
        if !is_there {
            return Err(Failure::no_records());
        }
        remove(&mut state, object, &gsid, caller.now());
        Ok(Outcome::Data(json!({ "count": 1, "errors": null, "records": [{ "Gsid": gsid }] })))
    })
}

/// Deletes a record and notes it in the delete log (`gainsight.md` 5.5).
pub(crate) fn remove(state: &mut State, object: &Object, gsid: &str, now: i64) {
    if let Some(table) = state.store.table_mut(object.name) {
        table.remove(gsid);
    }
    let entry = state.fresh_gsid("1D01");
    if let Some(log) = state.store.table_mut("record_delete_log") {
        let values =
            [("RecordId", Cell::text(gsid)), ("ObjectName", Cell::text(object.name)), ("DeletedOn", Cell::Time(now))];
        log.insert(&entry, values, 0);
    }
}

/// Deletions can be read for 15 days (`gainsight.md` 5.5).
const DELETE_LOG_RETENTION: i64 = 15 * dates::DAY;

/// Drops what the delete log no longer shows.
pub(crate) fn forget_old_deletions(state: &mut State, now: i64) {
    if let Some(log) = state.store.table_mut("record_delete_log") {
        log.retain(|log, row| {
            log.value(row, "DeletedOn").as_time().is_some_and(|deleted_on| deleted_on > now - DELETE_LOG_RETENTION)
        });
    }
}

impl Batch {
    fn without(&self, keys: &[&'static Field]) -> Self {
        let is_key = |name: &str| keys.iter().any(|key| key.name.eq_ignore_ascii_case(name));
        let strip = |record: &Map<String, Value>| {
            record.iter().filter(|(name, _)| !is_key(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        Self { records: self.records.iter().map(strip).collect(), lookups: self.lookups.clone() }
    }
}

fn batch(body: &[u8]) -> Result<Batch, Failure> {
    let batch: Batch = read(body)?;
    match batch.records.len() {
        0 => Err(Failure::invalid("GSOBJ_1008", "There are no records.")),
        1..=MOST_RECORDS => Ok(batch),
        _ => Err(Failure::invalid("GSOBJ_1008", "At most 50 records are allowed in one call.")),
    }
}

/// The object, if this caller may write it this way.
fn writable(store: &Store, caller: &Caller, name: &str) -> Result<&'static Object, Failure> {
    let object = table(store, &caller.ways(), name)?.object;
    let is_link = object.name == "company_person" && caller.ways().is(&switches::LINK_INSERT, "accepted");
    if object.written != Written::Directly && !is_link {
        return Err(Failure::unknown_path());
    }
    if edits_records(store, &caller.who) {
        Ok(object)
    } else {
        Err(Failure::forbidden("Your licence does not allow to edit records."))
    }
}

/// What the switches say about values in writes.
pub(crate) fn taking(ways: &Ways<'_>) -> Taking {
    let picklists = ways.choice(&switches::PICKLIST_WRITE);
    Taking {
        labels: picklists != "gsid",
        item_ids: picklists != "label",
        millis: ways.is(&switches::WRITE_DATES, "millis"),
    }
}

/// Checks every field of every record before anything is written.
fn check(
    store: &Store,
    caller: &Caller,
    object: &'static Object,
    batch: &Batch,
    is_insert: bool,
) -> Result<Vec<Values>, Failure> {
    let view = View::of(store, &caller.who);
    let mut errors = Vec::new();
    let mut checked = Vec::new();
    for record in &batch.records {
        let (values, wrong) =
            checked_record(store, &view, taking(&caller.ways()), object, record, batch.lookups.as_ref());
        let missing = object.fields.iter().filter(|field| {
            is_insert
                && field.is_required
                && field.is_writable()
                && !values.iter().any(|(held, _)| held.name == field.name)
        });
        let mut wrong = wrong;
        for field in missing.filter(|field| !record.contains_key(field.name)) {
            wrong.push(FieldError::new("GSOBJ_1007", field.name, format!("{} is required.", field.name), &Value::Null));
        }
        errors.push(wrong);
        checked.push(values);
    }
    if errors.iter().all(Vec::is_empty) { Ok(checked) } else { Err(rejected(&errors)) }
}

/// The values of a record, look-ups resolved, and everything that is wrong with it.
pub(crate) fn checked_record(
    store: &Store,
    view: &View,
    taking: Taking,
    object: &'static Object,
    record: &Map<String, Value>,
    lookups: Option<&Lookups>,
) -> (Values, Vec<FieldError>) {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    let no_lookups = Lookups::new();
    let lookups = lookups.unwrap_or(&no_lookups);
    for (target, lookup) in lookups {
        let field = object.column(target).and_then(|column| object.fields.get(column));
        match (field, resolve(store, view, target, lookup, record)) {
            (Some(field), Ok(Some(found))) => {
                values.push((field, found.0.first().map_or(Cell::Null, Cell::text)));
            }
            (_, Ok(None)) => {}
            (None, Ok(Some(_))) => errors.push(unknown(object, target, &Value::Null)),
            (_, Err(error)) => errors.push(error),
        }
    }
    let is_column_of_lookup = |name: &str| lookups.values().any(|lookup| lookup.uses(name));
    for (name, value) in record {
        let field =
            object.column(name).and_then(|column| object.fields.get(column)).filter(|field| !field.is_internal());
        match field {
            None if is_column_of_lookup(name) => {}
            None => errors.push(unknown(object, name, value)),
            Some(field) if !field.is_writable() || !view.reads(field) => {
                errors.push(FieldError::new("GSOBJ_1008", name, format!("{name} is not writable."), value));
            }
            Some(field) => match parse(store, view, field, value, taking) {
                Ok(cell) => values.push((field, cell)),
                Err(error) => errors.push(error),
            },
        }
    }
    (values, errors)
}

fn unknown(object: &Object, name: &str, value: &Value) -> FieldError {
    FieldError::new("GSOBJ_1002", name, format!("{name} is not a field of {}.", object.name), value)
}

/// The keys of an update: at most three, of the types that may be keys.
fn keys(object: &'static Object, query: &str) -> Result<Vec<&'static Field>, Failure> {
    let wrong = |text: &str| Err(Failure::invalid("GSOBJ_1008", text));
    let decoded = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "keys");
    let names: Vec<String> =
        decoded.map(|(_, value)| value.split(',').map(|name| name.trim().to_owned()).collect()).unwrap_or_default();
    if names.is_empty() || names.iter().any(String::is_empty) {
        return wrong("The keys of the update are missing.");
    }
    if names.len() > MOST_KEYS {
        return wrong("At most 3 keys are allowed.");
    }
    let mut keys = Vec::new();
    for name in &names {
        let field =
            object.column(name).and_then(|column| object.fields.get(column)).filter(|field| !field.is_internal());
        match field {
            Some(field) if field.kind.may_be_key() => keys.push(field),
            Some(_) => return wrong("A key must be of type String, GSID, Number or Email."),
            None => return Err(Failure::invalid("GSOBJ_1002", format!("{name} is not a field of {}.", object.name))),
        }
    }
    Ok(keys)
}

/// The records that have all keys of `record`.
fn matching(
    store: &Store,
    object: &Object,
    view: &View,
    keys: &[&'static Field],
    record: &Map<String, Value>,
) -> Result<Vec<Arc<str>>, Failure> {
    let Some(table) = store.table(object.name) else { return Err(Failure::no_records()) };
    let mut wanted = Vec::new();
    for key in keys {
        let value = record.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.name)).map(|(_, value)| value);
        let value = value.filter(|value| !value.is_null());
        let missing = || Failure::invalid("GSOBJ_1007", format!("Key {} is missing.", key.name));
        wanted.push((key, value.ok_or_else(missing)?));
    }
    let has_keys = |row: &&Row| {
        wanted.iter().all(|(key, value)| match (table.value(row, key.name), value) {
            (Cell::Text(held), Value::String(text)) => same_text(held, text),
            (Cell::Number(held), Value::Number(number)) => {
                number.as_f64().is_some_and(|number| number.total_cmp(held).is_eq())
            }
            _ => false,
        })
    };
    let found: Vec<Arc<str>> = table
        .rows()
        .iter()
        .filter(|row| view.sees(table, row))
        .filter(has_keys)
        .map(|row| Arc::from(table.gsid(row)))
        .collect();
    if found.is_empty() { Err(Failure::no_records()) } else { Ok(found) }
}

fn created(state: &mut State, caller: &Caller, object: &'static Object, values: &Values) -> Value {
    let gsid = state.fresh_gsid(object.key_prefix);
    let now = caller.now();
    let by = author(&caller.who);
    let stamps = [
        ("CreatedDate", Cell::Time(now)),
        ("CreatedBy", by.clone()),
        ("ModifiedDate", Cell::Time(now)),
        ("ModifiedBy", by),
    ];
    let named = values.iter().map(|(field, cell)| (field.name, cell.clone()));
    if let Some(table) = state.store.table_mut(object.name) {
        table.insert(&gsid, named.chain(stamps), now);
    }
    shown(&state.store, &gsid, values)
}

fn changed(state: &mut State, caller: &Caller, object: &'static Object, gsid: &str, values: &Values) -> Value {
    let now = caller.now();
    let by = author(&caller.who);
    if let Some(table) = state.store.table_mut(object.name) {
        for (field, cell) in values {
            table.set(gsid, field.name, cell.clone());
        }
        stamp(table, gsid, by, now);
    }
    shown(&state.store, gsid, values)
}

/// Notes who changed a record, and when.
pub(crate) fn stamp(table: &mut Table, gsid: &str, by: Cell, now: i64) {
    table.set(gsid, "ModifiedDate", Cell::Time(now));
    table.set(gsid, "ModifiedBy", by);
}

/// Who stands in `CreatedBy`; a tenant's own credential is nobody.
pub(crate) fn author(who: &Who) -> Cell {
    match who {
        Who::Tenant => Cell::Null,
        Who::User(user) => Cell::Text(Arc::clone(user)),
    }
}

/// The reply repeats what was written.
fn shown(store: &Store, gsid: &str, values: &Values) -> Value {
    let style = Style { dates_as_text: false, picklists_as_ids: false };
    let mut record = Map::new();
    record.insert("Gsid".to_owned(), gsid.into());
    for (field, cell) in values {
        record.insert(field.name.to_owned(), style.render(store, field, cell));
    }
    Value::Object(record)
}

fn written(records: &[Value]) -> Outcome {
    Outcome::Data(json!({ "count": records.len(), "errors": null, "records": records }))
}
