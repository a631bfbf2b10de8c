//! What goes wrong on the way, on real connections.

use serde_json::{Value, json};
use sidelight_outbound::{Error, Method};

use crate::support::*;

const ACTIVITY: &str = "/v1/ant/es/activity";

async fn activity(sandbox: &Sandbox, external_id: &str) -> Value {
    json!({ "records": [{
        "ExternalId": external_id, "ContextName": "Company", "TypeName": "Update", "Subject": "A word",
        "Notes": "<p>A word</p>",
        "ActivityDate": "2026-05-28T20:00:00.000+0000", "Author": "maya.lindqvist@lumenworks.example",
        "GsCompanyId": sandbox.lumen().gsid("Company", "Name", "Northwind Traders").await,
    }] })
}

async fn kept(sandbox: &Sandbox) -> usize {
    sandbox.look("activities?tenant=lumen&external_id_prefix=f-").await.as_array().unwrap().len()
}

/// Logs one activity while a fault waits for it.
async fn log(sandbox: &Sandbox, fault: Value) -> Result<Reply, Error> {
    let body = activity(sandbox, "f-1").await;
    sandbox.fault_once("lumen", ACTIVITY, fault).await;
    sandbox.lumen().try_call(Method::POST, ACTIVITY, Some(body)).await
}

#[tokio::test]
async fn a_connection_dropped_after_the_write_leaves_it_applied() {
    cites("gs-dropped-after-apply");
    let sandbox = Sandbox::start().await;
    let error = log(&sandbox, json!({ "kind": "drop_after_apply" })).await.unwrap_err();
    assert!(matches!(error, Error::Broken(_)) && error.may_have_been_applied(), "{error}");
    assert_eq!(kept(&sandbox).await, 1);
    let again = activity(&sandbox, "f-1").await;
    assert_eq!(sandbox.lumen().post(ACTIVITY, again).await.status, 400, "the mark tells");
}

#[tokio::test]
async fn a_connection_dropped_before_the_write_leaves_nothing() {
    let sandbox = Sandbox::start().await;
    let error = log(&sandbox, json!({ "kind": "drop_before_apply" })).await.unwrap_err();
    assert!(matches!(error, Error::Broken(_)), "{error}");
    assert_eq!(kept(&sandbox).await, 0);
}

#[tokio::test]
async fn half_a_body_arrives_before_the_connection_breaks() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let sandbox = Sandbox::start().await;
    let error = log(&sandbox, json!({ "kind": "half_body" })).await.unwrap_err();
    assert!(matches!(error, Error::Broken(_)) && error.may_have_been_applied(), "{error}");
    assert_eq!(kept(&sandbox).await, 1);
    sandbox.fault_once("lumen", "/v1/data/objects/query/Company", json!({ "kind": "half_body" })).await;
    let mut stream = tokio::net::TcpStream::connect(sandbox.addresses.us1).await.unwrap();
    let body = r#"{"select":["Name"],"limit":20}"#;
    let head = format!(
        "POST /v1/data/objects/query/Company HTTP/1.1\r\nhost: lumen.us1.localhost\r\n\
         accesskey: lumen-access-key\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    let announced = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), announced.parse::<usize>().unwrap() / 2, "announced in full, sent by half");
}

#[tokio::test]
async fn answers_may_be_no_json() {
    cites("gs-answers-fail");
    let sandbox = Sandbox::start().await;
    let page = log(&sandbox, json!({ "kind": "html" })).await.unwrap();
    assert!(page.status == 502 && page.text().contains("<html>") && page.body.is_none());
    assert_eq!(kept(&sandbox).await, 0);
    let gateway = log(&sandbox, json!({ "kind": "status", "status": 503 })).await.unwrap();
    assert!(gateway.status == 503 && gateway.body.is_none());
    let malformed = log(&sandbox, json!({ "kind": "malformed_body" })).await.unwrap();
    assert!(malformed.status == 200 && malformed.body.is_none() && !malformed.text().is_empty());
    assert_eq!(kept(&sandbox).await, 1, "applied all the same");
}

#[tokio::test]
async fn the_gateway_words_its_refusals() {
    cites("gs-unexpected-error");
    let sandbox = Sandbox::start().await;
    let refusal = async |status: u16| {
        let reply = log(&sandbox, json!({ "kind": "status", "status": status, "retry_after": 7 })).await.unwrap();
        assert_eq!(reply.header("retry-after"), Some("7"));
        reply.failure()
    };
    assert_eq!(refusal(500).await, (500, Some("GU_1101".to_owned())));
    assert_eq!(refusal(429).await, (429, Some("GU_2400".to_owned())));
    assert_eq!(refusal(401).await, (401, Some("GS_APIG_2401".to_owned())));
    assert_eq!(refusal(418).await, (418, None));
    assert_eq!(kept(&sandbox).await, 0);
}

#[tokio::test]
async fn a_caller_who_hangs_up_before_the_write_leaves_nothing_and_after_it_everything() {
    let sandbox = Sandbox::start().await;
    for (moment, expected) in [("before", 0), ("after", 1)] {
        let body = activity(&sandbox, "f-1").await;
        let fault = json!({ "kind": "latency", "millis": 600_000, "moment": moment });
        sandbox.fault_once("lumen", ACTIVITY, fault).await;
        let lumen = sandbox.lumen();
        let mut call = Box::pin(lumen.try_call(Method::POST, ACTIVITY, Some(body)));
        // The fault is used up as soon as the call has arrived; what is to be applied before the wait follows at once.
        let arrived = async {
            while sandbox.look("faults").await != json!({}) || kept(&sandbox).await < expected {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            answered = call.as_mut() => panic!("answered at once: {answered:?}"),
            () = arrived => {}
        }
        drop(call);
        assert_eq!(kept(&sandbox).await, expected, "{moment}");
    }
}
