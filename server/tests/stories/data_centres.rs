//! Tenants in several data centres: each of the vendor's branches, single sign-on, and one meeting with people of both sides.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;

use crate::browser::{Browser, Page};
use crate::outside::EVERYWHERE;
use crate::panel::Panel;
use crate::world::World;

/// "Aurelio Foods: both sides".
pub(crate) const AURELIO: &str = "85678901234";

/// Somebody who has added the app, in the meeting of Aurelio Foods.
pub(crate) async fn opened<'a>(world: &'a World, person: &str) -> Panel<'a> {
    let page = Browser::new(world).install(person).await;
    assert!(page.contains("Sidelight is added"), "{page}");
    world.zoom_control(&format!("meetings/{AURELIO}/replay"), json!({})).await;
    world.settle_webhooks().await;
    Panel::open(world, json!({ "user": person, "meeting": AURELIO })).await
}

/// Begins a sign-in at the tenant of a typed domain.
async fn begun(panel: &Panel<'_>, username: &str, domain: &str, centre: &str) -> Value {
    let request = json!({ "username": username, "domain": domain, "data_centre": centre });
    let (status, sign_in) = panel.post("/sign-in", &request).await;
    assert_eq!(status, 200, "{sign_in}");
    sign_in
}

/// The panel takes the code of the browser's last page.
async fn confirmed(panel: &Panel<'_>, sign_in: &Value, page: &Page) {
    let id = sign_in["id"].as_str().unwrap();
    if let Some(code) = page.code() {
        assert_eq!(panel.post(&format!("/sign-in/{id}/code"), &json!({ "code": code })).await.0, 200);
    }
    let step = panel.get(&format!("/sign-in/{id}")).await["step"].clone();
    assert_eq!(step["state"], "signed_in", "{step} {}", page.text);
}

pub(crate) async fn signed_in_at(world: &World, panel: &Panel<'_>, username: &str, domain: &str, centre: &str) {
    let sign_in = begun(panel, username, domain, centre).await;
    let mut browser = Browser::new(world);
    let asking = browser.visit(Url::parse(sign_in["link"].as_str().unwrap()).unwrap()).await;
    let page = browser.log_in(asking.link("/v1/authorize"), username).await;
    confirmed(panel, &sign_in, &page).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn single_sign_on_asks_at_the_identity_provider_and_nowhere_else() {
    let world = World::with(EVERYWHERE, None).await;
    let panel = opened(&world, "lukas-steiner").await;
    let username = "lukas.steiner@alpenrad.example";
    let (_, branch) = panel.post("/sign-in/look-up", &json!({ "username": username })).await;
    assert_eq!((&branch["branch"], &branch["domain"]["tenant"]), (&json!("single"), &json!("alpenrad")), "{branch}");
    let (_, sign_in) =
        panel.post("/sign-in", &json!({ "username": username, "tenant": branch["domain"]["tenant"] })).await;
    let mut browser = Browser::new(&world);
    let asking = browser.visit(Url::parse(sign_in["link"].as_str().unwrap()).unwrap()).await;
    let provider = browser.visit(asking.link("/v1/authorize")).await;
    assert_eq!(provider.url.host_str(), Some("identity.eu.localhost"), "{}", provider.text);
    let hidden = |name: &str| provider.hidden(name).unwrap();
    let answers = [hidden("request"), hidden("relay")];
    let form = [
        ("request", answers[0].as_str()),
        ("relay", answers[1].as_str()),
        ("username", username),
        ("password", "demo"),
    ];
    let page = browser.submit(provider.url.join("/saml/login").unwrap(), &form).await;
    let page = browser.agree(page).await;
    assert!(page.text.contains("Welcome to Gainsight"), "{}", page.text);
    confirmed(&panel, &sign_in, &page).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_both_data_centres_are_recognised_and_the_origin_is_told() {
    let world = World::with(EVERYWHERE, None).await;
    let panel = opened(&world, "nadia-ferreira").await;
    let username = "nadia.ferreira@corvane.example";
    let (_, branch) = panel.post("/sign-in/look-up", &json!({ "username": username })).await;
    assert_eq!(branch["branch"], "typed", "several domains: {branch}");
    signed_in_at(&world, &panel, username, "corvane-eu.eu.localhost", "EU").await;
    let one_side = known_in(&panel).await;
    assert_eq!(one_side["Lucia Bianchi"].as_deref(), Some("corvane-eu"));
    assert_eq!(one_side["Wes Harmon"], None, "known across the ocean only");
    signed_in_at(&world, &panel, username, "corvane-us.us2.localhost", "US2").await;
    let both = known_in(&panel).await;
    assert_eq!(both["Wes Harmon"].as_deref(), Some("corvane-us"));
    assert!(both["Lucia Bianchi"].is_some());
}

/// The tenant that knows each of those who are in the room.
async fn known_in(panel: &Panel<'_>) -> BTreeMap<String, Option<String>> {
    let mut people = panel.get("/people?refresh=true").await;
    let answered = async || {
        people = if people["asking"] == Value::Null { people.take() } else { panel.get("/people").await };
        people["asking"] == Value::Null
    };
    panel.world.until("both have answered", answered).await;
    let attendees = people["attendees"].as_array().unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    attendees.iter().map(|one| (text(&one["name"]).unwrap(), text(&one["tenant"]))).collect()
}
