//! REST (`zoom.md` 4.5, 7).

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::{Method, Request};

use crate::town::{NORTHWIND, Reply, SOLSTICE, Town, cites};

#[tokio::test]
async fn a_user_is_called_as_in_the_context() {
    cites("zm-users-me");
    cites("zm-me-only");
    cites("zm-tracking");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let reply = town.read(&access, "/v2/users/me").await;
    assert!(reply.header("x-zm-trackingid").is_some());
    let me = reply.json();
    assert_eq!((&me["id"], &me["account_id"]), (&json!("u-maya-lindqvist"), &json!("acc-lumen")));
    assert_eq!((&me["email"], &me["type"]), (&json!("maya.lindqvist@lumenworks.example"), &json!(2)));
    assert_eq!((&me["first_name"], &me["last_name"]), (&json!("Maya"), &json!("Lindqvist")));
    assert_eq!((&me["timezone"], &me["verified"]), (&json!("Europe/Stockholm"), &json!(1)));
    assert_eq!(town.read(&access, "/v2/users/u-maya-lindqvist").await.refusal(), (400, 4_700));
}

#[tokio::test]
async fn a_dead_token_has_one_of_two_codes_and_statuses() {
    cites("zm-token-code");
    cites("zm-token-status");
    cites("zm-header-token-only");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let in_query = town.get(&format!("/v2/users/me?access_token={access}")).await;
    assert_eq!(in_query.refusal(), (401, 124), "a token in the query is none");
    town.clock.advance(Duration::from_hours(1));
    assert_eq!(town.read(&access, "/v2/users/me").await.refusal(), (401, 124));
    town.switch("zoom.expired_token_code", "201").await;
    town.switch("zoom.expired_token_status", "400").await;
    assert_eq!(town.read(&access, "/v2/users/me").await.refusal(), (400, 201));
    assert_eq!(town.read("forged", "/v2/users/me").await.refusal(), (400, 124));
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    cites("zm-scope-missing");
    let town = Town::start().await;
    let ticket = town.get(&town.authorize_path("&as=maya-lindqvist")).await.hidden("ticket");
    let fields = [("ticket", ticket.as_str()), ("decision", "allow")];
    let agreed = town.send(Request::new(Method::POST, town.url("/oauth/authorize")).form(&fields)).await;
    let tokens = town.exchange(&agreed.parameter("code").unwrap(), &[]).await.json();
    let access = tokens["access_token"].as_str().unwrap();
    let refused = town.read(access, "/v2/users/me/meetings").await;
    assert_eq!(refused.refusal(), (400, 4_711));
    assert_eq!(
        refused.json()["message"],
        "Invalid access token, does not contain scopes:[meeting:read:list_meetings]."
    );
}

#[tokio::test]
async fn a_meeting_says_what_is_documented() {
    cites("zm-meeting-shape");
    cites("zm-invitees");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let meeting = town.read(&access, &format!("/v2/meetings/{NORTHWIND}")).await.json();
    assert_eq!(meeting["id"], 81_234_567_890_i64, "a number here, a text in webhooks");
    assert_eq!((&meeting["host_id"], &meeting["status"]), (&json!("u-maya-lindqvist"), &json!("started")));
    assert_eq!(meeting["host_email"], "maya.lindqvist@lumenworks.example");
    assert!(meeting["join_url"].as_str().unwrap().ends_with("/meeting/81234567890"));
    assert!(meeting["start_url"].as_str().unwrap().contains("zak="), "a credential that must not be kept");
    let settings = &meeting["settings"];
    let invitees: Vec<_> = settings["meeting_invitees"].as_array().unwrap().iter().collect();
    assert!(invitees.contains(&&json!({ "email": "ana.ruiz@northwindtraders.example", "internal_user": false })));
    assert_eq!((&settings["approval_type"], &settings["waiting_room"]), (&json!(0), &json!(false)));
    let internal = json!({ "topic": "T", "host": "maya-lindqvist", "number": "87", "invitees": ["tom.okafor@lumenworks.example"] });
    town.control("meetings", internal).await;
    let planned = town.read(&access, "/v2/meetings/87").await.json();
    assert_eq!(planned["settings"]["meeting_invitees"][0]["internal_user"], true);
    assert_eq!(planned["status"], "waiting");
}

