//! Every route, tried by everybody who may not: without a token, as a guest, as a stranger, signed out, with each licence, and with
//! another organisation's ids. The routes come from the description that the server itself gives, so none can be forgotten.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::{Display, Formatter};

use axum::routing::{get, post};
use serde_json::{Value, json};
use sidelight_domain::access::{Action, Scope};
use sidelight_outbound::Method;

use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

/// One route as the description names it.
struct Route {
    method: Method,
    path: String,
    action: Action,
    statuses: BTreeSet<u16>,
}

fn routes() -> Vec<Route> {
    let description = serde_json::to_value(sidelight::routes::description()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let action = operation["x-action"].as_str().unwrap_or_else(|| panic!("{method} {path} names no action"));
            let action = Action::ALL.into_iter().find(|known| format!("{known:?}") == action).unwrap();
            let statuses = operation["responses"].as_object().unwrap().keys().map(|status| status.parse().unwrap());
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            let method = method.to_uppercase().parse().unwrap();
            routes.push(Route { method, path, action, statuses: statuses.collect() });
        }
    }
    // Whoever logs out has no session for the rest.
    routes.sort_by_key(|route| route.path == "/logout");
    routes
}

/// The routes that need this much to be proven.
fn routes_of(scopes: &[Scope]) -> impl Iterator<Item = Route> {
    routes().into_iter().filter(|route| scopes.contains(&route.action.scope()))
}

