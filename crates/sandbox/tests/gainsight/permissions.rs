//! What a person's token sees and may do.

use serde_json::{Value, json};

use crate::support::*;

const ACTIVITY: &str = "/v1/ant/es/activity";

fn email(name: &str) -> String {
    format!("{name}@lumenworks.example")
}

async fn as_user<'a>(sandbox: &'a Sandbox, name: &str) -> Tenant<'a> {
    signed_in(sandbox, "lumen", &email(name)).await
}

/// An activity at Northwind in somebody's name.
async fn activity(sandbox: &Sandbox, external_id: &str, author: &str) -> Value {
    json!({ "records": [{
        "ExternalId": external_id, "ContextName": "Company", "TypeName": "Update", "Subject": "A word",
        "Notes": "<p>A word</p>",
        "ActivityDate": "2026-05-28T20:00:00.000+0000", "Author": email(author),
        "GsCompanyId": sandbox.lumen().gsid("Company", "Name", "Northwind Traders").await,
    }] })
}

async fn names(caller: &Tenant<'_>) -> Vec<String> {
    let rows = caller.query("Company", json!({ "select": ["Name"] })).await.rows();
    rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_token_sees_what_its_person_sees() {
    cites("gs-user-visibility");
    let sandbox = Sandbox::start().await;
    let sees = async |name: &str| {
        let names = names(&as_user(&sandbox, name).await).await;
        ["Aurelia Private Bank", "Blackpine Defence"].map(|company| names.iter().any(|seen| seen == company))
    };
    assert_eq!(sees("maya.lindqvist").await, [false, false]);
    assert_eq!(sees("claire.fontaine").await, [true, false]);
    assert_eq!(sees("tom.okafor").await, [false, true]);
    assert_eq!(sees("ruth.adeyemi").await, [true, true], "a Super Admin sees everything");
}

#[tokio::test]
async fn what_belongs_to_a_hidden_company_is_hidden_too() {
    let sandbox = Sandbox::start().await;
    let bank = sandbox.lumen().gsid("Company", "Name", "Aurelia Private Bank").await;
    let maya = as_user(&sandbox, "maya.lindqvist").await;
    for (object, field) in
        [("relationship", "CompanyId"), ("company_person", "Company_ID"), ("activity_timeline", "GsCompanyId")]
    {
        let query = json!({ "select": ["Gsid"], "where": is(field, bank.as_str()) });
        assert!(!sandbox.lumen().query(object, query.clone()).await.rows().is_empty(), "{object}");
        assert!(maya.query(object, query).await.rows().is_empty(), "{object}");
    }
    let mut activity = activity(&sandbox, "h-1", "maya.lindqvist").await;
    activity["records"][0]["GsCompanyId"] = bank.as_str().into();
    assert_eq!(maya.post(ACTIVITY, activity).await.status, 400, "what she does not see, she cannot write to");
    assert_eq!(
        maya.delete(&format!("/v1/data/objects/Company/{bank}")).await.failure().1.as_deref(),
        Some("GSOBJ_1011")
    );
}

#[tokio::test]
async fn a_field_may_be_hidden_from_those_who_only_view() {
    cites("gs-field-permission");
    let sandbox = Sandbox::start().await;
    let jonas = as_user(&sandbox, "jonas.weber").await;
    let maya = as_user(&sandbox, "maya.lindqvist").await;
    let query = json!({ "select": ["Name", "Arr"], "where": is("Name", "Northwind Traders") });
    assert_eq!(maya.query("Company", query.clone()).await.rows()[0]["Arr"], 410_000);
    assert_eq!(
        jonas.query("Company", query.clone()).await.rows(),
        [json!({ "Name": "Northwind Traders", "Arr": null })]
    );
    sandbox.switch("gainsight.hidden_field", "absent").await;
    assert_eq!(jonas.query("Company", query.clone()).await.rows(), [json!({ "Name": "Northwind Traders" })]);
    sandbox.switch("gainsight.hidden_field", "error").await;
    assert_eq!(jonas.query("Company", query).await.status, 403);
    for probe in [
        json!({ "select": ["Name"], "where": condition("Arr", "GT", json!([400_000])) }),
        json!({ "select": ["Name"], "orderBy": { "Arr": "desc" } }),
    ] {
        assert_eq!(jonas.query("Company", probe).await.status, 403, "no guessing by halving");
    }
    let through_link = json!({ "select": ["Company_ID__gr.Arr"], "limit": 1 });
    assert_eq!(jonas.query("company_person", through_link).await.status, 403);
}

#[tokio::test]
async fn viewers_read_and_log_and_change_nothing_else() {
    cites("gs-licence-reads");
    cites("gs-licence-logs");
    cites("gs-licence-people");
    let sandbox = Sandbox::start().await;
    for name in ["jonas.weber", "priya.raman"] {
        let viewer = as_user(&sandbox, name).await;
        assert!(!names(&viewer).await.is_empty());
        let body = activity(&sandbox, name, name).await;
        assert_eq!(viewer.post(ACTIVITY, body).await.status, 200, "{name} may log");
        let company = json!({ "records": [{ "Name": "Northwind Traders", "Stage": "Launched" }] });
        assert_eq!(viewer.put("/v1/data/objects/Company?keys=Name", company.clone()).await.status, 403);
        assert_eq!(viewer.post("/v1/data/objects/Company", company).await.status, 403);
        let person = json!({ "Email": "new@x.example" });
        assert_eq!(viewer.put("/v1/peoplemgmt/v1.0/people", person).await.status, 403);
    }
}

#[tokio::test]
async fn collaborators_and_those_without_a_licence_write_nothing() {
    let sandbox = Sandbox::start().await;
    for name in ["elena.petrova", "marcus.hale", "petra.lang"] {
        let caller = as_user(&sandbox, name).await;
        let body = activity(&sandbox, name, name).await;
        assert_eq!(caller.post(ACTIVITY, body).await.status, 403, "{name}");
    }
}

#[tokio::test]
async fn only_the_author_changes_an_entry_unless_permitted() {
    cites("gs-timeline-own-only");
    cites("gs-timeline-permission");
    let sandbox = Sandbox::start().await;
    let maya = as_user(&sandbox, "maya.lindqvist").await;
    let body = activity(&sandbox, "own-1", "maya.lindqvist").await;
    maya.post(ACTIVITY, body).await.data();
    let change = json!({ "records": [{ "ExternalId": "own-1", "Subject": "Changed" }] });
    let status = async |caller: Tenant<'_>| {
        caller.put(&format!("{ACTIVITY}?identifier=externalid"), change.clone()).await.status.as_u16()
    };
    assert_eq!(status(maya).await, 200);
    assert_eq!(status(as_user(&sandbox, "tom.okafor").await).await, 403);
    assert_eq!(status(as_user(&sandbox, "priya.raman").await).await, 200, "holds the permission");
    assert_eq!(status(as_user(&sandbox, "ruth.adeyemi").await).await, 200, "Super Admin");
    let tom = as_user(&sandbox, "tom.okafor").await;
    let kept = sandbox.look("activities?tenant=lumen&external_id_prefix=own-").await;
    let gsid = kept[0]["Gsid"].as_str().unwrap();
    assert_eq!(tom.delete(&format!("{ACTIVITY}?activityId={gsid}")).await.status, 403);
}

#[tokio::test]
async fn whether_somebody_can_log_in_anothers_name_is_a_matter_of_the_tenant() {
    cites("gs-timeline-other-author");
    let sandbox = Sandbox::start().await;
    let maya = as_user(&sandbox, "maya.lindqvist").await;
    let body = activity(&sandbox, "o-1", "tom.okafor").await;
    assert_eq!(maya.post(ACTIVITY, body).await.status, 200);
    sandbox.switch("gainsight.other_author", "refused").await;
    let body = activity(&sandbox, "o-2", "tom.okafor").await;
    assert_eq!(maya.post(ACTIVITY, body).await.status, 403);
    let own = activity(&sandbox, "o-3", "maya.lindqvist").await;
    assert_eq!(maya.post(ACTIVITY, own).await.status, 200);
    let tenant = activity(&sandbox, "o-4", "tom.okafor").await;
    assert_eq!(sandbox.lumen().post(ACTIVITY, tenant).await.status, 200, "the tenant speaks for everybody");
}
