//! The authorisation page (`zoom.md` 2.2, 4.1, 4.3).

use serde_json::json;
use sidelight_outbound::{Method, Request, header};

use crate::town::{Town, cites};

#[tokio::test]
async fn the_redirect_carries_code_and_state() {
    cites("zm-state-returned");
    let town = Town::start().await;
    let path = town.authorize_path("&as=maya-lindqvist&consent=auto&state=a%20b%26c");
    let reply = town.get(&path).await;
    assert!(reply.location().as_str().starts_with(town.registration.redirect_url.as_str()));
    assert_eq!(reply.parameter("state").as_deref(), Some("a b&c"));
    assert!(reply.parameter("code").is_some_and(|code| code.len() >= 20));
}

#[tokio::test]
async fn a_flow_from_the_marketplace_has_no_state() {
    cites("zm-no-state");
    let town = Town::start().await;
    let first_page = town.get("/").await.text();
    let client = &town.registration.client_id;
    assert!(first_page.contains(&format!("/oauth/authorize?response_type=code&amp;client_id={client}")));
    let reply = town.get(&town.authorize_path("&as=maya-lindqvist&consent=auto")).await;
    assert_eq!(reply.parameter("state"), None);
}

#[tokio::test]
async fn only_listed_addresses_get_codes() {
    cites("zm-redirect-exact");
    cites("zm-allow-list-home");
    let town = Town::start().await;
    let good = town.authorize_path("&as=maya-lindqvist&consent=auto");
    let home = good.replace("%2Fzoom%2Fcallback", "%2Fpanel");
    assert!(town.get(&home).await.location().path() == "/panel");
    let wrong = [
        good.replace("%2Fzoom%2Fcallback", "%2Fzoom%2Fcallback%2F"),
        good.replace("%2Fzoom%2Fcallback", "%2Fzoom%2FCallback"),
        good.replace("localhost", "localhost.evil.example"),
        good.replace("demo-client", "other-client"),
        good.replace("response_type=code", "response_type=token"),
    ];
    for path in wrong {
        let reply = town.get(&path).await;
        assert_eq!((reply.status(), reply.header("location")), (400, None), "{path}");
    }
}

#[tokio::test]
async fn a_person_chooses_reads_and_answers_once() {
    let town = Town::start().await;
    let picker = town.get(&town.authorize_path("&state=s")).await;
    assert!(picker.text().contains("as=maya-lindqvist"), "nobody is signed in, so the page asks who it is");
    let page = town.get(&town.authorize_path("&state=s&as=maya-lindqvist")).await;
    assert!(page.text().contains("View the meetings that you host"));
    let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let again = Request::get(town.url(&town.authorize_path("&state=s")));
    let remembered = town.send(again.header(header::COOKIE, cookie.parse().unwrap())).await;
    assert!(remembered.text().contains("Maya Lindqvist"), "the browser is remembered");
    let ticket = page.hidden("ticket");
    let answer = || Request::new(Method::POST, town.url("/oauth/authorize"));
    let fields = [("ticket", ticket.as_str()), ("decision", "allow")];
    let allowed = town.send(answer().form(&fields)).await;
    assert_eq!(allowed.parameter("state").as_deref(), Some("s"));
    assert_eq!(town.send(answer().form(&fields)).await.status(), 400, "a ticket is good once");
}

#[tokio::test]
async fn optional_scopes_can_be_declined_alone() {
    cites("zm-consent-scopes");
    let town = Town::start().await;
    let page = town.get(&town.authorize_path("&as=maya-lindqvist")).await;
    let ticket = page.hidden("ticket");
    let fields = [
        ("ticket", ticket.as_str()),
        ("decision", "allow"),
        ("scope", "meeting:read:list_registrants"),
        ("scope", "admin:everything"),
    ];
    let reply = town.send(Request::new(Method::POST, town.url("/oauth/authorize")).form(&fields)).await;
    let tokens = town.exchange(&reply.parameter("code").unwrap(), &[]).await.json();
    let granted = tokens["scope"].as_str().unwrap();
    let expected =
        "meeting:read:list_registrants meeting:read:meeting user:read:email user:read:user zoomapp:inmeeting";
    assert_eq!(granted, expected);
}

#[tokio::test]
async fn who_declines_sends_the_app_away_empty_handed() {
    let town = Town::start().await;
    let ticket = town.get(&town.authorize_path("&as=maya-lindqvist&state=s")).await.hidden("ticket");
    let fields = [("ticket", ticket.as_str()), ("decision", "decline")];
    let reply = town.send(Request::new(Method::POST, town.url("/oauth/authorize")).form(&fields)).await;
    assert_eq!(reply.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!((reply.parameter("code"), reply.parameter("state").as_deref()), (None, Some("s")));
}

/// What the client does when the panel calls `authorize`.
async fn in_client(town: &Town, challenge: &str, state: &str) -> serde_json::Value {
    let page = town.registration.home_url.as_str();
    let wish = json!({ "person": "maya-lindqvist", "code_challenge": challenge, "state": state, "page": page });
    town.control("authorize", wish).await
}

async fn exchange_in_client(town: &Town, granted: &serde_json::Value, verifier: &str) -> u16 {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", granted["code"].as_str().unwrap()),
        ("redirect_uri", granted["redirect_uri"].as_str().unwrap()),
        ("code_verifier", verifier),
    ];
    town.token(&fields).await.status()
}

#[tokio::test]
async fn the_clients_challenge_is_plain_by_default() {
    cites("zm-in-client-plain");
    cites("zm-authorized-redirect");
    let town = Town::start().await;
    let granted = in_client(&town, "verifier-in-the-open", "s").await;
    assert_eq!(granted["redirect_uri"], town.registration.home_url.as_str());
    assert_eq!(exchange_in_client(&town, &granted, "verifier-in-the-open").await, 200);
    town.switch("zoom.in_client_pkce", "S256").await;
    town.switch("zoom.authorized_redirect", "registered").await;
    let granted = in_client(&town, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "s").await;
    assert_eq!(granted["redirect_uri"], town.registration.redirect_url.as_str());
    assert_eq!(exchange_in_client(&town, &granted, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").await, 200);
}

#[tokio::test]
async fn the_clients_state_may_come_back_encoded() {
    cites("zm-authorized-state");
    let town = Town::start().await;
    assert_eq!(in_client(&town, "v", "a+b/c=").await["state"], "a+b/c=");
    town.switch("zoom.authorized_state", "percent_encoded").await;
    assert_eq!(in_client(&town, "v", "a+b/c=").await["state"], "a%2Bb%2Fc%3D");
}

#[tokio::test]
async fn a_page_that_is_not_listed_cannot_authorise() {
    cites("zm-page-allowed");
    let town = Town::start().await;
    let page = format!("{}#/people", town.registration.home_url);
    let wish = json!({ "person": "maya-lindqvist", "code_challenge": "v", "page": page });
    assert_eq!(town.try_control("authorize", wish).await.status(), 404);
    let guest = json!({ "person": "sam", "code_challenge": "v", "page": town.registration.home_url.as_str() });
    assert_eq!(town.try_control("authorize", guest).await.status(), 404, "a guest has no Zoom user");
}
