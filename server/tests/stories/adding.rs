//! People who are added to Gainsight, or linked: under every fault exactly once, never against a right, never at somebody else's cost.

use std::time::Duration;

use serde_json::{Value, json};

use crate::panel::Panel;
use crate::world::World;

const PEOPLE: &str = "/v1/peoplemgmt/v1.0/people";
const ERIN: &str = "erin.walsh@northwindtraders.example";
const DIEGO: &str = "diego.santos@fabrikanalytics.example";

/// The form for somebody, for the selected company.
async fn form(panel: &Panel<'_>, email: &str, name: Option<&str>) -> Value {
    let entity = panel.selected().await;
    let entity = json!({ "tenant": entity["tenant"], "kind": entity["kind"], "id": entity["id"] });
    let mut form = json!({ "entity": entity, "email": email, "title": "Head of Returns", "role": "Champion" });
    if let Some(name) = name {
        form["name"] = json!(name);
    }
    form
}

async fn erin(panel: &Panel<'_>) -> Value {
    form(panel, ERIN, Some("Erin Walsh")).await
}

async fn add(panel: &Panel<'_>, key: &str, form: &Value) -> (u16, Value) {
    panel.post("/people", &json!({ "key": key, "form": form })).await
}

async fn records(world: &World, object: &str, field: &str, value: &str) -> Vec<Value> {
    let path = format!("records?tenant=lumen&object={object}&field={field}&value={value}");
    let answer = world.ask_gainsight(&path).await;
    answer.as_array().or_else(|| answer["records"].as_array()).cloned().unwrap_or_default()
}

/// The links of whoever has this address, in Gainsight itself.
async fn links(world: &World, email: &str) -> Vec<Value> {
    let persons = records(world, "Person", "Email", email).await;
    assert!(persons.len() <= 1, "{email} is doubled: {persons:?}");
    let Some(person) = persons.first() else { return Vec::new() };
    records(world, "company_person", "Person_ID", person["Gsid"].as_str().unwrap()).await
}

async fn group_of(panel: &Panel<'_>, email: &str) -> String {
    let people = panel.get("/people").await;
    let row = people["attendees"].as_array().unwrap().iter().find(|row| row["email"] == email).cloned();
    row.unwrap_or_else(|| panic!("{email} is not here: {people}"))["group"].as_str().unwrap().to_owned()
}

/// How often those in the meeting were told of something.
async fn told(world: &World, panel: &Panel<'_>) -> usize {
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let session = sidelight_domain::ids::SessionId::new(world.app.ids.uuid());
    let uuid = panel.opened["panel"]["meeting"]["uuid"].as_str().unwrap();
    let meeting = Some(sidelight_domain::ids::MeetingUuid::new(uuid));
    let listener = sidelight_store::Listener { session, person: None, meeting, timelines: Vec::new() };
    world.app.store.read(organisation).await.unwrap().events().after(0, &listener, 1_000).await.unwrap().len()
}

