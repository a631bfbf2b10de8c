//! What tests and people do to the tenants: read records, change users, take back tokens.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query as Params, State};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::control::{Refusal, json_body, only_from_this_machine};
use crate::world::Entry;

use super::query::render::Style;
use super::store::{Cell, PICKLISTS, Row, Store, Table, same_text};
use super::tenant::{Cloud, Tenant};

/// Control routes that concern the tenants; they stand on each port.
pub(crate) fn router(cloud: &Arc<Cloud>) -> Router {
    Router::new()
        .route("/_control/tenants", get(tenants))
        .route("/_control/activities", get(activities).post(add_activities))
        .route("/_control/records", get(records))
        .route("/_control/users", post(change_user))
        .route("/_control/forms", post(change_form))
        .route("/_control/picklists", post(change_picklist))
        .route("/_control/tokens/revoke", post(revoke))
        .layer(middleware::from_fn(only_from_this_machine))
        .with_state(Arc::clone(cloud))
}

/// Keys, names and host names, with the credentials of the demo.
async fn tenants(State(cloud): State<Arc<Cloud>>) -> Json<Vec<Value>> {
    let shown = |tenant: &Tenant| {
        let (client_id, client_secret) = tenant.application();
        let (machine_id, machine_secret) = tenant.machine_client();
        let (entry, salesforce) = match tenant.vendor.entry {
            Entry::Database => ("database", None),
            Entry::SingleSignOn(_) => ("single_sign_on", None),
            Entry::Salesforce(organisation) => ("salesforce", Some(organisation)),
        };
        json!({
            "key": tenant.vendor.key,
            "name": tenant.vendor.name,
            "data_centre": tenant.vendor.centre.label(),
            "environment": tenant.vendor.environment,
            "email_domain": tenant.vendor.email_domain,
            "entry": entry,
            "salesforce_organisation": salesforce,
            "url": tenant.url(),
            "application": { "client_id": client_id, "client_secret": client_secret },
            "machine": { "client_id": machine_id, "client_secret": machine_secret },
            "access_key": tenant.access_key(),
        })
    };
    Json(cloud.tenants().iter().map(shown).collect())
}

fn tenant<'a>(cloud: &'a Cloud, key: &str) -> Result<&'a Tenant, Refusal> {
    cloud.tenant(key).ok_or(Refusal::Unknown("such tenant"))
}

#[derive(Deserialize)]
struct Activities {
    tenant: String,
    #[serde(default)]
    external_id_prefix: String,
}

