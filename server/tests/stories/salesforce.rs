//! Who comes from Salesforce: believed by the organisation's id and the user's, never by an address, and shown what the operator approved.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_sandbox::tenants;
use url::Url;

use crate::browser::{Browser, Page};
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

const OLIVIA: &str = "olivia.grant@crm.kestrelpay.example";
const MALLORY: &str = "mallory@bogus-consulting.example";
const VIEWERS: &str = "salesforce_viewers = \"approved\"\n";
/// What an attacker might put in the place of something signed.
const FORGED: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";

/// Kestrel, as the demo registers it.
fn kestrel() -> String {
    let kestrel = tenants().into_iter().find(|tenant| tenant.key == "kestrel").unwrap();
    sidelight::demo::tenant(&kestrel)
}

/// A world that Kestrel's people enter from Salesforce; Olivia has added the app.
async fn entered_by(tenants: &str) -> World {
    let world = World::with(&format!("{{salesforce}}{tenants}"), None).await;
    let page = Browser::new(&world).install("olivia-grant").await;
    assert!(page.contains("Sidelight is added"), "{page}");
    world
}

async fn panel(world: &World) -> Panel<'_> {
    Panel::open(world, json!({ "user": "olivia-grant", "meeting": NORTHWIND })).await
}

/// Asks for a link, as the panel's "Salesforce Account" does.
async fn begin(panel: &Panel<'_>) -> Value {
    let (status, sign_in) = panel.post("/sign-in", &json!({ "account": "salesforce" })).await;
    assert_eq!(status, 200, "{sign_in}");
    sign_in
}

/// Goes through the one-time page to Salesforce, and logs in there.
async fn log_in(world: &World, sign_in: &Value, username: &str) -> Page {
    let mut browser = Browser::new(world);
    let asking = browser.visit(Url::parse(sign_in["link"].as_str().unwrap()).unwrap()).await;
    let page = browser.visit(asking.link("/services/oauth2/authorize")).await;
    let ask = page.hidden("ask").unwrap_or_else(|| panic!("no login page: {}", page.text));
    let fields = [("ask", ask.as_str()), ("username", username), ("password", "demo"), ("decision", "allow")];
    browser.submit(page.url.join("/services/oauth2/authorize/login").unwrap(), &fields).await
}

async fn step(panel: &Panel<'_>, sign_in: &Value) -> Value {
    panel.get(&format!("/sign-in/{}", sign_in["id"].as_str().unwrap())).await["step"].clone()
}

/// The whole sign-in of somebody whose address Zoom and the tenant agree on.
async fn signed_in(world: &World) -> Panel<'_> {
    let panel = panel(world).await;
    let sign_in = begin(&panel).await;
    let page = log_in(world, &sign_in, OLIVIA).await;
    assert!(page.text.contains("Olivia Grant is signed in to Kestrel Pay."), "{}", page.text);
    assert_eq!(page.code(), None, "Zoom and Kestrel's own record name the same address");
    assert_eq!(step(&panel, &sign_in).await["state"], "signed_in");
    panel
}

/// Whoever tried is signed in to nothing.
async fn is_refused(world: &World, username: &str, says: &str, why: &str) {
    let panel = panel(world).await;
    let sign_in = begin(&panel).await;
    let page = log_in(world, &sign_in, username).await;
    assert!(page.text.contains(says), "{says}: {}", page.text);
    assert_eq!(step(&panel, &sign_in).await, json!({ "state": "failed", "why": why }), "{says}");
    assert_eq!(panel.refused("/entities?q=summit").await.1, "signed_out", "{says}");
}

async fn calls(world: &World, site: &str, endpoint: &str) -> u64 {
    world.ask_gainsight("calls").await[site][endpoint]["count"].as_u64().unwrap_or(0)
}

/// The company with this name, as the panel searches it.
async fn company(panel: &Panel<'_>, name: &str) -> Value {
    let found = panel.get(&format!("/entities?q={name}")).await["found"].clone();
    found[0].clone()
}

