//! An activity as it comes in: fields, look-ups, attendees, what its type demands.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::caller::Ways;
use super::super::envelope::Failure;
use super::super::store::{Cell, Field, Store};
use super::super::switches;
use super::super::view::View;
use super::super::write::errors::{FieldError, rejected};
use super::super::write::lookups::{Found, Lookups, resolve};
use super::super::write::records::taking;
use super::super::write::values::parse;
use super::attendees::{Attendees, attendees};
use crate::world::LUMEN;

/// The body of a Timeline write.
#[derive(Debug, Deserialize)]
pub(super) struct Body {
    pub(super) records: Vec<Map<String, Value>>,
    #[serde(default)]
    pub(super) lookups: Option<Lookups>,
}

impl Body {
    /// The one record of a single write.
    pub(super) fn single(&self) -> Result<&Map<String, Value>, Failure> {
        match self.records.as_slice() {
            [record] => Ok(record),
            _ => Err(Failure::invalid("GSOBJ_1008", "Exactly one record is expected; more go through the bulk API.")),
        }
    }
}

/// The values of the activity's contexts (`gainsight.md` 10.2).
const CONTEXTS: &[&str] =
    &["Company", "Relationship", "CTA", "SuccessPlan", "Scorecard", "ScorecardMeasure", "Milestone"];

/// Activity types of a tenant; the five standard ones and what the admin added (`gainsight.md` 10.2, 10.5).
pub(super) fn types(tenant: &str) -> &'static [&'static str] {
    if tenant == LUMEN {
        &["Update", "Call", "Meeting", "Email", "Milestone", "In-Person Meeting", "Executive Business Review"]
    } else {
        &["Update", "Call", "Meeting", "Email", "Milestone", "In-Person Meeting"]
    }
}

/// Fields that an admin made mandatory as everything begins: tenant, type, field (`gainsight.md` 10.2).
const MANDATORY: &[(&str, &str, &str)] = &[
    (LUMEN, "Executive Business Review", "Duration"),
    (LUMEN, "Executive Business Review", "Ant__Sentiment__c"),
    (LUMEN, "Executive Business Review", "Ant__Outcome__c"),
];

/// What the types of a tenant demand: type and field. An admin may change it at any time.
#[derive(Clone, Debug)]
pub(crate) struct Demands(Vec<(String, &'static str)>);

impl Demands {
    pub(crate) fn at_start(tenant: &str) -> Self {
        let own = MANDATORY.iter().filter(|(whose, ..)| *whose == tenant);
        Self(own.map(|(_, of, field)| ((*of).to_owned(), *field)).collect())
    }

    /// Has a type demand a field from now on, or no longer. `false` if there is no such field.
    pub(crate) fn set(&mut self, of: &str, name: &str, is_required: bool) -> bool {
        let Some(field) = field(name) else { return false };
        self.0.retain(|(kind, demanded)| !(kind == of && *demanded == field.name));
        if is_required {
            self.0.push((of.to_owned(), field.name));
        }
        true
    }

    fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        self.0.iter().filter(move |(of, _)| of == kind).map(|(_, field)| *field)
    }

    /// Every field that some type demands.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(_, field)| *field)
    }
}

/// Fields of the activity that a caller may fill directly.
const WRITABLE: &[&str] = &[
    "ExternalId",
    "ContextName",
    "ContextId",
    "TypeName",
    "Subject",
    "Notes",
    "ActivityDate",
    "Duration",
    "AuthorId",
    "GsCompanyId",
    "GsRelationshipId",
];

/// A checked activity: values by field, and who took part.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) values: Vec<(&'static str, Cell)>,
    pub(super) attendees: Attendees,
}

impl Checked {
    pub(super) fn get(&self, field: &str) -> &Cell {
        self.values.iter().find(|(name, _)| *name == field).map_or(&Cell::Null, |(_, cell)| cell)
    }

    pub(super) fn put(&mut self, field: &'static str, cell: Cell) {
        self.values.retain(|(name, _)| *name != field);
        self.values.push((field, cell));
    }
}

/// Checks what was sent. What is missing on an insert is checked by [`complete`].
pub(super) fn check(
    store: &Store,
    view: &View,
    ways: &Ways<'_>,
    body: &Body,
    record: &Map<String, Value>,
) -> Result<Checked, Failure> {
    let none = Lookups::new();
    let lookups = body.lookups.as_ref().unwrap_or(&none);
    let mut checked = Checked::default();
    let mut errors = Vec::new();
    for (target, lookup) in lookups {
        match resolve(store, view, target, lookup, record) {
            Ok(None) => {}
            Ok(Some(found)) => match field(target) {
                Some(field) if is_attendees(field.name) => {
                    checked.attendees.merge(attendees(store, ways, field.name, &lookup.object_name, &found.0)?);
                }
                Some(field) => checked.put(field.name, first(&found)),
                None => errors.push(unknown(target)),
            },
            Err(error) => errors.push(error),
        }
    }
    let is_column = |name: &str| lookups.values().any(|lookup| lookup.uses(name));
    for (name, value) in record.iter().filter(|(name, _)| !is_column(name)) {
        match field(name) {
            Some(field) if WRITABLE.contains(&field.name) || field.name.starts_with("Ant__") => {
                match parse(store, view, field, value, taking(ways)) {
                    Ok(cell) => checked.put(field.name, cell),
                    Err(error) => errors.push(error),
                }
            }
            // The e-mail address without a look-up is taken for the user of that address.
            None if name == "Author" => {}
            Some(_) | None => errors.push(unknown(name)),
        }
    }
    if errors.is_empty() { Ok(checked) } else { Err(rejected(&[errors])) }
}

