//! Webhook bodies (`zoom.md` 6.4, 6.5, 7.6).

use serde_json::{Value, json};

use crate::town::{NORTHWIND, SOLSTICE, Town, cites};

/// The bodies that came, after everything due was sent.
async fn heard(town: &Town) -> Vec<Value> {
    town.settle().await;
    town.app.take().iter().map(crate::town::Received::json).collect()
}

async fn only(town: &Town) -> Value {
    let mut heard = heard(town).await;
    assert_eq!(heard.len(), 1, "{heard:#?}");
    heard.remove(0)
}

#[tokio::test]
async fn only_hosts_who_added_the_app_are_reported() {
    cites("zm-host-installation");
    let town = Town::start().await;
    town.control("people/tom-okafor/add-app", json!({})).await;
    town.step("leave", json!({ "person": "sam" })).await;
    assert!(heard(&town).await.is_empty(), "a participant's installation gives nothing");
    town.control("people/maya-lindqvist/add-app", json!({})).await;
    town.step("leave", json!({ "person": "ana-ruiz" })).await;
    assert_eq!(only(&town).await["event"], "meeting.participant_left");
    town.control(&format!("meetings/{SOLSTICE}/leave"), json!({ "person": "luis-ortega" })).await;
    assert!(heard(&town).await.is_empty(), "another host has not added it");
}

#[tokio::test]
async fn joining_tells_all_ids() {
    cites("zm-joined");
    cites("zm-uuid-shape");
    cites("zm-instance");
    let town = Town::with_app().await;
    let joined = town.step("join", json!({ "person": "priya-raman" })).await;
    let body = only(&town).await;
    assert_eq!(
        (&body["event"], &body["event_ts"]),
        (&json!("meeting.participant_joined"), &json!(1_780_000_000_000_i64))
    );
    assert_eq!(body["payload"]["account_id"], "acc-lumen");
    let object = &body["payload"]["object"];
    let meeting = town.meeting(NORTHWIND).await;
    assert_eq!((&object["id"], &object["uuid"]), (&json!(NORTHWIND), &meeting["uuid"]));
    assert_eq!((&object["host_id"], &object["type"]), (&json!("u-maya-lindqvist"), &json!(8)));
    let participant = &object["participant"];
    assert_eq!(participant["user_id"], joined["participant"]["id"].to_string());
    assert_eq!(participant["participant_uuid"], joined["participant"]["uuid"]);
    assert_eq!(
        (&participant["id"], &participant["participant_user_id"]),
        (&json!("u-priya-raman"), &json!("u-priya-raman"))
    );
    assert_eq!(
        (&participant["user_name"], &participant["join_time"]),
        (&json!("Priya Raman"), &json!("2026-05-28T20:26:40Z"))
    );
    let uuid = participant["participant_uuid"].as_str().unwrap();
    let shape: Vec<_> = uuid.split('-').map(str::len).collect();
    assert_eq!((shape, uuid.to_uppercase()), (vec![8, 4, 4, 4, 12], uuid.to_owned()));
}

#[tokio::test]
async fn start_and_end_tell_the_times_of_an_instance() {
    cites("zm-started");
    cites("zm-ended");
    let town = Town::with_app().await;
    let first = town.meeting(NORTHWIND).await["uuid"].clone();
    town.step("end", json!({})).await;
    let bodies = heard(&town).await;
    assert_eq!(bodies.len(), 10, "nine people left, then it ended");
    let ended = &bodies[9]["payload"]["object"];
    assert_eq!((&bodies[9]["event"], &ended["uuid"]), (&json!("meeting.ended"), &first));
    assert_eq!(
        (&ended["start_time"], &ended["end_time"]),
        (&json!("2026-05-28T20:14:40Z"), &json!("2026-05-28T20:26:40Z"))
    );
    assert!(ended.get("participant").is_none());
    town.step("start", json!({})).await;
    let bodies = heard(&town).await;
    let started = &bodies[0]["payload"]["object"];
    assert_eq!(bodies[0]["event"], "meeting.started");
    assert_ne!(started["uuid"], first, "each instance has an id of its own");
    assert_eq!((&started["topic"], &started["duration"]), (&json!("Northwind Traders: weekly sync"), &json!(45)));
    assert_eq!((&started["timezone"], started.get("end_time")), (&json!("Europe/Stockholm"), None));
}

