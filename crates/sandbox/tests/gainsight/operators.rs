//! Which operators fit which type, and what they find.

use serde_json::{Value, json};

use crate::support::*;

/// How many companies a condition finds, or the code of its refusal.
async fn find(sandbox: &Sandbox, field: &str, operator: &str, values: Value) -> Result<usize, String> {
    let query = json!({ "select": ["Gsid"], "where": condition(field, operator, values) });
    let reply = sandbox.lumen().query("Company", query).await;
    if reply.status == 200 { Ok(reply.rows().len()) } else { Err(reply.failure().1.unwrap_or_default()) }
}

async fn all(sandbox: &Sandbox, field: &str, cases: &[(&str, Value, usize)]) {
    for (operator, values, expected) in cases {
        let found = find(sandbox, field, operator, values.clone()).await;
        assert_eq!(found, Ok(*expected), "{field} {operator} {values}");
    }
}

async fn none(sandbox: &Sandbox, field: &str, operators: &[&str], values: Value) {
    for operator in operators {
        let found = find(sandbox, field, operator, values.clone()).await;
        assert_eq!(found, Err("GSOBJ_1008".to_owned()), "{field} {operator}");
    }
}

#[tokio::test]
async fn texts_have_their_operators_and_no_like() {
    cites("gs-operators-text");
    cites("gs-operators-no-like");
    let sandbox = Sandbox::start().await;
    let cases = [
        ("EQ", json!(["northwind traders"]), 1),
        ("NE", json!(["Northwind Traders"]), 39),
        ("STARTS_WITH", json!(["North"]), 1),
        ("ENDS_WITH", json!(["Logistics"]), 1),
        ("CONTAINS", json!(["nor"]), 2),
        ("DOES_NOT_CONTAINS", json!(["nor"]), 38),
        ("GT", json!(["w"]), 2),
        ("LT", json!(["b"]), 3),
        ("IS_NULL", json!([]), 0),
        ("IS_NOT_NULL", json!([]), 40),
    ];
    all(&sandbox, "Name", &cases).await;
    none(&sandbox, "Name", &["LIKE", "GTE", "BTW", "INCLUDES"], json!(["x"])).await;
    assert_eq!(find(&sandbox, "Name", "EQ", json!([5])).await, Err("GSOBJ_1002".to_owned()));
    assert_eq!(find(&sandbox, "Name", "EQ", json!([])).await, Err("GSOBJ_1008".to_owned()));
}

#[tokio::test]
async fn in_on_texts_may_be_refused() {
    cites("gs-operators-in");
    let sandbox = Sandbox::start().await;
    let emails =
        json!(["ana.ruiz@NORTHWINDTRADERS.example", "chioma.eze@northwindtraders.example", "nobody@x.example"]);
    let query = |operator: &str| json!({ "select": ["Email"], "where": condition("Email", operator, emails.clone()) });
    assert_eq!(sandbox.lumen().query("Person", query("IN")).await.rows().len(), 2);
    sandbox.switch("gainsight.in_on_text", "refused").await;
    assert_eq!(sandbox.lumen().query("Person", query("IN")).await.failure().1.as_deref(), Some("GSOBJ_1008"));
    assert_eq!(sandbox.lumen().query("Person", query("EQ")).await.rows().len(), 1);
}

#[tokio::test]
async fn numbers_have_their_operators() {
    cites("gs-operators-number");
    let sandbox = Sandbox::start().await;
    let cases = [
        ("EQ", json!([72]), 2),
        ("NE", json!([72]), 38),
        ("GT", json!([85]), 2),
        ("GTE", json!([85]), 3),
        ("LT", json!([44]), 1),
        ("LTE", json!([44]), 2),
        ("IN", json!([72, 41]), 3),
        ("NOT_IN", json!([72, 41]), 37),
        ("IS_NULL", json!([]), 0),
        ("IS_NOT_NULL", json!([]), 40),
    ];
    all(&sandbox, "CurrentScore", &cases).await;
    none(&sandbox, "CurrentScore", &["CONTAINS", "BTW", "INCLUDES"], json!([1])).await;
    assert_eq!(find(&sandbox, "CurrentScore", "EQ", json!(["72"])).await, Err("GSOBJ_1002".to_owned()));
}

