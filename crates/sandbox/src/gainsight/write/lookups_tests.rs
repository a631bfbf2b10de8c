//! Look-ups on two users, a company and its person.

use serde_json::{Value, json};

use super::*;
use crate::chance::Chance;

fn store() -> Store {
    let mut store = Store::new(&mut Chance::new(1, "lookups"));
    let mut put = |object: &str, gsid: &str, values: Vec<(&'static str, Cell)>| {
        store.table_mut(object).unwrap().insert(gsid, values, 0);
    };
    let user = |name: &str, email: &str, active: bool| {
        vec![("Name", Cell::text(name)), ("Email", Cell::text(email)), ("IsActiveUser", Cell::Flag(active))]
    };
    put("GsUser", "U1", user("Sam Lee", "sam@x.example", true));
    put("GsUser", "U2", user("Sam Lee", "Sam.Lee@x.example", false));
    put("Person", "P1", vec![("Email", Cell::text("ana@y.example"))]);
    put("company_person", "L1", vec![("Person_ID", Cell::text("P1")), ("Company_ID", Cell::text("C1"))]);
    store
}

type Outcome = Result<Option<Vec<String>>, &'static str>;

fn find(block: Value, record: &Value) -> Outcome {
    let lookup: Lookup = serde_json::from_value(block).unwrap();
    let record = record.as_object().unwrap().clone();
    resolve(&store(), &View::default(), "Target", &lookup, &record)
        .map(|found| found.map(|found| found.0))
        .map_err(|error| error.code)
}

fn user(fields: &Value, multi: &str, none: &str) -> Value {
    json!({
        "fields": fields, "lookupField": "Gsid", "objectName": "gsuser", "multiMatchOption": multi, "onNoMatch": none,
        "defaultValue": "U9",
    })
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn all_columns_must_match() {
    let both = json!({ "who": "Name", "on": "IsActiveUser" });
    let record = json!({ "who": "sam lee", "on": false });
    assert_eq!(find(user(&both, "MARKASERROR", "ERROR"), &record), Ok(Some(ids(&["U2"]))));
}

#[test]
fn several_matches_are_decided_by_the_block() {
    let by_name = json!({ "who": "Name" });
    let record = json!({ "who": "Sam Lee" });
    assert_eq!(find(user(&by_name, "FIRSTMATCH", "ERROR"), &record), Ok(Some(ids(&["U1"]))));
    assert_eq!(find(user(&by_name, "MARKASERROR", "ERROR"), &record), Err("GSOBJ_1008"));
}

#[test]
fn no_match_is_nothing_a_default_or_an_error() {
    let by_name = json!({ "who": "Name" });
    let record = json!({ "who": "Nobody" });
    let with = |none: &str| find(user(&by_name, "FIRSTMATCH", none), &record);
    assert_eq!(with("NULLABLE"), Ok(Some(ids(&[]))));
    assert_eq!(with("DEFAULTVALUE"), Ok(Some(ids(&["U9"]))));
    assert_eq!(with("ERROR"), Err("GSOBJ_1008"));
}

#[test]
fn a_list_is_looked_up_one_by_one() {
    let by_email = json!({ "guests": "Email" });
    let record = json!({ "guests": ["SAM@x.example", "nobody@x.example", " sam.lee@x.example "] });
    assert_eq!(find(user(&by_email, "FIRSTMATCH", "NULLABLE"), &record), Ok(Some(ids(&["U1", "U2"]))));
    assert_eq!(find(user(&by_email, "FIRSTMATCH", "ERROR"), &record), Err("GSOBJ_1008"));
    assert_eq!(find(user(&by_email, "FIRSTMATCH", "ERROR"), &json!({ "guests": [] })), Ok(Some(ids(&[]))));
}

#[test]
fn a_column_that_is_not_there_leaves_the_field_alone() {
    let by_email = json!({ "guests": "Email" });
    for record in [json!({}), json!({ "guests": null })] {
        assert_eq!(find(user(&by_email, "FIRSTMATCH", "ERROR"), &record), Ok(None));
    }
}

#[test]
fn a_match_may_lie_behind_another_lookup() {
    let block = json!({
        "fields": { "guest": "Person_ID__gr.Email" }, "lookupField": "Gsid", "objectName": "company_person",
        "multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR",
    });
    assert_eq!(find(block, &json!({ "guest": "ANA@y.example" })), Ok(Some(ids(&["L1"]))));
}

#[test]
fn a_block_that_makes_no_sense_is_refused() {
    let record = json!({ "who": "Sam Lee" });
    let unknown_object = json!({ "fields": { "who": "Name" }, "objectName": "Starship" });
    assert_eq!(find(unknown_object, &record), Err("GSOBJ_1008"));
    assert_eq!(find(user(&json!({ "who": "Nothing" }), "FIRSTMATCH", "ERROR"), &record), Err("GSOBJ_1008"));
    let misspelt = json!({ "fields": {}, "objectName": "GsUser", "onNoMatch": "SHRUG" });
    assert!(serde_json::from_value::<Lookup>(misspelt).is_err());
}
