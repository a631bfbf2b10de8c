//! Every route, tried by everybody who may not: without a token, as a guest, as a stranger, signed out, with each licence, and with
//! another organisation's ids. The routes come from the description that the server itself gives, so none can be forgotten.

use serde_json::{Value, json};
use sidelight_outbound::Method;

use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

/// One route as the description names it.
struct Route {
    method: Method,
    path: String,
    action: String,
}

fn routes() -> Vec<Route> {
    let description = serde_json::to_value(sidelight::routes::description()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let action =
                operation["x-action"].as_str().unwrap_or_else(|| panic!("{method} {path} names no action")).to_owned();
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            routes.push(Route { method: method.to_uppercase().parse().unwrap(), path, action });
        }
    }
    // Whoever logs out has no session for the rest.
    routes.sort_by_key(|route| route.path == "/logout");
    routes
}

impl Route {
    /// A request that would be fine if the caller were allowed.
    fn request(&self, entity: &Value, sign_in: &str, write: &str) -> (String, Option<Value>) {
        let (tenant, id) = (entity["tenant"].as_str().unwrap(), entity["id"].as_str().unwrap());
        let path = self.path.replace("{tenant}", tenant);
        let path = if path.contains("sign-in") { path.replace("{id}", sign_in) } else { path };
        let path = if path.contains("writes") { path.replace("{id}", write) } else { path.replace("{id}", id) };
        let query = match self.path.as_str() {
            "/timeline" => format!("?tenant={tenant}&kind=company&id={id}"),
            "/activity-types" => format!("?tenant={tenant}"),
            "/entities" => "?q=north".to_owned(),
            "/draft" if self.method == Method::DELETE => "?version=1".to_owned(),
            _ => String::new(),
        };
        let form = json!({
            "entity": entity, "type_name": "Meeting", "subject": "s", "notes": "n", "held_at": 1_790_000_000_000_i64,
        });
        let body = match (self.method.as_str(), self.path.as_str()) {
            ("PUT", "/view") => Some(json!({ "select": entity })),
            ("PUT", "/draft") => Some(json!({ "based_on": 0, "content": { "notes": "n" } })),
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
    let body: Value = answer.json().unwrap_or(Value::Null);
    (answer.status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
}

fn is_tenants(route: &Route) -> bool {
    ["ReadPeople", "SearchEntities", "ReadTimeline", "LogActivity"].contains(&route.action.as_str())
}

fn is_members(route: &Route) -> bool {
    ["ReportRoster", "SignIn", "KeepView", "KeepDraft", "ManageOwnWrites"].contains(&route.action.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_live_token() {
    let world = World::installed().await;
    let entity = northwind(&world).await;
    let maya = world.panel("maya-lindqvist").await;
    for token in ["", "x", "a.b.c", &maya.token[..maya.token.len() - 2]] {
        let panel = Panel { world: &world, token: token.to_owned(), person: String::new(), opened: Value::Null };
        for route in routes().iter().filter(|route| route.action != "VisitPublic") {
            assert_eq!(
                attempt(&panel, route, &entity).await,
                (401, "session_ended".to_owned()),
                "{} {}",
                route.method,
                route.path
            );
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
        for route in routes().iter().filter(|route| is_tenants(route) || is_members(route)) {
            assert_eq!(
                attempt(&guest, route, &entity).await,
                (403, "guest".to_owned()),
                "{} {}",
                route.method,
                route.path
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenant_route_asks_for_a_sign_in_and_a_licence() {
    let world = World::installed().await;
    let entity = northwind(&world).await;
    crate::browser::Browser::new(&world).install("tom-okafor").await;
    let signed_out = world.panel("tom-okafor").await;
    for route in routes().iter().filter(|route| is_tenants(route)) {
        assert_eq!(
            attempt(&signed_out, route, &entity).await,
            (403, "signed_out".to_owned()),
            "{} {}",
            route.method,
            route.path
        );
    }
    let maya = world.panel("maya-lindqvist").await;
    for (licence, is_active, expected) in [
        (json!("Internal_Collaborator"), true, "no_licence"),
        (json!("External"), true, "no_licence"),
        (Value::Null, true, "no_licence"),
        (json!("Full"), false, "inactive"),
    ] {
        note_standing(&world, &licence, is_active).await;
        for route in routes().iter().filter(|route| is_tenants(route)) {
            let found = attempt(&maya, route, &entity).await;
            assert_eq!(found, (403, expected.to_owned()), "{licence} {is_active}: {} {}", route.method, route.path);
        }
    }
    for licence in ["Full", "Viewer", "Viewer_Analytics"] {
        note_standing(&world, &json!(licence), true).await;
        for route in routes().iter().filter(|route| is_tenants(route)) {
            let (status, code) = attempt(&maya, route, &entity).await;
            assert!(
                status < 403 || status == 404 || status == 422,
                "{licence}: {} {}: {status} {code}",
                route.method,
                route.path
            );
        }
    }
}

/// Writes another licence into Maya's sign-in, as a re-check of the user would.
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
    for route in routes().iter().filter(|route| is_tenants(route) || is_members(route)) {
        let (path, body) = route.request(&entity, sign_in["id"].as_str().unwrap(), write["id"].as_str().unwrap());
        let answer = dana.send(route.method.clone(), &path, body.as_ref()).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        for secret in ["Northwind", "Ana Ruiz", "Lumen", "Weekly", "Ours"] {
            assert!(!text.contains(secret), "{} {} told {secret}: {text}", route.method, route.path);
        }
        if path.contains("lumen") || route.path.contains("{id}") {
            assert_eq!(answer.status, 404, "{} {path}: {text}", route.method);
        }
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
    for route in routes().iter().filter(|route| is_tenants(route) || is_members(route)) {
        let found = attempt(&stranger, route, &entity).await;
        assert_eq!(found, (403, "no_organisation".to_owned()), "{} {}", route.method, route.path);
    }
}
