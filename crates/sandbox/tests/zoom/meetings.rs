//! The steps of `/_control/meetings`, and the stream that pages follow.

use serde_json::json;
use sidelight_outbound::{Method, Request, header};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::town::{NORTHWIND, Town};

#[tokio::test]
async fn the_meetings_of_the_day_run() {
    let town = Town::start().await;
    let meetings = town.get("/_control/meetings").await.json();
    let seen: Vec<_> = meetings
        .as_array()
        .unwrap()
        .iter()
        .map(|meeting| (meeting["topic"].as_str().unwrap(), meeting["count"].as_i64().unwrap()))
        .collect();
    let expected = [
        ("Northwind Traders: weekly sync", 9),
        ("Solstice Energy: rollout check-in", 5),
        ("Customer success stand-up", 4),
        ("Aurelio Foods: both sides", 6),
        ("Lumen Works: customer town hall", 0),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_thousand_come_to_the_town_hall() {
    let town = Town::start().await;
    town.control("people/priya-raman/add-app", json!({})).await;
    let started = town.control("meetings/84567890123/start", json!({})).await;
    assert_eq!((&started["happened"], &started["webhooks"]), (&json!(1_001), &json!(1_001)));
    let meeting = town.meeting("84567890123").await;
    assert_eq!(meeting["count"], 1_000);
    let participants = meeting["participants"].as_array().unwrap();
    assert_eq!(participants[0]["person"], "priya-raman");
    let shown = participants.iter().filter(|one| !one["email"].as_str().unwrap().is_empty()).count();
    assert_eq!(shown, 334, "the host and a third of the others");
    let late = town.try_control("meetings/84567890123/join", json!({ "person": "tom-okafor" })).await;
    assert_eq!(late.status(), 409);
    town.settle().await;
    assert_eq!(town.app.take().len(), 1_001);
}

#[tokio::test]
async fn customers_fill_the_room_before_strangers() {
    let town = Town::with_app().await;
    town.step("fill", json!({ "to": 60 })).await;
    let people = town.get(&format!("/_control/people?meeting={NORTHWIND}")).await.json();
    let customers: std::collections::HashSet<_> = people
        .as_array()
        .unwrap()
        .iter()
        .filter(|person| !person["company"].as_str().unwrap().is_empty())
        .map(|person| person["key"].clone())
        .collect();
    let meeting = town.meeting(NORTHWIND).await;
    let known = meeting["participants"].as_array().unwrap().iter().filter(|one| customers.contains(&one["person"]));
    assert_eq!((meeting["count"].as_i64(), known.count()), (Some(60), 51));
}

#[tokio::test]
async fn a_replay_tells_again_what_happened_when_it_happened() {
    let town = Town::with_app().await;
    town.control("meetings/replay", json!({})).await;
    town.settle().await;
    let heard = town.app.take();
    let names: Vec<_> = heard.iter().map(|received| received.json()["event"].clone()).collect();
    assert_eq!(names.len(), 16, "two hosts have the app: one start each, nine and five people");
    assert_eq!(names.iter().filter(|name| **name == "meeting.started").count(), 2);
    let first = heard[1].json();
    assert_eq!(first["event_ts"], 1_780_000_000_000_i64 - 12 * 60_000);
    town.step("replay", json!({})).await;
    town.settle().await;
    assert_eq!(town.app.take()[1].body, heard[1].body, "a second replay repeats the same bytes");
}

#[tokio::test]
async fn impossible_steps_are_refused_in_words() {
    let town = Town::start().await;
    let cases = [
        ("leave", json!({ "person": "priya-raman" }), 409),
        ("start", json!({}), 409),
        ("admit", json!({ "person": "ana-ruiz" }), 409),
        ("join", json!({ "person": "nobody" }), 404),
        ("dance", json!({}), 400),
        ("rename", json!({ "person": "ana-ruiz" }), 400),
    ];
    for (step, body, status) in cases {
        let reply = town.try_control(&format!("meetings/{NORTHWIND}/{step}"), body).await;
        assert_eq!(reply.status(), status, "{step}: {}", reply.text());
        assert!(reply.json()["error"].is_string());
    }
    assert_eq!(town.try_control("meetings/1/end", json!({})).await.status(), 404);
}

#[tokio::test]
async fn a_reset_brings_back_the_beginning() {
    let town = Town::with_app().await;
    town.step("end", json!({})).await;
    town.control("reset", json!({})).await;
    let meeting = town.meeting(NORTHWIND).await;
    assert_eq!((&meeting["status"], &meeting["count"]), (&json!("started"), &json!(9)));
    assert_eq!(town.get("/_control/people/maya-lindqvist").await.json()["standing"], "authenticated");
}

#[tokio::test]
async fn people_from_elsewhere_may_not_turn_the_knobs() {
    let town = Town::start().await;
    let url = town.url("/_control/meetings/replay");
    let foreign = "https://evil.example".parse().unwrap();
    let reply = town.send(Request::new(Method::POST, url).header(header::ORIGIN, foreign)).await;
    assert_eq!(reply.status(), 403);
    let form = Request::new(Method::POST, town.url("/marketplace/remove")).form(&[("person", "maya-lindqvist")]);
    let foreign = "https://evil.example".parse().unwrap();
    assert_eq!(town.send(form.header(header::ORIGIN, foreign)).await.status(), 403);
}

/// The next event of a stream: its name and its data.
async fn next(lines: &mut tokio::io::Lines<BufReader<TcpStream>>) -> (String, serde_json::Value) {
    let mut name = String::new();
    loop {
        let line = lines.next_line().await.unwrap().expect("the stream goes on");
        if let Some(text) = line.strip_prefix("event: ") {
            text.clone_into(&mut name);
        }
        if let Some(data) = line.strip_prefix("data: ") {
            return (name, serde_json::from_str(data).unwrap());
        }
    }
}

#[tokio::test]
async fn pages_follow_a_meeting_change_by_change() {
    let town = Town::with_app().await;
    let address = town.url("/");
    let mut stream = TcpStream::connect(("localhost", address.port().unwrap())).await.unwrap();
    let request = format!(
        "GET /_control/live?meeting={NORTHWIND}&as=maya-lindqvist HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    let (name, snapshot) = next(&mut lines).await;
    assert_eq!((name.as_str(), &snapshot["meeting"]["count"]), ("snapshot", &json!(9)));
    assert_eq!(snapshot["you"]["standing"], "authorized");
    assert_eq!(snapshot["switches"]["zoom.config_role"], "listed");
    town.control("meetings/82345678901/leave", json!({ "person": "luis-ortega" })).await;
    town.step("role", json!({ "person": "tom-okafor", "role": "co_host" })).await;
    let (name, change) = next(&mut lines).await;
    let happened = &change["happened"][0];
    assert_eq!((name.as_str(), &happened["kind"]), ("change", &json!("role_changed")), "another meeting is not told");
    assert_eq!(happened["former_role"], "attendee");
    assert_ne!(happened["former_uuid"], happened["participant"]["uuid"]);
    town.control("people/tom-okafor/add-app", json!({})).await;
    let (_, change) = next(&mut lines).await;
    assert_eq!(change["happened"][0], json!({ "kind": "status", "person": "tom-okafor", "standing": "authorized" }));
    town.control("webhooks", json!({ "off": true })).await;
    let (name, snapshot) = next(&mut lines).await;
    assert_eq!((name.as_str(), &snapshot["webhooks_are_off"]), ("snapshot", &json!(true)));
}