/// Everything that was logged under marks of ours, reported yet or not: for exactly-once checks.
async fn activities(
    State(cloud): State<Arc<Cloud>>,
    Params(wanted): Params<Activities>,
) -> Result<Json<Vec<Value>>, Refusal> {
    let state = tenant(&cloud, &wanted.tenant)?.state();
    let table = state.store.table("activity_timeline").ok_or(Refusal::Unknown("such object"))?;
    let is_wanted = |row: &&Row| {
        let external_id = table.value(row, "ExternalId").as_text();
        external_id.is_some_and(|id| id.starts_with(&wanted.external_id_prefix))
    };
    Ok(Json(table.rows().iter().filter(is_wanted).map(|row| whole(&state.store, table, row)).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bulk {
    tenant: String,
    /// Whose.
    company: String,
    count: u32,
    /// The first one's date, in milliseconds; each further one is an hour older.
    until: i64,
}

/// A company with many activities, for those who measure.
async fn add_activities(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let bulk: Bulk = json_body(&body)?;
    let mut state = tenant(&cloud, &bulk.tenant)?.state();
    let table = state.store.table_mut("activity_timeline").ok_or(Refusal::Unknown("such object"))?;
    for number in 0..bulk.count {
        let held_at = bulk.until.saturating_sub(i64::from(number).saturating_mul(3_600_000));
        let text = format!("Bulk entry {number}");
        let values = [
            ("TypeName", Cell::text(if number.is_multiple_of(50) { "Milestone" } else { "Update" })),
            ("Subject", Cell::text(&text)),
            ("Notes", Cell::text(format!("<p>{text}</p>"))),
            ("NotesPlainText", Cell::text(&text)),
            ("ContextName", Cell::text("Company")),
            ("ContextId", Cell::text(&bulk.company)),
            ("GsCompanyId", Cell::text(&bulk.company)),
            ("ActivityDate", Cell::Time(held_at)),
            ("CreatedDate", Cell::Time(held_at)),
            ("ModifiedDate", Cell::Time(held_at)),
        ];
        table.insert(&format!("1T01BULK{number:07}"), values, 0);
    }
    Ok(Json(json!({ "added": bulk.count })))
}

#[derive(Deserialize)]
struct Records {
    tenant: String,
    object: String,
    /// Only records whose `field` is `value`, in any case.
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    value: Option<String>,
}

/// Records of an object with all their fields, hidden ones too.
async fn records(
    State(cloud): State<Arc<Cloud>>,
    Params(wanted): Params<Records>,
) -> Result<Json<Vec<Value>>, Refusal> {
    let state = tenant(&cloud, &wanted.tenant)?.state();
    let table = state.store.table(&wanted.object).ok_or(Refusal::Unknown("such object"))?;
    let is_wanted = |row: &&Row| match (&wanted.field, &wanted.value) {
        (Some(field), Some(value)) => table.value(row, field).as_text().is_some_and(|held| same_text(held, value)),
        _ => true,
    };
    Ok(Json(table.rows().iter().filter(is_wanted).map(|row| whole(&state.store, table, row)).collect()))
}

fn whole(store: &Store, table: &Table, row: &Row) -> Value {
    let style = Style { dates_as_text: false, picklists_as_ids: false };
    let cells = table.object.fields.iter().zip(&row.cells);
    Value::Object(
        cells.map(|(field, cell)| (field.name.to_owned(), style.render(store, field, cell))).collect::<Map<_, _>>(),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserChange {
    tenant: String,
    email: String,
    #[serde(default)]
    is_active: Option<bool>,
    #[serde(default)]
    licence: LicenceChange,
    #[serde(default)]
    is_super_admin: Option<bool>,
    #[serde(default)]
    edits_timeline: Option<bool>,
}

/// Left out, or given: a name of the picklist, or null for none at all.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum LicenceChange {
    #[default]
    #[serde(skip)]
    AsItIs,
    To(Option<String>),
}

async fn change_user(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let change: UserChange = json_body(&body)?;
    let mut state = tenant(&cloud, &change.tenant)?.state();
    let users = state.store.table_mut("GsUser").ok_or(Refusal::Unknown("such object"))?;
    let found = users.find("Email", &change.email).next().map(|row| users.gsid(row).to_owned());
    let gsid = found.ok_or(Refusal::Unknown("such user"))?;
    let mut set = |field: &str, cell: Option<Cell>| {
        if let Some(cell) = cell {
            users.set(&gsid, field, cell);
        }
    };
    let licence = match change.licence {
        LicenceChange::AsItIs => None,
        LicenceChange::To(name) => Some(licence_cell(name.as_deref())?),
    };
    set("IsActiveUser", change.is_active.map(Cell::Flag));
    set("IsSuperAdmin", change.is_super_admin.map(Cell::Flag));
    set("edits_timeline", change.edits_timeline.map(Cell::Flag));
    set("LicenseType", licence);
    Ok(Json(json!({ "Gsid": gsid })))
}

fn licence_cell(name: Option<&str>) -> Result<Cell, Refusal> {
    let Some(name) = name else { return Ok(Cell::Null) };
    let known = PICKLISTS.iter().find(|(category, _)| *category == "LicenseType").map_or(&[][..], |(_, items)| *items);
    let item = known.iter().find(|(label, _)| label.eq_ignore_ascii_case(name));
    item.map(|(label, _)| Cell::text(label)).ok_or(Refusal::Unknown("such licence"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormChange {
    tenant: String,
    /// An activity type.
    of: String,
    /// A field of the Timeline.
    field: String,
    is_required: bool,
}

/// An admin makes a field of a type mandatory, or optional (`gainsight.md` 10.2).
async fn change_form(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let change: FormChange = json_body(&body)?;
    let is_field = tenant(&cloud, &change.tenant)?.state().demands.set(&change.of, &change.field, change.is_required);
    if is_field { Ok(Json(json!({}))) } else { Err(Refusal::Unknown("such field")) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PicklistChange {
    tenant: String,
    category: String,
    /// The label of one of its items.
    item: String,
    is_active: bool,
}

/// An admin switches an item of a picklist on or off (`gainsight.md` 6).
async fn change_picklist(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let change: PicklistChange = json_body(&body)?;
    let mut state = tenant(&cloud, &change.tenant)?.state();
    let category = state.store.categories.iter_mut().find(|category| category.name == change.category);
    let category = category.ok_or(Refusal::Unknown("such picklist"))?;
    let item = category.items.iter_mut().find(|item| item.label == change.item);
    item.ok_or(Refusal::Unknown("such item"))?.is_active = change.is_active;
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    tenant: String,
    /// Only this user's; everybody's if left out, the tenant's own too.
    #[serde(default)]
    email: Option<String>,
}

async fn revoke(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let wanted: Revocation = json_body(&body)?;
    let mut state = tenant(&cloud, &wanted.tenant)?.state();
    let user = match &wanted.email {
        None => None,
        Some(email) => {
            let users = state.store.table("GsUser").ok_or(Refusal::Unknown("such object"))?;
            let found = users.find("Email", email).next().map(|row| users.gsid(row).to_owned());
            Some(found.ok_or(Refusal::Unknown("such user"))?)
        }
    };
    let revoked = state.grants.revoke(user.as_deref());
    Ok(Json(json!({ "revoked": revoked })))
}
