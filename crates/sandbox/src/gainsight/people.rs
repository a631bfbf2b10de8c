//! People: one upsert for a person and its links to companies (`gainsight.md` 8.3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::caller::{Caller, Outcome, Ways, read};
use super::envelope::Failure;
use super::store::{Cell, OBJECTS, Object};
use super::switches;
use super::tenant::State;
use super::view::{View, edits_records};
use super::write::errors::rejected;
use super::write::records::{checked_record, taking};

/// The body: fields of the person, and links.
#[derive(Debug, Deserialize)]
struct Upsert {
    #[serde(default)]
    companies: Vec<Map<String, Value>>,
    #[serde(default)]
    associations: Option<Associations>,
    #[serde(default)]
    relationships: Vec<Map<String, Value>>,
    #[serde(flatten)]
    person: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Associations {
    #[serde(default)]
    company_person: Option<Map<String, Value>>,
}

type Values = Vec<(&'static str, Cell)>;

/// `PUT /v1/peoplemgmt/v1.0/people`: the e-mail address decides whether it is an insert or an update.
pub(crate) async fn upsert(caller: Caller, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let upsert: Upsert = read(&body)?;
        let mut state = tenant.state();
        if !edits_records(&state.store, &caller.who) {
            return Err(Failure::forbidden("Your licence does not allow to edit people."));
        }
        let plan = plan(&state, &caller, &upsert)?;
        let person = write_person(&mut state, &plan, caller.now());
        for (object, values) in &plan.links {
            write_link(&mut state, object, &person, values, caller.now());
        }
        Ok(Outcome::Data(match caller.ways().choice(&switches::PEOPLE_REPLY) {
            "record" => json!({ "Gsid": &*person, "Email": plan.email }),
            _ => Value::Null,
        }))
    })
}

/// Everything checked, nothing written.
struct Plan {
    email: String,
    person: Values,
    links: Vec<(&'static Object, Values)>,
}

fn plan(state: &State, caller: &Caller, upsert: &Upsert) -> Result<Plan, Failure> {
    let store = &state.store;
    let (view, ways) = (View::of(store, &caller.who), caller.ways());
    let mut errors = Vec::new();
    let mut check = |object: &'static Object, record: &Map<String, Value>| {
        let (values, wrong) = checked_record(store, &view, taking(&ways), object, record, None);
        errors.extend(wrong);
        values.into_iter().map(|(field, cell)| (field.name, cell)).collect::<Values>()
    };
    let person = check(object("Person")?, &upsert.person);
    let mut links = Vec::new();
    for record in company_links(&ways, upsert) {
        links.push((object("company_person")?, check(object("company_person")?, record)));
    }
    if ways.is(&switches::PEOPLE_RELATIONSHIPS, "accepted") {
        for record in &upsert.relationships {
            links.push((object("relationship_person")?, check(object("relationship_person")?, record)));
        }
    }
    if !errors.is_empty() {
        return Err(rejected(&[errors]));
    }
    let email = person.iter().find(|(name, _)| *name == "Email").and_then(|(_, cell)| cell.as_text());
    let email = email.ok_or_else(|| Failure::invalid("GSOBJ_1007", "Email is required."))?.to_owned();
    if links.iter().any(|(object, values)| !names_its_place(object, values)) {
        return Err(Failure::invalid("GSOBJ_1007", "Company_ID is required in each link."));
    }
    Ok(Plan { email, person, links })
}

fn names_its_place(object: &Object, values: &Values) -> bool {
    let place = if object.name == "company_person" { "Company_ID" } else { "Relationship_ID" };
    values.iter().any(|(name, cell)| *name == place && !cell.is_null())
}

/// Two code bases write `companies`; one summary shows `associations.companyPerson` (`gainsight.md` 8.3).
fn company_links<'a>(ways: &Ways<'_>, upsert: &'a Upsert) -> Vec<&'a Map<String, Value>> {
    if ways.is(&switches::PEOPLE_LINKS, "associations") {
        upsert.associations.iter().filter_map(|links| links.company_person.as_ref()).collect()
    } else {
        upsert.companies.iter().collect()
    }
}

fn object(name: &str) -> Result<&'static Object, Failure> {
    OBJECTS.iter().find(|object| object.name == name).ok_or_else(|| Failure::unknown_object(name))
}

/// Existing address: update; else insert. The address that is there stays as it was typed.
fn write_person(state: &mut State, plan: &Plan, now: i64) -> Arc<str> {
    let found = state
        .store
        .table("Person")
        .and_then(|people| people.find("Email", &plan.email).next().map(|row| Arc::<str>::from(people.gsid(row))));
    let gsid = found.clone().unwrap_or_else(|| Arc::from(state.fresh_gsid("1P0A")));
    let Some(people) = state.store.table_mut("Person") else { return gsid };
    if found.is_some() {
        for (name, cell) in plan.person.iter().filter(|(name, cell)| *name != "Email" && !cell.is_null()) {
            people.set(&gsid, name, cell.clone());
        }
        people.set(&gsid, "ModifiedDate", Cell::Time(now));
    } else {
        let stamps = [("CreatedDate", Cell::Time(now)), ("ModifiedDate", Cell::Time(now))];
        people.insert(&gsid, plan.person.iter().cloned().chain(stamps), now);
        if people.get(&gsid).is_some_and(|row| people.value(row, "Name").is_null()) {
            let name = full_name(&plan.person);
            people.set(&gsid, "Name", Cell::text(name));
        }
    }
    gsid
}

fn full_name(person: &Values) -> String {
    let part = |wanted| person.iter().find(|(name, _)| *name == wanted).and_then(|(_, cell)| cell.as_text());
    let parts: Vec<_> = [part("FirstName"), part("LastName")].into_iter().flatten().collect();
    parts.join(" ")
}

/// One link per person and place: a repetition changes the one that is there.
fn write_link(state: &mut State, object: &'static Object, person: &Arc<str>, values: &Values, now: i64) {
    let place = if object.name == "company_person" { "Company_ID" } else { "Relationship_ID" };
    let target =
        values.iter().find(|(name, _)| *name == place).and_then(|(_, cell)| cell.as_text()).unwrap_or_default();
    let found = state.store.table(object.name).and_then(|links| {
        let same = links.find("Person_ID", person).find(|row| links.value(row, place).as_text() == Some(target));
        same.map(|row| links.gsid(row).to_owned())
    });
    if let Some(gsid) = found {
        if let Some(links) = state.store.table_mut(object.name) {
            for (name, cell) in values {
                links.set(&gsid, name, cell.clone());
            }
            links.set(&gsid, "ModifiedDate", Cell::Time(now));
        }
        return;
    }
    let gsid = state.fresh_gsid(object.key_prefix);
    let is_first = state.store.table(object.name).is_some_and(|links| links.find("Person_ID", person).next().is_none());
    let company = state.store.value("relationship", target, "CompanyId");
    if let Some(links) = state.store.table_mut(object.name) {
        let defaults = [
            ("Active", Cell::Flag(true)),
            ("IsPrimaryCompany", Cell::Flag(is_first)),
            ("Company_ID", company),
            ("Person_ID", Cell::Text(Arc::clone(person))),
            ("CreatedDate", Cell::Time(now)),
            ("ModifiedDate", Cell::Time(now)),
        ];
        links.insert(&gsid, defaults.into_iter().chain(values.iter().cloned()), now);
    }
}
