//! The query language: shapes, expressions, look-ups, pages, dates.

use serde_json::{Value, json};

use crate::support::*;

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["Name"].as_str().unwrap()).collect()
}

fn two(first: (&str, &str, Value), second: (&str, &str, Value), expression: &str) -> Value {
    let condition = |(name, operator, value): (&str, &str, Value), alias: &str| json!({ "name": name, "alias": alias, "operator": operator, "value": value });
    json!({ "conditions": [condition(first, "A"), condition(second, "B")], "expression": expression })
}

#[tokio::test]
async fn conditions_are_joined_by_their_expression() {
    cites("gs-query-path");
    cites("gs-query-values");
    cites("gs-query-expression");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let retail = ("Industry", "EQ", json!(["Retail"]));
    let large = ("Employees", "GT", json!([3_000]));
    for (expression, expected) in [("A AND B", 1), ("A OR B", 10), ("A", 4), ("B", 7)] {
        let filter = two(retail.clone(), large.clone(), expression);
        let rows = lumen.query("Company", json!({ "select": ["Name"], "where": filter })).await.rows();
        assert_eq!(rows.len(), expected, "{expression}: {:?}", names(&rows));
    }
    let scalar =
        json!({ "conditions": [{ "name": "Name", "alias": "A", "operator": "EQ", "value": "x" }], "expression": "A" });
    let reply = lumen.query("Company", json!({ "select": ["Name"], "where": scalar })).await;
    assert_eq!(reply.failure().1.as_deref(), Some("GSOBJ_1008"), "a value is always an array");
    let unknown_alias = two(retail.clone(), large.clone(), "A AND C");
    assert_eq!(lumen.query("Company", json!({ "select": ["Name"], "where": unknown_alias })).await.status, 400);
}

#[tokio::test]
async fn parentheses_may_be_refused() {
    cites("gs-query-parentheses");
    let sandbox = Sandbox::start().await;
    let filter = two(("Name", "IS_NOT_NULL", json!([])), ("Industry", "EQ", json!(["Retail"])), "A AND (B)");
    let query = json!({ "select": ["Name"], "where": filter });
    assert_eq!(sandbox.lumen().query("Company", query.clone()).await.rows().len(), 4);
    sandbox.switch("gainsight.parentheses", "refused").await;
    assert_eq!(sandbox.lumen().query("Company", query).await.status, 400);
}

#[tokio::test]
async fn lookups_reach_over_several_hops_everywhere() {
    cites("gs-query-lookups");
    cites("gs-query-keys");
    cites("gs-person-lookup-names");
    let sandbox = Sandbox::start().await;
    let query = json!({
        "select": ["Person_ID__gr.FirstName", "Company_ID__gr.csm__gr.name", "company_id__GR.Name"],
        "where": is("Company_ID__gr.Csm__gr.Email", "maya.lindqvist@lumenworks.example"),
        "orderBy": { "Company_ID__gr.Name": "desc", "Person_ID__gr.FirstName": "asc" },
    });
    let rows = sandbox.lumen().query("company_person", query).await.rows();
    assert!(rows.len() >= 80, "{}", rows.len());
    assert!(rows.iter().all(|row| row["Company_ID__gr.csm__gr.name"] == "Maya Lindqvist"), "keys echo what was asked");
    let order: Vec<_> = rows
        .iter()
        .map(|row| (row["company_id__GR.Name"].as_str().unwrap(), row["Person_ID__gr.FirstName"].as_str().unwrap()))
        .collect();
    assert!(order.is_sorted_by(|a, b| (b.0, a.1) <= (a.0, b.1)), "{order:?}");
    for wrong in ["Csm__gr", "Nothing__gr.Name", "Csm__gr.Nothing", "Name__gr.Name", "shared_with"] {
        let reply = sandbox.lumen().query("Company", json!({ "select": [wrong] })).await;
        assert_eq!(reply.failure(), (400, Some("GSOBJ_1002".to_owned())), "{wrong}");
    }
}

#[tokio::test]
async fn custom_names_have_their_endings() {
    cites("gs-query-custom-names");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let usage =
        lumen.query("product_usage__gc", json!({ "select": ["Adoption__gc", "Company__gc"], "limit": 1 })).await;
    assert!(usage.rows()[0]["Adoption__gc"].is_number());
    let company = lumen.query("Company", json!({ "select": ["Website__gc"], "limit": 1 })).await.rows();
    assert!(company[0]["Website__gc"].as_str().unwrap().starts_with("https://"));
    let known = condition("Ant__Sentiment__c", "IS_NOT_NULL", json!([]));
    let activity =
        lumen.query("activity_timeline", json!({ "select": ["Ant__Sentiment__c"], "where": known, "limit": 1 })).await;
    assert!(activity.rows()[0]["Ant__Sentiment__c"].is_string());
}

