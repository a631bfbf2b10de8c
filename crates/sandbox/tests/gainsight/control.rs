//! The control API: counters, switches, users, tokens, reset.

use serde_json::{Value, json};
use sidelight_outbound::{HeaderName, Method};

use crate::support::*;

const MAYA: &str = "maya.lindqvist@lumenworks.example";

#[tokio::test]
async fn calls_are_counted_per_tenant_and_endpoint() {
    let sandbox = Sandbox::start().await;
    let one = json!({ "select": ["Gsid"], "limit": 1 });
    sandbox.lumen().query("Company", one.clone()).await;
    sandbox.lumen().query("Company", one.clone()).await;
    sandbox.lumen().query("Person", one.clone()).await;
    sandbox.tenant("lumen").query("Company", one.clone()).await;
    sandbox.harbor().query("Company", one.clone()).await;
    sandbox.lumen().delete("/v1/data/objects/Company/1P02").await;
    let calls = sandbox.look("calls").await;
    let company = &calls["lumen"]["POST /v1/data/objects/query/Company"];
    assert_eq!(company, &json!({ "count": 3, "by_status": { "200": 2, "401": 1 }, "most_at_once": 1 }));
    assert_eq!(calls["lumen"]["POST /v1/data/objects/query/Person"]["count"], 1);
    assert_eq!(
        calls["lumen"]["DELETE /v1/data/objects/Company/{gsid}"]["count"], 1,
        "ids make no counter of their own"
    );
    assert_eq!(calls["harbor"]["POST /v1/data/objects/query/Company"]["count"], 1);
    assert!(!calls.to_string().contains("_control"));
    sandbox.control("calls/reset", json!({})).await;
    assert_eq!(sandbox.look("calls").await, json!({}));
}

#[tokio::test]
async fn a_dropped_call_is_counted_without_a_status() {
    let sandbox = Sandbox::start().await;
    sandbox.fault_once("lumen", "/v1/data/objects/query/*", json!({ "kind": "drop_before_apply" })).await;
    let one = json!({ "select": ["Gsid"], "limit": 1 });
    assert!(sandbox.lumen().try_call(Method::POST, "/v1/data/objects/query/Company", Some(one)).await.is_err());
    let calls = sandbox.look("calls").await;
    assert_eq!(calls["lumen"]["POST /v1/data/objects/query/Company"]["by_status"], json!({ "none": 1 }));
}

#[tokio::test]
async fn what_is_set_on_one_port_holds_on_the_other() {
    let sandbox = Sandbox::start().await;
    let zoom = format!("http://localhost:{}/_control", sandbox.addresses.zoom.port());
    let switch = json!({ "gainsight.data_shape": "records" });
    sandbox.send(Method::POST, &format!("{zoom}/switches"), &[], Some(switch)).await.unwrap();
    assert!(
        sandbox.lumen().query("Company", json!({ "select": ["Name"], "limit": 1 })).await.data()["records"].is_array()
    );
    let users = json!({ "tenant": "lumen", "email": MAYA, "is_active": false });
    assert_eq!(sandbox.send(Method::POST, &format!("{zoom}/users"), &[], Some(users)).await.unwrap().status, 200);
}

#[tokio::test]
async fn faults_are_listed_and_taken_back() {
    let sandbox = Sandbox::start().await;
    let plan = json!({ "match": { "tenant": "lumen" }, "fault": { "kind": "html" }, "times": null });
    let id = sandbox.control("faults", plan).await["id"].clone();
    let one = json!({ "select": ["Name"], "limit": 1 });
    assert_eq!(sandbox.lumen().query("Company", one.clone()).await.status, 502);
    assert_eq!(sandbox.lumen().query("Company", one.clone()).await.status, 502);
    assert_eq!(sandbox.harbor().query("Company", one.clone()).await.status, 200);
    assert_eq!(sandbox.look("faults").await[id.to_string()]["fault"]["kind"], "html");
    let url = |tail: &str| format!("http://localhost:{}/_control/faults{tail}", sandbox.addresses.us1.port());
    let remove =
        async |tail: String| sandbox.send(Method::DELETE, &url(&tail), &[], None).await.unwrap().status.as_u16();
    assert_eq!((remove(format!("/{id}")).await, remove(format!("/{id}")).await), (204, 404));
    assert_eq!(sandbox.lumen().query("Company", one).await.status, 200);
    assert_eq!(remove(String::new()).await, 204);
}

#[tokio::test]
async fn switches_are_listed_with_their_section_and_wrong_values_refused() {
    let sandbox = Sandbox::start().await;
    let switches = sandbox.look("switches").await;
    let all = switches.as_array().unwrap();
    assert!(all.iter().filter(|switch| switch["name"].as_str().unwrap().starts_with("gainsight.")).count() >= 40);
    for switch in all {
        assert!(switch["section"].is_string() && !switch["about"].as_str().unwrap().is_empty(), "{switch}");
        assert!(!switch["value"].is_null(), "{switch}");
    }
    let me = all.iter().find(|switch| switch["name"] == "gainsight.users_me").unwrap();
    assert_eq!((&me["value"], &me["realms"]["harbor"]), (&json!("missing"), &json!("bearer")));
    for wrong in [json!({ "gainsight.nothing": 1 }), json!({ "gainsight.data_shape": "round" }), json!([])] {
        let url = format!("http://localhost:{}/_control/switches", sandbox.addresses.us1.port());
        assert_eq!(sandbox.send(Method::POST, &url, &[], Some(wrong)).await.unwrap().status, 400);
    }
}

