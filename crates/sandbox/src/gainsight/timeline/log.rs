//! `POST /v1/ant/es/activity`: one new activity (`gainsight.md` 10.2).

use axum::body::Bytes;
use axum::response::Response;
use serde_json::{Value, json};

use super::super::caller::{Caller, Outcome, Ways, read};
use super::super::envelope::Failure;
use super::super::seed::reporting_category;
use super::super::store::{Cell, Store};
use super::super::switches;
use super::super::tenant::State;
use super::super::view::{View, Who, logs_activities};
use super::super::write::records::author;
use super::record::{Body, Checked, check, complete};
use crate::world::notes::plain_text;

/// Logs an activity, or answers to its repetition as the tenant does.
pub(crate) async fn log(caller: Caller, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let body: Body = read(&body)?;
        let record = body.single()?;
        let mut state = tenant.state();
        if !logs_activities(&state.store, &caller.who) {
            return Err(Failure::forbidden("Your licence does not allow to log activities."));
        }
        let view = View::of(&state.store, &caller.who);
        let ways = caller.ways();
        let mut checked = check(&state.store, &view, &ways, &body, record)?;
        author_by_email(&state.store, record.get("Author"), &mut checked);
        complete(&state.store, &ways, (tenant.vendor.key, &state.demands), record, &mut checked)?;
        speaks_for_himself(&caller.who, &ways, &checked)?;
        let external_id = checked.get("ExternalId").as_text().unwrap_or_default().to_owned();
        if let Some(known) = known(&state.store, &external_id) {
            return repeated(&ways, &external_id, &known);
        }
        let (gsid, activity_id) = stored(&mut state, &caller, checked);
        Ok(reply(&ways, &external_id, &gsid, &activity_id))
    })
}

/// `Author` is an e-mail address, resolved through the look-up or by itself.
fn author_by_email(store: &Store, author: Option<&Value>, checked: &mut Checked) {
    let email = author.and_then(Value::as_str).map(str::trim);
    if let (true, Some(email), Some(users)) = (checked.get("AuthorId").is_null(), email, store.table("GsUser")) {
        let user = users.find("Email", email).next().map(|row| Cell::text(users.gsid(row)));
        checked.put("AuthorId", user.unwrap_or(Cell::Null));
    }
}

fn speaks_for_himself(who: &Who, ways: &Ways<'_>, checked: &Checked) -> Result<(), Failure> {
    match who {
        Who::User(user)
            if checked.get("AuthorId").as_text() != Some(user) && ways.is(&switches::OTHER_AUTHOR, "refused") =>
        {
            Err(Failure::forbidden("An activity can be logged in your own name only."))
        }
        Who::User(_) | Who::Tenant => Ok(()),
    }
}

/// Id and activity id of what was logged under this mark before, also by somebody else and also if not yet reported.
fn known(store: &Store, external_id: &str) -> Option<(String, String)> {
    let activities = store.table("activity_timeline")?;
    // The mark is compared exactly: it is a key, not a text.
    let column = activities.object.column("ExternalId")?;
    let row =
        activities.rows().iter().find(|row| row.cells.get(column).and_then(Cell::as_text) == Some(external_id))?;
    let activity_id = activities.value(row, "ActivityId").as_text().unwrap_or_default().to_owned();
    Some((activities.gsid(row).to_owned(), activity_id))
}

fn repeated(ways: &Ways<'_>, external_id: &str, known: &(String, String)) -> Result<Outcome, Failure> {
    if ways.is(&switches::DUPLICATE_EXTERNAL_ID, "existing") {
        return Ok(reply(ways, external_id, &known.0, &known.1));
    }
    let text = format!("Duplicate ExternalId: an activity with ExternalId {external_id} already exists.");
    Err(Failure::refused(text)
        .with_data(json!({ "failure": { external_id: [{ "errorMessage": "Duplicate ExternalId" }] } })))
}

/// Keeps the activity; queries see it after the reporting lag.
fn stored(state: &mut State, caller: &Caller, mut checked: Checked) -> (String, String) {
    let gsid = state.fresh_gsid("1T01");
    let activity_id =
        if caller.ways().is(&switches::ACTIVITY_ID, "own") { state.fresh_gsid("ACT1") } else { gsid.clone() };
    let now = caller.now();
    if checked.get("ActivityDate").is_null() {
        checked.put("ActivityDate", Cell::Time(now));
    }
    let plain = plain_text(checked.get("Notes").as_text().unwrap_or_default());
    let category = reporting_category(checked.get("TypeName").as_text().unwrap_or_default());
    let user = author(&caller.who);
    let by = if user.is_null() { checked.get("AuthorId").clone() } else { user };
    let stamps = [
        ("ActivityId", Cell::text(&activity_id)),
        ("NotesPlainText", Cell::text(plain)),
        ("ReportingCategory", Cell::text(category)),
        ("Source", Cell::text(checked.get("ContextName").as_text().unwrap_or_default())),
        ("CreatedDate", Cell::Time(now)),
        ("CreatedBy", by.clone()),
        ("ModifiedDate", Cell::Time(now)),
        ("ModifiedBy", by),
    ];
    let attendees = checked.attendees.values();
    if let Some(table) = state.store.table_mut("activity_timeline") {
        let values = checked.values.into_iter().chain(attendees).chain(stamps);
        let reported_from = now.saturating_add(caller.ways().number(&switches::REPORTING_LAG));
        table.insert(&gsid, values, reported_from);
    }
    (gsid, activity_id)
}

/// One fixture shows `data.success["<ExternalId>"][0].activityId`; nothing confirms it (`gainsight.md` 10.2).
pub(super) fn reply(ways: &Ways<'_>, external_id: &str, gsid: &str, activity_id: &str) -> Outcome {
    let id = if ways.is(&switches::ACTIVITY_ID, "own") { activity_id } else { gsid };
    Outcome::Data(match ways.choice(&switches::CREATE_REPLY) {
        "records" => {
            json!({
                "count": 1, "errors": null, "records": [{ "Gsid": gsid, "ActivityId": id, "ExternalId": external_id }],
            })
        }
        "bare" => Value::Null,
        _ => json!({ "success": { external_id: [{ "activityId": id }] }, "failure": {} }),
    })
}
