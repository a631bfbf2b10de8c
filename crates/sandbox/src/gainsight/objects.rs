//! `/v1/data/objects`: query, insert, update, delete (`gainsight.md` 5).

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use serde_json::{Value, json};

use super::caller::{Caller, Outcome, Ways, read};
use super::envelope::Failure;
use super::query::{Query, Scope};
use super::store::{Store, Table};
use super::switches;
use super::view::View;
use super::write::records::forget_old_deletions;

/// `POST /v1/data/objects/query/{object}`
pub(crate) async fn query(caller: Caller, Path(object): Path<String>, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let query: Query = read(&body)?;
        let mut state = tenant.state();
        forget_old_deletions(&mut state, caller.now());
        let table = table(&state.store, &caller.ways(), &object)?;
        let view = View::of(&state.store, &caller.who);
        let scope = Scope { store: &state.store, table, view: &view, now: caller.now() };
        let rows = query.run(scope, caller.ways().manner())?;
        drop(state);
        page(&caller.ways(), rows)
    })
}

/// Rows in the tenant's shape; nothing in one of three (`gainsight.md` 5.1).
fn page(ways: &Ways<'_>, rows: Vec<Value>) -> Result<Outcome, Failure> {
    let in_records = ways.is(&switches::DATA_SHAPE, "records");
    if rows.is_empty() {
        match ways.choice(&switches::EMPTY_SHAPE) {
            "result_false" => return Ok(Outcome::Nothing),
            "gsobj_1011" => return Err(Failure::no_records()),
            _ => {}
        }
    }
    let rows = Value::Array(rows);
    Ok(Outcome::Data(if in_records { json!({ "records": rows }) } else { rows }))
}

/// The table that a path or body names.
///
/// # Errors
/// `OBJECT_NOT_FOUND` for names that are not known to work.
pub(crate) fn table<'a>(store: &'a Store, ways: &Ways<'_>, name: &str) -> Result<&'a Table, Failure> {
    let table = store.table(name).ok_or_else(|| Failure::unknown_object(name))?;
    if ways.is(&switches::OBJECT_CASE, "any") || table.object.spellings.contains(&name) {
        return Ok(table);
    }
    Err(Failure::unknown_object(name))
}
