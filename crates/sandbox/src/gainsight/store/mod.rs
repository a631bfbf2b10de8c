//! What a tenant keeps: objects with typed fields, records with look-ups between them, picklists.
//!
//! Nothing here knows HTTP or who is asking.

mod cell;
mod gsid;
mod objects;
mod schema;
mod table;

pub(crate) use cell::Cell;
pub(crate) use gsid::gsid;
pub(crate) use objects::{OBJECTS, PICKLISTS};
pub(crate) use schema::{Category, Field, Item, Kind, Nature, Object, RELATION, Readers, Writer, Written};
pub(crate) use table::{Row, Table, same_text};

use crate::chance::Chance;

/// All tables and picklists of a tenant.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    tables: Vec<Table>,
    pub(crate) categories: Vec<Category>,
}

impl Store {
    /// Empty tables, and the picklists with ids drawn from `chance`.
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let categories = PICKLISTS
            .iter()
            .map(|(name, items)| Category {
                gsid: gsid("1I00", chance),
                name,
                items: items
                    .iter()
                    .map(|(label, is_active)| Item { gsid: gsid("1I00", chance), label, is_active: *is_active })
                    .collect(),
            })
            .collect();
        Self { tables: OBJECTS.iter().map(Table::new).collect(), categories }
    }

    /// A table by the object's name in any case.
    pub(crate) fn table(&self, object: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.object.name.eq_ignore_ascii_case(object))
    }

    pub(crate) fn table_mut(&mut self, object: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.object.name.eq_ignore_ascii_case(object))
    }

    pub(crate) fn category(&self, name: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.name == name)
    }

    /// A value of a record, by names.
    pub(crate) fn value(&self, object: &str, gsid: &str, field: &str) -> Cell {
        let Some(table) = self.table(object) else { return Cell::Null };
        table.get(gsid).map_or(Cell::Null, |row| table.value(row, field).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lookup_and_picklist_leads_somewhere() {
        for object in OBJECTS {
            for field in object.fields {
                if let Some(target) = field.kind.target() {
                    assert!(OBJECTS.iter().any(|object| object.name == target), "{}.{}", object.name, field.name);
                }
                if let Some(category) = field.kind.category().filter(|_| !field.is_internal()) {
                    assert!(PICKLISTS.iter().any(|(name, _)| *name == category), "{}.{}", object.name, field.name);
                }
            }
            assert!(object.company_field.is_none_or(|field| object.column(field).is_some()), "{}", object.name);
        }
    }

    #[test]
    fn relations_are_found_in_any_case() {
        let company = OBJECTS.iter().find(|object| object.name == "Company").unwrap();
        assert_eq!(company.relation("csm__gr").map(|(_, object)| object), Some("GsUser"));
        assert!(company.relation("Name__gr").is_none() && company.relation("__gr").is_none());
        assert!(company.relation("é").is_none());
    }

    #[test]
    fn a_removed_record_leaves_the_others_findable() {
        let mut store = Store::new(&mut Chance::new(1, "test"));
        let table = store.table_mut("Person").unwrap();
        for gsid in ["a", "b", "c"] {
            table.insert(gsid, [("Name", Cell::text(gsid))], 0);
        }
        assert!(table.remove("a").is_some() && table.remove("a").is_none());
        assert_eq!(table.get("c").map(|row| table.gsid(row)), Some("c"));
        assert_eq!(table.rows().len(), 2);
    }
}
