//! Hosts, credentials, envelopes, limits.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::*;

const COMPANIES: &str = "/v1/data/objects/query/Company";

fn one() -> Value {
    json!({ "select": ["Name"], "limit": 1 })
}

fn refused(status: u16, code: &str) -> (u16, Option<String>) {
    (status, Some(code.to_owned()))
}

#[tokio::test]
async fn each_tenant_has_a_host_of_its_own() {
    cites("gs-host-per-tenant");
    let sandbox = Sandbox::start().await;
    let all = json!({ "select": ["Name"] });
    assert_eq!(sandbox.lumen().query("Company", all.clone()).await.rows().len(), 40);
    assert_eq!(sandbox.harbor().query("Company", all).await.rows().len(), 20);
    let nobody = sandbox.tenant("nobody").with_key("lumen-access-key").post(COMPANIES, one()).await;
    assert_eq!(nobody.status, 404);
    assert!(nobody.text().contains("<html>"));
    let wrong_key = sandbox.tenant("harbor").with_key("lumen-access-key").post(COMPANIES, one()).await;
    assert_eq!(wrong_key.failure(), refused(401, "GS_APIG_2401"));
}

#[tokio::test]
async fn record_ids_have_their_shape() {
    cites("gs-gsid-shape");
    let sandbox = Sandbox::start().await;
    for (object, prefix) in
        [("Company", "1P02"), ("relationship", "1P05"), ("GsUser", "1P01"), ("company_person", "1C01")]
    {
        let rows = sandbox.lumen().query(object, json!({ "select": ["Gsid"], "limit": 5 })).await.rows();
        for row in rows {
            let gsid = row["Gsid"].as_str().unwrap();
            assert!(gsid.len() == 36 && gsid.starts_with(prefix), "{gsid}");
            assert!(gsid.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()), "{gsid}");
        }
    }
}

#[tokio::test]
async fn a_call_needs_exactly_one_valid_credential() {
    cites("gs-access-key");
    cites("gs-unauthorized");
    cites("gs-one-credential");
    let sandbox = Sandbox::start().await;
    let lumen = || sandbox.tenant("lumen");
    assert_eq!(lumen().with_key("lumen-access-key").post(COMPANIES, one()).await.status, 200);
    for stranger in
        [lumen(), lumen().with_key("guess"), lumen().with_token("guess"), lumen().with("authorization", "Basic eDp5")]
    {
        let reply = stranger.post(COMPANIES, one()).await;
        assert_eq!(reply.failure(), refused(401, "GS_APIG_2401"));
    }
    let both = lumen().with_key("lumen-access-key").with_token("any").post(COMPANIES, one()).await;
    assert_eq!(both.failure(), refused(400, "GSOBJ_1024"));
}

#[tokio::test]
async fn the_tenant_gets_a_token_of_its_own() {
    cites("gs-m2m-token");
    cites("gs-m2m-no-body");
    cites("gs-m2m-lifetime");
    let sandbox = Sandbox::start().await;
    let basic = "Basic bHVtZW4tbTJtOmx1bWVuLW0ybS1zZWNyZXQ="; // lumen-m2m:lumen-m2m-secret
    let client = sandbox.tenant("lumen").with("authorization", basic);
    let path = "/v1/users/m2m/oauth/token";
    let with_form = client.form(path, &[("grant_type", "client_credentials")]).await.json();
    let without = client.try_call(sidelight_outbound::Method::POST, path, None).await.unwrap().json();
    for reply in [&with_form, &without] {
        assert_eq!((&reply["token_type"], &reply["expires_in"]), (&json!("Bearer"), &json!(86_400)));
        assert!(reply.get("refresh_token").is_none());
    }
    assert_ne!(with_form["access_token"], without["access_token"]);
    let token = without["access_token"].as_str().unwrap();
    assert_eq!(sandbox.tenant("lumen").with_token(token).post(COMPANIES, one()).await.status, 200);
    sandbox.clock.advance(Duration::from_hours(24));
    assert_eq!(sandbox.tenant("lumen").with_token(token).post(COMPANIES, one()).await.status, 401);
    let wrong = sandbox.tenant("lumen").with("authorization", "Basic bHVtZW4tbTJtOndyb25n").form(path, &[]).await;
    assert_eq!((wrong.status.as_u16(), wrong.json()["error"].clone()), (401, json!("invalid_client")));
}

#[tokio::test]
async fn the_access_key_is_the_tenant_and_no_person() {
    cites("gs-access-key-is-tenant");
    let sandbox = Sandbox::start().await;
    let rows = sandbox.lumen().query("Company", json!({ "select": ["Name", "Arr"] })).await.rows();
    assert!(rows.iter().any(|row| row["Name"] == "Aurelia Private Bank"), "also what is shared with few");
    assert!(rows.iter().all(|row| row["Arr"].is_number()));
}

#[tokio::test]
async fn answers_come_in_the_envelope() {
    cites("gs-envelope");
    cites("gs-envelope-localized");
    let sandbox = Sandbox::start().await;
    let keys = |body: &Value| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let short = ["data", "errorCode", "errorDesc", "message", "requestId", "result"];
    let body = sandbox.lumen().post(COMPANIES, one()).await.json();
    assert_eq!(keys(&body), short);
    assert!(body["errorCode"].is_null() && body["requestId"].is_string());
    let failed = sandbox.tenant("lumen").post(COMPANIES, one()).await.json();
    assert_eq!(keys(&failed), short);
    assert!(failed["errorDesc"].is_string());
    sandbox.switch("gainsight.envelope", "localized").await;
    let long = sandbox.lumen().post(COMPANIES, one()).await.json();
    assert!(keys(&long).iter().any(|key| key == "localizedErrorDesc"));
    assert!(keys(&long).iter().any(|key| key == "localizedMessage"));
}