#[tokio::test]
async fn users_change_and_tokens_are_taken_back() {
    let sandbox = Sandbox::start().await;
    let token = token_for(&sandbox, "lumen", MAYA).await;
    let maya = sandbox.tenant("lumen").with_token(&token);
    let tom = signed_in(&sandbox, "lumen", "tom.okafor@lumenworks.example").await;
    let user = json!({ "select": ["IsActiveUser", "LicenseType"], "where": is("Email", MAYA) });
    sandbox
        .control("users", json!({ "tenant": "lumen", "email": MAYA, "is_active": false, "licence": "viewer" }))
        .await;
    assert_eq!(
        maya.query("GsUser", user.clone()).await.rows(),
        [json!({ "IsActiveUser": false, "LicenseType": "Viewer" })]
    );
    sandbox.control("users", json!({ "tenant": "lumen", "email": MAYA, "licence": null })).await;
    assert_eq!(
        maya.query("GsUser", user.clone()).await.rows(),
        [json!({ "IsActiveUser": false, "LicenseType": null })]
    );
    let revoked = sandbox.control("tokens/revoke", json!({ "tenant": "lumen", "email": MAYA })).await;
    assert_eq!(revoked["revoked"], 2, "access and refresh token");
    assert_eq!(maya.query("GsUser", user.clone()).await.failure(), (401, Some("GS_APIG_2401".to_owned())));
    assert_eq!(tom.query("GsUser", user.clone()).await.status, 200);
    sandbox.control("tokens/revoke", json!({ "tenant": "lumen" })).await;
    assert_eq!(tom.query("GsUser", user).await.status, 401);
    let url = format!("http://localhost:{}/_control/users", sandbox.addresses.us1.port());
    for (body, status) in [
        (json!({ "tenant": "lumen", "email": "nobody@x.example" }), 404),
        (json!({ "tenant": "nobody", "email": MAYA }), 404),
        (json!({ "tenant": "lumen", "email": MAYA, "licence": "Platinum" }), 404),
        (json!({ "tenant": "lumen", "email": MAYA, "shoe_size": 43 }), 400),
    ] {
        assert_eq!(sandbox.send(Method::POST, &url, &[], Some(body)).await.unwrap().status, status);
    }
}

#[tokio::test]
async fn a_reset_brings_back_the_beginning() {
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let before = lumen.gsid("Company", "Name", "Northwind Traders").await;
    lumen.delete(&format!("/v1/data/objects/Company/{before}")).await.data();
    sandbox.switch("gainsight.data_shape", "records").await;
    sandbox.control("faults", json!({ "fault": { "kind": "html" } })).await;
    sandbox.control("reset", json!({})).await;
    assert_eq!(lumen.gsid("Company", "Name", "Northwind Traders").await, before, "the same id again");
    assert!(lumen.query("Company", json!({ "select": ["Name"], "limit": 1 })).await.data().is_array());
    assert_eq!(sandbox.look("faults").await, json!({}));
}

#[tokio::test]
async fn foreign_pages_and_rebound_names_turn_nothing() {
    let sandbox = Sandbox::start().await;
    let url = format!("http://localhost:{}/_control/reset", sandbox.addresses.us1.port());
    let origin = |value: &str| [(HeaderName::from_static("origin"), value.to_owned())];
    let status = async |headers: &[(HeaderName, String)]| {
        sandbox.send(Method::POST, &url, headers, None).await.unwrap().status.as_u16()
    };
    assert_eq!(status(&origin("https://evil.example")).await, 403);
    assert_eq!(status(&origin("null")).await, 403);
    assert_eq!(status(&[(HeaderName::from_static("host"), "evil.example".to_owned())]).await, 403);
    assert_eq!(status(&origin("http://localhost:8080")).await, 204);
}

#[tokio::test]
async fn the_tenants_introduce_themselves() {
    let sandbox = Sandbox::start().await;
    let tenants = sandbox.look("tenants").await;
    assert_eq!((&tenants[0]["key"], &tenants[1]["name"]), (&json!("lumen"), &json!("Harbor Cloud")));
    let client = tenants[0]["application"].clone();
    assert_eq!(client, json!({ "client_id": "lumen-sidelight", "client_secret": "lumen-demo-application-secret" }));
    let base = tenants[0]["url"].as_str().unwrap();
    assert_eq!(base, sandbox.tenant("lumen").base);
    let records =
        sandbox.look("records?tenant=lumen&object=GsUser&field=Email&value=MAYA.lindqvist@lumenworks.example").await;
    assert_eq!((records.as_array().unwrap().len(), &records[0]["Name"]), (1, &json!("Maya Lindqvist")));
    let unknown: Value = sandbox.look("records?tenant=lumen&object=Starship").await;
    assert!(unknown["error"].is_string());
}
