//! All ways in at Zoom, and the way out: from our page, from the Marketplace, inside the client, with optional permissions declined,
//! with the credentials of development; and the removal of the app.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::{Method, Request, header};
use url::Url;

use crate::browser::{Browser, Page};
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

const TOM: &str = "tom-okafor";
const MAYA: &str = "maya-lindqvist";
const AUTHORIZATION: &str = "/zoom/authorization";

/// What the client does with the challenge: consent, a code, the event.
async fn authorize(panel: &Panel<'_>, person: &str) -> Value {
    let (status, begun) = panel.post(AUTHORIZATION, &Value::Null).await;
    assert_eq!(status, 200, "{begun}");
    returned(panel, person, &begun).await
}

async fn returned(panel: &Panel<'_>, person: &str, begun: &Value) -> Value {
    let page = panel.world.base.join("/panel").unwrap();
    let asked =
        json!({ "person": person, "code_challenge": begun["code_challenge"], "state": begun["state"], "page": page });
    panel.world.zoom_control("authorize", asked).await
}

async fn authorised(panel: &Panel<'_>) -> Value {
    panel.get("/panel").await["viewer"]["zoom_authorised"].clone()
}

/// Somebody who has the app at Zoom, and of whom we have no tokens.
async fn panel_of_newcomer<'a>(world: &'a World, person: &str) -> Panel<'a> {
    world.zoom_control(&format!("people/{person}/add-app"), json!({})).await;
    world.panel(person).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_is_authorised_inside_the_client() {
    let world = World::start().await;
    let panel = panel_of_newcomer(&world, TOM).await;
    assert_eq!(panel.opened["panel"]["viewer"]["zoom_authorised"], false);
    let code = authorize(&panel, TOM).await;
    assert_eq!(panel.put(AUTHORIZATION, &code).await.0, 204);
    let viewer = &world.panel(TOM).await.opened["panel"]["viewer"];
    assert_eq!(
        (&viewer["zoom_authorised"], &viewer["email"], &viewer["name"]),
        (&json!(true), &json!("tom.okafor@lumenworks.example"), &json!("Tom Okafor"))
    );
    assert_eq!(panel.put(AUTHORIZATION, &code).await.1["code"], "zoom_refused", "a code and its state are good once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clients_variants_are_all_taken() {
    let variants = [
        ("plain", json!({ "zoom.authorized_state": "percent_encoded" })),
        ("plain", json!({ "zoom.authorized_redirect": "registered" })),
        ("S256", json!({ "zoom.in_client_pkce": "S256" })),
    ];
    for (method, switches) in variants {
        let world = World::with(&format!("[zoom]\nin_client_pkce = \"{method}\""), None).await;
        world.zoom_control("switches", switches.clone()).await;
        let panel = panel_of_newcomer(&world, TOM).await;
        let code = authorize(&panel, TOM).await;
        assert_eq!(panel.put(AUTHORIZATION, &code).await.0, 204, "{switches}");
        assert_eq!(authorised(&panel).await, true, "{switches}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_only_from_the_panel_and_the_person_who_asked_for_it() {
    let world = World::start().await;
    let panel = panel_of_newcomer(&world, TOM).await;
    let other = panel_of_newcomer(&world, "priya-raman").await;
    let refused = async |panel: &Panel<'_>, body: &Value| {
        let (status, answer) = panel.put(AUTHORIZATION, body).await;
        assert_eq!((status, answer["code"].as_str()), (422, Some("zoom_refused")), "{answer}");
    };
    let mut code = authorize(&panel, TOM).await;
    refused(&other, &code).await;
    code["state"] = json!("made-up");
    refused(&panel, &code).await;
    let mut code = authorize(&panel, TOM).await;
    code["redirect_uri"] = json!("https://evil.example/panel");
    refused(&panel, &code).await;
    // A code of somebody else, with a state that is fine: the panel would end up with the wrong person's authorisation.
    let begun = panel.post(AUTHORIZATION, &Value::Null).await.1;
    let foreign = returned(&panel, "priya-raman", &begun).await;
    refused(&panel, &foreign).await;
    let late = authorize(&panel, TOM).await;
    world.clock.advance(Duration::from_mins(6));
    refused(&panel, &late).await;
    assert_eq!(authorised(&panel).await, false);
    assert_eq!(authorised(&other).await, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_climbs_the_ladder_before_he_can_authorise() {
    let world = World::start().await;
    let guest = world.panel(TOM).await;
    assert_eq!(guest.opened["panel"]["viewer"]["blocked"], "guest");
    assert_eq!(guest.post(AUTHORIZATION, &Value::Null).await.1["code"], "guest");
    let panel = panel_of_newcomer(&world, TOM).await;
    let code = authorize(&panel, TOM).await;
    assert_eq!(panel.put(AUTHORIZATION, &code).await.0, 204);
    // Straight on to Gainsight: the address that Zoom verified spares the code.
    world.signed_in(TOM).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorisation_tells_the_organisation_of_a_stranger() {
    let world = World::with_organisations(
        "[[organisations]]\nkey = \"lumen\"\nzoom_accounts = [\"acc-lumen\"]\n\
         [[organisations]]\nkey = \"harbor\"\nzoom_accounts = [\"acc-harbor\"]",
    )
    .await;
    let panel = panel_of_newcomer(&world, TOM).await;
    assert_eq!(panel.opened["panel"]["viewer"]["blocked"], "no_organisation");
    let code = authorize(&panel, TOM).await;
    assert_eq!(panel.put(AUTHORIZATION, &code).await.0, 204);
    let viewer = &world.panel(TOM).await.opened["panel"]["viewer"];
    assert_eq!((&viewer["blocked"], &viewer["zoom_authorised"]), (&Value::Null, &json!(true)));
}

/// Answers the consent page that an address leads to.
async fn consent(browser: &mut Browser<'_>, page: &Page, scopes: &[&str], decision: &str) -> Page {
    let ticket = page.hidden("ticket").unwrap_or_else(|| panic!("no consent page: {}", page.text));
    let mut fields = vec![("ticket", ticket.as_str()), ("decision", decision)];
    fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let action = page.url.join("/oauth/authorize").unwrap();
    browser.submit(action, &fields).await
}

/// Follows our install address to the consent page.
async fn asked(browser: &mut Browser<'_>, start: &Url, person: &str) -> Page {
    let answer = browser.once(Request::get(start.clone()), start).await;
    let mut page = start.join(answer.header(&header::LOCATION).unwrap()).unwrap();
    page.query_pairs_mut().append_pair("as", person);
    browser.visit(page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_declined_is_remembered_and_said() {
    let world = World::start().await;
    let start = world.base.join("/zoom/install").unwrap();
    let mut browser = Browser::new(&world);
    let page = asked(&mut browser, &start, MAYA).await;
    let page = consent(&mut browser, &page, &["meeting:read:list_registrants"], "allow").await;
    assert!(page.text.contains("Sidelight is added") && page.text.contains("What you did not allow"), "{}", page.text);
    assert!(page.text.contains("past meetings") && !page.text.contains("Who registered"), "{}", page.text);
    let panel = world.panel(MAYA).await;
    assert_eq!(panel.opened["panel"]["viewer"]["declined"], json!(["list_meetings", "past_participants"]));
    panel.sign_in().await;
    // Allowed later, it is no longer missing.
    let page = asked(&mut browser, &start, MAYA).await;
    let all = ["meeting:read:list_meetings", "meeting:read:list_registrants", "meeting:read:list_past_participants"];
    let page = consent(&mut browser, &page, &all, "allow").await;
    assert!(page.text.contains("Quick Launch") && page.text.contains("My Apps"), "{}", page.text);
    assert!(!page.text.contains("What you did not allow"), "{}", page.text);
    assert_eq!(panel.get("/panel").await["viewer"]["declined"], Value::Null);
    let page = asked(&mut browser, &start, MAYA).await;
    let page = consent(&mut browser, &page, &[], "decline").await;
    assert!(page.text.contains("was not added"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_marketplaces_button_leads_through_a_round_of_our_own() {
    let world = World::start().await;
    let mut add = world.zoom.join("/oauth/authorize").unwrap();
    add.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", "sidelight-demo-client")
        .append_pair("redirect_uri", world.base.join("/zoom/callback").unwrap().as_str())
        .append_pair("as", MAYA);
    let mut browser = Browser::new(&world);
    let page = browser.visit(add.clone()).await;
    // Without a state: whoever plants such a link on somebody gets nothing.
    let page = consent(&mut browser, &page, &[], "allow").await;
    assert!(page.url.path().starts_with("/oauth/authorize") && page.url.query().unwrap().contains("state="));
    assert_eq!(world.panel(MAYA).await.opened["panel"]["viewer"]["zoom_authorised"], false);
    let page = consent(&mut browser, &page, &["meeting:read:list_meetings"], "allow").await;
    assert!(page.text.contains("Sidelight is added"), "{}", page.text);
    assert_eq!(world.panel(MAYA).await.opened["panel"]["viewer"]["zoom_authorised"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_keeps_no_cookies_does_not_go_round_in_circles() {
    let world = World::start().await;
    let page = Browser::new(&world).visit(world.base.join("/zoom/callback?code=c&state=s").unwrap()).await;
    assert_eq!(page.url.path(), "/zoom/callback");
    assert!(page.text.contains("Nothing was added") && page.text.contains("href=\"/zoom/install\""), "{}", page.text);
}

/// Removes the app a while after it was added: signatures count whole seconds, and what happens within the second of the
/// installation may have been before it.
async fn remove(world: &World, person: &str) {
    world.clock.advance(Duration::from_secs(2));
    world.zoom_control(&format!("people/{person}/remove-app"), json!({})).await;
    world.settle_webhooks().await;
}

/// What the audit log says about a person, as pairs of action and details.
async fn noted(world: &World, person: &str) -> Vec<(String, Value)> {
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let mut unit = world.app.store.read(organisation).await.unwrap();
    let person = unit.person_key(&World::zoom_user(person));
    let entries = unit.audit().about(person).await.unwrap();
    entries
        .into_iter()
        .map(|entry| (entry.action, serde_json::from_str(&entry.payload.unwrap_or_default()).unwrap_or(Value::Null)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_leaves_a_proof_without_a_name() {
    let world = World::installed().await;
    let panel = world.signed_in(MAYA).await;
    panel.selected().await;
    panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Private" } })).await;
    remove(&world, MAYA).await;
    let first = proofs(&world, 1).await;
    let details = &first[0];
    let deleted = &details["deleted"];
    for (what, count) in [("installations", 1), ("grants", 1), ("drafts", 1), ("sign_ins", 1), ("meetings", 1)] {
        assert_eq!(deleted[what], count, "{what}: {details}");
    }
    let text = details.to_string().to_lowercase();
    assert!(!text.contains("maya") && !text.contains("private") && !text.contains('@'), "{text}");
    // A doubled event finds nothing more, and leaves the first proof as it is.
    let event = json!({ "event": "app_deauthorized", "event_ts": sidelight_domain::Clock::now(world.clock.as_ref()), "payload": {
        "user_id": "u-maya-lindqvist", "account_id": "acc-lumen", "client_id": "sidelight-demo-client",
    } });
    world.zoom_control("webhooks/send", json!({ "body": event })).await;
    world.settle_webhooks().await;
    let again = proofs(&world, 2).await;
    assert_eq!(&again[0], details);
    assert!(again[1]["deleted"].as_object().unwrap().iter().all(|(what, count)| what == "events" || *count == 0));
}

/// What the log says of this many deletions of Maya's data.
async fn proofs(world: &World, expected: usize) -> Vec<Value> {
    let mut proofs = Vec::new();
    let found = async || {
        let log = noted(world, MAYA).await;
        proofs =
            log.into_iter().filter(|(action, _)| action == "erased.app_removed").map(|(_, details)| details).collect();
        proofs.len() >= expected
    };
    world.until("the deletion is noted", found).await;
    proofs
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_removal_spares_whoever_uses_the_app_again() {
    let world = World::in_one_time().await;
    world.zoom_control("webhooks", json!({ "hold": true })).await;
    world.zoom_control(&format!("people/{MAYA}/remove-app"), json!({})).await;
    // Added again inside the client: no new authorisation reaches us, but a panel does.
    world.zoom_control(&format!("people/{MAYA}/add-app"), json!({})).await;
    world.clock.advance(Duration::from_mins(10));
    let panel = world.panel(MAYA).await;
    panel.sign_in().await;
    world.zoom_control("webhooks/release", json!({})).await;
    world.zoom_control("webhooks", json!({ "hold": false })).await;
    world.settle_webhooks().await;
    let mut kept = Vec::new();
    let is_noted = async || {
        kept = noted(&world, MAYA).await;
        kept.iter().any(|(action, _)| action == "zoom.removal_ignored")
    };
    world.until("the removal was looked at", is_noted).await;
    assert!(!kept.iter().any(|(action, _)| action == "erased.app_removed"), "{kept:?}");
    assert_eq!(panel.send(Method::GET, "/people", None).await.status, 200);
}

/// Our clock is a minute and a half ahead of Zoom's: whoever removes the app right after he added it seems to have removed it before.
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_counts_although_the_clocks_differ() {
    let world = World::start().await;
    world.clock.advance(Duration::from_secs(90));
    world.install(MAYA).await;
    remove(&world, MAYA).await;
    let is_erased = async || noted(&world, MAYA).await.iter().any(|(action, _)| action == "erased.app_removed");
    world.until("his data is gone", is_erased).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_of_another_app_or_account_is_none_of_ours() {
    let world = World::installed().await;
    for (account, client) in [("acc-harbor", "sidelight-demo-client"), ("acc-lumen", "another-client")] {
        let event = json!({ "event": "app_deauthorized", "event_ts": sidelight_domain::Clock::now(world.clock.as_ref()), "payload": {
            "user_id": "u-maya-lindqvist", "account_id": account, "client_id": client,
        } });
        world.zoom_control("webhooks/send", json!({ "body": event })).await;
        world.settle_webhooks().await;
    }
    assert_eq!(world.panel(MAYA).await.opened["panel"]["viewer"]["zoom_authorised"], true);
}

const DEVELOPMENT: &str = "[[zoom.apps]]\nclient_id = \"sidelight-dev-client\"\nclient_secret = \"sidelight-dev-secret\"\n\
    webhook_secret = \"sidelight-dev-webhook-secret\"";

#[tokio::test(flavor = "multi_thread")]
async fn development_and_production_open_the_same_server_each_with_its_own_credentials() {
    let world = World::with(DEVELOPMENT, None).await;
    world.zoom_control(&format!("people/{TOM}/add-app"), json!({})).await;
    let wish = |aud: &str, secret: &str| json!({ "user": TOM, "meeting": NORTHWIND, "aud": aud, "secret": secret });
    let production = world.panel(TOM).await;
    let development = Panel::open(&world, wish("sidelight-dev-client", "sidelight-dev-secret")).await;
    // The client id of one under the secret of the other is forged.
    let crossed = world.context(wish("sidelight-demo-client", "sidelight-dev-secret")).await;
    let answer = crate::panel::exchange(&world, &json!({ "context": crossed })).await;
    assert_eq!(answer.json::<Value>().unwrap()["code"], "context_invalid");
    for (panel, client) in [(&production, "sidelight-demo-client"), (&development, "sidelight-dev-client")] {
        let link = Url::parse(panel.opened["panel"]["viewer"]["install_url"].as_str().unwrap()).unwrap();
        let answer = Browser::new(&world).once(Request::get(link.clone()), &link).await;
        let target = answer.header(&header::LOCATION).unwrap();
        assert!(target.contains(&format!("client_id={client}&")), "{link} leads to {target}");
    }
    let unknown = world.base.join("/zoom/install?client_id=unknown").unwrap();
    assert_eq!(Browser::new(&world).visit(unknown).await.status, 404);
}