#[tokio::test]
async fn currencies_have_no_in() {
    cites("gs-operators-currency");
    let sandbox = Sandbox::start().await;
    all(&sandbox, "Arr", &[("EQ", json!([410_000]), 1), ("GTE", json!([410_000]), 5), ("LT", json!([39_000]), 2)])
        .await;
    none(&sandbox, "Arr", &["IN", "NOT_IN"], json!([410_000])).await;
}

#[tokio::test]
async fn booleans_are_equal_or_not() {
    cites("gs-operators-boolean");
    let sandbox = Sandbox::start().await;
    let count = async |operator: &str, value: bool| {
        let query = json!({ "select": ["Email"], "where": condition("IsActiveUser", operator, json!([value])) });
        sandbox.lumen().query("GsUser", query).await.rows().len()
    };
    assert_eq!([count("EQ", true).await, count("EQ", false).await, count("NE", true).await], [20, 1, 1]);
    let wrong = json!({ "select": ["Email"], "where": condition("IsActiveUser", "IN", json!([true])) });
    assert_eq!(sandbox.lumen().query("GsUser", wrong).await.status, 400);
    let text = json!({ "select": ["Email"], "where": condition("IsActiveUser", "EQ", json!(["true"])) });
    assert_eq!(sandbox.lumen().query("GsUser", text).await.failure().1.as_deref(), Some("GSOBJ_1002"));
}

#[tokio::test]
async fn dates_compare_by_day() {
    cites("gs-operators-date");
    let sandbox = Sandbox::start().await;
    let cases = [
        ("EQ", json!(["2026-08-20"]), 1),
        ("NE", json!(["2026-08-20"]), 39),
        ("LTE", json!(["2026-06-18"]), 4),
        ("LT", json!(["2026-06-18"]), 3),
        ("GT", json!(["2027-02-28"]), 3),
        ("GTE", json!(["2027-02-28"]), 3),
        ("BTW", json!(["2026-08-01", "2026-08-31"]), 5),
        ("IS_NULL", json!([]), 0),
        ("IS_NOT_NULL", json!([]), 40),
    ];
    all(&sandbox, "RenewalDate", &cases).await;
    none(&sandbox, "RenewalDate", &["IN", "CONTAINS"], json!(["2026-08-20"])).await;
    assert_eq!(find(&sandbox, "RenewalDate", "EQ", json!(["soon"])).await, Err("GSOBJ_1006".to_owned()));
}

#[tokio::test]
async fn picklists_are_filtered_by_label_or_id() {
    cites("gs-operators-picklist");
    cites("gs-picklist-filter");
    let sandbox = Sandbox::start().await;
    let cases = [
        ("EQ", json!(["Onboarding"]), 2),
        ("NE", json!(["Onboarding"]), 38),
        ("IN", json!(["Onboarding", "Will Churn"]), 3),
        ("INCLUDES", json!(["Onboarding"]), 2),
        ("EXCLUDES", json!(["Onboarding"]), 38),
        ("STARTS_WITH", json!(["On"]), 2),
        ("CONTAINS", json!(["churn"]), 2),
        ("IS_NULL", json!([]), 0),
        ("IS_NOT_NULL", json!([]), 40),
    ];
    all(&sandbox, "Stage", &cases).await;
    none(&sandbox, "Stage", &["GT", "BTW", "ENDS_WITH"], json!(["Onboarding"])).await;
    let described = sandbox.lumen().get("/v1/meta/services/objects/Company/describe").await.data();
    let fields = described[0]["fields"].as_array().unwrap();
    let stage = fields.iter().find(|field| field["fieldName"] == "Stage").unwrap();
    let option = stage["options"].as_array().unwrap().iter().find(|option| option["label"] == "Onboarding").unwrap();
    assert_eq!(find(&sandbox, "Stage", "EQ", json!([option["value"]])).await, Ok(2));
}

#[tokio::test]
async fn multi_selects_include_or_exclude() {
    cites("gs-operators-multi-select");
    let sandbox = Sandbox::start().await;
    let cases = [
        ("INCLUDES", json!(["At risk"]), 4),
        ("INCLUDES", json!(["At risk", "Beta"]), 5),
        ("EXCLUDES", json!(["At risk"]), 36),
        ("IS_NULL", json!([]), 25),
        ("IS_NOT_NULL", json!([]), 15),
    ];
    all(&sandbox, "Tags", &cases).await;
    none(&sandbox, "Tags", &["EQ", "IN", "CONTAINS"], json!(["Beta"])).await;
}