#[tokio::test]
async fn rows_and_their_absence_come_in_every_known_shape() {
    cites("gs-query-shapes");
    cites("gs-query-empty");
    let sandbox = Sandbox::start().await;
    let some = json!({ "select": ["Name"], "limit": 2 });
    let none = json!({ "select": ["Name"], "where": is("Name", "Nobody Inc") });
    assert!(sandbox.lumen().query("Company", some.clone()).await.data().is_array());
    assert!(sandbox.harbor().query("Company", some.clone()).await.data()["records"].is_array());
    assert_eq!(sandbox.lumen().query("Company", none.clone()).await.data(), json!([]));
    let reply = sandbox.harbor().query("Company", none.clone()).await;
    assert_eq!(reply.failure(), (200, None));
    assert!(reply.json()["errorDesc"].as_str().unwrap().to_lowercase().contains("no data found"));
    sandbox.switch("gainsight.empty_shape", "gsobj_1011").await;
    assert_eq!(sandbox.lumen().query("Company", none.clone()).await.failure(), (400, Some("GSOBJ_1011".to_owned())));
    sandbox.switch("gainsight.data_shape@lumen", "records").await;
    sandbox.switch("gainsight.empty_shape", "empty").await;
    assert_eq!(sandbox.lumen().query("Company", none).await.data(), json!({ "records": [] }));
    assert_eq!(sandbox.lumen().query("Company", some).await.data()["records"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn pages_hold_at_most_five_thousand_records() {
    cites("gs-query-page");
    cites("gs-query-offset");
    let sandbox = Sandbox::start_at_scale(2).await;
    let lumen = sandbox.lumen();
    let all = json!({ "select": ["Gsid"], "orderBy": { "Gsid": "asc" } });
    let page = |offset: u32, limit: u32| json!({ "select": ["Gsid"], "orderBy": { "Gsid": "asc" }, "limit": limit, "offset": offset });
    let first = lumen.query("activity_timeline", all).await.rows();
    assert_eq!(first.len(), 5_000);
    let rest = lumen.query("activity_timeline", page(5_000, 5_000)).await.rows();
    assert!(!rest.is_empty() && rest.len() < 5_000 && rest[0]["Gsid"].as_str() > first[4_999]["Gsid"].as_str());
    assert_eq!(lumen.query("activity_timeline", page(0, 6_000)).await.rows().len(), 5_000);
    assert_eq!(lumen.query("activity_timeline", page(3, 2)).await.rows(), first[3..5]);
    sandbox.switch("gainsight.over_limit", "refused").await;
    assert_eq!(lumen.query("activity_timeline", page(0, 6_000)).await.failure().1.as_deref(), Some("GSOBJ_1008"));
}

#[tokio::test]
async fn full_lists_are_paged_by_the_last_id() {
    cites("gs-query-gsid-paging");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let (mut last, mut seen) = (String::from("0"), 0);
    loop {
        let query = json!({
            "select": ["Gsid"], "where": condition("Gsid", "GT", json!([last])), "orderBy": { "Gsid": "asc" },
            "limit": 250,
        });
        let rows = lumen.query("Person", query).await.rows();
        let Some(row) = rows.last() else { break };
        last = row["Gsid"].as_str().unwrap().to_owned();
        seen += rows.len();
    }
    assert_eq!(seen, 600);
}

#[tokio::test]
async fn objects_answer_to_the_spellings_that_were_seen() {
    cites("gs-query-object-names");
    let sandbox = Sandbox::start().await;
    let one = json!({ "select": ["Gsid"], "limit": 1 });
    let status = async |name: &str| sandbox.lumen().query(name, one.clone()).await.status.as_u16();
    let seen = [
        "Company",
        "relationship",
        "company_person",
        "Company_Person",
        "Person",
        "GsUser",
        "activity_timeline",
        "Activity_Timeline",
    ];
    for name in seen {
        assert_eq!(status(name).await, 200, "{name}");
    }
    for name in ["COMPANY", "Relationship", "GSUSER"] {
        assert_eq!(status(name).await, 400, "{name}");
        sandbox.switch("gainsight.object_case", "any").await;
        assert_eq!(status(name).await, 200, "{name}");
        sandbox.switch("gainsight.object_case", "seen").await;
    }
}

#[tokio::test]
async fn dates_come_back_as_milliseconds_or_text() {
    cites("gs-dates-reply");
    let sandbox = Sandbox::start().await;
    let query = json!({ "select": ["RenewalDate", "CreatedDate"], "where": is("Name", "Northwind Traders") });
    let row = sandbox.lumen().query("Company", query.clone()).await.rows().remove(0);
    let renewal = row["RenewalDate"].as_i64().unwrap();
    assert_eq!(renewal % 86_400_000, 0);
    assert_eq!((renewal - NOW.as_millis()).div_euclid(86_400_000), 83, "84 days from today's midnight");
    sandbox.switch("gainsight.date_reply", "text").await;
    let row = sandbox.lumen().query("Company", query).await.rows().remove(0);
    assert_eq!(row["RenewalDate"], "2026-08-20");
    assert!(row["CreatedDate"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn filters_take_the_documented_spellings_of_a_date() {
    cites("gs-dates-filter");
    cites("gs-dates-zone");
    let sandbox = Sandbox::start().await;
    let count = async |operator: &str, values: Value| {
        let query = json!({ "select": ["Gsid"], "where": condition("ActivityDate", operator, values) });
        let reply = sandbox.lumen().query("activity_timeline", query).await;
        if reply.status == 200 { Ok(reply.rows().len()) } else { Err(reply.failure().1.unwrap()) }
    };
    let all = count("LTE", json!(["2026-05-28"])).await.unwrap();
    assert_eq!(count("LTE", json!(["05-28-2026"])).await, Ok(all));
    assert_eq!(count("LTE", json!(["2026-05-28 23:59:59"])).await, Ok(all));
    let week = count("BTW", json!(["2026-05-18", "2026-05-24"])).await.unwrap();
    let days = [18, 19, 20, 21, 22, 23, 24].map(|day| json!([format!("2026-05-{day}")]));
    let mut sum = 0;
    for day in days {
        sum += count("EQ", day).await.unwrap();
    }
    assert_eq!(week, sum);
    assert!(week > 0 && week < all);
    assert_eq!(count("GT", json!(["2026-05-01T00:00:00Z"])).await, Err("GSOBJ_1005".to_owned()));
    assert_eq!(count("BTW", json!(["2026-05-18"])).await, Err("GSOBJ_1008".to_owned()));
    sandbox.switch("gainsight.filter_dates", "any").await;
    let utc = count("GT", json!(["2026-05-01T00:00:00Z"])).await.unwrap();
    assert_eq!(count("GT", json!([1_777_593_600_000_i64])).await, Ok(utc));
    let mut by_hour = Vec::new();
    for zone in ["utc", "tenant"] {
        sandbox.switch("gainsight.filter_zone", zone).await;
        by_hour.push(count("GTE", json!(["2026-05-21 10:00:00"])).await.unwrap());
    }
    assert!(by_hour[0] > by_hour[1], "five hours later in UTC: {by_hour:?}");
}

#[tokio::test]
async fn addresses_are_kept_as_they_came_and_found_in_any_case_unless_told_otherwise() {
    cites("gs-email-stored");
    cites("gs-email-case");
    let sandbox = Sandbox::start().await;
    let find = async |email: &str| {
        let query = json!({ "select": ["Email"], "where": is("Email", email) });
        sandbox.lumen().query("Person", query).await.rows()
    };
    let stored = json!([{ "Email": "Chioma.Eze@northwindtraders.example" }]);
    assert_eq!(json!(find("chioma.eze@northwindtraders.example").await), stored);
    sandbox.switch("gainsight.text_case", "respected").await;
    assert!(find("chioma.eze@northwindtraders.example").await.is_empty());
    assert_eq!(json!(find("Chioma.Eze@northwindtraders.example").await), stored);
}

#[tokio::test]
async fn a_query_that_is_none_is_refused() {
    let sandbox = Sandbox::start().await;
    for body in
        [json!({}), json!({ "select": [] }), json!([]), json!({ "select": ["Name"], "orderBy": { "Name": "up" } })]
    {
        let reply = sandbox.lumen().query("Company", body.clone()).await;
        assert_eq!(reply.failure(), (400, Some("GSOBJ_1008".to_owned())), "{body}");
    }
    let twice = json!({ "conditions": [
        { "name": "Name", "alias": "A", "operator": "IS_NULL" },
        { "name": "Name", "alias": "A", "operator": "IS_NULL" },
    ], "expression": "A" });
    assert_eq!(sandbox.lumen().query("Company", json!({ "select": ["Name"], "where": twice })).await.status, 400);
}
