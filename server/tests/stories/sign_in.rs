//! Sign-ins that are stolen, repeated, late, or not by whom they seem to be.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::ids::SignInId;
use sidelight_outbound::{Method, Request};
use url::Url;

use crate::browser::{Browser, Page};
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

async fn step(panel: &Panel<'_>, sign_in: &Value) -> Value {
    panel.get(&format!("/sign-in/{}", sign_in["id"].as_str().unwrap())).await["step"].clone()
}

fn link(sign_in: &Value) -> Url {
    Url::parse(sign_in["link"].as_str().unwrap()).unwrap()
}

/// What the database keeps of the code of a sign-in of Maya's.
async fn kept_code(world: &World, sign_in: &Value) -> sidelight_store::Digest {
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let person = world.app.store.person_key(organisation, &World::zoom_user("maya-lindqvist")).await.unwrap();
    let mut unit = world.app.store.read(organisation).await.unwrap();
    let id = sign_in["id"].as_str().unwrap().parse().unwrap();
    unit.sign_ins().find_of(&person, id).await.unwrap().unwrap().code.unwrap()
}

/// The page's six digits.
fn code(page: &Page) -> String {
    page.code().unwrap_or_else(|| panic!("no code in {}", page.text))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_once_and_only_in_the_browser_that_opened_it() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let sign_in = panel.begin().await;
    let mut owner = Browser::new(&world);
    let asking = owner.visit(link(&sign_in)).await;
    assert!(asking.text.contains("Maya Lindqvist") && asking.text.contains("lumen.us1.localhost"), "{}", asking.text);
    assert_eq!(step(&panel, &sign_in).await["state"], "link_opened");
    // The same browser may reload; another one gets nothing that leads on.
    assert_eq!(owner.visit(link(&sign_in)).await.link("/v1/authorize"), asking.link("/v1/authorize"));
    let thief = Browser::new(&world).visit(link(&sign_in)).await;
    assert!(thief.text.contains("opened before") && !thief.text.contains("/v1/authorize"), "{}", thief.text);
    // Whoever got hold of the way to the tenant still lacks the cookie.
    let stolen = Browser::new(&world).log_in(asking.link("/v1/authorize"), &panel.username()).await;
    assert!(stolen.text.contains("another browser"), "{}", stolen.text);
    assert_eq!(step(&panel, &sign_in).await["state"], "link_opened");
    assert_eq!(panel.refused("/people").await.1, "signed_out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_only_the_panel_told_is_shown_as_a_claim() {
    let claim = json!({ "screen_name": "Maya <b>Lindqvist" });
    for (installed, expected) in [
        (false, "goes by &quot;Maya &lt;b&gt;Lindqvist&quot; in Zoom. Zoom did not confirm the name."),
        (true, "<dd>Tom Okafor<br>tom.okafor@lumenworks.example</dd>"),
    ] {
        let world = World::start().await;
        if installed {
            Browser::new(&world).install("tom-okafor").await;
        } else {
            // Zoom names him to the panel, and our server has nothing of him from Zoom itself.
            world.zoom_control("people/tom-okafor/add-app", json!({})).await;
        }
        let context = world.context(json!({ "user": "tom-okafor", "meeting": NORTHWIND })).await;
        let mut body = claim.clone();
        body["context"] = json!(context);
        let opened: Value = crate::panel::exchange(&world, &body).await.json().unwrap();
        let token = opened["token"].as_str().unwrap().to_owned();
        let panel = Panel { world: &world, token, person: "tom-okafor".to_owned(), opened, visited: None };
        let page = Browser::new(&world).visit(link(&panel.begin().await)).await;
        assert!(page.text.contains(expected), "{}", page.text);
        assert_eq!(page.text.contains("did not confirm"), !installed, "{}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_state_leads_nowhere() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let sign_in = panel.begin().await;
    let mut browser = Browser::new(&world);
    browser.visit(link(&sign_in)).await;
    for query in ["code=x&state=wrong", "code=x", "state=wrong", "error=access_denied", ""] {
        let page = browser.visit(world.base.join(&format!("/gainsight/callback?{query}")).unwrap()).await;
        assert!(page.text.contains("another browser"), "{query}: {}", page.text);
    }
    assert_eq!(step(&panel, &sign_in).await["state"], "link_opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_authorisation_server_answers_goes_to_no_token_endpoint() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    for issuer in ["http://harbor.us1.localhost", "https://lumen.us1.localhost.evil.example", "lumen"] {
        let sign_in = panel.begin().await;
        let mut browser = Browser::new(&world);
        let asking = browser.visit(link(&sign_in)).await.link("/v1/authorize");
        let (_, state) = asking.query_pairs().find(|(name, _)| name == "state").unwrap();
        let mut back = world.base.join("/gainsight/callback").unwrap();
        back.query_pairs_mut().extend_pairs([("code", "stolen"), ("state", &*state), ("iss", issuer)]);
        let page = browser.visit(back).await;
        assert!(page.text.contains("That did not work"), "{issuer}: {}", page.text);
        assert_eq!(step(&panel, &sign_in).await["state"], "failed", "{issuer}");
    }
    assert_eq!(world.calls("POST /v1/users/oauth/token").await, 0, "the code would have been somebody else's");
    assert_eq!(panel.refused("/people").await.1, "signed_out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_link_and_a_replaced_one_are_dead() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let (first, second) = (panel.begin().await, panel.begin().await);
    let page = Browser::new(&world).visit(link(&first)).await;
    assert!(page.text.contains("That did not work"), "{}", page.text);
    assert_eq!(step(&panel, &first).await, json!({ "state": "failed", "why": "replaced" }));
    world.clock.advance(Duration::from_mins(6));
    let page = Browser::new(&world).visit(link(&second)).await;
    assert!(page.text.contains("That did not work"), "{}", page.text);
    let panel = world.panel_later("maya-lindqvist").await;
    assert_eq!(step(&panel, &second).await, json!({ "state": "failed", "why": "expired" }));
    assert_eq!(Browser::new(&world).visit(world.base.join("/signin/made-up").unwrap()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_callback_cannot_be_repeated() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let sign_in = panel.begin().await;
    let mut browser = Browser::new(&world);
    let asking = browser.visit(link(&sign_in)).await;
    let done = browser.log_in(asking.link("/v1/authorize"), &panel.username()).await;
    assert!(done.text.contains("Welcome to Gainsight"), "{}", done.text);
    let again = browser.visit(done.url.clone()).await;
    assert!(again.text.contains("That did not work"), "{}", again.text);
    assert_eq!(step(&panel, &sign_in).await["state"], "code_needed");
}

/// A tenant with the documented API only does not say whose token it gave: the link of one person, opened by another who is logged in there,
/// must not put the other's token into the first one's panel.
#[tokio::test(flavor = "multi_thread")]
async fn a_planted_link_brings_nobody_elses_token() {
    let world = World::installed().await;
    let maya = world.panel("maya-lindqvist").await;
    let sign_in = maya.begin().await;
    let mut toms = Browser::new(&world);
    let asking = toms.visit(link(&sign_in)).await;
    let page = toms.log_in(asking.link("/v1/authorize"), "tom.okafor@lumenworks.example").await;
    assert!(page.code().is_some(), "Tom sees a code that Maya does not know: {}", page.text);
    assert_eq!(step(&maya, &sign_in).await["state"], "code_needed");
    assert_eq!(maya.refused("/people").await.1, "signed_out");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_login_needs_the_code_and_guesses_run_out() {
    let world = World::installed().await;
    let panel = Panel::open(&world, json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
    let (_, sign_in) =
        panel.post("/sign-in", &json!({ "username": "dana.whitfield@harborcloud.example", "tenant": "harbor" })).await;
    let mut browser = Browser::new(&world);
    let asking = browser.visit(link(&sign_in)).await;
    let page = browser.log_in(asking.link("/v1/authorize"), "dana.whitfield@harborcloud.example").await;
    let typed = code(&page);
    assert_eq!(
        step(&panel, &sign_in).await,
        json!({ "state": "code_needed", "name": "Dana Whitfield", "tries_left": 5 })
    );
    assert_ne!(
        kept_code(&world, &sign_in).await,
        sidelight_store::Digest::of(&typed),
        "a million codes are soon tried"
    );
    let path = format!("/sign-in/{}/code", sign_in["id"].as_str().unwrap());
    let wrong = if typed == "000000" { "000001" } else { "000000" };
    for left in (1..5).rev() {
        let (status, body) = panel.post(&path, &json!({ "code": wrong })).await;
        assert_eq!((status, body["code"].as_str()), (422, Some("wrong_code")));
        assert_eq!(step(&panel, &sign_in).await["tries_left"], json!(left));
    }
    panel.post(&path, &json!({ "code": wrong })).await;
    assert_eq!(step(&panel, &sign_in).await, json!({ "state": "failed", "why": "wrong_code" }));
    let (status, body) = panel.post(&path, &json!({ "code": typed })).await;
    assert_eq!((status, body["code"].as_str()), (410, Some("sign_in_ended")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_code_signs_in_and_blanks_do_not_matter() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let (_, sign_in) =
        panel.post("/sign-in", &json!({ "username": "dana.whitfield@harborcloud.example", "tenant": "harbor" })).await;
    let mut browser = Browser::new(&world);
    let asking = browser.visit(link(&sign_in)).await;
    let page = browser.log_in(asking.link("/v1/authorize"), "dana.whitfield@harborcloud.example").await;
    let typed = code(&page);
    let spaced = format!(" {} {} ", &typed[..3], &typed[3..]);
    let path = format!("/sign-in/{}/code", sign_in["id"].as_str().unwrap());
    // Another person's panel cannot even see it.
    world.zoom_control("people/tom-okafor/add-app", json!({})).await;
    let other = world.panel("tom-okafor").await;
    assert_eq!(other.post(&path, &json!({ "code": typed })).await.0, 404);
    let (status, answer) = panel.post(&path, &json!({ "code": spaced })).await;
    assert_eq!((status, &answer["step"]["state"]), (200, &json!("signed_in")));
    let harbor = panel.get("/panel").await["tenants"]
        .as_array()
        .unwrap()
        .iter()
        .find(|tenant| tenant["key"] == "harbor")
        .cloned();
    assert_eq!(harbor.unwrap()["standing"]["email"], "dana.whitfield@harborcloud.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_tenant_does_not_say_who_it_was_a_typed_name_proves_nothing() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    // Maya logs in as herself at the tenant, but claims to be a colleague.
    let (_, sign_in) =
        panel.post("/sign-in", &json!({ "username": "tom.okafor@lumenworks.example", "tenant": "lumen" })).await;
    let mut browser = Browser::new(&world);
    let asking = browser.visit(link(&sign_in)).await;
    let page = browser.log_in(asking.link("/v1/authorize"), "maya.lindqvist@lumenworks.example").await;
    assert!(page.text.contains("Add Sidelight to your Zoom account first"), "{}", page.text);
    assert_eq!(step(&panel, &sign_in).await, json!({ "state": "failed", "why": "identity_unproven" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn inactive_and_unlicensed_users_are_told_who_can_change_it() {
    let world = World::start().await;
    for (person, why, words) in [
        ("sofia-marino", "inactive", "inactive"),
        ("elena-petrova", "no_licence", "no licence"),
        ("marcus-hale", "no_licence", "no licence"),
    ] {
        Browser::new(&world).install(person).await;
        let panel = world.panel(person).await;
        let sign_in = panel.begin().await;
        let page = panel.log_in(sign_in["link"].as_str().unwrap()).await;
        assert!(page.text.contains(words), "{person}: {}", page.text);
        assert_eq!(step(&panel, &sign_in).await, json!({ "state": "failed", "why": why }), "{person}");
        assert_eq!(panel.refused("/people").await.1, "signed_out", "{person}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_and_a_broken_sign_in_say_so() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let sign_in = panel.begin().await;
    world.fault("POST", "/v1/users/oauth/token", json!({ "kind": "status", "status": 500 }), None).await;
    let page = panel.log_in(sign_in["link"].as_str().unwrap()).await;
    assert!(page.text.contains("did not answer"), "{}", page.text);
    assert_eq!(step(&panel, &sign_in).await["why"], "tenant_down");
    world.mend().await;
    panel.sign_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_usernames_get_the_same_shape_and_guessing_is_slowed() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let look_up = async |username: &str| panel.post("/sign-in/look-up", &json!({ "username": username })).await;
    let known = look_up("maya.lindqvist@lumenworks.example").await;
    assert_eq!(known, look_up("nobody.at.all@lumenworks.example").await);
    assert_eq!(look_up("x@elsewhere.example").await.1["branch"], "typed");
    assert_eq!(
        look_up("not an address").await.1["data_centres"][0]["label"],
        look_up("").await.1["data_centres"][0]["label"]
    );
    let mut slowed = false;
    for _ in 0..30 {
        slowed |= look_up("x@elsewhere.example").await.0 == 429;
    }
    assert!(slowed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_domain_selects_among_registered_tenants_only() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let ask = async |domain: &str, centre: &str| {
        let request = json!({ "username": "m", "domain": domain, "data_centre": centre });
        panel.post("/sign-in", &request).await
    };
    let (status, found) = ask("http://lumen.us1.localhost:9999/v1/ui", "US1").await;
    assert_eq!((status, found["tenant"].as_str()), (200, Some("lumen")));
    for (domain, centre) in
        [("lumen.us1.localhost", "EU"), ("127.0.0.1", "US1"), ("lumen.us1.localhost.evil.example", "US1"), ("", "US1")]
    {
        let (status, body) = ask(domain, centre).await;
        assert_eq!((status, body["fields"][0]["field"].as_str()), (404, Some("domain")), "{domain} {centre}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_the_sign_in_and_says_whose() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    world.gainsight_control("tokens/revoke", json!({ "tenant": "lumen" })).await;
    let people = panel.get("/people?refresh=true").await;
    assert!(people["attendees"].as_array().unwrap().len() >= 9, "what we cannot look up is still shown");
    world.until("the sign-in has ended", async || panel.refused("/people").await.1 == "signed_out").await;
    let tenants = panel.get("/panel").await["tenants"].clone();
    let lumen = tenants.as_array().unwrap().iter().find(|tenant| tenant["key"] == "lumen").unwrap();
    assert_eq!(lumen["standing"], json!({ "state": "expired", "email": "maya.lindqvist@lumenworks.example" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_refresh_an_expired_token_once() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let id = panel.selected().await["id"].as_str().unwrap().to_owned();
    world.reset_calls().await;
    world.clock.advance(Duration::from_hours(2));
    let panel = world.panel_later("maya-lindqvist").await;
    let timeline = format!("/timeline?tenant=lumen&kind=company&id={id}");
    let asked = (0..12).map(|_| panel.get(&timeline));
    futures_util::future::join_all(asked).await;
    assert_eq!(world.calls("POST /v1/users/oauth/token").await, 1);
}

/// Panels close with their meeting, also in the middle of a refresh: the old refresh token is spent by then, and the new one must not be lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_closes_in_the_middle_of_a_refresh_signs_nobody_out() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let timeline = panel.timeline_path().await;
    panel.get(&timeline).await;
    world.reset_calls().await;
    // The token is refused once, so that this very request refreshes it, and Gainsight takes its time.
    let page = "/v1/data/objects/query/activity_timeline";
    world.fault("POST", page, json!({ "kind": "status", "status": 401 }), Some(1)).await;
    let slow = json!({ "kind": "latency", "millis": 2_000, "moment": "after" });
    world.fault("POST", "/v1/users/oauth/token", slow, None).await;
    world.clock.advance(Duration::from_secs(10));
    let renewed = format!("{timeline}&refresh=true");
    let asked = tokio::time::timeout(Duration::from_secs(1), panel.get(&renewed)).await;
    assert!(asked.is_err(), "the panel is gone before Gainsight answers");
    world.until("the refresh is over", async || world.calls("POST /v1/users/oauth/token").await == 1).await;
    world.mend().await;
    assert!(!panel.get(&renewed).await["activities"].as_array().unwrap().is_empty());
    assert_eq!(world.calls("POST /v1/users/oauth/token").await, 1, "nobody spent a second refresh token");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_needs_the_browser_that_began_it() {
    let world = World::start().await;
    let start = world.base.join("/zoom/install").unwrap();
    let mut owner = Browser::new(&world);
    let answer = owner.once(Request::get(start.clone()), &start).await;
    let mut consent = start.join(answer.header(&sidelight_outbound::header::LOCATION).unwrap()).unwrap();
    consent.query_pairs_mut().append_pair("as", "maya-lindqvist").append_pair("consent", "auto");
    // A code that arrives in another browser is dropped.
    let consented = Browser::new(&world).once(Request::get(consent.clone()), &consent).await;
    let callback = consent.join(consented.header(&sidelight_outbound::header::LOCATION).unwrap()).unwrap();
    let stolen = Browser::new(&world).visit(callback.clone()).await;
    assert!(stolen.text.contains("Nothing was added"), "{}", stolen.text);
    let declined = Browser::new(&world).visit(world.base.join("/zoom/callback?error=access_denied").unwrap()).await;
    assert!(declined.text.contains("was not added"), "{}", declined.text);
    assert!(owner.visit(callback).await.text.contains("Sidelight is added"));
}

/// Somebody logs in at the tenant, whose token endpoint is slow; meanwhile `act` happens. The page at the end.
async fn while_tokens_are_fetched(world: &World, panel: &Panel<'_>, act: impl AsyncFnOnce(&Value)) -> String {
    let sign_in = panel.begin().await;
    let id: SignInId = sign_in["id"].as_str().unwrap().parse().unwrap();
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let is_asking = async || {
        let mut unit = world.app.store.read(organisation).await.unwrap();
        unit.sign_ins().find(id).await.unwrap().is_some_and(|row| row.step == "exchanging")
    };
    let slow = json!({ "kind": "latency", "millis": 3_000, "moment": "after" });
    world.fault("POST", "/v1/users/oauth/token", slow, Some(1)).await;
    let mut browser = Browser::new(world);
    let asking = browser.visit(link(&sign_in)).await;
    let username = panel.username();
    let acting = async {
        world.until("the tokens are asked for", is_asking).await;
        act(&sign_in).await;
    };
    let (page, ()) = tokio::join!(browser.log_in(asking.link("/v1/authorize"), &username), acting);
    page.text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_given_up_attaches_nothing() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let page = while_tokens_are_fetched(&world, &panel, async |sign_in| {
        let path = format!("/sign-in/{}", sign_in["id"].as_str().unwrap());
        assert_eq!(panel.send(Method::DELETE, &path, None).await.status, 204);
    })
    .await;
    assert!(page.contains("That did not work"), "given up: {page}");
    assert_eq!(panel.refused("/people").await.1, "signed_out", "given up");
    let page = while_tokens_are_fetched(&world, &panel, async |_| {
        panel.begin().await;
    })
    .await;
    assert!(page.contains("That did not work"), "replaced: {page}");
    assert_eq!(panel.refused("/people").await.1, "signed_out", "replaced");
    let page = while_tokens_are_fetched(&world, &panel, async |_| {
        assert_eq!(panel.post("/logout", &json!({ "waiting_writes": "discard" })).await.0, 200);
    })
    .await;
    assert!(page.contains("That did not work"), "logged out: {page}");
    assert_eq!(world.panel("maya-lindqvist").await.refused("/people").await.1, "signed_out", "logged out");
}
