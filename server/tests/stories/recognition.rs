//! How attendees become known whom Zoom does not disclose by itself: by the host's registrants and invitees, by Zoom's list of those who
//! took part, and by colleagues who tick who is there.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::Method;
use url::Url;

use crate::browser::Browser;
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const TOM: &str = "tom-okafor";
const HANNAH: &str = "hannah-becker";
const MARGARET: &str = "margaret.doyle@northwindtraders.example";

pub(crate) async fn step(world: &World, name: &str, body: Value) {
    world.zoom_control(&format!("meetings/{NORTHWIND}/{name}"), body).await;
}

/// The attendee of that name, with source and group.
fn attendee(people: &Value, name: &str) -> Option<(Value, Value, Value)> {
    let is_it = |one: &&Value| one["name"] == name || one["shown_as"] == name;
    let one = people["attendees"].as_array().unwrap().iter().find(is_it)?;
    Some((one["email"].clone(), one["email_source"].clone(), one["group"].clone()))
}

fn known(email: &str, source: &str, group: &str) -> (Value, Value, Value) {
    (json!(email), json!(source), json!(group))
}

/// What the host's client lists: names, and the meeting's number.
pub(crate) async fn list(panel: &Panel<'_>, names: &[(&str, &str)], number: &str) {
    let row = |(uuid, (name, role)): (usize, &(&str, &str))| json!({ "uuid": format!("L-{uuid}"), "name": name, "role": role });
    let participants: Vec<_> = names.iter().enumerate().map(row).collect();
    let report = json!({ "participants": participants, "topic": "Northwind Traders: weekly sync", "number": number });
    assert_eq!(panel.post("/roster", &report).await.0, 204);
}

const ROOM: [(&str, &str); 6] = [
    ("Maya Lindqvist", "host"),
    ("Ana Ruiz", "attendee"),
    ("chioma  eze", "attendee"),
    ("Sam", "attendee"),
    ("Erin Walsh", "attendee"),
    ("iPhone", "attendee"),
];

async fn tick(panel: &Panel<'_>, email: &str, is_here: bool) -> u16 {
    panel.put("/ticks", &json!({ "tenant": "lumen", "email": email, "is_here": is_here })).await.0
}

/// Maya adds the app in the middle of the meeting: no webhook tells who came before.
#[tokio::test(flavor = "multi_thread")]
async fn names_in_the_room_meet_registrants_and_invitees_and_somebody_confirms() {
    let world = World::start().await;
    Browser::new(&world).install(MAYA).await;
    let panel = world.signed_in(MAYA).await;
    list(&panel, &ROOM, "812 3456 7890").await;
    let mut people = Value::Null;
    let guessed = async || {
        people = panel.get("/people").await;
        attendee(&people, "Ana Ruiz").is_some_and(|(email, ..)| email.is_string())
    };
    world.until("the invitation was read", guessed).await;
    assert_eq!(
        attendee(&people, "Ana Ruiz"),
        Some(known("ana.ruiz@northwindtraders.example", "invited_name", "other_company")),
        "{people}"
    );
    let chioma = Some(known("chioma.eze@northwindtraders.example", "registered_name", "other_company"));
    assert_eq!(attendee(&people, "chioma  eze"), chioma);
    let erin = Some(known("erin.walsh@northwindtraders.example", "registered_name", "not_in_gainsight"));
    assert_eq!(attendee(&people, "Erin Walsh"), erin);
    assert_eq!(attendee(&people, "Sam").unwrap().1, Value::Null, "a first name is nobody's");
    let maya = Some(known("maya.lindqvist@lumenworks.example", "own_oauth", "colleague"));
    assert_eq!(attendee(&people, "Maya Lindqvist"), maya, "her own authorisation says who she is");
    // Guesses choose nothing.
    assert_eq!(people["view"]["selected"], Value::Null);
    let first = &people["suggested"][0];
    assert_eq!((&first["entity"]["name"], &first["matched"]), (&json!("Northwind Traders"), &json!(0)), "{people}");
    // One who is confirmed makes the expected ones count.
    assert_eq!(tick(&panel, "ana.ruiz@northwindtraders.example", true).await, 204);
    let people = panel.get("/people").await;
    assert_eq!(attendee(&people, "Ana Ruiz"), Some(known("ana.ruiz@northwindtraders.example", "ticked", "customer")));
    assert_eq!(people["view"]["selected"]["name"], "Northwind Traders");
    assert_eq!(people["attendees"].as_array().unwrap().len(), ROOM.len(), "nobody is there twice: {people}");
    assert_eq!(zoom_calls(&world, "GET /v2/meetings/", REGISTRANTS).await, 1);
    assert_eq!(zoom_calls(&world, "GET /v2/meetings/", "").await, 2, "each asked once");
}

