//! A tenant that one credential reads for everybody, and what each viewer is shown of it (design 4.6, docs/adr/0003).

use serde_json::{Value, json};

use crate::measure::{self, Promise};
use crate::panel::Panel;
use crate::world::World;

pub(crate) const KEY: &str = "shared_secret = \"lumen-access-key\"\n";
const CLIENT: &str = "shared_client_id = \"lumen-m2m\"\nshared_secret = \"lumen-m2m-secret\"\n";
/// All but the revenue.
pub(crate) const FIELDS: &str = "shared_fields = [\"Company.Status\", \"Company.Stage\", \"Company.RenewalDate\", \"Company.CurrentScore\", \
                      \"Company.Csm\", \"relationship.*\", \"Person.*\", \"company_person.*\", \"GsUser.*\", \"activity_timeline.*\"]";

/// A world whose lumen is read for everybody; the first reading is done.
pub(crate) async fn shared(credential: &str) -> World {
    // The settings begin with `shared_`: they belong into lumen's table.
    let world = World::with(&format!("{credential}{FIELDS}"), None).await;
    for person in ["maya-lindqvist", "tom-okafor"] {
        world.install(person).await;
    }
    for list in ["GsUser", "Company", "relationship"] {
        let endpoint = format!("POST /v1/data/objects/query/{list}");
        world.until("what everybody shares was read ahead", async || world.calls(&endpoint).await > 0).await;
    }
    world
}

