//! Organisations that anybody can make, and who belongs to whom.

use serde_json::{Value, json};

use super::visitor::*;
use crate::support::*;

/// In his own organisation he has the name and the address of somebody at Kestrel.
const MALLORY: &str = "mallory@bogus-consulting.example";

async fn organisation(sandbox: &Sandbox, name: &str) -> Value {
    let all = sandbox.look("salesforce").await;
    all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn a_self_made_organisation_may_hold_anybodys_address_but_not_his_ids() {
    cites("sf-anybody-makes-one");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let real = userinfo(&at, &tokens(&at, OLIVIA, "id", "").await).await.json();
    let posed = userinfo(&at, &tokens(&at, MALLORY, "id", "").await).await.json();
    assert_eq!((&posed["email"], &posed["name"]), (&real["email"], &real["name"]));
    assert_eq!(posed["email_verified"], false);
    assert_ne!(posed["organization_id"], real["organization_id"]);
    assert_ne!(posed["user_id"], real["user_id"]);
}

#[tokio::test]
async fn the_users_of_the_tenant_are_those_of_its_organisation() {
    cites("sf-user-is-known");
    let sandbox = Sandbox::start().await;
    let kestrel = organisation(&sandbox, "Kestrel Pay").await;
    let tenant = sandbox.look("tenants").await.as_array().unwrap().iter().find(|one| one["key"] == "kestrel").cloned();
    assert_eq!(tenant.unwrap()["salesforce_organisation"], kestrel["id"]);
    let gainsight = sandbox.tenant("kestrel").with_key("kestrel-access-key");
    for user in kestrel["users"].as_array().unwrap() {
        let filter = is("SfdcUserId", user["id"].as_str().unwrap());
        let rows = gainsight.query("GsUser", json!({ "select": ["Email"], "where": filter })).await.rows();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["Email"], user["email"]);
    }
    let bogus = organisation(&sandbox, "Bogus Consulting").await;
    let filter = is("SfdcUserId", bogus["users"][0]["id"].as_str().unwrap());
    assert!(gainsight.query("GsUser", json!({ "select": ["Email"], "where": filter })).await.rows().is_empty());
}

#[tokio::test]
async fn an_organisations_own_host_admits_its_own_users_alone() {
    cites("sf-hosts");
    let sandbox = Sandbox::start().await;
    let own = host(&sandbox, "kestrelpay.my.salesforce.localhost");
    let page = own.get(&authorize("id", "")).await;
    assert!(page.text().contains(OLIVIA) && !page.text().contains(MALLORY));
    assert_eq!(fill(&own, &page, MALLORY, "demo", "allow").await.status, 401);
    assert_eq!(tokens(&own, OLIVIA, "id", "").await["token_type"], "Bearer");
    let everybody = login(&sandbox).get(&authorize("id", "")).await;
    assert!(everybody.text().contains(OLIVIA) && everybody.text().contains(MALLORY));
    let elsewhere = fill(&own, &everybody, OLIVIA, "demo", "allow").await;
    assert_eq!(elsewhere.status, 400, "a login page belongs to the host that showed it");
    let nobody = host(&sandbox, "nobody.my.salesforce.localhost").get(&authorize("id", "")).await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn a_salesforce_token_opens_nothing_at_gainsight() {
    cites("sf-no-gainsight-token");
    let sandbox = Sandbox::start().await;
    let answer = tokens(&login(&sandbox), OLIVIA, "openid id", "").await;
    for name in ["access_token", "id_token"] {
        let token = answer[name].as_str().unwrap();
        let reply = sandbox.tenant("kestrel").with_token(token).query("Company", json!({ "select": ["Name"] })).await;
        assert_eq!(reply.failure(), (401, Some("GS_APIG_2401".to_owned())), "{name}");
    }
}