/// How often Zoom was asked at addresses with this beginning and end.
async fn zoom_calls(world: &World, begins: &str, ends: &str) -> u64 {
    let url = world.zoom.join("/_control/calls").unwrap();
    let calls: Value = world.gate.send(sidelight_outbound::Request::get(url)).await.unwrap().json().unwrap();
    let is_meant = |name: &str| name.starts_with(begins) && name.ends_with(ends);
    let zoom = calls["zoom"].as_object().unwrap().iter();
    zoom.filter(|(name, _)| is_meant(name)).map(|(_, tally)| tally["count"].as_u64().unwrap()).sum()
}

/// The same for the list of who registered.
const REGISTRANTS: &str = "/registrants";

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_tells_who_a_nickname_is() {
    let world = World::start().await;
    let margaret = json!({ "id": "reg-77", "name": "Margaret Doyle", "email": MARGARET });
    step(&world, "expect", json!({ "registrants": [margaret] })).await;
    world.install(MAYA).await;
    let panel = world.signed_in(MAYA).await;
    step(&world, "join", json!({ "name": "Peggy", "registrant": "reg-77" })).await;
    world.settle_webhooks().await;
    let found =
        async || attendee(&panel.get("/people").await, "Peggy") == Some(known(MARGARET, "registration", "customer"));
    world.until("Peggy is Margaret", found).await;
}

