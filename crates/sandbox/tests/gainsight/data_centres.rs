//! Three data centres, and who lives in which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sidelight_sandbox::{TenantRegistration, tenants};

use crate::support::*;

fn registered(key: &str) -> TenantRegistration {
    tenants().into_iter().find(|tenant| tenant.key == key).unwrap()
}

async fn companies(sandbox: &Sandbox, key: &str) -> BTreeSet<String> {
    let tenant = sandbox.tenant(key).with_key(&registered(key).access_key);
    let rows = tenant.query("Company", json!({ "select": ["Name"], "limit": 500 })).await.rows();
    rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_tenant_answers_in_its_own_data_centre_and_in_no_other() {
    cites("gs-data-centres");
    cites("gs-host-us2");
    cites("gs-host-eu");
    let sandbox = Sandbox::start().await;
    let mut shown = BTreeMap::new();
    for tenant in tenants() {
        for centre in sandbox.addresses.data_centres() {
            let base = format!("http://{}:{}", tenant.host, centre.address.port());
            let there = sandbox.at(&base).with_key(&tenant.access_key);
            let reply = there.query("Company", json!({ "select": ["Name"], "limit": 1 })).await;
            let is_at_home = centre.label == tenant.data_centre;
            assert_eq!(reply.status == 200, is_at_home, "{} at {}: {}", tenant.key, centre.label, reply.text());
            if !is_at_home {
                assert_eq!(reply.status, 404);
            }
        }
        *shown.entry(tenant.data_centre).or_insert(0) += 1;
    }
    assert_eq!(shown, BTreeMap::from([("EU", 2), ("US1", 3), ("US2", 3)]));
}

#[tokio::test]
async fn every_tenant_has_credentials_and_records_of_its_own() {
    let sandbox = Sandbox::start().await;
    for tenant in tenants() {
        for other in tenants().iter().filter(|other| other.key != tenant.key) {
            let stranger = sandbox.tenant(tenant.key).with_key(&other.access_key);
            let reply = stranger.query("Company", json!({ "select": ["Name"] })).await;
            assert_eq!(reply.failure(), (401, Some("GS_APIG_2401".to_owned())), "{} at {}", other.key, tenant.key);
        }
        assert!(companies(&sandbox, tenant.key).await.len() >= 2, "{}", tenant.key);
    }
    let listed = sandbox.look("tenants").await;
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(|tenant| tenant["key"].as_str().unwrap()).collect();
    assert_eq!(listed, tenants().iter().map(|tenant| tenant.key).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_e_mail_domain_may_have_several_environments() {
    cites("gs-environments");
    let sandbox = Sandbox::start().await;
    let (production, copy) = (registered("ostara"), registered("ostara-sandbox"));
    assert_eq!((production.environment, copy.environment), ("Production", "Sandbox"));
    assert_eq!((production.email_domain, production.is_sandbox), (copy.email_domain, false));
    assert!(copy.is_sandbox && production.host != copy.host);
    let (all, some) = (companies(&sandbox, "ostara").await, companies(&sandbox, "ostara-sandbox").await);
    assert!(some.len() < all.len() && some.is_subset(&all), "{some:?} of {all:?}");
    for key in ["ostara", "ostara-sandbox"] {
        let freya = signed_in(&sandbox, key, "freya.nilsen@ostara.example").await;
        assert!(!freya.query("Company", json!({ "select": ["Name"] })).await.rows().is_empty());
    }
    let logged = json!({ "Name": "Only a trial", "Industry": "Retail" });
    let mina = signed_in(&sandbox, "ostara-sandbox", "mina.park@ostara.example").await;
    mina.post("/v1/data/objects/Company", json!({ "records": [logged] })).await.data();
    assert!(companies(&sandbox, "ostara-sandbox").await.contains("Only a trial"));
    assert!(!companies(&sandbox, "ostara").await.contains("Only a trial"), "production knows nothing of it");
}

#[tokio::test]
async fn one_person_may_have_users_in_two_data_centres() {
    cites("gs-several-domains");
    let sandbox = Sandbox::start().await;
    sandbox.switch("gainsight.empty_shape", "empty").await;
    let nadia = "nadia.ferreira@corvane.example";
    let mut centres = BTreeSet::new();
    for tenant in tenants() {
        let users = sandbox.tenant(tenant.key).with_key(&tenant.access_key);
        let filter = json!({ "select": ["Gsid", "Email"], "where": is("Email", nadia) });
        if users.query("GsUser", filter).await.rows().len() == 1 {
            centres.insert(tenant.data_centre);
            assert_eq!(tenant.email_domain, "corvane.example");
            token_for(&sandbox, tenant.key, nadia).await;
        }
    }
    assert_eq!(centres, BTreeSet::from(["EU", "US2"]));
    let there = sandbox.tenant("corvane-eu").with_key("corvane-eu-access-key");
    let jordan = json!({ "select": ["Gsid"], "where": is("Email", "jordan.pike@corvane.example") });
    assert!(there.query("GsUser", jordan).await.rows().is_empty(), "most have one account");
}

#[tokio::test]
async fn one_customer_may_be_known_in_two_data_centres() {
    let sandbox = Sandbox::start().await;
    for (keys, email) in [
        (["corvane-us", "corvane-eu"], "lucia.bianchi@aureliofoods.example"),
        (["lumen", "corvane-eu"], "diego.santos@fabrikanalytics.example"),
    ] {
        for key in keys {
            let tenant = sandbox.tenant(key).with_key(&registered(key).access_key);
            tenant.gsid("Person", "Email", email).await;
        }
    }
}

#[tokio::test]
async fn faults_switches_and_counters_hold_for_the_tenants_of_every_data_centre() {
    let sandbox = Sandbox::start().await;
    for centre in sandbox.addresses.data_centres() {
        let control = sandbox.at(&format!("http://localhost:{}", centre.address.port()));
        let key = if centre.label == "EU" { "corvane-eu" } else { "corvane-us" };
        let plan = json!({ "match": { "tenant": key }, "fault": { "kind": "status", "status": 503 }, "times": 1 });
        control.post("/_control/faults", plan).await;
        let tenant = sandbox.tenant(key).with_key(&registered(key).access_key);
        let query = json!({ "select": ["Name"], "limit": 1 });
        assert_eq!(tenant.query("Company", query.clone()).await.status, 503, "{}", centre.label);
        assert_eq!(tenant.query("Company", query).await.status, 200);
        let calls = control.get("/_control/calls").await.json();
        assert_eq!(calls[key]["POST /v1/data/objects/query/Company"]["count"], 2, "{}", centre.label);
        control.post("/_control/calls/reset", json!({})).await;
        assert_eq!(control.get("/_control/calls").await.json(), json!({}));
    }
    sandbox.switch("gainsight.data_shape@alpenrad", "records").await;
    let alpenrad = sandbox.tenant("alpenrad").with_key("alpenrad-access-key");
    let rows = alpenrad.query("Company", json!({ "select": ["Name"], "limit": 1 })).await;
    assert!(rows.data()["records"].is_array());
}