fn first(found: &Found) -> Cell {
    found.0.first().map_or(Cell::Null, Cell::text)
}

fn is_attendees(name: &str) -> bool {
    matches!(name, "InternalAttendees" | "ExternalAttendees")
}

fn field(name: &str) -> Option<&'static Field> {
    let object = super::super::store::OBJECTS.iter().find(|object| object.name == "activity_timeline")?;
    object.column(name).and_then(|column| object.fields.get(column)).filter(|field| !field.is_internal())
}

fn unknown(name: &str) -> FieldError {
    FieldError::new("GSOBJ_1002", name, format!("{name} is not a field of the activity."), &Value::Null)
}

/// Everything an activity needs before it can be logged, and where it belongs.
pub(super) fn complete(
    store: &Store,
    ways: &Ways<'_>,
    (tenant, demands): (&str, &Demands),
    record: &Map<String, Value>,
    checked: &mut Checked,
) -> Result<(), Failure> {
    let mut missing: Vec<&str> = ["ExternalId", "ContextName", "TypeName", "Subject", "Notes"]
        .into_iter()
        .filter(|name| checked.get(name).as_text().is_none_or(|text| text.trim().is_empty()))
        .collect();
    if checked.get("AuthorId").is_null() {
        missing.push("Author");
    }
    if checked.get("ActivityDate").is_null() && ways.is(&switches::ACTIVITY_DATE, "required") {
        missing.push("ActivityDate");
    }
    if !missing.is_empty() {
        let error = |name: &&str| {
            let value = record.get(*name).cloned().unwrap_or(Value::Null);
            FieldError::new("GSOBJ_1007", name, format!("{name} is required."), &value)
        };
        return Err(rejected(&[missing.iter().map(error).collect()]));
    }
    is_one_of(checked, "ContextName", CONTEXTS)?;
    is_one_of(checked, "TypeName", types(tenant))?;
    mandatory(store, ways, demands, checked)?;
    place(store, ways, checked)
}

fn is_one_of(checked: &Checked, name: &str, known: &[&str]) -> Result<(), Failure> {
    let given = checked.get(name).as_text().unwrap_or_default();
    if known.contains(&given) {
        return Ok(());
    }
    let error =
        FieldError::new("GSOBJ_1008", name, format!("{name} is not one of: {}.", known.join(", ")), &given.into());
    Err(rejected(&[vec![error]]))
}

/// The error text was seen through Gainsight's own MCP server; whether the field is named beside it is not (`gainsight.md` 10.2).
pub(super) fn mandatory(store: &Store, ways: &Ways<'_>, demands: &Demands, checked: &Checked) -> Result<(), Failure> {
    let kind = checked.get("TypeName").as_text().unwrap_or_default();
    let missing: Vec<_> = demands.of(kind).filter(|name| checked.get(name).is_null()).filter_map(field).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let wanted: Vec<_> = missing.iter().map(|field| wanted(store, field)).collect();
    if ways.is(&switches::MANDATORY_FIELD, "in_the_text") {
        return Err(Failure::invalid("GSOBJ_1008", format!("Missing required custom fields: {}", wanted.join(", "))));
    }
    let error = |(field, wanted): (&&Field, &String)| {
        let text = format!("Missing required custom fields: {wanted}");
        FieldError::new("GSOBJ_1008", field.name, text, &Value::Null)
    };
    Err(rejected(&[missing.iter().zip(&wanted).map(error).collect()]))
}

fn wanted(store: &Store, field: &Field) -> String {
    let kind = field.kind.data_type();
    let Some(category) = field.kind.category().and_then(|name| store.category(name)) else {
        return format!("'{}' (type: {kind})", field.label);
    };
    let items: Vec<_> = category.items.iter().filter(|item| item.is_active).map(|item| item.label).collect();
    format!("'{}' (type: {kind}, allowed values: [{}])", field.label, items.join(", "))
}

/// Finds company, relationship and context for each other.
fn place(store: &Store, ways: &Ways<'_>, checked: &mut Checked) -> Result<(), Failure> {
    let context = checked.get("ContextName").as_text().unwrap_or_default().to_owned();
    let text = |cell: &Cell| cell.as_text().map(Arc::<str>::from);
    let (company, relationship) = (text(checked.get("GsCompanyId")), text(checked.get("GsRelationshipId")));
    let by_context = text(checked.get("ContextId"));
    if context == "Relationship" {
        let refused = ways.is(&switches::RELATIONSHIP_CONTEXT, "not_found");
        let found = relationship
            .or_else(|| by_context.clone())
            .filter(|gsid| !refused && store.table("relationship").is_some_and(|table| table.get(gsid).is_some()));
        let relationship = found.ok_or_else(|| Failure::refused("Relationship not found"))?;
        checked.put("GsCompanyId", store.value("relationship", &relationship, "CompanyId"));
        checked.put("ContextId", Cell::Text(Arc::clone(&relationship)));
        checked.put("GsRelationshipId", Cell::Text(relationship));
        return Ok(());
    }
    let is_company = |gsid: &Arc<str>| store.table("Company").is_some_and(|table| table.get(gsid).is_some());
    let from_context = by_context.clone().filter(|_| context == "Company").filter(is_company);
    let company = company.or(from_context);
    let company = company.ok_or_else(|| {
        rejected(&[vec![FieldError::new("GSOBJ_1007", "GsCompanyId", "A company is required.", &Value::Null)]])
    })?;
    if by_context.is_none() {
        checked.put("ContextId", Cell::Text(Arc::clone(&company)));
    }
    checked.put("GsCompanyId", Cell::Text(company));
    Ok(())
}