/// Waits until nothing of Maya's is on its way.
async fn settled(world: &World) {
    world
        .until("the write is settled", async || {
            world.clock.advance(Duration::from_secs(20));
            world.app.wake.outbox.notify_one();
            world.panel_later("maya-lindqvist").await.get("/writes").await.as_array().unwrap().is_empty()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_attendee_is_added_and_every_panel_sees_the_new_group() {
    let world = World::installed().await;
    crate::browser::Browser::new(&world).install("tom-okafor").await;
    let (maya, tom) = (world.signed_in("maya-lindqvist").await, world.signed_in("tom-okafor").await);
    assert_eq!(group_of(&maya, ERIN).await, "not_in_gainsight");
    assert_eq!(group_of(&tom, ERIN).await, "not_in_gainsight");
    let told = told(&world, &maya).await;
    let (status, write) = add(&maya, "k", &erin(&maya).await).await;
    assert_eq!((status, write["state"]["state"].as_str()), (201, Some("done")), "{write}");
    assert_eq!(write["subject"], "Add Erin Walsh");
    assert!(self::told(&world, &maya).await > told, "everybody's panels in the meeting are told");
    for panel in [&maya, &tom] {
        assert_eq!(group_of(panel, ERIN).await, "customer");
    }
    let links = links(&world, ERIN).await;
    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!((&links[0]["Title"], &links[0]["Role"]), (&json!("Head of Returns"), &json!("Champion")));
    let contacts = maya.get(&maya.timeline_path().await.replace("/timeline", "/contacts")).await;
    assert!(contacts.to_string().contains(ERIN), "whoever ticks finds her: {contacts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_costs_one_write_and_the_look_that_tells_how_it_ended() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = erin(&panel).await;
    world.clock.advance(Duration::from_secs(10));
    world.reset_calls().await;
    assert_eq!(add(&panel, "k", &form).await.0, 201);
    assert_eq!(world.calls(&format!("PUT {PEOPLE}")).await, 1, "{}", world.ask_gainsight("calls").await["lumen"]);
    // Whether the address is taken: links and persons; how it ended: links.
    assert!(world.data_calls().await <= 4, "{}", world.ask_gainsight("calls").await["lumen"]);
    world.reset_calls().await;
    assert_eq!(group_of(&panel, ERIN).await, "customer");
    assert_eq!(world.data_calls().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_delay_a_person_but_neither_lose_nor_double_anybody() {
    let faults = [
        ("slow for ten seconds", json!({ "kind": "latency", "millis": 10_000 })),
        ("slow after it was applied", json!({ "kind": "latency", "millis": 10_000, "moment": "after" })),
        ("busy", json!({ "kind": "status", "status": 429, "retry_after": 7 })),
        ("broken", json!({ "kind": "status", "status": 500 })),
        ("a proxy's page", json!({ "kind": "html" })),
        ("half a body", json!({ "kind": "half_body" })),
        ("no JSON", json!({ "kind": "malformed_body" })),
        ("gone after it was applied", json!({ "kind": "drop_after_apply" })),
        ("gone before it was applied", json!({ "kind": "drop_before_apply" })),
    ];
    for (name, fault) in faults {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let form = erin(&panel).await;
        world.fault("PUT", PEOPLE, fault, Some(1)).await;
        let (status, write) = add(&panel, "k", &form).await;
        assert_eq!((status, write["state"]["state"].as_str()), (202, Some("waiting")), "{name}: {write}");
        assert_eq!(write["person"]["email"], ERIN, "{name}");
        settled(&world).await;
        assert_eq!(links(&world, ERIN).await.len(), 1, "{name}");
        let panel = world.panel_later("maya-lindqvist").await;
        assert_eq!(group_of(&panel, ERIN).await, "customer", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_repeats_reads_the_link_and_writes_over_nobodys_changes() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = erin(&panel).await;
    world.fault("PUT", PEOPLE, json!({ "kind": "drop_after_apply" }), Some(1)).await;
    assert_eq!(add(&panel, "k", &form).await.0, 202);
    world.reset_calls().await;
    settled(&world).await;
    assert_eq!(world.calls(&format!("PUT {PEOPLE}")).await, 0, "the link is there: nothing is sent again");
    assert_eq!(links(&world, ERIN).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_a_tenant_may_take_a_link_is_found_and_remembered() {
    for (links_in, reply) in [("companies", "record"), ("associations", "bare")] {
        let world = World::installed().await;
        let switches = json!({ "gainsight.people_links": links_in, "gainsight.people_reply": reply });
        world.gainsight_control("switches", switches).await;
        let panel = world.signed_in("maya-lindqvist").await;
        assert_eq!(add(&panel, "k", &erin(&panel).await).await.0, 201, "{links_in}");
        assert_eq!(links(&world, ERIN).await.len(), 1, "{links_in}");
        world.reset_calls().await;
        let another = form(&panel, "nora.field@northwindtraders.example", Some("Nora Field")).await;
        assert_eq!(add(&panel, "k2", &another).await.0, 201, "{links_in}");
        assert_eq!(world.calls(&format!("PUT {PEOPLE}")).await, 1, "{links_in}: the way that worked is remembered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_there_is_linked_and_otherwise_left_alone() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let other = "victor.okonjo@northwindtraders.example";
    let victor = records(&world, "Person", "Name", "Victor%20Okonjo").await;
    let known = victor.first().map_or(other, |person| person["Email"].as_str().unwrap()).to_lowercase();
    // He left: his link is there and switched off.
    let (status, body) = add(&panel, "a", &form(&panel, &known, Some("V. Okonjo")).await).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("person_exists")), "{body}");
    assert_eq!((&body["person"]["name"], &body["person"]["is_former"]), (&json!("Victor Okonjo"), &json!(true)));
    assert!(body["message"].as_str().unwrap().contains("Victor Okonjo"), "{body}");
    let (status, write) = add(&panel, "b", &form(&panel, &known, None).await).await;
    assert_eq!(status, 201, "{write}");
    let after = records(&world, "Person", "Name", "Victor%20Okonjo").await;
    assert_eq!((&after[0]["Name"], &after[0]["Email"]), (&victor[0]["Name"], &victor[0]["Email"]));
    let links = links(&world, victor[0]["Email"].as_str().unwrap()).await;
    assert_eq!((links.len(), &links[0]["Active"]), (1, &json!(true)), "{links:?}");
    // Now he is here: adding him again is refused with who he is.
    for name in [None, Some("Victor Okonjo")] {
        let (status, body) = add(&panel, &format!("c{name:?}"), &form(&panel, &known, name).await).await;
        assert_eq!((status, body["code"].as_str()), (409, Some("person_linked")), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_taken_from_another_company() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let found = panel.get("/entities?q=an").await["found"].clone();
    let northwind = panel.selected().await["id"].clone();
    let other = found.as_array().unwrap().iter().find(|entity| {
        entity["id"] != northwind && entity["kind"] == "company" && entity["name"] != "Fabrik Analytics"
    });
    let other = other.unwrap();
    let before = links(&world, DIEGO).await;
    let mut form = form(&panel, DIEGO, None).await;
    form["entity"] = json!({ "tenant": "lumen", "kind": "company", "id": other["id"] });
    assert_eq!(add(&panel, "k", &form).await.0, 201);
    let after = links(&world, DIEGO).await;
    assert_eq!(after.len(), before.len() + 1);
    for link in &before {
        let same = after.iter().find(|other| other["Gsid"] == link["Gsid"]).unwrap();
        assert_eq!((&same["IsPrimaryCompany"], &same["Active"]), (&link["IsPrimaryCompany"], &link["Active"]));
        assert_eq!(same["Title"], link["Title"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_in_the_form_is_named_and_nothing_is_stored() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let good = erin(&panel).await;
    let cases = [
        ("email", json!("")),
        ("email", json!("erin at northwind")),
        ("email", json!("tom.okafor@lumenworks.example")),
        ("name", json!("  ")),
        ("title", json!("x".repeat(256))),
        ("role", json!("x".repeat(256))),
    ];
    for (number, (field, value)) in cases.into_iter().enumerate() {
        let mut form = good.clone();
        form[field] = value;
        let (status, body) = add(&panel, &number.to_string(), &form).await;
        assert_eq!((status, body["code"].as_str()), (422, Some("invalid_input")), "{field}: {body}");
        assert_eq!(body["fields"][0]["field"], field, "{body}");
    }
    let nameless = form(&panel, ERIN, None).await;
    assert_eq!(add(&panel, "n", &nameless).await.1["fields"][0]["field"], "name", "somebody new has to have a name");
    let mut elsewhere = good.clone();
    elsewhere["entity"]["id"] = json!("1P02NOSUCHCOMPANY");
    assert_eq!(add(&panel, "e", &elsewhere).await.1["code"], "entity_unknown");
    elsewhere["entity"]["tenant"] = json!("harbor");
    assert_eq!(add(&panel, "h", &elsewhere).await.1["code"], "signed_out");
    assert_eq!((panel.get("/writes").await, links(&world, ERIN).await.len()), (json!([]), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_gainsight_refuses_is_told_at_the_field_and_waits_to_be_mended() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let mut form = erin(&panel).await;
    let refusal = json!({ "result": false, "errorCode": "GSOBJ_1002", "errorDesc": "no", "requestId": "r", "data": { "count": 0, "records": null,
        "errors": [[{ "success": false, "errors": [{ "errorMessage": "Role is not on the list", "errorCode": "GSOBJ_1002", "fieldName": "Role" }] }]] } });
    world.fault("PUT", PEOPLE, json!({ "kind": "status", "status": 400, "body": refusal }), Some(1)).await;
    let (status, body) = add(&panel, "k", &form).await;
    assert_eq!((status, body["code"].as_str()), (422, Some("gainsight_refused")), "{body}");
    assert_eq!(body["fields"][0], json!({ "field": "role", "message": "Role is not on the list" }));
    // If the panel closes now, the form is still there.
    let waiting = panel.get("/writes").await[0].clone();
    assert_eq!(
        (&waiting["state"]["state"], &waiting["person"]["title"]),
        (&json!("refused"), &form["title"]),
        "{waiting}"
    );
    assert_eq!(waiting["state"].get("form"), None, "{waiting}");
    let path = format!("/writes/{}", waiting["id"].as_str().unwrap());
    assert_eq!(panel.post(&path, &json!({ "settle": "reopen" })).await.0, 404, "it becomes no note");
    form["role"] = Value::Null;
    assert_eq!(add(&panel, "k2", &form).await.0, 201);
    assert_eq!(panel.get("/writes").await, json!([]), "the mended one takes its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_that_went_meanwhile_stops_a_person_on_the_way() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = erin(&panel).await;
    world.fault("PUT", PEOPLE, json!({ "kind": "status", "status": 500 }), Some(1)).await;
    assert_eq!(add(&panel, "k", &form).await.0, 202);
    crate::access::note_standing(&world, &json!("Viewer"), true).await;
    crate::outbox::until_stopped(&world).await;
    assert_eq!(links(&world, ERIN).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_on_the_way_waits_for_the_author_through_a_revoked_token() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = erin(&panel).await;
    world.gainsight_control("tokens/revoke", json!({ "tenant": "lumen" })).await;
    let (status, write) = add(&panel, "k", &form).await;
    assert!([202, 403].contains(&status), "{write}");
    if status == 202 {
        world.panel("maya-lindqvist").await.sign_in().await;
        settled(&world).await;
        assert_eq!(links(&world, ERIN).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_the_same_person_however_often_and_at_once() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = erin(&panel).await;
    let clicks = futures_util::future::join_all((0..6).map(|_| add(&panel, "k", &form))).await;
    let ids: std::collections::BTreeSet<_> = clicks.iter().map(|(_, write)| write["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{clicks:?}");
    settled(&world).await;
    assert_eq!(links(&world, ERIN).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_found_by_address_and_name_with_where_he_works() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let entity = form(&panel, ERIN, None).await["entity"].clone();
    world.reset_calls().await;
    let sought = json!([
        { "email": DIEGO, "name": "" },
        { "email": "ana@private.example", "name": "ana ruiz" },
        { "email": ERIN, "name": "Erin Walsh" },
        { "email": "no address", "name": "zz" },
    ]);
    let (status, body) = panel.post("/people/find", &json!({ "entity": entity, "sought": sought })).await;
    assert_eq!(status, 200, "{body}");
    assert!(world.data_calls().await <= 2, "{}", world.ask_gainsight("calls").await["lumen"]);
    let diego = &body["found"][0][0];
    assert_eq!((&diego["is_same_address"], &diego["is_linked"]), (&json!(true), &json!(true)), "{body}");
    assert_eq!(diego["companies"], json!(["Fabrik Analytics", "Northwind Traders"]));
    let ana = &body["found"][1][0];
    assert_eq!((&ana["email"], &ana["is_same_address"]), (&json!("ana.ruiz@northwindtraders.example"), &json!(false)));
    assert_eq!((&body["found"][2], &body["found"][3]), (&json!([]), &json!([])));
    let asked: Vec<_> = body["asked"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(asked, ["title", "role"]);
    let many: Vec<_> = (0..13).map(|_| json!({ "email": ERIN, "name": "" })).collect();
    let (status, body) = panel.post("/people/find", &json!({ "entity": entity, "sought": many })).await;
    assert_eq!((status, body["fields"][0]["field"].as_str()), (422, Some("sought")));
}