fn form(company: &Value) -> Value {
    json!({
        "entity": { "tenant": company["tenant"], "kind": company["kind"], "id": company["id"] },
        "type_name": "Meeting",
        "subject": "Renewal",
        "notes": "They will sign.",
        "held_at": sidelight_domain::Clock::now(&sidelight::chance::SystemClock).as_millis(),
        "internal_attendees": [],
        "external_attendees": [],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn olivia_signs_in_through_salesforce_and_logs_a_note_in_her_name() {
    let world = entered_by(&kestrel()).await;
    let olivia = signed_in(&world).await;
    assert_eq!(
        calls(&world, "salesforce", "POST /services/oauth2/revoke").await,
        1,
        "the tokens are of no further use"
    );
    let summit = company(&olivia, "summit").await;
    assert_eq!((&summit["name"], &summit["tenant"]), (&json!("Summit Outfitters"), &json!("kestrel")));
    assert_eq!(company(&olivia, "lakeshore").await["name"], "Lakeshore Clinics", "approved, though it is Ethan's");

    let (status, logged) = olivia.post("/activities", &json!({ "key": "k", "form": form(&summit) })).await;
    assert_eq!(status, 201, "{logged}");
    let timeline = format!("/timeline?tenant=kestrel&kind=company&id={}", summit["id"].as_str().unwrap());
    let first = olivia.get(&timeline).await["activities"][0].clone();
    assert_eq!((&first["subject"], &first["author"]), (&json!("Renewal"), &json!("Olivia Grant")));
    assert_eq!((&first["is_own"], &first["is_ours"]), (&json!(true), &json!(true)));
    assert_eq!(calls(&world, "kestrel", "POST /v1/users/oauth/token").await, 0, "Gainsight gave no token");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_zoom_user_than_the_tenants_record_needs_the_code() {
    let world = World::with(&format!("{{salesforce}}{}", kestrel()), None).await;
    let page = Browser::new(&world).install("maya-lindqvist").await;
    assert!(page.contains("Sidelight is added"), "{page}");
    let maya = world.panel("maya-lindqvist").await;
    let sign_in = begin(&maya).await;
    let page = log_in(&world, &sign_in, OLIVIA).await;
    let code = page.code().unwrap_or_else(|| panic!("no code in {}", page.text));
    assert_eq!(step(&maya, &sign_in).await["state"], "code_needed");
    assert_eq!(maya.refused("/entities?q=summit").await.1, "signed_out");
    let path = format!("/sign-in/{}/code", sign_in["id"].as_str().unwrap());
    assert_eq!(maya.post(&path, &json!({ "code": code })).await.0, 200);
    assert_eq!(company(&maya, "summit").await["name"], "Summit Outfitters");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_of_ones_own_with_a_victims_address_leads_nowhere() {
    let world = entered_by(&kestrel()).await;
    is_refused(&world, MALLORY, "leads to no Gainsight user", "unknown_user").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_proves_nothing_is_not_believed() {
    let world = entered_by(&kestrel()).await;
    let mallory = "http://login.salesforce.localhost/id/00D7Q00000BogusUAB/0055g00000AAAAAAAA";
    for answers in [
        json!({ "claims": { "nonce": "another" } }),
        json!({ "claims": { "nonce": null } }),
        json!({ "claims": { "aud": "another-app" } }),
        json!({ "claims": { "iss": "https://login.salesforce.example" } }),
        json!({ "claims": { "exp": 1_700_000_000 } }),
        json!({ "claims": { "sub": mallory } }),
        json!({ "token": { "signature": "c2lnbmVkIGJ5IG5vYm9keQ==" } }),
        json!({ "token": { "issued_at": "1700000000000" } }),
        json!({ "token": { "id": mallory } }),
        json!({ "token": { "id_token": FORGED } }),
        json!({ "token": { "id_token": null } }),
        json!({ "userinfo": { "sub": mallory } }),
        json!({ "userinfo": { "user_id": "0055g00000AAAAAAAA" } }),
        json!({ "userinfo": { "organization_id": "00D7Q00000BogusUAB" } }),
    ] {
        world.gainsight_control("salesforce/answers", answers.clone()).await;
        is_refused(&world, OLIVIA, "did not prove who signed in", "application_refused").await;
    }
    world.gainsight_control("salesforce/answers", json!({ "userinfo": { "active": false } })).await;
    is_refused(&world, OLIVIA, "is inactive", "inactive").await;
    world.gainsight_control("salesforce/answers", json!({})).await;
    signed_in(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_needs_the_browser_that_went_and_the_same_server() {
    let world = entered_by(&kestrel()).await;
    let panel = panel(&world).await;
    let sign_in = begin(&panel).await;
    let mut browser = Browser::new(&world);
    let asking = browser.visit(Url::parse(sign_in["link"].as_str().unwrap()).unwrap()).await;
    assert!(asking.text.contains("kestrel.us1.localhost (Production)"), "{}", asking.text);
    let authorize = asking.link("/services/oauth2/authorize");
    let asked = |name: &str| authorize.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(
        (asked("code_challenge_method").as_deref(), asked("scope").as_deref()),
        (Some("S256"), Some("openid id"))
    );
    let state = asked("state").unwrap();
    let back = |path: &str, query: &str| world.base.join(&format!("{path}?{query}")).unwrap();
    for query in [
        "code=x&state=wrong",
        "code=x&state=wrong.0",
        "code=x",
        "error=access_denied",
        &format!("code=x&state={state}7"),
    ] {
        let page = browser.visit(back("/salesforce/callback", query)).await;
        assert!(page.text.contains("another browser"), "{query}: {}", page.text);
    }
    let ours = format!("code=x&state={state}");
    let page = Browser::new(&world).visit(back("/salesforce/callback", &ours)).await;
    assert!(page.text.contains("another browser"), "{}", page.text);
    // The tenant's own way back must not take what was meant for Salesforce's.
    let bare = format!("code=x&state={}", state.split('.').next().unwrap());
    let page = browser.visit(back("/gainsight/callback", &bare)).await;
    assert!(page.text.contains("That did not work"), "{}", page.text);
    assert_eq!(step(&panel, &sign_in).await["state"], "link_opened");
    let page = browser.visit(back("/salesforce/callback", &format!("{ours}&iss=https://evil.example"))).await;
    assert!(page.text.contains("did not prove"), "{}", page.text);
    let again = browser.visit(back("/salesforce/callback", &ours)).await;
    assert!(again.text.contains("too old"), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_switched_off_or_has_no_licence_is_told_so() {
    let world = entered_by(&kestrel()).await;
    let change = async |change: Value| {
        let mut body = json!({ "tenant": "kestrel", "email": "olivia.grant@kestrelpay.example" });
        body.as_object_mut().unwrap().extend(change.as_object().cloned().unwrap());
        world.gainsight_control("users", body).await;
    };
    change(json!({ "is_active": false })).await;
    is_refused(&world, OLIVIA, "Your Gainsight user is inactive", "inactive").await;
    change(json!({ "is_active": true, "licence": null })).await;
    is_refused(&world, OLIVIA, "has no licence for the panel", "no_licence").await;
    change(json!({ "licence": "Full" })).await;
    let olivia = signed_in(&world).await;
    assert_eq!(company(&olivia, "summit").await["name"], "Summit Outfitters");
    change(json!({ "licence": null })).await;
    world.clock.advance(Duration::from_hours(2));
    world
        .until("the licence is gone", async || {
            let now = sidelight_domain::Clock::now(world.clock.as_ref()).as_millis();
            let wish =
                json!({ "user": "olivia-grant", "meeting": NORTHWIND, "issued_at": now, "expires_in_ms": 120_000 });
            Panel::open(&world, wish).await.refused("/entities?q=summit").await.1 == "no_licence"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_fifteen_characters_are_the_same_ids() {
    let world = entered_by(&kestrel().replace("00D5g000004KestEAC", "00D5g000004Kest")).await;
    for (switch, choice) in [("salesforce.id_form", "15"), ("salesforce.id_token_algorithm", "HS256")] {
        world.gainsight_control("switches", json!({ switch: choice })).await;
    }
    world.gainsight_control("switches", json!({ "salesforce.pkce": "required" })).await;
    signed_in(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_operators_word_nothing_is_shown_and_it_is_said_why() {
    let world = entered_by(&kestrel().replace(VIEWERS, "")).await;
    let olivia = signed_in(&world).await;
    let refused = (403, "not_approved".to_owned());
    let summit = world_company(&world).await;
    assert_eq!(olivia.refused("/entities?q=summit").await, refused);
    assert_eq!(olivia.refused(&format!("/timeline?tenant=kestrel&kind=company&id={summit}")).await, refused);
    let company = json!({ "tenant": "kestrel", "kind": "company", "id": summit });
    let (status, body) = olivia.post("/activities", &json!({ "key": "k", "form": form(&company) })).await;
    assert_eq!((status, body["code"].as_str()), (403, Some("not_approved")), "{body}");
    assert!(body["message"].as_str().unwrap().contains("came in through Salesforce"), "{body}");
    let people = olivia.get("/people").await;
    assert!(people["gaps"].as_array().unwrap().contains(&json!("not_approved")), "{people}");
}

/// The id of Kestrel's first company, which somebody may have got hold of.
async fn world_company(world: &World) -> String {
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let key = sidelight_domain::ids::TenantKey::new("kestrel");
    let tenant = world.app.tenant(organisation, &key).unwrap();
    let shared = tenant.shared.as_ref().unwrap();
    let sidelight::config::TenantCredential::AccessKey(key) = &shared.credential else { panic!("not an access key") };
    let credential = sidelight_gainsight::Credential::AccessKey(key.clone());
    let access = sidelight_gainsight::Access::new(&tenant.base, &credential);
    world.app.gainsight.companies(&access, None, 1).await.unwrap()[0].id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_login_tells_which_of_several_tenants_it_is() {
    // By its name it comes first, so that the panel is told this one until Salesforce says otherwise.
    let other = kestrel()
        .replace("key = \"kestrel\"", "key = \"aviary\"")
        .replace("name = \"Kestrel Pay\"", "name = \"Aviary\"")
        .replace("00D5g000004KestEAC", "00D000000000001");
    let world = entered_by(&format!("{other}{}", kestrel())).await;
    let olivia = panel(&world).await;
    assert_eq!(begin(&olivia).await["tenant"], "aviary");
    let olivia = signed_in(&world).await;
    let tenants = olivia.get("/panel").await["tenants"].clone();
    let signed_in: Vec<_> =
        tenants.as_array().unwrap().iter().filter(|one| one["standing"]["state"] == "signed_in").collect();
    assert_eq!(signed_in.len(), 1, "{tenants}");
    assert_eq!(signed_in[0]["key"], "kestrel");
    assert_eq!(company(&olivia, "summit").await["tenant"], "kestrel");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_tenant_is_entered_from_salesforce_the_panel_is_told_so() {
    let world = World::installed().await;
    let (status, body) =
        world.panel("maya-lindqvist").await.post("/sign-in", &json!({ "account": "salesforce" })).await;
    assert_eq!((status, body["code"].as_str()), (404, Some("tenant_unknown")), "{body}");
    assert!(body["message"].as_str().unwrap().contains("is entered from Salesforce"), "{body}");
    let page = Browser::new(&world).visit(world.base.join("/salesforce/callback?code=x&state=y.0").unwrap()).await;
    assert!(page.text.contains("That did not work"), "{}", page.text);
}
