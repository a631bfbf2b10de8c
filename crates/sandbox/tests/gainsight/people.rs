//! Companies, relationships, people.

use serde_json::{Value, json};

use crate::support::*;

const PEOPLE: &str = "/v1/peoplemgmt/v1.0/people";

async fn links(sandbox: &Sandbox, email: &str) -> Vec<Value> {
    let query = json!({
        "select": ["Company_ID__gr.Name", "Title", "Role", "IsPrimaryCompany", "Active"],
        "where": is("Person_ID__gr.Email", email), "orderBy": { "Company_ID__gr.Name": "asc" },
    });
    sandbox.lumen().query("company_person", query).await.rows()
}

async fn people(sandbox: &Sandbox, email: &str) -> Vec<Value> {
    let query = json!({ "select": ["Gsid", "Email", "Name", "LastName", "Location"], "where": is("Email", email) });
    sandbox.lumen().query("Person", query).await.rows()
}

#[tokio::test]
async fn a_company_and_its_relationships_are_as_the_demo_tells_them() {
    cites("gs-company-fields");
    cites("gs-relationship-fields");
    let sandbox = Sandbox::start().await;
    let fields = [
        "Name",
        "Arr",
        "Mrr",
        "Employees",
        "Status",
        "Stage",
        "CompanyType",
        "Industry",
        "Csm__gr.Name",
        "CurrentScore",
        "SfdcAccountId",
    ];
    let query = json!({ "select": fields, "where": is("Name", "Northwind Traders") });
    let row = sandbox.lumen().query("Company", query).await.rows().remove(0);
    assert_eq!((&row["Arr"], &row["CurrentScore"]), (&json!(410_000), &json!(72)));
    assert_eq!((&row["Csm__gr.Name"], &row["Status"]), (&json!("Maya Lindqvist"), &json!("Active")));
    let query = json!({
        "select": ["Name", "CompanyId__gr.Name", "TypeId__gr.Name", "Csm__gr.Name", "Status", "Stage", "Arr"],
        "where": is("CompanyId__gr.Name", "Northwind Traders"), "orderBy": { "Name": "desc" },
    });
    let rows = sandbox.lumen().query("relationship", query).await.rows();
    assert_eq!(
        rows.iter().map(|row| row["Name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Northwind: Warehouse Suite", "Northwind: Analytics pilot"]
    );
    assert_eq!(rows[0]["TypeId__gr.Name"], "Warehouse Suite");
    assert_eq!(rows.iter().map(|row| row["Arr"].as_i64().unwrap()).sum::<i64>(), 410_000);
}

#[tokio::test]
async fn inactive_companies_are_told_by_their_status() {
    cites("gs-company-inactive");
    let sandbox = Sandbox::start().await;
    let query = json!({
        "select": ["Name"], "where": condition("Status", "NE", json!(["Active"])), "orderBy": { "Name": "asc" },
    });
    let names: Vec<_> =
        sandbox.lumen().query("Company", query).await.rows().iter().map(|row| row["Name"].clone()).collect();
    assert_eq!(names, ["Iron Orchard Cider", "Marlowe Print Works"]);
}

#[tokio::test]
async fn one_human_has_one_row_and_as_many_links_as_jobs() {
    cites("gs-person-one-per-human");
    cites("gs-person-links");
    cites("gs-company-person-no-name");
    let sandbox = Sandbox::start().await;
    assert_eq!(people(&sandbox, "diego.santos@fabrikanalytics.example").await.len(), 1);
    let links = links(&sandbox, "diego.santos@fabrikanalytics.example").await;
    let places: Vec<_> = links
        .iter()
        .map(|link| (link["Company_ID__gr.Name"].as_str().unwrap(), link["IsPrimaryCompany"].as_bool().unwrap()))
        .collect();
    assert_eq!(places, [("Fabrik Analytics", true), ("Northwind Traders", false)]);
    let query = json!({ "select": ["Active"], "where": is("Person_ID__gr.Name", "Victor Okonjo") });
    assert_eq!(sandbox.lumen().query("company_person", query).await.rows(), [json!({ "Active": false })]);
    let by_name = json!({ "select": ["Name"] });
    assert_eq!(sandbox.lumen().query("company_person", by_name).await.failure(), (400, Some("P_5005".to_owned())));
}

#[tokio::test]
async fn one_query_resolves_a_whole_meeting() {
    cites("gs-person-resolve");
    let sandbox = Sandbox::start().await;
    let meeting = json!([
        "ana.ruiz@northwindtraders.example",
        "ben.carter@northwindtraders.example",
        "chioma.eze@northwindtraders.example",
        "diego.santos@fabrikanalytics.example",
        "erin.walsh@northwindtraders.example",
        "maya.lindqvist@lumenworks.example",
    ]);
    let query = json!({
        "select": [
            "Person_ID__gr.Email", "Company_ID", "Company_ID__gr.Name", "Role", "Title", "IsPrimaryCompany", "Active",
        ],
        "where": condition("Person_ID__gr.Email", "IN", meeting),
    });
    let rows = sandbox.lumen().query("company_person", query).await.rows();
    let at_northwind = rows.iter().filter(|row| row["Company_ID__gr.Name"] == "Northwind Traders").count();
    assert_eq!((rows.len(), at_northwind), (5, 4));
}

#[tokio::test]
async fn an_upsert_inserts_by_address_and_then_updates() {
    cites("gs-people-upsert");
    cites("gs-people-companies");
    let sandbox = Sandbox::start().await;
    let northwind = sandbox.lumen().gsid("Company", "Name", "Northwind Traders").await;
    let erin = |title: &str| {
        json!({
            "FirstName": "Erin", "LastName": "Walsh", "Email": "Erin.Walsh@northwindtraders.example", "Location": "Kent",
            "companies": [{ "Company_ID": northwind, "Title": title, "Role": "End User" }],
        })
    };
    sandbox.lumen().put(PEOPLE, erin("Inventory Planner")).await.data();
    let first = people(&sandbox, "erin.walsh@northwindtraders.example").await;
    assert_eq!((first.len(), &first[0]["Name"]), (1, &json!("Erin Walsh")));
    let expected = json!([{
        "Company_ID__gr.Name": "Northwind Traders", "Title": "Inventory Planner", "Role": "End User",
        "IsPrimaryCompany": true, "Active": true,
    }]);
    assert_eq!(json!(links(&sandbox, "erin.walsh@northwindtraders.example").await), expected);
    let again = json!({
        "Email": "erin.walsh@NORTHWINDTRADERS.example", "LastName": "Walsh-Byrne",
        "companies": [{ "Company_ID": northwind, "Title": "Lead Planner" }],
    });
    sandbox.lumen().put(PEOPLE, again).await.data();
    let second = people(&sandbox, "erin.walsh@northwindtraders.example").await;
    assert_eq!((second.len(), &second[0]["Gsid"]), (1, &first[0]["Gsid"]));
    assert_eq!(
        (&second[0]["LastName"], &second[0]["Email"]),
        (&json!("Walsh-Byrne"), &json!("Erin.Walsh@northwindtraders.example"))
    );
    let links = links(&sandbox, "erin.walsh@northwindtraders.example").await;
    assert_eq!((links.len(), &links[0]["Title"], &links[0]["Role"]), (1, &json!("Lead Planner"), &json!("End User")));
}

#[tokio::test]
async fn a_known_person_can_be_linked_to_another_company() {
    let sandbox = Sandbox::start().await;
    let northwind = sandbox.lumen().gsid("Company", "Name", "Northwind Traders").await;
    let body = json!({ "Email": "katya.volkova.consulting@gmail.com", "companies": [{ "Company_ID": northwind }] });
    sandbox.lumen().put(PEOPLE, body).await.data();
    let links = links(&sandbox, "katya.volkova.consulting@gmail.com").await;
    assert_eq!(links.len(), 4);
    let primaries: Vec<_> = links.iter().filter(|link| link["IsPrimaryCompany"] == true).collect();
    assert_eq!(primaries.len(), 1, "an earlier employer stays the main one");
}

#[tokio::test]
async fn an_upsert_without_address_or_with_a_wrong_company_changes_nothing() {
    cites("gs-people-email");
    let sandbox = Sandbox::start().await;
    let cases = [
        json!({ "Name": "Nobody" }),
        json!({ "Email": null, "Name": "Nobody" }),
        json!({ "Email": "not an address" }),
        json!({ "Email": "new@x.example", "companies": [{ "Title": "Lost" }] }),
        json!({ "Email": "new@x.example", "companies": [{ "Company_ID": "1P02NOWHERE" }] }),
        json!({ "Email": "new@x.example", "ShoeSize": 43 }),
    ];
    for body in cases {
        assert_eq!(sandbox.lumen().put(PEOPLE, body.clone()).await.failure().0, 400, "{body}");
    }
    assert!(people(&sandbox, "new@x.example").await.is_empty());
}

#[tokio::test]
async fn links_may_have_to_stand_under_another_key() {
    cites("gs-people-associations");
    cites("gs-people-relationships");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let northwind = lumen.gsid("Company", "Name", "Northwind Traders").await;
    let suite = lumen.gsid("relationship", "Name", "Northwind: Warehouse Suite").await;
    let body = |email: &str| {
        json!({
            "Email": email, "companies": [{ "Company_ID": northwind }], "relationships": [{ "Relationship_ID": suite }],
            "associations": { "companyPerson": { "Company_ID": northwind, "Title": "By association" } },
        })
    };
    lumen.put(PEOPLE, body("one@x.example")).await.data();
    sandbox.switch("gainsight.people_links", "associations").await;
    sandbox.switch("gainsight.people_relationships", "accepted").await;
    lumen.put(PEOPLE, body("two@x.example")).await.data();
    assert_eq!(links(&sandbox, "one@x.example").await[0]["Title"], Value::Null);
    assert_eq!(links(&sandbox, "two@x.example").await[0]["Title"], "By association");
    let at_suite = async |email: &str| {
        let query = json!({ "select": ["Relationship_ID", "Company_ID"], "where": is("Person_ID__gr.Email", email) });
        lumen.query("relationship_person", query).await.rows()
    };
    assert!(at_suite("one@x.example").await.is_empty());
    assert_eq!(at_suite("two@x.example").await, [json!({ "Relationship_ID": suite, "Company_ID": northwind })]);
}

#[tokio::test]
async fn the_reply_may_say_nothing() {
    cites("gs-people-reply");
    let sandbox = Sandbox::start().await;
    let body = json!({ "Email": "ana.ruiz@northwindtraders.example", "Location": "Tacoma" });
    assert_eq!(sandbox.lumen().put(PEOPLE, body.clone()).await.data(), Value::Null);
    sandbox.switch("gainsight.people_reply", "record").await;
    let data = sandbox.lumen().put(PEOPLE, body).await.data();
    assert_eq!(data["Gsid"], people(&sandbox, "ana.ruiz@northwindtraders.example").await[0]["Gsid"]);
}

#[tokio::test]
async fn a_link_may_be_insertable_like_any_object() {
    cites("gs-people-link-insert");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let link = json!({ "records": [{
        "Person_ID": lumen.gsid("Person", "Email", "ana.ruiz@northwindtraders.example").await,
        "Company_ID": lumen.gsid("Company", "Name", "Halden Maskin").await, "Title": "Adviser", "Active": true,
    }] });
    assert_eq!(
        lumen.post("/v1/data/objects/Company_Person", link.clone()).await.failure().1.as_deref(),
        Some("GSOBJ_1023")
    );
    sandbox.switch("gainsight.link_insert", "accepted").await;
    lumen.post("/v1/data/objects/Company_Person", link).await.data();
    assert_eq!(links(&sandbox, "ana.ruiz@northwindtraders.example").await.len(), 2);
}
