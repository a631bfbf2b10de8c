//! Objects, fields, picklists.

use serde_json::{Value, json};

use crate::support::*;

async fn describe(caller: &Tenant<'_>, object: &str, honour_user: bool) -> Value {
    let body = json!({ "objectNames": [object], "populatePickListOptions": true, "honorUserContext": honour_user });
    caller.post("/v1/meta/services/objects/describe", body).await.data()[0].clone()
}

fn field(object: &Value, name: &str) -> Option<Value> {
    object["fields"].as_array().unwrap().iter().find(|field| field["fieldName"] == name).cloned()
}

#[tokio::test]
async fn objects_are_listed_and_described() {
    cites("gs-objects-list");
    cites("gs-describe");
    cites("gs-describe-batch");
    cites("gs-describe-one");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let list = lumen.get("/v1/meta/services/objects/list?po=company&em=false").await.data();
    let listed = |name: &str| list.as_array().unwrap().iter().any(|object| object["objectName"] == name);
    assert!(listed("company") && listed("activity_timeline") && listed("product_usage__gc"));
    let several = json!({ "objectNames": ["Company", "relationship", "Person", "company_person"] });
    let data = lumen.post("/v1/meta/services/objects/describe", several).await.data();
    assert_eq!(data.as_array().unwrap().len(), 4);
    assert_eq!((&data[0]["objectName"], &data[0]["labelPlural"]), (&json!("company"), &json!("Companies")));
    assert_eq!(data[0]["objectType"], "STANDARD");
    assert!(field(&data[0], "Stage").unwrap().get("options").is_none(), "options come when asked for");
    let many = json!({ "objectNames": vec!["Company"; 26] });
    assert_eq!(lumen.post("/v1/meta/services/objects/describe", many).await.status, 400);
    let unknown = json!({ "objectNames": ["Starship"] });
    let reply = lumen.post("/v1/meta/services/objects/describe", unknown).await;
    assert_eq!(reply.json()["title"], "OBJECT_NOT_FOUND");
    let single = lumen.get("/v1/meta/services/objects/Person/describe?idd=true").await.data();
    assert_eq!(single[0]["objectName"], "person");
}

#[tokio::test]
async fn picklists_are_listed_with_inactive_items_and_ids() {
    cites("gs-describe-options");
    cites("gs-dropdown");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let company = describe(&lumen, "Company", false).await;
    let stage = field(&company, "Stage").unwrap();
    assert_eq!(stage["dataType"], "PICKLIST");
    let options = stage["options"].as_array().unwrap();
    let old = options.iter().find(|option| option["label"] == "Pilot (old)").unwrap();
    assert_eq!(old["active"], false);
    assert!(options.iter().all(|option| option["value"].as_str().unwrap().starts_with("1I00")));
    let category = stage["meta"]["properties"]["PICKLIST_CATEGORY_ID"].as_str().unwrap();
    let dropdown = lumen.get(&format!("/v1/meta/services/dropdowns/{category}")).await.data();
    assert_eq!(dropdown["categoryDetails"]["name"], "Stage");
    assert_eq!(dropdown["childItems"].as_array().unwrap().len(), options.len());
    assert_eq!(dropdown["childItems"][0]["gsid"], options[0]["value"]);
    assert_eq!(lumen.get("/v1/meta/services/dropdowns/1I00").await.failure().1.as_deref(), Some("GSOBJ_1004"));
}

#[tokio::test]
async fn lookup_fields_say_where_they_lead() {
    cites("gs-describe-lookups");
    let sandbox = Sandbox::start().await;
    let company = describe(&sandbox.lumen(), "Company", false).await;
    let meta = field(&company, "Csm").unwrap()["meta"].clone();
    assert_eq!((&meta["hasLookup"], &meta["lookupDetail"]["lookupName"]), (&json!(true), &json!("Csm__gr")));
    assert_eq!(meta["lookupDetail"]["lookupObjects"][0]["objectName"], "gsuser");
    assert_eq!(meta["properties"]["autoSuggestDetails"]["searchOn"], json!(["Name", "Email"]));
}

#[tokio::test]
async fn meta_says_what_a_form_needs_to_know() {
    cites("gs-describe-flags");
    cites("gs-company-system-fields");
    let sandbox = Sandbox::start().await;
    let company = describe(&sandbox.lumen(), "Company", false).await;
    let meta = |name: &str| field(&company, name).unwrap()["meta"].clone();
    assert_eq!((&meta("Name")["required"], &meta("Name")["nameField"]), (&json!(true), &json!(true)));
    assert_eq!((&meta("Summary")["richText"], &meta("Summary")["length"]), (&json!(true), &json!(32_768)));
    assert_eq!(meta("LifecycleInWeeks")["formulaField"], true);
    assert_eq!(meta("TickerSymbol")["hidden"], true);
    assert_eq!(meta("Website__gc")["fieldGroupType"], "CUSTOM");
    for name in ["Gsid", "CreatedDate", "ModifiedBy", "CurrentScore", "Trend", "Nps", "Csat", "ScorecardId"] {
        assert_eq!((&meta(name)["updateable"], &meta(name)["readOnly"]), (&json!(false), &json!(true)), "{name}");
    }
    assert!(field(&company, "shared_with").is_none());
}

#[tokio::test]
async fn a_describe_can_honour_the_rights_of_the_user() {
    cites("gs-describe-user");
    let sandbox = Sandbox::start().await;
    let jonas = signed_in(&sandbox, "lumen", "jonas.weber@lumenworks.example").await;
    let for_all = describe(&jonas, "Company", false).await;
    assert_eq!(field(&for_all, "Arr").unwrap()["meta"]["updateable"], true);
    let for_him = describe(&jonas, "Company", true).await;
    assert!(field(&for_him, "Arr").is_none());
    assert_eq!(field(&for_him, "Stage").unwrap()["meta"]["updateable"], false);
    let maya = signed_in(&sandbox, "lumen", "maya.lindqvist@lumenworks.example").await;
    assert_eq!(field(&describe(&maya, "Company", true).await, "Arr").unwrap()["meta"]["updateable"], true);
}

#[tokio::test]
async fn hidden_fields_can_be_left_out() {
    let sandbox = Sandbox::start().await;
    let body = json!({ "objectNames": ["Company"], "removeHidden": true });
    let data = sandbox.lumen().post("/v1/meta/services/objects/describe", body).await.data();
    assert!(field(&data[0], "TickerSymbol").is_none() && field(&data[0], "Name").is_some());
}

#[tokio::test]
async fn picklist_values_come_back_as_labels_or_ids() {
    cites("gs-picklist-reply");
    let sandbox = Sandbox::start().await;
    let query = json!({ "select": ["Stage", "Tags"], "where": is("Name", "Northwind Traders") });
    let row = sandbox.lumen().query("Company", query.clone()).await.rows().remove(0);
    assert_eq!((&row["Stage"], &row["Tags"]), (&json!("Adopting"), &json!("Reference;Expansion")));
    sandbox.switch("gainsight.picklist_reply", "gsid").await;
    let row = sandbox.lumen().query("Company", query).await.rows().remove(0);
    assert!(row["Stage"].as_str().unwrap().starts_with("1I00"));
    assert_eq!(row["Tags"].as_str().unwrap().split(';').count(), 2);
}
