//! `DELETE /v1/ant/es/activity` and the list of what was deleted (`gainsight.md` 10.1).

use axum::body::Bytes;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::caller::{Caller, Outcome, read};
use super::super::envelope::Failure;
use super::super::query::dates;
use super::super::store::{OBJECTS, Store};
use super::super::switches;
use super::super::view::View;
use super::super::write::records::{forget_old_deletions, remove};
use super::change::{Identifier, find, may_change};

/// Where the id may stand: nobody knows the form, only that it is the activity's id.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Which {
    #[serde(default, alias = "activityid", alias = "id")]
    activity_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    activity_ids: Vec<String>,
}

/// Deletes activities by id, all or none.
pub(crate) async fn delete(caller: Caller, Query(which): Query<Which>, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let ids = ids(&caller, which, &body)?;
        let mut state = tenant.state();
        let view = View::of(&state.store, &caller.who);
        let mut found = Vec::new();
        for id in &ids {
            let gsid = find(&state.store, &view, Identifier::ActivityId, id).ok_or_else(Failure::no_records)?;
            may_change(&state.store, &caller, &gsid)?;
            found.push(gsid);
        }
        let object =
            OBJECTS.iter().find(|object| object.name == "activity_timeline").ok_or_else(Failure::unknown_path)?;
        for gsid in &found {
            remove(&mut state, object, gsid, caller.now());
        }
        Ok(Outcome::Data(json!({ "count": found.len() })))
    })
}

fn ids(caller: &Caller, which: Which, body: &Bytes) -> Result<Vec<String>, Failure> {
    let form = caller.ways().choice(&switches::DELETE_FORM);
    let in_query: Vec<String> = which.activity_id.into_iter().filter(|_| form != "body").collect();
    let in_body: Vec<String> =
        if form == "query" || body.is_empty() { Vec::new() } else { read::<Body>(body)?.activity_ids };
    // One id may stand in both places: who does not know the form, sends both.
    let mut ids = [in_query, in_body].concat();
    ids.sort();
    ids.dedup();
    if ids.is_empty() { Err(Failure::invalid("GSOBJ_1007", "The id of the activity is missing.")) } else { Ok(ids) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    start_date: String,
    end_date: String,
}

/// `POST /v1/ant/es/activity/deleted`: what was deleted in a range of ISO 8601 times, at most 15 days back.
pub(crate) async fn deleted(caller: Caller, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let range: Range = read(&body)?;
        let moment =
            |text: &str| dates::iso(text).ok_or_else(|| Failure::invalid("GSOBJ_1005", "A date cannot be parsed."));
        let (from, to) = (moment(&range.start_date)?, moment(&range.end_date)?);
        let mut state = tenant.state();
        forget_old_deletions(&mut state, caller.now());
        Ok(Outcome::Data(listed(&state.store, from, to)))
    })
}

fn listed(store: &Store, from: i64, to: i64) -> Value {
    let Some(log) = store.table("record_delete_log") else { return json!([]) };
    let entries = log.rows().iter().filter_map(|row| {
        let deleted_on = log.value(row, "DeletedOn").as_time()?;
        let is_meant = log.value(row, "ObjectName").as_text() == Some("activity_timeline");
        let record = log.value(row, "RecordId").as_text()?;
        (is_meant && from <= deleted_on && deleted_on <= to)
            .then(|| json!({ "activityId": record, "deletedOn": deleted_on }))
    });
    entries.collect()
}
