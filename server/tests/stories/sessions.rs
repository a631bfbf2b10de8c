//! App contexts and tokens: forged, expired, truncated, replayed, stolen.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::{Method, Request};

use crate::panel::{Panel, exchange};
use crate::world::{NORTHWIND, World};

async fn code_of(world: &World, body: Value) -> (u16, String) {
    let answer = exchange(world, &body).await;
    let status = answer.status.as_u16();
    (status, answer.json::<Value>().unwrap()["code"].as_str().unwrap_or_default().to_owned())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_expired_and_truncated_contexts_are_told_apart() {
    let world = World::start().await;
    let wish = |more: Value| {
        let mut wish = json!({ "user": "maya-lindqvist", "meeting": NORTHWIND });
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wish
    };
    let good = world.context(wish(json!({}))).await;
    let cases = [
        (world.context(wish(json!({ "secret": "somebody-elses" }))).await, refused(401, "context_invalid")),
        (world.context(wish(json!({ "aud": "another-app" }))).await, refused(401, "context_invalid")),
        (world.context(wish(json!({ "expires_in_ms": -200_000 }))).await, refused(401, "context_expired")),
        (good[..good.len() - 8].to_owned(), refused(401, "context_invalid")),
        (good[..12].to_owned(), refused(401, "context_invalid")),
        (String::new(), refused(401, "context_invalid")),
        ("A".repeat(20_000), refused(401, "context_invalid")),
        ("<script>".to_owned(), refused(401, "context_invalid")),
    ];
    for (context, expected) in cases {
        assert_eq!(code_of(&world, json!({ "context": context })).await, expected);
    }
    assert_eq!(code_of(&world, json!({})).await, refused(400, "unreadable_input"));
    assert_eq!(code_of(&world, json!({ "context": good })).await, refused(200, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_may_be_two_minutes_apart_but_not_more() {
    for (ahead, status) in [(115, 200), (400, 401)] {
        let world = World::start().await;
        // A context that Zoom just made, with two minutes to live, at a server whose clock runs ahead.
        let context = world.context(json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
        world.clock.advance(Duration::from_secs(ahead));
        assert_eq!(code_of(&world, json!({ "context": context })).await.0, status, "{ahead} s ahead");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_is_good_for_one_session_and_a_repeat_by_the_same_page() {
    let world = World::start().await;
    let context = world.context(json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
    let ask = |page: &str| json!({ "context": context, "page": page });
    let first: Value = exchange(&world, &ask("page-1")).await.json().unwrap();
    assert!(first["token"].is_string());
    assert_eq!(code_of(&world, ask("page-1")).await.0, 200);
    assert_eq!(code_of(&world, ask("page-2")).await, refused(409, "context_used"));
    assert_eq!(code_of(&world, json!({ "context": context })).await, refused(409, "context_used"));
    // The same bytes in another spelling of base64 are the same context.
    let respelt = context.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned();
    assert_eq!(code_of(&world, json!({ "context": respelt })).await, refused(409, "context_used"));
    world.clock.advance(Duration::from_secs(30));
    assert_eq!(code_of(&world, ask("page-1")).await, refused(409, "context_used"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_token_is_dead_after_the_logout_and_streams_end() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let other = world.panel("maya-lindqvist").await;
    let url = world.base.join("/api/v1/events").unwrap();
    let stream = tokio::spawn({
        let (gate, token) = (world.gate.clone(), other.token.clone());
        async move { gate.send(Request::get(url).bearer(&token)).await.unwrap() }
    });
    let (status, answer) = panel.post("/logout", &json!({ "waiting_writes": "keep_as_draft" })).await;
    assert_eq!((status, &answer["kept"]), (200, &json!(0)));
    for stolen in [&panel, &other] {
        assert_eq!(stolen.refused("/panel").await, refused(401, "session_ended"));
    }
    let told = String::from_utf8_lossy(&stream.await.unwrap().body).into_owned();
    assert!(told.contains("session_ended"), "{told}");
    let again = world.panel("maya-lindqvist").await;
    assert_eq!(again.refused("/people").await, refused(403, "signed_out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_before_the_stream_opens_is_told_by_it() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let late = world.panel("maya-lindqvist").await;
    panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "In another window" } })).await;
    let stream = late.send(Method::GET, "/events", None);
    let logout = async { panel.post("/logout", &json!({ "waiting_writes": "discard" })).await };
    let (stream, _) = tokio::join!(stream, logout);
    let told = String::from_utf8_lossy(&stream.body).into_owned();
    assert!(told.contains("draft"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_session() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    assert!(panel.opened["expires_in"].as_u64().unwrap() <= 900);
    world.clock.advance(Duration::from_mins(16));
    assert_eq!(panel.refused("/panel").await, refused(401, "session_ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_zoom_demands() {
    let world = World::start().await;
    for path in ["/panel", "/", "/nowhere", "/api/v1/panel", "/signin/x", "/healthz", "/openapi.json"] {
        let answer = world.gate.send(Request::get(world.base.join(path).unwrap())).await.unwrap();
        for header in [
            "strict-transport-security",
            "x-content-type-options",
            "content-security-policy",
            "referrer-policy",
            "x-request-id",
        ] {
            assert!(answer.headers.contains_key(header), "{path} lacks {header}");
        }
        assert!(!answer.headers.contains_key("set-cookie") || path == "/zoom/install", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_url_header_never_uses_a_context_up() {
    let world = World::start().await;
    let context = world.context(json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
    let header = sidelight_outbound::HeaderName::from_static("x-zoom-app-context");
    for sent in [context.as_str(), "forged"] {
        let request = Request::get(world.base.join("/panel").unwrap()).secret_header(header.clone(), sent);
        assert_eq!(world.gate.send(request).await.unwrap().status, 200);
    }
    assert_eq!(code_of(&world, json!({ "context": context })).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_limited_and_mistakes_name_their_field() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (status, body) =
        panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "x".repeat(2_000_000) } })).await;
    assert_eq!((status, body["code"].as_str()), (413, Some("too_large")));
    let (status, body) = panel.put("/draft", &json!({ "content": {} })).await;
    assert_eq!((status, &body["fields"][0]["field"]), (400, &json!("based_on")), "{body}");
    let url = |path: &str| world.base.join(path).unwrap();
    let webhook = Request::new(Method::POST, url("/zoom/webhook")).json(&"x".repeat(1_100_000)).unwrap();
    // What axum refuses before a handler of ours is asked has the same shape.
    let by_axum = [
        (Request::new(Method::POST, url("/api/v1/view")).bearer(&panel.token), 404, "not_found"),
        (webhook, 413, "too_large"),
        (Request::get(url("/api/v1/timeline/lumen/%ff")).bearer(&panel.token), 400, "unreadable_input"),
        (Request::get(url("/signin/%ff")), 400, "unreadable_input"),
        (Request::get(url("/assets/%ff")), 400, "unreadable_input"),
        (Request::new(Method::POST, url("/panel")), 404, "not_found"),
    ];
    for (request, status, code) in by_axum {
        let answer = world.gate.send(request).await.unwrap();
        let body: Value = answer.json().unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!((answer.status.as_u16(), body["code"].as_str()), (status, Some(code)), "{body}");
        assert!(body["request_id"].is_string(), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_persons_flood_is_slowed_down_and_touches_nobody_else() {
    let world = World::start().await;
    for person in ["maya-lindqvist", "tom-okafor"] {
        world.zoom_control(&format!("people/{person}/add-app"), json!({})).await;
    }
    let (maya, tom) = (world.panel("maya-lindqvist").await, world.panel("tom-okafor").await);
    let mut slowed = None;
    for _ in 0..700 {
        let answer = maya.send(Method::GET, "/writes", None).await;
        if answer.status == 429 {
            slowed = Some(answer);
            break;
        }
    }
    let slowed = slowed.expect("six hundred requests a minute are enough for anybody");
    assert!(slowed.headers.contains_key("retry-after"));
    assert_eq!(slowed.json::<Value>().unwrap()["code"], "slow_down");
    assert_eq!(tom.send(Method::GET, "/writes", None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn state_is_found_again_by_a_second_device() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    panel.selected().await;
    let (status, _) = panel.put("/view", &json!({ "tab": "people", "theme": "dark" })).await;
    assert_eq!(status, 200);
    panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "half a sen" } })).await;
    let second = world.panel("maya-lindqvist").await;
    let found = &second.opened["panel"];
    assert_eq!((&found["view"]["tab"], &found["view"]["theme"]), (&json!("people"), &json!("dark")));
    assert_eq!(found["view"]["selected"]["name"], "Northwind Traders");
    assert_eq!(found["draft"]["content"]["notes"], "half a sen");
    // In the main client there is another note, and the same theme.
    let home = Panel::open(&world, json!({ "user": "maya-lindqvist" })).await;
    assert_eq!(
        (&home.opened["panel"]["draft"], &home.opened["panel"]["view"]["theme"]),
        (&Value::Null, &json!("dark"))
    );
}