#[tokio::test]
async fn a_refused_request_may_be_a_success_by_status() {
    cites("gs-failure-at-200");
    let sandbox = Sandbox::start().await;
    let bad = json!({ "select": ["Nonsense"] });
    assert_eq!(sandbox.lumen().query("Company", bad.clone()).await.failure(), refused(400, "GSOBJ_1002"));
    sandbox.switch("gainsight.failure_status", "ok").await;
    assert_eq!(sandbox.lumen().query("Company", bad).await.failure(), refused(200, "GSOBJ_1002"));
    let stranger = sandbox.tenant("lumen").post(COMPANIES, one()).await;
    assert_eq!(stranger.failure(), refused(401, "GS_APIG_2401"), "the gateway keeps its status");
}

#[tokio::test]
async fn unknown_objects_and_paths_are_told_apart() {
    cites("gs-data-management-failure");
    cites("gs-unknown-path");
    let sandbox = Sandbox::start().await;
    let body = sandbox.lumen().query("Starship", one()).await.json();
    assert_eq!((&body["result"], &body["title"]), (&json!(false), &json!("OBJECT_NOT_FOUND")));
    assert!(body["detail"].is_string() && body["requestId"].is_string());
    assert_eq!(body["instance"], "2026-05-28 20:26:40 UTC");
    for path in ["/v1/data/object/query/Company", "/v1/timeline/activities", "/v9/nothing"] {
        assert_eq!(sandbox.lumen().post(path, one()).await.failure(), refused(400, "GSOBJ_1023"), "{path}");
    }
    assert_eq!(sandbox.lumen().get(COMPANIES).await.failure(), refused(400, "GSOBJ_1023"));
}

#[tokio::test]
async fn the_tenant_has_one_budget_in_fixed_windows() {
    cites("gs-rate-synchronous");
    cites("gs-rate-fixed-windows");
    cites("gs-rate-shared");
    cites("gs-rate-refusal");
    let sandbox = Sandbox::start().await;
    let maya = signed_in(&sandbox, "lumen", "maya.lindqvist@lumenworks.example").await;
    for turn in 0..100 {
        let caller = if turn % 2 == 0 { sandbox.lumen() } else { maya.clone() };
        assert_eq!(caller.post(COMPANIES, one()).await.status, 200, "{turn}");
    }
    assert_eq!(maya.post(COMPANIES, one()).await.failure(), refused(429, "GU_2400"));
    assert_eq!(sandbox.lumen().post(COMPANIES, one()).await.failure(), refused(429, "GU_2400"));
    assert_eq!(sandbox.harbor().post(COMPANIES, one()).await.status, 200, "another tenant, another budget");
    // The tests' clock starts 40 seconds into a minute.
    sandbox.clock.advance(Duration::from_secs(19));
    assert_eq!(sandbox.lumen().post(COMPANIES, one()).await.status, 429);
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(sandbox.lumen().post(COMPANIES, one()).await.status, 200);
}

#[tokio::test]
async fn each_kind_of_call_has_a_limit_of_its_own() {
    cites("gs-rate-day");
    cites("gs-rate-timeline");
    cites("gs-rate-users");
    cites("gs-rate-header");
    let sandbox = Sandbox::start().await;
    let switches = sandbox.look("switches").await;
    let default = |name: &str| {
        let switch = switches.as_array().unwrap().iter().find(|switch| switch["name"] == name).unwrap();
        switch["value"].clone()
    };
    assert_eq!(default("gainsight.sync_per_minute"), 100);
    assert_eq!(default("gainsight.sync_per_day"), 50_000);
    assert_eq!(default("gainsight.timeline_per_minute"), 200);
    assert_eq!(default("gainsight.users_per_hour"), 100);
    for limit in ["sync_per_day", "timeline_per_minute", "users_per_hour"] {
        sandbox.switch(&format!("gainsight.{limit}"), 1).await;
    }
    let lumen = sandbox.lumen();
    for (path, body) in [
        (COMPANIES, one()),
        ("/v1/ant/es/activity", json!({ "records": [] })),
        ("/v1/users/services/list", json!({ "select": ["Name"] })),
    ] {
        assert_ne!(lumen.post(path, body.clone()).await.status, 429, "{path}");
        assert_eq!(lumen.post(path, body).await.failure(), refused(429, "GU_2400"), "{path}");
    }
    sandbox.switch("gainsight.timeline_per_minute", 200).await;
    let reply = lumen.post("/v1/ant/es/activity", json!({ "records": [] })).await;
    assert_eq!(reply.header("x-ratelimit-limit"), Some("200;w=60"));
}

#[tokio::test]
async fn limits_can_be_off_and_may_say_how_long_to_wait() {
    cites("gs-rate-varies");
    cites("gs-rate-retry-after");
    let sandbox = Sandbox::start().await;
    sandbox.switch("gainsight.sync_per_minute", 0).await;
    assert_eq!(sandbox.lumen().post(COMPANIES, one()).await.header("retry-after"), None);
    sandbox.switch("gainsight.retry_after", "seconds").await;
    assert_eq!(sandbox.lumen().post(COMPANIES, one()).await.header("retry-after"), Some("20"));
    sandbox.switch("gainsight.rate_limits", "off").await;
    assert_eq!(sandbox.lumen().post(COMPANIES, one()).await.status, 200);
}