#[tokio::test]
async fn leaving_tells_time_and_reason() {
    cites("zm-left");
    let town = Town::with_app().await;
    town.step("leave", json!({ "person": "ana-ruiz" })).await;
    let participant = &only(&town).await["payload"]["object"]["participant"];
    assert_eq!(participant["leave_time"], "2026-05-28T20:26:40Z");
    assert_eq!(participant["leave_reason"], "Ana Ruiz left the meeting.<br>Reason: left the meeting.");
    assert!(participant.get("join_time").is_none());
}

#[tokio::test]
async fn who_is_not_signed_in_has_empty_ids() {
    cites("zm-not-signed-in");
    cites("zm-phone");
    let town = Town::with_app().await;
    town.step("join", json!({ "name": "Kim" })).await;
    let kim = &only(&town).await["payload"]["object"]["participant"];
    assert_eq!((&kim["id"], &kim["participant_user_id"], &kim["email"]), (&json!(""), &json!(""), &json!("")));
    assert_eq!((kim.get("phone_number"), kim.get("registrant_id")), (None, None));
    town.step("join", json!({ "name": "+1 (312) 555-0100", "phone": "+1 (312) 555-0100" })).await;
    let phone = &only(&town).await["payload"]["object"]["participant"];
    assert_eq!(phone["phone_number"], "+1 (312) 555-0100");
}

#[tokio::test]
async fn addresses_follow_the_display_rules() {
    cites("zm-email-own");
    cites("zm-email-hidden");
    cites("zm-email-disclosed");
    let town = Town::with_app().await;
    let email_of = async |newcomer: Value| {
        town.step("join", newcomer).await;
        only(&town).await["payload"]["object"]["participant"]["email"].clone()
    };
    assert_eq!(email_of(json!({ "person": "jonas-weber" })).await, "jonas.weber@lumenworks.example");
    let guest = |disclosure: &str| json!({ "name": "Lee", "email": "lee@x.example", "disclosure": disclosure });
    assert_eq!(email_of(guest("hidden")).await, "");
    let rules = [
        "registered",
        "calendar_invitation",
        "external_authentication",
        "authentication_exception",
        "breakout_assignment",
    ];
    for rule in rules {
        assert_eq!(email_of(guest(rule)).await, "lee@x.example", "{rule}");
    }
    assert_eq!(email_of(json!({ "person": "dana-whitfield" })).await, "", "of another account, and not disclosed");
}

#[tokio::test]
async fn ids_change_where_zooms_do() {
    cites("zm-join-ids");
    let town = Town::with_app().await;
    let registered =
        json!({ "name": "Lee", "email": "lee@x.example", "disclosure": "registered", "registrant": "reg-lee" });
    let person = town.step("join", registered).await["participant"]["person"].clone();
    let first = only(&town).await["payload"]["object"]["participant"].clone();
    town.step("rejoin", json!({ "person": person })).await;
    let second = heard(&town).await[1]["payload"]["object"]["participant"].clone();
    assert_ne!(first["user_id"], second["user_id"]);
    assert_ne!(first["participant_uuid"], second["participant_uuid"]);
    assert_eq!((&first["registrant_id"], &second["registrant_id"]), (&json!("reg-lee"), &json!("reg-lee")));
}

#[tokio::test]
async fn a_new_name_is_told_to_nobody() {
    cites("zm-no-rename");
    let town = Town::with_app().await;
    town.step("rename", json!({ "person": "ana-ruiz", "name": "Ana R." })).await;
    assert!(heard(&town).await.is_empty());
    assert_eq!(town.participant("ana-ruiz").await["name"], "Ana R.");
}

