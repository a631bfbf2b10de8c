//! The simulator's pages, as they are served.

use serde_json::json;
use sidelight_outbound::{Method, Request};

use crate::town::{NORTHWIND, Town, cites};

#[tokio::test]
async fn the_window_frames_the_panel_directly_and_nothing_else() {
    cites("zm-frame");
    let town = Town::start().await;
    let page = town.get(&format!("/meeting/{NORTHWIND}?as=maya-lindqvist")).await;
    let policy = page.header("content-security-policy").unwrap();
    let origin = town.registration.home_url.origin().ascii_serialization();
    let native = format!("http://maya-lindqvist.{NORTHWIND}.client.localhost:{}", town.native);
    assert!(
        policy.contains("default-src 'none'") && policy.contains(&format!("frame-src {origin} {native};")),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let html = page.text();
    assert!(html.contains(&format!("data-home=\"{}\"", town.registration.home_url)));
    assert!(!html.contains("<iframe") && !html.contains("style=") && !html.contains("<script>"), "the script makes it");
}

#[tokio::test]
async fn every_page_refers_to_files_that_exist() {
    let town = Town::start().await;
    let window = format!("/meeting/{NORTHWIND}?as=maya-lindqvist");
    let consent = town.authorize_path("&as=maya-lindqvist");
    for page in ["/", &window, "/client?as=tom-okafor", &consent, "/marketplace?as=maya-lindqvist"] {
        let html = town.get(page).await.text();
        let files: Vec<_> = html.split('"').filter(|text| text.starts_with("/simulator/")).collect();
        assert!(files.len() >= 3, "{page}");
        for file in files {
            let path = file.split('#').next().unwrap();
            assert_eq!(town.get(path).await.status(), 200, "{page} wants {file}");
        }
    }
    assert_eq!(town.get("/simulator/secret.txt").await.status(), 404);
    assert_eq!(town.get("/simulator/..%2Fmod.rs").await.status(), 404);
}

#[tokio::test]
async fn every_script_imports_scripts_that_exist() {
    let town = Town::start().await;
    let mut waiting = vec!["meeting.mjs".to_owned(), "main-client.mjs".to_owned()];
    let mut seen = std::collections::HashSet::new();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let script = town.get(&format!("/simulator/{name}")).await;
        assert_eq!(
            (script.status(), script.header("content-type")),
            (200, Some("text/javascript; charset=utf-8")),
            "{name}"
        );
        let text = script.text();
        let imports = text.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next());
        waiting.extend(imports.map(str::to_owned));
    }
    assert!(seen.len() > 15, "{seen:?}");
}

#[tokio::test]
async fn an_unknown_meeting_or_person_leads_back_to_the_list() {
    let town = Town::start().await;
    let strange = [
        "/meeting/1?as=maya-lindqvist",
        "/meeting/81234567890",
        "/meeting/81234567890?as=nobody",
        "/meeting/%0D%0Ax:1",
    ];
    for path in strange {
        let reply = town.get(path).await;
        assert_eq!(reply.status(), 303, "{path}");
        assert!(reply.header("location").unwrap().starts_with("/#meeting-"), "{path}");
    }
    assert_eq!(town.get("/client").await.header("location"), Some("/"));
    assert_eq!(town.get("/launch/unknown").await.status(), 404);
}

#[tokio::test]
async fn a_hostile_name_stays_a_name() {
    let town = Town::start().await;
    let name = "<img src=x onerror=alert(1)>\"'";
    let joined = town.step("join", json!({ "name": name })).await;
    assert_eq!(joined["participant"]["name"], name);
    let list = town.get("/").await.text();
    assert!(!list.contains("<img") && list.contains("&lt;img"), "{list}");
}

#[tokio::test]
async fn the_first_page_adds_and_removes_the_app() {
    let town = Town::with_app().await;
    let page = town.get("/").await.text();
    assert!(page.contains("My Apps of Maya Lindqvist") && page.contains("Add Sidelight for Tom Okafor"));
    let form = sidelight_outbound::Request::new(sidelight_outbound::Method::POST, town.url("/marketplace/remove"));
    let removed = town.send(form.form(&[("person", "maya-lindqvist")])).await;
    assert_eq!(removed.header("location"), Some("/"));
    assert!(town.get("/").await.text().contains("Add Sidelight for Maya Lindqvist"));
    town.settle().await;
    assert_eq!(town.app.take_names(), ["app_deauthorized"]);
}

#[tokio::test]
async fn the_consent_page_gives_a_reason_for_each_permission() {
    let town = Town::start().await;
    let page = town.get(&town.authorize_path("&as=maya-lindqvist")).await.text();
    assert_eq!(page.matches("name=\"scope\"").count(), 10);
    assert!(page.contains("To recognise guests by the address they registered with."), "{page}");
}

#[tokio::test]
async fn my_apps_shows_what_was_allowed_and_removes_with_a_reason() {
    let town = Town::with_app().await;
    let page = async || town.get("/marketplace?as=maya-lindqvist").await.text();
    let shown = page().await;
    assert!(shown.contains("My Apps") && shown.contains("meeting:read:list_registrants"), "{shown}");
    let remove = async |reason: &str| {
        let form = [("person", "maya-lindqvist"), ("from", "marketplace"), ("reason", reason)];
        let request = Request::new(Method::POST, town.url("/marketplace/remove")).form(&form);
        town.send(request).await.status()
    };
    assert_eq!(remove("").await, 400, "a reason is asked for");
    assert!(page().await.contains("My Apps"));
    assert_eq!(remove("I no longer use it").await, 303);
    assert!(page().await.contains(">Add</a>"), "gone from the person's apps");
    town.control("webhooks/settle", json!({})).await;
    assert!(town.app.take_names().contains(&"app_deauthorized".to_owned()), "the app is told");
}

#[tokio::test]
async fn a_launch_link_opens_the_client_or_the_apps_page() {
    let town = Town::with_app().await;
    let client = &town.registration.client_id;
    let link = |person: &str| format!("/zoomapp/{client}/context/meeting/target/launch/deeplink?as={person}");
    let target = async |path: String| town.get(&path).await.header("location").unwrap_or_default().to_owned();
    assert_eq!(target(link("maya-lindqvist")).await, format!("/meeting/{NORTHWIND}?as=maya-lindqvist"));
    assert_eq!(target(link("tom-okafor")).await, "/marketplace?as=tom-okafor");
    assert_eq!(town.get("/zoomapp/other/context/meeting/target/launch/deeplink?as=tom-okafor").await.status(), 404);
}