async fn open<'a>(world: &'a World, person: &str) -> Panel<'a> {
    let panel = world.panel(person).await;
    panel.get("/people").await;
    panel.get(&panel.timeline_path().await).await;
    panel
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_in_the_same_meeting_costs_two_calls() {
    for credential in [KEY, CLIENT] {
        let world = shared(credential).await;
        let opens = async |person: &str| {
            world.signed_in(person).await;
            world.reset_calls().await;
            open(&world, person).await;
            u32::try_from(world.data_calls().await).unwrap()
        };
        let (first, second) = (opens("maya-lindqvist").await, opens("tom-okafor").await);
        measure::count("cold open, shared credential", first, Promise::of(8, 5));
        measure::count("a colleague opens the same meeting, shared credential", second, Promise::of(2, 1));
        assert!(first <= 8 && second <= 2, "{first}, {second}: {}", world.ask_gainsight("calls").await["lumen"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_for_everybody_is_shown_to_those_who_may_see_it() {
    let world = shared(KEY).await;
    let (maya, tom) = (world.signed_in("maya-lindqvist").await, world.signed_in("tom-okafor").await);
    let found = async |panel: &Panel<'_>| panel.get("/entities?q=blackpine").await["found"].clone();
    let blackpine = found(&tom).await[0].clone();
    assert_eq!(blackpine["name"], "Blackpine Defence");
    assert_eq!(found(&maya).await, json!([]), "Maya is not of the account team");

    let timeline = format!("/timeline?tenant=lumen&kind=company&id={}", blackpine["id"].as_str().unwrap());
    let activities = tom.get(&timeline).await["activities"].clone();
    let activity = format!("/timeline/lumen/{}", activities[0]["id"].as_str().unwrap());
    tom.get(&activity).await;
    assert_eq!(maya.refused(&timeline).await, (404, "entity_unknown".to_owned()));
    assert_eq!(maya.refused(&activity).await.0, 404);
    let choice = json!({ "select": { "tenant": "lumen", "kind": "company", "id": blackpine["id"] } });
    assert_eq!(maya.put("/view", &choice).await.0, 404);
}

/// A tick tells nobody of a person whom Gainsight would not show him, although both are in one meeting and one credential reads for both.
#[tokio::test(flavor = "multi_thread")]
async fn a_tick_is_shown_to_those_who_may_see_the_company() {
    let world = shared(KEY).await;
    let (maya, tom) = (world.signed_in("maya-lindqvist").await, world.signed_in("tom-okafor").await);
    let blackpine = tom.get("/entities?q=blackpine").await["found"][0].clone();
    let contacts = format!("/contacts?tenant=lumen&kind=company&id={}", blackpine["id"].as_str().unwrap());
    let email = tom.get(&contacts).await["people"][0]["email"].clone();
    assert_eq!(maya.refused(&contacts).await.0, 404);
    let tick = json!({ "tenant": "lumen", "email": email, "is_here": true });
    assert_eq!(maya.put("/ticks", &tick).await.0, 404, "whom one may not see one cannot tick");
    assert_eq!(tom.put("/ticks", &tick).await.0, 204);
    let ticked = async |panel: &Panel<'_>| {
        let people = panel.get("/people").await;
        let rows = people["attendees"].as_array().unwrap().iter().filter(|row| row["email_source"] == "ticked");
        (rows.count(), people.to_string().contains(email.as_str().unwrap()), people.to_string().contains("Blackpine"))
    };
    assert_eq!(ticked(&tom).await, (1, true, true));
    assert_eq!(ticked(&maya).await, (0, false, false));
}

/// What a viewer may see takes two calls. Where one of them fails, the other is not spent again.
#[tokio::test(flavor = "multi_thread")]
async fn half_a_proof_is_not_read_twice() {
    let world = shared(KEY).await;
    let maya = world.signed_in("maya-lindqvist").await;
    world.reset_calls().await;
    let asked = async |object: &str| world.calls(&format!("POST /v1/data/objects/query/{object}")).await;
    world.fault("POST", "/v1/data/objects/query/relationship", json!({ "kind": "status", "status": 500 }), None).await;
    maya.get("/people").await;
    world
        .until("both halves were asked for", async || asked("Company").await > 0 && asked("relationship").await > 0)
        .await;
    world.mend().await;
    world
        .until("the company is recognised", async || {
            maya.get("/people").await["view"]["selected"]["name"] == "Northwind Traders"
        })
        .await;
    assert_eq!(asked("Company").await, 1);
    assert!(asked("relationship").await > 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_nobody_approved_is_read_for_nobody() {
    let world = shared(KEY).await;
    let facts = world.signed_in("maya-lindqvist").await.get("/entities?q=northwind").await["found"][0]["facts"].clone();
    assert_eq!(facts["arr"], Value::Null);
    assert_eq!(facts["csm"], "Maya Lindqvist");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_people_of_a_meeting_are_the_same_whoever_reads() {
    let (shared, own) = (shared(KEY).await, World::installed().await);
    let people = async |world: &World| {
        let people = world.signed_in("maya-lindqvist").await.get("/people").await;
        let rows = people["attendees"].as_array().unwrap().iter();
        let mut rows: Vec<_> =
            rows.map(|row| (row["name"].to_string(), row["group"].to_string(), row["title"].to_string())).collect();
        rows.sort();
        rows
    };
    assert_eq!(people(&shared).await, people(&own).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_gets_in_no_more_signs_nobody_out() {
    let world = shared(CLIENT).await;
    let maya = world.signed_in("maya-lindqvist").await;
    world.fault("POST", "/v1/users/m2m/oauth/token", json!({ "kind": "status", "status": 401 }), None).await;
    world
        .fault("POST", "/v1/data/objects/query/company_person", json!({ "kind": "status", "status": 401 }), None)
        .await;
    let people = maya.get("/people").await;
    assert_eq!(people["gaps"], json!(["gainsight_down"]), "{people}");
    world.mend().await;
    // Two seconds of rest for a credential that was refused.
    world.clock.advance(std::time::Duration::from_secs(3));
    let again = maya.get("/people").await;
    assert_eq!(again["gaps"], Value::Null, "{again}");
    assert_eq!(again["view"]["selected"]["name"], "Northwind Traders");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_carries_its_authors_name_and_not_the_credentials() {
    let world = shared(KEY).await;
    let maya = world.signed_in("maya-lindqvist").await;
    let form = maya.form("Who wrote this").await;
    assert_eq!(maya.post("/activities", &json!({ "key": "k", "form": form })).await.0, 201);
    let written = world.our_activities().await;
    assert_eq!(written.len(), 1);
    let timeline = maya.timeline_path().await;
    let page = maya.get(&format!("{timeline}&refresh=true")).await;
    assert_eq!(
        (&page["activities"][0]["author"], &page["activities"][0]["is_own"]),
        (&json!("Maya Lindqvist"), &json!(true))
    );
}
