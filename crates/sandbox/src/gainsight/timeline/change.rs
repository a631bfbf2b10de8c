//! `PUT /v1/ant/es/activity?identifier=…`: changes one activity (`gainsight.md` 10.1).

use axum::body::Bytes;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::caller::{Caller, read};
use super::super::envelope::Failure;
use super::super::store::{Cell, Store};
use super::super::tenant::State;
use super::super::view::{View, edits_activity_of};
use super::super::write::records::{author, stamp};
use super::log::reply;
use super::record::{Body, Checked, check, mandatory};
use crate::world::notes::plain_text;

#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    identifier: String,
}

/// How an activity is named in a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Identifier {
    ExternalId,
    ActivityId,
    Gsid,
}

impl Identifier {
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        match text.to_lowercase().as_str() {
            "externalid" => Ok(Self::ExternalId),
            "activityid" => Ok(Self::ActivityId),
            "gsid" => Ok(Self::Gsid),
            _ => Err(Failure::invalid("GSOBJ_1008", "identifier must be externalid, activityid or gsid.")),
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::ExternalId => "ExternalId",
            Self::ActivityId => "ActivityId",
            Self::Gsid => "Gsid",
        }
    }

    /// The id in a body, in any case of its name.
    fn value(self, record: &Map<String, Value>) -> Option<&str> {
        record.iter().find(|(name, _)| name.eq_ignore_ascii_case(self.field())).and_then(|(_, value)| value.as_str())
    }
}

/// The record that an identifier names, if the asker sees it. An id of the record is good as an activity id too, where both are
/// the same.
pub(super) fn find(store: &Store, view: &View, identifier: Identifier, id: &str) -> Option<String> {
    let activities = store.table("activity_timeline")?;
    let row = match identifier {
        Identifier::Gsid => activities.get(id),
        Identifier::ExternalId => activities.find("ExternalId", id).next(),
        Identifier::ActivityId => activities.find("ActivityId", id).next().or_else(|| activities.get(id)),
    };
    row.filter(|row| view.sees(activities, row)).map(|row| activities.gsid(row).to_owned())
}

/// Changes what is named and leaves the rest.
pub(crate) async fn change(caller: Caller, Query(which): Query<Which>, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let identifier = Identifier::parse(&which.identifier)?;
        let body: Body = read(&body)?;
        let mut record = body.single()?.clone();
        let id = identifier.value(&record).map(str::to_owned);
        let id = id.ok_or_else(|| Failure::invalid("GSOBJ_1007", format!("{} is required.", identifier.field())))?;
        record.retain(|name, _| !["Gsid", "ActivityId", "ExternalId"].iter().any(|key| key.eq_ignore_ascii_case(name)));
        let mut state = tenant.state();
        let view = View::of(&state.store, &caller.who);
        let gsid = find(&state.store, &view, identifier, &id).ok_or_else(Failure::no_records)?;
        may_change(&state.store, &caller, &gsid)?;
        let mut checked = check(&state.store, &view, &caller.ways(), &body, &record)?;
        keeps_what_it_needs(&state, &caller, &gsid, &checked)?;
        if let Some(notes) = checked.get("Notes").as_text().map(plain_text) {
            checked.put("NotesPlainText", Cell::text(notes));
        }
        let attendees = checked.attendees.values();
        let by = author(&caller.who);
        if let Some(table) = state.store.table_mut("activity_timeline") {
            for (name, cell) in checked.values.into_iter().chain(attendees) {
                table.set(&gsid, name, cell);
            }
            stamp(table, &gsid, by, caller.now());
        }
        let held =
            |field| state.store.value("activity_timeline", &gsid, field).as_text().unwrap_or_default().to_owned();
        Ok(reply(&caller.ways(), &held("ExternalId"), &gsid, &held("ActivityId")))
    })
}

/// Own entries, or others' with the permission (`gainsight.md` 15.3).
pub(super) fn may_change(store: &Store, caller: &Caller, gsid: &str) -> Result<(), Failure> {
    let written_by = store.value("activity_timeline", gsid, "AuthorId");
    if edits_activity_of(store, &caller.who, written_by.as_text().unwrap_or_default()) {
        Ok(())
    } else {
        Err(Failure::forbidden("Only the author may change this activity."))
    }
}

/// A change must not take away what the type demands.
fn keeps_what_it_needs(state: &State, caller: &Caller, gsid: &str, checked: &Checked) -> Result<(), Failure> {
    let mut after = Checked::default();
    for name in state.demands.fields().chain(["TypeName"]) {
        let is_changed = checked.values.iter().any(|(changed, _)| *changed == name);
        let held = || state.store.value("activity_timeline", gsid, name);
        after.put(name, if is_changed { checked.get(name).clone() } else { held() });
    }
    mandatory(&state.store, &caller.ways(), &state.demands, &after)
}
