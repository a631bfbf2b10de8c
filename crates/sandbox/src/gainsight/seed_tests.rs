//! The records at the start hang together.

use sidelight_domain::Timestamp;

use super::*;
use crate::gainsight::store::{Kind, OBJECTS, Table};
use crate::world::{HARBOR, LUMEN};

fn tenants() -> Vec<Store> {
    let world = World::new(7, 1, Timestamp::from_millis(1_780_000_000_000)).unwrap();
    [LUMEN, HARBOR].map(|tenant| seeded(&world, tenant)).into()
}

fn tables(store: &Store) -> Vec<&Table> {
    OBJECTS.iter().map(|object| store.table(object.name).unwrap()).collect()
}

#[test]
fn every_lookup_leads_to_a_record() {
    for store in tenants() {
        for table in tables(&store) {
            for field in table.object.fields {
                let Some(target) = field.kind.target() else { continue };
                for row in table.rows() {
                    if let Some(gsid) = table.value(row, field.name).as_text() {
                        let found = store.table(target).unwrap().get(gsid).is_some();
                        assert!(found, "{}.{} → {gsid}", table.object.name, field.name);
                    }
                }
            }
        }
    }
}

#[test]
fn every_item_is_on_its_picklist_and_every_value_of_its_type() {
    for store in tenants() {
        for table in tables(&store) {
            for (column, field) in table.object.fields.iter().enumerate().filter(|(_, field)| !field.is_internal()) {
                for cell in table.rows().iter().map(|row| &row.cells[column]) {
                    let fits = match (field.kind, cell) {
                        (_, Cell::Null) => true,
                        (Kind::Number | Kind::Currency | Kind::Percentage, cell) => matches!(cell, Cell::Number(_)),
                        (Kind::Flag, cell) => cell.as_flag().is_some(),
                        (Kind::Date, cell) => cell.as_time().is_some_and(|time| time % DAY == 0),
                        (Kind::DateTime, cell) => cell.as_time().is_some(),
                        (Kind::Picklist(name), cell) => {
                            let category = store.category(name).unwrap();
                            cell.as_text().is_some_and(|text| category.item(text).is_some())
                        }
                        (Kind::MultiSelect(name), cell) => {
                            let category = store.category(name).unwrap();
                            cell.items().iter().all(|item| category.item(item).is_some())
                        }
                        (_, cell) => cell.as_text().is_some_and(|text| text.chars().count() <= field.length),
                    };
                    assert!(fits, "{}.{}: {cell:?}", table.object.name, field.name);
                }
            }
        }
    }
}

#[test]
fn what_is_required_is_there() {
    for store in tenants() {
        for table in tables(&store) {
            for field in table.object.fields.iter().filter(|field| field.is_required) {
                assert!(
                    table.rows().iter().all(|row| !table.value(row, field.name).is_null()),
                    "{}.{}",
                    table.object.name,
                    field.name
                );
            }
        }
    }
}

#[test]
fn attendees_are_shown_by_the_names_behind_their_ids() {
    for store in tenants() {
        let activities = store.table("activity_timeline").unwrap();
        for row in activities.rows() {
            let name = |id: &str| store.value("GsUser", id, "Name").as_text().unwrap().to_owned();
            let ids = activities.value(row, "internal_attendee_ids").items();
            let names: Vec<_> = ids.iter().map(|id| name(id)).collect();
            assert_eq!(activities.value(row, "InternalAttendees").as_text().unwrap(), names.join(", "));
            let links = activities.value(row, "external_attendee_ids").items();
            let shown = activities.value(row, "ExternalAttendees").as_text().unwrap();
            assert_eq!(links.len(), shown.split(", ").filter(|name| !name.is_empty()).count(), "{shown}");
        }
    }
}

#[test]
fn a_relationship_and_its_activities_belong_to_one_company() {
    for store in tenants() {
        let activities = store.table("activity_timeline").unwrap();
        for row in activities.rows() {
            let company = activities.value(row, "GsCompanyId");
            let context = activities.value(row, "ContextId");
            match activities.value(row, "GsRelationshipId").as_text() {
                Some(relationship) => {
                    assert_eq!(store.value("relationship", relationship, "CompanyId"), *company);
                    assert_eq!(context.as_text(), Some(relationship));
                }
                None => assert_eq!(context, company),
            }
        }
    }
}

#[test]
fn ids_differ_between_tenants_and_repeat_with_the_seed() {
    let ids = |store: &Store| -> Vec<String> {
        let companies = store.table("Company").unwrap();
        companies.rows().iter().map(|row| companies.gsid(row).to_owned()).collect()
    };
    let (first, second) = (tenants(), tenants());
    assert_eq!(ids(&first[0]), ids(&second[0]));
    assert!(ids(&first[0]).iter().all(|id| !ids(&first[1]).contains(id)));
}
