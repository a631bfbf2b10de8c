//! The query language on a handful of records.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::condition::Dialect;
use super::dates::Reading;
use super::*;
use crate::chance::Chance;
use crate::gainsight::store::Cell;

const MANNER: Manner = Manner {
    dialect: Dialect {
        dates: Reading { documented_only: true, in_tenant_zone: false },
        minds_case: false,
        in_on_text: true,
    },
    style: Style { dates_as_text: false, picklists_as_ids: false },
    parentheses: true,
    caps_limit: true,
    hidden_field: HiddenField::Null,
};

/// Companies of the given names and sizes, in this order; no size is no value.
fn store(companies: &[(&str, Option<f64>)]) -> Store {
    let mut store = Store::new(&mut Chance::new(1, "query"));
    let table = store.table_mut("Company").unwrap();
    for (number, (name, employees)) in companies.iter().enumerate() {
        let employees = employees.map_or(Cell::Null, Cell::Number);
        table.insert(&format!("1P02{number:032}"), [("Name", Cell::text(name)), ("Employees", employees)], 0);
    }
    store
}

fn ask(store: &Store, query: &Value) -> Result<Vec<Value>, Failure> {
    let query: Query = serde_json::from_value(query.clone()).unwrap();
    let (table, view) = (store.table("Company").unwrap(), View::default());
    query.run(Scope { store, table, view: &view, now: 0 }, MANNER)
}

fn names(store: &Store, filter: &Value, order: &Value) -> Vec<String> {
    let rows = ask(store, &json!({ "select": ["Name"], "where": filter, "orderBy": order })).unwrap();
    rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
}

fn one(name: &str, operator: &str, values: &Value) -> Value {
    json!({ "conditions": [{ "name": name, "alias": "A", "operator": operator, "value": values }], "expression": "A" })
}

#[test]
fn nothing_passes_only_what_asks_for_nothing_or_for_something_else() {
    let store = store(&[("small", Some(1.0)), ("unknown", None), ("large", Some(9.0))]);
    let cases = [
        ("EQ", json!([1]), vec!["small"]),
        ("NE", json!([1]), vec!["unknown", "large"]),
        ("GT", json!([0]), vec!["small", "large"]),
        ("LTE", json!([9]), vec!["small", "large"]),
        ("IN", json!([1, 9]), vec!["small", "large"]),
        ("NOT_IN", json!([1]), vec!["unknown", "large"]),
        ("IS_NULL", json!([]), vec!["unknown"]),
        ("IS_NOT_NULL", json!([]), vec!["small", "large"]),
    ];
    for (operator, values, expected) in cases {
        assert_eq!(names(&store, &one("Employees", operator, &values), &json!({})), expected, "{operator}");
    }
}

#[test]
fn records_without_a_value_come_last_in_both_directions() {
    let store = store(&[("b", Some(2.0)), ("unknown", None), ("a", Some(1.0)), ("c", Some(2.0))]);
    assert_eq!(names(&store, &Value::Null, &json!({ "Employees": "asc" })), ["a", "b", "c", "unknown"]);
    assert_eq!(names(&store, &Value::Null, &json!({ "Employees": "DESC" })), ["b", "c", "a", "unknown"]);
}

#[test]
fn several_keys_order_in_the_order_in_which_they_are_written() {
    let store = store(&[("z", Some(1.0)), ("a", Some(2.0)), ("b", Some(1.0))]);
    let written = r#"{"select": ["Name"], "orderBy": {"Name": "asc", "Employees": "asc"}}"#;
    let reversed = r#"{"select": ["Name"], "orderBy": {"Employees": "asc", "Name": "asc"}}"#;
    let run = |text: &str| {
        let query: Query = serde_json::from_str(text).unwrap();
        let (table, view) = (store.table("Company").unwrap(), View::default());
        query.run(Scope { store: &store, table, view: &view, now: 0 }, MANNER).unwrap()
    };
    let first = |rows: &[Value]| rows[0]["Name"].clone();
    assert_eq!((first(&run(written)), first(&run(reversed))), (json!("a"), json!("b")));
}

#[test]
fn what_is_not_reported_yet_is_not_there() {
    let mut store = store(&[("old", None)]);
    store.table_mut("Company").unwrap().insert("1P02NEW", [("Name", Cell::text("new"))], 5);
    let query: Query = serde_json::from_value(json!({ "select": ["Name"] })).unwrap();
    let (table, view) = (store.table("Company").unwrap(), View::default());
    let count = |now| query.run(Scope { store: &store, table, view: &view, now }, MANNER).unwrap().len();
    assert_eq!((count(4), count(5)), (1, 2));
}

#[test]
fn the_same_field_may_be_selected_in_two_spellings() {
    let store = store(&[("Ana & Co", None)]);
    let rows = ask(&store, &json!({ "select": ["NAME", "name"] })).unwrap();
    assert_eq!(rows, [json!({ "NAME": "Ana & Co", "name": "Ana & Co" })]);
}

#[test]
fn a_missing_expression_joins_everything() {
    let store = store(&[("a", Some(1.0)), ("b", Some(1.0)), ("a", Some(2.0))]);
    let filter = json!({ "conditions": [
        { "name": "Name", "alias": "A", "operator": "EQ", "value": ["a"] },
        { "name": "Employees", "alias": "B", "operator": "EQ", "value": [1] },
    ] });
    assert_eq!(names(&store, &filter, &json!({})), ["a"]);
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    let store = store(&[("a", None)]);
    for query in [
        json!({ "select": ["Nothing"] }),
        json!({ "select": ["Name"], "where": one("Nothing", "EQ", &json!(["x"])) }),
        json!({ "select": ["Name"], "orderBy": { "Nothing": "asc" } }),
        json!({ "select": ["Name.First"] }),
        json!({ "select": [""] }),
    ] {
        assert!(ask(&store, &query).is_err(), "{query}");
    }
}

proptest! {
    #[test]
    fn pages_put_together_are_the_whole_list(sizes in prop::collection::vec(prop::option::of(0_u8..5), 0..40), page in 1_usize..9) {
        let companies: Vec<_> = sizes.iter().map(|size| ("x", size.map(f64::from))).collect();
        let store = store(&companies);
        let order = json!({ "Employees": "desc", "Gsid": "asc" });
        let whole = ask(&store, &json!({ "select": ["Gsid"], "orderBy": order })).unwrap();
        let mut paged = Vec::new();
        for offset in (0..=sizes.len()).step_by(page) {
            let query = json!({ "select": ["Gsid"], "orderBy": order, "limit": page, "offset": offset });
            paged.extend(ask(&store, &query).unwrap());
        }
        prop_assert_eq!(whole.len(), sizes.len());
        prop_assert_eq!(paged, whole);
    }

    #[test]
    fn and_and_or_count_as_sets_do(sizes in prop::collection::vec(0_u8..6, 0..30), low in 0_u8..6, high in 0_u8..6) {
        let companies: Vec<_> = sizes.iter().map(|size| ("x", Some(f64::from(*size)))).collect();
        let store = store(&companies);
        let count = |expression: &str| {
            let filter = json!({ "conditions": [
                { "name": "Employees", "alias": "A", "operator": "GTE", "value": [low] },
                { "name": "Employees", "alias": "B", "operator": "LT", "value": [high] },
            ], "expression": expression });
            ask(&store, &json!({ "select": ["Gsid"], "where": filter })).unwrap().len()
        };
        prop_assert_eq!(count("A") + count("B"), count("A AND B") + count("A OR B"));
        prop_assert_eq!(count("A AND (B OR A)"), count("A"));
    }
}