#[tokio::test]
async fn a_role_change_names_both_roles_and_no_registration() {
    cites("zm-role-changed");
    cites("zm-role-uuid");
    let town = Town::with_app().await;
    let before = town.participant("chioma-eze").await["uuid"].clone();
    town.step("role", json!({ "person": "chioma-eze", "role": "co_host" })).await;
    let body = only(&town).await;
    let participant = &body["payload"]["object"]["participant"];
    assert_eq!(body["event"], "meeting.participant_role_changed");
    assert_eq!((&participant["old_role"], &participant["new_role"]), (&json!("participant"), &json!("co-host")));
    assert_eq!(participant.get("registrant_id"), None, "although she registered");
    assert_ne!(participant["participant_uuid"], before);
    town.switch("zoom.role_change_uuid", "kept").await;
    let kept = participant["participant_uuid"].clone();
    town.step("role", json!({ "person": "chioma-eze", "role": "attendee" })).await;
    assert_eq!(only(&town).await["payload"]["object"]["participant"]["participant_uuid"], kept);
}

#[tokio::test]
async fn the_waiting_room_has_events_of_its_own() {
    cites("zm-waiting-room");
    let town = Town::with_app().await;
    town.step("waiting-room", json!({ "is_on": true })).await;
    let person = town.step("join", json!({ "name": "Lee" })).await["participant"]["person"].clone();
    assert_eq!(only(&town).await["event"], "meeting.participant_joined_waiting_room");
    town.step("admit", json!({ "person": person })).await;
    let names: Vec<_> = heard(&town).await.iter().map(|body| body["event"].clone()).collect();
    assert_eq!(names, ["meeting.participant_left_waiting_room", "meeting.participant_joined"]);
}

#[tokio::test]
async fn breakout_rooms_are_named() {
    cites("zm-breakout");
    let town = Town::with_app().await;
    town.step("room", json!({ "person": "ana-ruiz", "room": "A" })).await;
    let entered = only(&town).await;
    assert_eq!(entered["event"], "meeting.participant_joined_breakout_room");
    let room = entered["payload"]["object"]["breakout_room_uuid"].clone();
    assert!(room.is_string());
    town.step("room", json!({ "person": "ana-ruiz" })).await;
    let left = only(&town).await;
    assert_eq!(left["event"], "meeting.participant_left_breakout_room");
    assert_eq!(left["payload"]["object"]["breakout_room_uuid"], room);
}

#[tokio::test]
async fn every_channel_names_the_same_instance() {
    cites("zm-same-uuid");
    let town = Town::with_app().await;
    let access = town.access_for("maya-lindqvist").await;
    town.step("leave", json!({ "person": "sam" })).await;
    let webhook = only(&town).await["payload"]["object"]["uuid"].clone();
    let context = town.control("context", json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
    let rest = town.read(&access, &format!("/v2/meetings/{NORTHWIND}")).await.json();
    assert_eq!((&webhook, &webhook), (&context["claims"]["mid"], &rest["uuid"]));
}

#[tokio::test]
async fn removing_the_app_is_announced() {
    cites("zm-deauthorized");
    cites("zm-deauthorized-time");
    cites("zm-retention");
    let town = Town::with_app().await;
    let access = town.access_for("maya-lindqvist").await;
    town.control("people/maya-lindqvist/remove-app", json!({})).await;
    let body = only(&town).await;
    let payload = &body["payload"];
    assert_eq!((&body["event"], &body["event_ts"]), (&json!("app_deauthorized"), &json!(1_780_000_000_000_i64)));
    assert_eq!((&payload["user_id"], &payload["account_id"]), (&json!("u-maya-lindqvist"), &json!("acc-lumen")));
    assert_eq!(
        (&payload["client_id"], &payload["user_data_retention"]),
        (&json!("sidelight-demo-client"), &json!("false"))
    );
    assert_eq!(body.get("object"), None);
    assert_eq!(town.read(&access, "/v2/users/me").await.status(), 401, "the tokens are gone too");
    town.switch("zoom.deauthorized_event_ts", "inside").await;
    town.switch("zoom.user_data_retention", "missing").await;
    town.control("people/dana-whitfield/remove-app", json!({})).await;
    let body = only(&town).await;
    assert_eq!((body.get("event_ts"), body["payload"].get("user_data_retention")), (None, None));
    assert!(body["payload"]["event_ts"].is_i64());
}