impl Display for Route {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Route {
    /// A request that would be fine if the caller were allowed.
    fn request(&self, entity: &Value, sign_in: &str, write: &str) -> (String, Option<Value>) {
        let (tenant, id) = (entity["tenant"].as_str().unwrap(), entity["id"].as_str().unwrap());
        let path = self.path.replace("{tenant}", tenant);
        let path = if path.contains("sign-in") { path.replace("{id}", sign_in) } else { path };
        let path = if path.contains("writes") { path.replace("{id}", write) } else { path.replace("{id}", id) };
        let query = match self.path.as_str() {
            "/timeline" | "/contacts" => format!("?tenant={tenant}&kind=company&id={id}"),
            "/activity-types" => format!("?tenant={tenant}"),
            "/entities" => "?q=north".to_owned(),
            "/timeline/{tenant}/{id}" if self.method == Method::DELETE => "?key=k&seen=s".to_owned(),
            "/draft" if self.method == Method::DELETE => "?version=1".to_owned(),
            _ => String::new(),
        };
        let form = json!({
            "entity": entity, "type_name": "Meeting", "subject": "s", "notes": "n", "held_at": 1_790_000_000_000_i64,
        });
        let body = match (self.method.as_str(), self.path.as_str()) {
            ("PUT", "/view") => Some(json!({ "select": entity })),
            ("PUT", "/draft") => Some(json!({ "based_on": 0, "content": { "notes": "n" } })),
            ("PUT", "/timeline/{tenant}/{id}") => Some(json!({ "key": "k", "seen": "s", "subject": "s" })),
            ("PUT", "/ticks") => {
                Some(json!({ "tenant": tenant, "email": "ana.ruiz@northwindtraders.example", "is_here": true }))
            }
            ("PUT", "/corrections") => Some(json!({
                "participant": NOBODY, "tenant": tenant, "email": "ana.ruiz@northwindtraders.example",
            })),
            ("POST", "/people/card") => Some(json!({ "tenant": tenant, "email": "ana.ruiz@northwindtraders.example" })),
            ("PUT", "/invitation") => Some(json!({ "text": "ana.ruiz@northwindtraders.example" })),
            ("POST", "/inquiry/answers") => Some(json!({ "participant": "p" })),
            ("POST", "/people/find") => Some(
                json!({ "entity": entity, "sought": [{ "email": "erin.walsh@northwindtraders.example", "name": "" }] }),
            ),
            ("POST", "/attendees/find") => Some(json!({ "entity": entity, "query": "erin" })),
            ("POST", "/people") => Some(json!({ "key": "k", "form": {
                "entity": entity, "email": "erin.walsh@northwindtraders.example", "name": "Erin Walsh",
            } })),
            ("POST", "/roster") => Some(json!({ "participants": [] })),
            ("POST", "/logout") => Some(json!({ "waiting_writes": "keep_as_draft" })),
            ("POST", "/sign-in/look-up") => Some(json!({ "username": "a@lumenworks.example" })),
            ("POST", "/sign-in") => Some(json!({ "username": "a@lumenworks.example", "tenant": tenant })),
            ("POST", "/sign-in/{id}/code") => Some(json!({ "code": "123456" })),
            ("POST", "/activities") => Some(json!({ "key": "k", "form": form })),
            ("POST", "/writes/{id}") => Some(json!({ "settle": "discard" })),
            ("POST", "/session") => Some(json!({ "context": "x" })),
            _ => None,
        };
        (format!("{path}{query}"), body)
    }
}

const NOBODY: &str = "ptp_01900000000070008000000000000001";
const NOBODYS_SIGN_IN: &str = "sgn_01900000000070008000000000000001";
const NOBODYS_WRITE: &str = "wri_01900000000070008000000000000001";

/// The entity that routes are tried with, as Maya sees it.
async fn northwind(world: &World) -> Value {
    let selected = world.signed_in("maya-lindqvist").await.selected().await;
    json!({ "tenant": selected["tenant"], "kind": "company", "id": selected["id"] })
}

async fn attempt(panel: &Panel<'_>, route: &Route, entity: &Value) -> (u16, String) {
    let (path, body) = route.request(entity, NOBODYS_SIGN_IN, NOBODYS_WRITE);
    let answer = panel.send(route.method.clone(), &path, body.as_ref()).await;
    let status = answer.status.as_u16();
    assert!(route.statuses.contains(&status), "{route} answers {status}, which its description does not tell");
    let body: Value = answer.json().unwrap_or(Value::Null);
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn every_action_is_performed_by_a_route() {
    let api = routes().into_iter().map(|route| route.action);
    let beside = sidelight::routes::beside::table().into_iter().map(|(action, ..)| action);
    let performed: HashSet<_> = api.chain(beside).collect();
    assert_eq!(performed, HashSet::from(Action::ALL));
}

/// Methods in the debug text of one of axum's routes. `HEAD` comes with `GET`.
fn methods(text: &str) -> Vec<&str> {
    let (_, rest) = text.split_once("allow_header: Bytes(b\"").unwrap_or_else(|| panic!("no methods in {text}"));
    rest.split('"').next().unwrap().split(',').filter(|method| *method != "HEAD").collect()
}

/// Methods and paths in the debug text of axum's router, which is the only list that it gives.
fn served(all: &axum::Router) -> BTreeSet<String> {
    let text = format!("{all:?}");
    // Behind it stands the router of what no route takes, which numbers its own two paths anew.
    let (own, _) = text.split_once("fallback_router:").unwrap_or_else(|| panic!("no fallback in {text}"));
    let (routes, paths) = own.split_once("paths: {").unwrap_or_else(|| panic!("no paths in {text}"));
    let routes: BTreeMap<_, _> = routes.split("RouteId(").filter_map(|part| part.split_once("): ")).collect();
    let mut served = BTreeSet::new();
    for (id, path) in paths.split("RouteId(").filter_map(|part| part.split_once("): \"")) {
        let path = path.split('"').next().unwrap();
        served.extend(methods(routes[id]).iter().map(|method| format!("{method} {path}")));
    }
    served
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_that_stands_in_no_table() {
    let world = World::start().await;
    let mut expected: BTreeSet<_> =
        routes().iter().map(|route| format!("{} /api/v1{}", route.method, route.path)).collect();
    for (_, path, route) in sidelight::routes::beside::table() {
        expected.extend(methods(&format!("{route:?}")).iter().map(|method| format!("{method} {path}")));
    }
    let router = sidelight::serve::router(&world.app);
    assert_eq!(served(&router), expected);
    // The list is a true one: whatever is added past the tables would be seen.
    let added = router.route("/later/{id}", get(async || "")).route("/panel", post(async || ""));
    expected.extend(["GET /later/{id}".to_owned(), "POST /panel".to_owned()]);
    assert_eq!(served(&added), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_live_token() {
    let world = World::installed().await;
    let entity = northwind(&world).await;
    let maya = world.panel("maya-lindqvist").await;
    for token in ["", "x", "a.b.c", &maya.token[..maya.token.len() - 2]] {
        let panel =
            Panel { world: &world, token: token.to_owned(), person: String::new(), opened: Value::Null, visited: None };
        for route in routes_of(&[Scope::Session, Scope::Organisation, Scope::Tenant, Scope::Records]) {
            let found = attempt(&panel, &route, &entity).await;
            assert_eq!(found, (401, "session_ended".to_owned()), "{route}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_sees_no_customer_data() {
    let world = World::installed().await;
    let entity = northwind(&world).await;
    // The host's context without `uid`, as it was seen in the field (`zoom.md` 4.4), and a real guest.
    for wish in [json!({ "meeting": NORTHWIND, "role": "host" }), json!({ "user": "sam", "meeting": NORTHWIND })] {
        let guest = Panel::open(&world, wish).await;
        assert_eq!(guest.opened["panel"]["viewer"]["blocked"], "guest");
        assert_eq!(guest.opened["panel"]["tenants"], json!([]));
        assert_eq!(guest.opened["panel"]["meeting"]["topic"], Value::Null);
        for route in routes_of(&[Scope::Organisation, Scope::Tenant, Scope::Records]) {
            let found = attempt(&guest, &route, &entity).await;
            assert_eq!(found, (403, "guest".to_owned()), "{route}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenant_route_asks_for_a_sign_in_and_a_licence() {
    let world = World::installed().await;
    let entity = northwind(&world).await;
    crate::browser::Browser::new(&world).install("tom-okafor").await;
    let signed_out = world.panel("tom-okafor").await;
    for route in routes_of(&[Scope::Tenant, Scope::Records]) {
        let found = attempt(&signed_out, &route, &entity).await;
        assert_eq!(found, (403, "signed_out".to_owned()), "{route}");
    }
    let maya = world.panel("maya-lindqvist").await;
    for (licence, is_active, expected) in [
        (json!("Internal_Collaborator"), true, "no_licence"),
        (json!("External"), true, "no_licence"),
        (Value::Null, true, "no_licence"),
        (json!("Full"), false, "inactive"),
    ] {
        note_standing(&world, &licence, is_active).await;
        for route in routes_of(&[Scope::Tenant, Scope::Records]) {
            let found = attempt(&maya, &route, &entity).await;
            assert_eq!(found, (403, expected.to_owned()), "{licence} {is_active}: {route}");
        }
    }
    for licence in ["Full", "Viewer", "Viewer_Analytics"] {
        note_standing(&world, &json!(licence), true).await;
        for route in routes_of(&[Scope::Tenant]) {
            let (status, code) = attempt(&maya, &route, &entity).await;
            // The id is a company's, so that no activity has it.
            let is_unknown = ["/timeline/{tenant}/{id}", "/corrections"].contains(&route.path.as_str());
            // Guests are asked once, whatever the licence.
            let is_asked = code == "guests_asked" && licence != "Full";
            let is_fine = (200..300).contains(&status) || (status == 404 && is_unknown) || is_asked;
            assert!(is_fine, "{licence}: {route}: {status} {code}");
        }
        for route in routes_of(&[Scope::Records]) {
            let (status, code) = attempt(&maya, &route, &entity).await;
            let is_right =
                if licence == "Full" { status < 300 } else { (status, code.as_str()) == (403, "reads_only") };
            assert!(is_right, "{licence}: {route}: {status} {code}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_withdrawn_in_gainsight_counts_within_the_hour() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    panel.get("/people").await;
    let user = json!({ "tenant": "lumen", "email": panel.username(), "licence": "External" });
    world.gainsight_control("users", user).await;
    world.clock.advance(std::time::Duration::from_mins(61));
    world
        .until("the panel knows it", async || {
            let panel = world.panel_later("maya-lindqvist").await;
            panel.refused("/people").await == (403, "no_licence".to_owned())
        })
        .await;
}

/// Writes another licence into Maya's sign-in, as a re-check of the user would.
pub(crate) async fn note_standing(world: &World, licence: &Value, is_active: bool) {
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let person = world.app.store.person_key(organisation, &World::zoom_user("maya-lindqvist")).await.unwrap();
    let mut unit = world.app.store.begin(organisation).await.unwrap();
    let grant = unit.grants().find(&person, &sidelight_domain::ids::TenantKey::new("lumen")).await.unwrap().unwrap();
    let licence = licence.as_str().map(|licence| licence.parse().unwrap());
    unit.grants().note_standing(grant.id, licence, is_active).await.unwrap();
    unit.commit().await.unwrap();
    world.app.sessions.forget_person(&person);
}

const TWO_ORGANISATIONS: &str = r#"
[[organisations]]
key = "lumen"
name = "Lumen Works"
zoom_accounts = ["acc-lumen"]
[[organisations]]
key = "harbor"
name = "Harbor Cloud"
zoom_accounts = ["acc-harbor"]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_organisation_lead_nowhere() {
    let world = World::with_organisations(TWO_ORGANISATIONS).await;
    world.install("maya-lindqvist").await;
    crate::browser::Browser::new(&world).install("dana-whitfield").await;
    let maya = world.signed_in("maya-lindqvist").await;
    let entity = maya.selected().await;
    let entity = json!({ "tenant": entity["tenant"], "kind": "company", "id": entity["id"] });
    let sign_in = maya.begin().await;
    let (_, write) = maya.post("/activities", &json!({ "key": "k-1", "form": maya.form("Ours").await })).await;
    maya.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Lumen's own" } })).await;
    // Dana joins the very meeting of the other organisation.
    let dana = world.panel("dana-whitfield").await;
    assert_eq!(dana.opened["panel"]["tenants"].as_array().unwrap().len(), 1);
    assert_eq!(dana.opened["panel"]["meeting"]["topic"], Value::Null);
    dana.sign_in().await;
    let mut foreign = BTreeSet::new();
    for route in routes_of(&[Scope::Organisation, Scope::Tenant, Scope::Records]) {
        let (path, body) = route.request(&entity, sign_in["id"].as_str().unwrap(), write["id"].as_str().unwrap());
        let answer = dana.send(route.method.clone(), &path, body.as_ref()).await;
        let text = String::from_utf8_lossy(&answer.body).to_lowercase();
        for secret in ["northwind", "ana ruiz", "lumen", "weekly", "ours"] {
            assert!(!text.contains(secret), "{route} told {secret}: {text}");
        }
        // The other's tenant in path, query or body, or a row of his.
        let names_tenant = path.contains("lumen") || body.is_some_and(|body| body.to_string().contains("\"lumen\""));
        if names_tenant || route.path.contains("{id}") {
            assert_eq!(answer.status, 404, "{route}: {text}");
            assert!(route.statuses.contains(&404), "{route}");
            foreign.insert(route.to_string());
        }
    }
    for route in [
        "PUT /view",
        "POST /activities",
        "POST /people",
        "POST /attendees/find",
        "POST /people/find",
        "POST /sign-in",
        "GET /timeline",
        "POST /writes/{id}",
    ] {
        assert!(foreign.contains(route), "{route} was not tried with the other's ids: {foreign:?}");
    }
    assert_eq!(maya.get("/draft").await["content"]["notes"], "Lumen's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_told_who_can_let_him_in() {
    let world = World::with_organisations(TWO_ORGANISATIONS).await;
    // Added at Zoom, by somebody of an account that no organisation here names.
    world.zoom_control("people/tom-okafor/add-app", json!({})).await;
    let stranger = world.panel("tom-okafor").await;
    assert_eq!(stranger.opened["panel"]["viewer"]["blocked"], "no_organisation");
    let entity = json!({ "tenant": "lumen", "kind": "company", "id": "x" });
    for route in routes_of(&[Scope::Organisation, Scope::Tenant, Scope::Records]) {
        let found = attempt(&stranger, &route, &entity).await;
        assert_eq!(found, (403, "no_organisation".to_owned()), "{route}");
    }
}
