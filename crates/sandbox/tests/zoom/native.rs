//! The native client's way to the panel (`zoom.md` 5.1).

use serde_json::{Value, json};
use sidelight_outbound::{Method, Request, StatusCode};
use url::Url;

use crate::contexts::open;
use crate::town::{Reply, Town, cites};

async fn ask(town: &Town, viewer: &str, method: Method, path: &str, body: &str) -> Reply {
    let url = Url::parse(&format!("http://{viewer}.client.localhost:{}{path}", town.native)).unwrap();
    town.send(Request::new(method, url).json(&json!(body)).unwrap()).await
}

#[tokio::test]
async fn the_home_url_is_asked_for_with_a_context_and_nothing_else_is() {
    cites("zm-context-header");
    let town = Town::with_app().await;
    let home = |viewer: &'static str| ask(&town, viewer, Method::GET, "/panel", "");
    let claims = |asked: &Value| {
        let context = asked["headers"]["x-zoom-app-context"].as_str().unwrap();
        open(context, &town.registration.client_secret).unwrap()
    };
    let in_meeting = claims(&home("maya-lindqvist.81234567890").await.json());
    assert_eq!((in_meeting["typ"].as_str(), in_meeting["mid"].is_string()), (Some("meeting"), true), "{in_meeting}");
    let outside = claims(&home("maya-lindqvist").await.json());
    assert_eq!(
        (&outside["typ"], &outside["mid"], &outside["uid"]),
        (&json!("panel"), &Value::Null, &in_meeting["uid"])
    );

    let other = ask(&town, "maya-lindqvist", Method::POST, "/api/v1/session?a=b", "text").await.json();
    assert_eq!(other["headers"]["x-zoom-app-context"], Value::Null);
    assert_eq!(
        (&other["method"], &other["uri"], &other["body"]),
        (&json!("POST"), &json!("/api/v1/session?a=b"), &json!("\"text\""))
    );
    let host = town.registration.home_url.authority();
    assert_eq!(other["headers"]["host"], host, "the app sees its own address");
}

#[tokio::test]
async fn a_client_of_nobody_shows_nothing() {
    let town = Town::with_app().await;
    let answer = ask(&town, "nobody", Method::GET, "/panel", "").await;
    assert_eq!(answer.0.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.text(), "There is no such person, or no such meeting.");
}