#[tokio::test]
async fn a_meeting_is_its_hosts_alone() {
    cites("zm-meeting-host-only");
    cites("zm-meeting-numeric");
    cites("zm-error-body");
    let town = Town::start().await;
    let tom = town.access_for("tom-okafor").await;
    assert_eq!(town.read(&tom, &format!("/v2/meetings/{NORTHWIND}")).await.refusal(), (404, 3_001));
    let maya = town.access_for("maya-lindqvist").await;
    assert_eq!(town.read(&maya, &format!("/v2/meetings/{SOLSTICE}")).await.refusal(), (404, 3_001));
    assert_eq!(town.read(&maya, "/v2/meetings/1").await.refusal(), (404, 3_001));
    let unreadable = town.read(&maya, "/v2/meetings/abc").await;
    assert_eq!(unreadable.refusal(), (400, 300));
    assert_eq!(unreadable.json()["errors"][0]["field"], "meetingId");
}

#[tokio::test]
async fn the_invitation_is_prose() {
    cites("zm-invitation-text");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let invitation = town.read(&access, &format!("/v2/meetings/{NORTHWIND}/invitation")).await.json();
    let text = invitation["invitation"].as_str().unwrap();
    assert!(text.contains("Maya Lindqvist is inviting you") && text.contains("Passcode"), "{text}");
    assert!(!text.contains('@'), "no addresses");
}

#[tokio::test]
async fn registrants_come_in_pages() {
    cites("zm-registrants");
    cites("zm-paging");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let read = async |query: &str| town.read(&access, &format!("/v2/meetings/{NORTHWIND}/registrants{query}")).await;
    let all = read("").await.json();
    assert_eq!((&all["page_size"], &all["total_records"]), (&json!(30), &json!(2)));
    let chioma = &all["registrants"][0];
    assert_eq!(
        (&chioma["id"], &chioma["email"]),
        (&json!("reg-chioma-eze"), &json!("chioma.eze@northwindtraders.example"))
    );
    let first = read("?page_size=1").await.json();
    let token = first["next_page_token"].as_str().unwrap();
    let second = read(&format!("?page_size=1&next_page_token={token}")).await.json();
    assert_ne!(first["registrants"], second["registrants"]);
    assert_eq!(second["next_page_token"], "");
    assert_eq!(read("?page_size=301").await.refusal(), (400, 300));
    assert_eq!(read("?status=pending").await.json()["registrants"], json!([]));
}

#[tokio::test]
async fn the_list_of_meetings_has_no_attendees() {
    cites("zm-list-meetings");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let of_type = async |kind: &str| {
        town.read(&access, &format!("/v2/users/me/meetings?type={kind}")).await.json()["meetings"].clone()
    };
    let live = of_type("live").await;
    assert_eq!(live.as_array().unwrap().len(), 1);
    assert_eq!((&live[0]["topic"], live[0].get("settings")), (&json!("Northwind Traders: weekly sync"), None));
    assert_eq!(of_type("upcoming").await, json!([]));
}

/// A meeting of Maya's that is over, with an instance id of our choice.
async fn past_meeting(town: &Town, uuid: &str) -> String {
    let plan = json!({ "topic": "T", "host": "maya-lindqvist", "number": "87", "uuid": uuid });
    town.control("meetings", plan).await;
    town.control("meetings/87/start", json!({})).await;
    let guest = json!({ "name": "Lee", "email": "lee@x.example", "disclosure": "calendar_invitation" });
    town.control("meetings/87/join", guest).await;
    town.control("meetings/87/join", json!({ "person": "dana-whitfield" })).await;
    town.clock.advance(Duration::from_mins(10));
    town.control("meetings/87/rejoin", json!({ "person": "lee" })).await;
    town.clock.advance(Duration::from_mins(5));
    town.control("meetings/87/end", json!({})).await;
    town.access_for("maya-lindqvist").await
}

#[tokio::test]
async fn an_awkward_instance_must_be_encoded_twice() {
    cites("zm-double-encoding");
    cites("zm-past-meeting");
    let town = Town::start().await;
    let access = past_meeting(&town, "/ajXp112QmuoKj4854875==").await;
    let status = async |id: &str| town.read(&access, &format!("/v2/past_meetings/{id}")).await.status();
    assert_eq!(status("%2FajXp112QmuoKj4854875%3D%3D").await, 404);
    assert_eq!(status("%252FajXp112QmuoKj4854875%253D%253D").await, 200);
    let past = town.read(&access, "/v2/past_meetings/87").await.json();
    assert_eq!((&past["duration"], &past["participants_count"]), (&json!(15), &json!(4)));
    assert_eq!((&past["total_minutes"], &past["user_name"]), (&json!(45), &json!("Maya Lindqvist")));
}

