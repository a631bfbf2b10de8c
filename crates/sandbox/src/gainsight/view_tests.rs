//! Rights, licence by licence.

use super::*;
use crate::chance::Chance;

const EVERYBODY: [(&str, Option<&str>); 7] = [
    ("full", Some("Full")),
    ("viewer", Some("Viewer")),
    ("analytics", Some("Viewer_Analytics")),
    ("collaborator", Some("Internal_Collaborator")),
    ("external", Some("External")),
    ("nobody", None),
    ("admin", Some("Full")),
];

/// One user per licence, a company for everybody and one for `viewer` alone.
fn store() -> Store {
    let mut store = Store::new(&mut Chance::new(1, "view"));
    for (name, licence) in EVERYBODY {
        let values = [("LicenseType", Cell::maybe(licence)), ("IsSuperAdmin", Cell::Flag(name == "admin"))];
        store.table_mut("GsUser").unwrap().insert(name, values, 0);
    }
    let companies = store.table_mut("Company").unwrap();
    companies.insert("open", [("Name", Cell::text("Open"))], 0);
    let shared = Cell::Items(vec![Arc::from("viewer")]);
    companies.insert("closed", [("Name", Cell::text("Closed")), ("shared_with", shared)], 0);
    store.table_mut("activity_timeline").unwrap().insert("note", [("GsCompanyId", Cell::text("closed"))], 0);
    store.table_mut("Person").unwrap().insert("person", [("Name", Cell::text("Ana"))], 0);
    store
}

fn as_user(name: &str) -> Who {
    Who::User(Arc::from(name))
}

fn those(right: impl Fn(&Who) -> bool) -> Vec<&'static str> {
    EVERYBODY.iter().map(|(name, _)| *name).filter(|name| right(&as_user(name))).collect()
}

#[test]
fn rights_follow_the_licence() {
    let store = store();
    assert_eq!(those(|who| edits_records(&store, who)), ["full", "admin"]);
    assert_eq!(those(|who| logs_activities(&store, who)), ["full", "viewer", "analytics", "admin"]);
    assert!(edits_records(&store, &Who::Tenant) && logs_activities(&store, &Who::Tenant));
    assert!(!edits_records(&store, &as_user("ghost")) && !logs_activities(&store, &as_user("ghost")));
}

#[test]
fn entries_are_changed_by_their_author_an_admin_or_a_holder_of_the_permission() {
    let mut store = store();
    assert_eq!(those(|who| edits_activity_of(&store, who, "viewer")), ["viewer", "admin"]);
    assert_eq!(those(|who| edits_activity_of(&store, who, "collaborator")), ["admin"], "no licence, no writing");
    store.table_mut("GsUser").unwrap().set("analytics", "edits_timeline", Cell::Flag(true));
    assert_eq!(those(|who| edits_activity_of(&store, who, "full")), ["full", "analytics", "admin"]);
    assert!(edits_activity_of(&store, &Who::Tenant, "full"));
}

#[test]
fn a_company_for_few_is_hidden_with_all_that_belongs_to_it() {
    let store = store();
    let sees = |who: &Who, object: &str, gsid: &str| {
        let table = store.table(object).unwrap();
        View::of(&store, who).sees(table, table.get(gsid).unwrap())
    };
    for (object, gsid) in [("Company", "closed"), ("activity_timeline", "note")] {
        assert_eq!(those(|who| sees(who, object, gsid)), ["viewer", "admin"], "{object}");
        assert!(sees(&Who::Tenant, object, gsid));
    }
    for (object, gsid) in [("Company", "open"), ("Person", "person"), ("GsUser", "full")] {
        assert_eq!(those(|who| sees(who, object, gsid)).len(), EVERYBODY.len(), "{object}");
    }
}

#[test]
fn money_is_for_those_who_edit() {
    let store = store();
    let companies = store.table("Company").unwrap().object;
    let field = |name: &str| &companies.fields[companies.column(name).unwrap()];
    assert_eq!(those(|who| View::of(&store, who).reads(field("Arr"))), ["full", "admin"]);
    assert_eq!(those(|who| View::of(&store, who).reads(field("Name"))).len(), EVERYBODY.len());
    assert!(those(|who| View::of(&store, who).reads(field("TickerSymbol"))).is_empty(), "switched off for everybody");
    assert!(!View::of(&store, &Who::Tenant).reads(field("shared_with")));
}