/// Installs the app with some of the optional permissions.
async fn install_with(world: &World, scopes: &[&str]) {
    let mut browser = Browser::new(world);
    let start = world.base.join("/zoom/install").unwrap();
    let answer = browser.once(sidelight_outbound::Request::get(start.clone()), &start).await;
    let mut page: Url = start.join(answer.header(&sidelight_outbound::header::LOCATION).unwrap()).unwrap();
    page.query_pairs_mut().append_pair("as", MAYA);
    let page = browser.visit(page).await;
    let ticket = page.hidden("ticket").unwrap();
    let mut fields = vec![("ticket", ticket.as_str()), ("decision", "allow")];
    fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let action = page.url.join("/oauth/authorize").unwrap();
    assert!(browser.submit(action, &fields).await.text.contains("Sidelight is added"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_host_declined_is_not_asked_for() {
    let world = World::start().await;
    install_with(&world, &["meeting:read:list_meetings"]).await;
    let panel = world.signed_in(MAYA).await;
    list(&panel, &ROOM, NORTHWIND).await;
    let invited = async || attendee(&panel.get("/people").await, "Ana Ruiz").unwrap().1 == json!("invited_name");
    world.until("the invitation was read", invited).await;
    assert_eq!(attendee(&panel.get("/people").await, "Erin Walsh").unwrap().1, Value::Null);
    assert_eq!(zoom_calls(&world, "GET /v2/meetings/", REGISTRANTS).await, 0);
    // And no list of those who took part, when it is over.
    step(&world, "end", json!({})).await;
    world.settle_webhooks().await;
    world.clock.advance(Duration::from_mins(2));
    recall(&world).await;
    assert_eq!(zoom_calls(&world, "GET /v2/past_meetings", "").await, 0);
}

async fn recall(world: &World) {
    for organisation in world.app.organisation_ids() {
        sidelight::zoom::recall::drain(&world.app, organisation).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_that_a_browser_claims_opens_no_other_meeting() {
    let world = World::start().await;
    let plan = json!({ "topic": "Salaries", "host": MAYA, "number": "86000000001", "invitees": ["ana.ruiz@northwindtraders.example"] });
    world.zoom_control("meetings", plan).await;
    Browser::new(&world).install(MAYA).await;
    let panel = world.signed_in(MAYA).await;
    list(&panel, &ROOM, "86000000001").await;
    world.until("Zoom was asked", async || zoom_calls(&world, "GET /v2/meetings", "").await == 1).await;
    let people = panel.get("/people").await;
    assert_eq!(attendee(&people, "Ana Ruiz").unwrap().0, Value::Null);
    assert_eq!(panel.get("/panel").await["meeting"]["topic"], "Northwind Traders: weekly sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zoom_in_trouble_is_asked_again_and_keeps_nobody_waiting() {
    for fault in [json!({ "kind": "status", "status": 503 }), json!({ "kind": "status", "status": 429 })] {
        let world = World::start().await;
        Browser::new(&world).install(MAYA).await;
        let target = json!({ "tenant": "zoom", "method": "GET", "path": "/v2/meetings/*" });
        world.zoom_control("faults", json!({ "match": target, "fault": fault, "times": 2 })).await;
        let panel = world.signed_in(MAYA).await;
        list(&panel, &ROOM, NORTHWIND).await;
        assert_eq!(panel.get("/people").await["attendees"].as_array().unwrap().len(), ROOM.len());
        let invited = async || attendee(&panel.get("/people").await, "Ana Ruiz").unwrap().1 == json!("invited_name");
        world.until(&format!("the invitation was read after {fault}"), invited).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_it_is_over_zooms_list_completes_who_took_part() {
    let world = World::in_one_time_without_the_app().await;
    world.zoom_control("switches", json!({ "zoom.past_participants_delay_seconds": 100 })).await;
    step(&world, "leave", json!({ "person": "ana-ruiz" })).await;
    Browser::new(&world).install(MAYA).await;
    let panel = world.signed_in(MAYA).await;
    // Of Ana, who left before the app was added, nobody told.
    step(&world, "join", json!({ "name": "Oscar Lind", "email": "oscar.lind@lindadvisors.example", "disclosure": "calendar_invitation" })).await;
    step(&world, "end", json!({})).await;
    world.settle_webhooks().await;
    let names = async |panel: &Panel<'_>| panel.get("/people").await["attendees"].as_array().unwrap().len();
    world.until("the meeting has ended", async || panel.get("/panel").await["meeting"]["ended_at"].is_number()).await;
    world.until("all others took part", async || names(&panel).await == 9).await;
    assert_eq!(attendee(&panel.get("/people").await, "Ana Ruiz"), None);
    // A minute later the list is not made yet; some minutes later it is.
    world.clock.advance(Duration::from_secs(70));
    recall(&world).await;
    assert_eq!(names(&panel).await, 9);
    world.clock.advance(Duration::from_mins(3));
    recall(&world).await;
    let panel = world.panel_later(MAYA).await;
    let people = panel.get("/people").await;
    assert_eq!(people["attendees"].as_array().unwrap().len(), 10, "{people}");
    assert_eq!(
        attendee(&people, "Ana Ruiz"),
        Some(known("ana.ruiz@northwindtraders.example", "past_list", "customer"))
    );
    assert_eq!(people["view"]["selected"]["name"], "Northwind Traders");
    // Nothing is asked for twice.
    let asked = zoom_calls(&world, "GET /v2/past_meetings", "").await;
    world.clock.advance(Duration::from_hours(2));
    recall(&world).await;
    assert_eq!(zoom_calls(&world, "GET /v2/past_meetings", "").await, asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_knows_ticks_who_is_there_for_everybody_who_may_see_them() {
    let world = World::start().await;
    for person in [MAYA, TOM] {
        Browser::new(&world).install(person).await;
    }
    let (maya, tom) = (world.signed_in(MAYA).await, world.signed_in(TOM).await);
    let found = maya.get("/entities?q=northwind+traders").await["found"][0].clone();
    let path = format!("/contacts?tenant=lumen&kind=company&id={}", found["id"].as_str().unwrap());
    let contacts = maya.get(&path).await;
    let people = contacts["people"].as_array().unwrap();
    assert!(people.iter().any(|one| one["email"] == MARGARET && one["title"].is_string()), "{contacts}");
    let names: Vec<_> = people.iter().map(|one| one["name"].as_str().unwrap().to_lowercase()).collect();
    assert!(names.is_sorted() && names.len() > 4);

    assert_eq!(tick(&maya, MARGARET, true).await, 204);
    for panel in [&maya, &tom] {
        let people = panel.get("/people").await;
        assert_eq!(attendee(&people, "Margaret Doyle"), Some(known(MARGARET, "ticked", "customer")), "{people}");
        let row = people["attendees"].as_array().unwrap().iter().find(|one| one["email"] == MARGARET).unwrap().clone();
        assert_eq!((&row["ticked_by"], &row["is_hint"]), (&json!("Maya Lindqvist"), &json!(false)));
        assert_eq!(people["view"]["selected"]["name"], "Northwind Traders");
    }
    // Anybody of them takes it back; an address that nobody may see, or that is none of the tenant's people, is no tick.
    assert_eq!(tick(&tom, MARGARET, false).await, 204);
    assert_eq!(attendee(&maya.get("/people").await, "Margaret Doyle"), None);
    for email in ["nobody@northwindtraders.example", "maya.lindqvist@lumenworks.example"] {
        assert_eq!(tick(&maya, email, true).await, 404, "{email}");
    }
    let outside = Panel::open(&world, json!({ "user": MAYA })).await;
    assert_eq!(tick(&outside, MARGARET, true).await, 404, "there is no meeting in the main client");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_zoom_tells_nothing_is_said_as_far_as_it_is_known() {
    let world = World::start().await;
    let gaps = async |panel: &Panel<'_>| panel.get("/people").await["gaps"].clone();
    // A participant cannot know why. He himself is there: his panel proves it.
    Browser::new(&world).install(TOM).await;
    let tom = world.signed_in(TOM).await;
    assert_eq!(gaps(&tom).await, json!(["host_not_reporting"]));
    let own = Some(known("tom.okafor@lumenworks.example", "own_oauth", "colleague"));
    assert_eq!(attendee(&tom.get("/people").await, "Tom Okafor"), own);
    // The host opens the panel and has not authorised: a member of the organisation, as Zoom proved.
    world.zoom_control(&format!("people/{MAYA}/add-app"), json!({})).await;
    world.panel(MAYA).await;
    assert_eq!(gaps(&tom).await, json!(["host_unauthorised"]));
    // He authorises: the reports begin, and nothing is missing.
    world.install(MAYA).await;
    assert_eq!(gaps(&tom).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_is_absent_or_does_not_own_the_meeting_is_told_apart() {
    let world = World::start().await;
    Browser::new(&world).install(TOM).await;
    let wish = |role: &str| json!({ "user": TOM, "meeting": NORTHWIND, "role": role });
    let co_host = Panel::open(&world, wish("co-host")).await;
    co_host.sign_in().await;
    list(&co_host, &[("Tom Okafor", "coHost"), ("Ana Ruiz", "attendee")], NORTHWIND).await;
    assert_eq!(co_host.get("/people").await["gaps"], json!(["host_absent"]));
    list(&co_host, &[("Tom Okafor", "coHost"), ("A. Customer", "host")], NORTHWIND).await;
    assert_eq!(co_host.get("/people").await["gaps"], json!(["host_not_reporting"]));
    // He is made host of a meeting that is not his: Zoom does not show it to him.
    let host = Panel::open(&world, wish("host")).await;
    list(&host, &[("Tom Okafor", "host"), ("Ana Ruiz", "attendee")], NORTHWIND).await;
    let told = async || host.get("/people").await["gaps"] == json!(["other_owner"]);
    world.until("Zoom said whose it is not", told).await;
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nORGANIZER;CN=Maya:mailto:maya.lindqvist@lumenworks.example\r\n\
    ATTENDEE;CN=Ana Ruiz:mailto:ana.ruiz@northwindtraders.example\r\n\
    ATTENDEE;PARTSTAT=DECLINED;CN=Erin Walsh:mailto:erin.walsh@northwindtraders.example\r\n\
    ATTENDEE:mailto:chioma.eze@northwindtraders.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

async fn co_host<'a>(world: &'a World, person: &str) -> Panel<'a> {
    Browser::new(world).install(person).await;
    let panel = Panel::open(world, json!({ "user": person, "meeting": NORTHWIND, "role": "co-host" })).await;
    panel.sign_in().await;
    panel
}

/// Whose meeting it is has not added the app, so that Zoom tells no addresses; a co-host's calendar does.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_brought_makes_names_likely_until_it_is_forgotten() {
    let world = World::start().await;
    let (tom, hannah) = (co_host(&world, TOM).await, co_host(&world, HANNAH).await);
    list(&tom, &ROOM[1..], NORTHWIND).await;
    assert_eq!(attendee(&tom.get("/people").await, "Ana Ruiz").unwrap().0, Value::Null);

    let (status, refusal) = tom.put("/invitation", &json!({ "text": "Tomorrow at noon" })).await;
    assert_eq!((status, &refusal["fields"][0]["field"]), (422, &json!("text")), "{refusal}");
    assert_eq!(tom.put("/invitation", &json!({ "text": CALENDAR })).await.0, 204);
    let seen = tom.get("/people").await;
    assert_eq!(seen["invited"], 3);
    let ana = Some(known("ana.ruiz@northwindtraders.example", "invited_name", "other_company"));
    assert_eq!(attendee(&seen, "Ana Ruiz"), ana, "{seen}");
    let chioma = Some(known("chioma.eze@northwindtraders.example", "invited_name", "other_company"));
    assert_eq!(attendee(&seen, "chioma  eze"), chioma, "Gainsight knows the name of the address");
    assert_eq!(attendee(&seen, "Erin Walsh").unwrap().0, Value::Null, "she declined");
    assert_eq!(seen["view"]["selected"], Value::Null, "guesses choose nothing");

    let of_hannah = hannah.get("/people").await;
    assert_eq!((attendee(&of_hannah, "Ana Ruiz"), &of_hannah["invited"]), (ana, &Value::Null));
    assert_eq!(hannah.send(Method::DELETE, "/invitation", None).await.status.as_u16(), 204);
    assert_eq!(tom.get("/people").await["invited"], 3, "it is not hers to forget");
    assert_eq!(tom.send(Method::DELETE, "/invitation", None).await.status.as_u16(), 204);
    let seen = hannah.get("/people").await;
    assert_eq!(attendee(&seen, "Ana Ruiz").unwrap().0, Value::Null, "{seen}");
}