fn rows(reply: &Reply) -> Vec<Value> {
    reply.json()["participants"].as_array().unwrap().clone()
}

#[tokio::test]
async fn past_participants_have_one_row_per_join() {
    cites("zm-past-rows");
    let town = Town::start().await;
    let access = past_meeting(&town, "abc==").await;
    let rows = rows(&town.read(&access, "/v2/past_meetings/abc==/participants").await);
    let seen: Vec<_> =
        rows.iter().map(|row| (row["name"].as_str().unwrap(), row["duration"].as_i64().unwrap())).collect();
    assert_eq!(seen, [("Maya Lindqvist", 900), ("Lee", 600), ("Dana Whitfield", 900), ("Lee", 300)]);
    assert_eq!(rows[1]["user_email"], "lee@x.example");
    assert_eq!((&rows[2]["user_email"], &rows[2]["internal_user"]), (&json!(""), &json!(false)), "another account");
    assert_eq!((&rows[0]["internal_user"], &rows[0]["status"]), (&json!(true), &json!("in_meeting")));
}

#[tokio::test]
async fn past_participants_come_late() {
    cites("zm-past-delay");
    let town = Town::start().await;
    town.switch("zoom.past_participants_delay_seconds", 180).await;
    let access = past_meeting(&town, "abc==").await;
    let read = async || town.read(&access, "/v2/past_meetings/abc==/participants").await.status();
    assert_eq!(read().await, 404);
    town.clock.advance(Duration::from_mins(3));
    assert_eq!(read().await, 200);
}

#[tokio::test]
async fn all_instances_of_a_number_are_listed() {
    cites("zm-past-instances");
    let town = Town::start().await;
    let access = past_meeting(&town, "abc==").await;
    town.control("meetings/87/start", json!({})).await;
    town.control("meetings/87/end", json!({})).await;
    let instances = town.read(&access, "/v2/past_meetings/87/instances").await.json()["meetings"].clone();
    assert_eq!(instances.as_array().unwrap().len(), 2);
    assert_eq!(instances[0], json!({ "uuid": "abc==", "start_time": "2026-05-28T20:26:40Z" }));
}

#[tokio::test]
async fn a_deep_link_brings_its_action_into_the_context() {
    cites("zm-deeplink");
    cites("zm-deeplink-action");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let make = async |body: Option<Value>| {
        let request = Request::new(Method::POST, town.url("/v2/zoomapp/deeplink")).bearer(&access);
        let request = match &body {
            Some(body) => request.json(body).unwrap(),
            None => request,
        };
        town.send(request).await
    };
    assert_eq!(make(None).await.status(), 200, "everything is optional");
    assert_eq!(town.read(&access, "/v2/zoomapp/deeplink").await.status(), 405, "POST only");
    let link =
        make(Some(json!({ "action": "{\"go\":\"people\"}" }))).await.json()["deeplink"].as_str().unwrap().to_owned();
    let followed = town.get(link.strip_prefix(&town.zoom).unwrap()).await;
    assert_eq!(followed.header("location"), Some("/meeting/81234567890?as=maya-lindqvist"));
    let act = async || {
        let minted = town.control("context", json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
        minted["claims"].get("act").cloned()
    };
    assert_eq!(act().await, Some(json!("{\"go\":\"people\"}")));
    town.clock.advance(Duration::from_mins(5));
    assert_eq!(act().await, None);
}

#[tokio::test]
async fn faults_hit_in_zooms_own_words_and_calls_are_counted() {
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    let path = "/v2/users/me";
    let fault = |fault: Value| json!({ "match": { "tenant": "zoom", "path": path }, "fault": fault, "times": 1 });
    town.control("faults", fault(json!({ "kind": "status", "status": 503 }))).await;
    let down = town.read(&access, path).await;
    assert_eq!((down.refusal(), &down.json()["message"]), ((503, 503), &json!("Service Unavailable")));
    town.control("faults", fault(json!({ "kind": "html" }))).await;
    assert!(town.read(&access, path).await.text().starts_with("<html>"));
    assert_eq!(town.read(&access, path).await.status(), 200);
    let calls = town.get("/_control/calls").await.json();
    let tally = &calls["zoom"]["GET /v2/users/{id}"];
    assert_eq!((&tally["count"], &tally["by_status"]["503"]), (&json!(3), &json!(1)));
}
