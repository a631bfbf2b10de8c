//! Reading a Timeline: what is wanted of it, for few calls, in a tenant that searches and in one that does not.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::measure::{self, Promise};
use crate::news::told_while;
use crate::panel::Panel;
use crate::shared::{FIELDS, KEY};
use crate::world::World;

const QUESTION: &str = "POST /v1/data/objects/query/activity_timeline";
const DAY: i64 = 86_400_000;

/// The ids of all pages, and how many calls they took.
async fn whole(world: &World, panel: &Panel<'_>, path: &str) -> (Vec<String>, u64) {
    let before = world.calls(QUESTION).await;
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = panel.get(&format!("{path}{cursor}")).await;
        ids.extend(page["activities"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (ids, world.calls(QUESTION).await - before),
        }
    }
}

/// What the tenant holds of a company, newest first.
async fn held(world: &World, company: &Value) -> Vec<Value> {
    let rows = world.ask_gainsight("records?tenant=lumen&object=activity_timeline").await;
    let mut rows: Vec<_> =
        rows.as_array().unwrap().iter().filter(|row| row["GsCompanyId"] == *company).cloned().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row["ActivityDate"].as_i64(), row["Gsid"].to_string())));
    rows
}

/// The entity that Maya may see beside the selected one and that has the fewest activities.
async fn smallest(world: &World, panel: &Panel<'_>) -> (Value, usize) {
    let selected = panel.selected().await;
    let name = selected["name"].as_str().unwrap().split(' ').next().unwrap();
    let found = panel.get(&format!("/entities?q={name}")).await["found"].clone();
    let rows = world.ask_gainsight("records?tenant=lumen&object=activity_timeline").await;
    let count = |entity: &Value| {
        let of = |row: &&Value| row["GsCompanyId"] == entity["id"] || row["GsRelationshipId"] == entity["id"];
        rows.as_array().unwrap().iter().filter(of).count()
    };
    let others = found.as_array().unwrap().iter().filter(|entity| entity["id"] != selected["id"]);
    others.map(|entity| (entity.clone(), count(entity))).min_by_key(|(_, count)| *count).unwrap()
}

fn holds(row: &Value, field: &str, text: &str) -> bool {
    row[field].as_str().unwrap_or_default().to_lowercase().contains(text)
}

type Rule = Box<dyn Fn(&Value) -> bool>;

/// Conditions as the panel asks for them, and the rule that each stands for.
fn narrowings(author: &str, now: i64) -> Vec<(String, Rule)> {
    let by = author.to_owned();
    let until = now - 40 * DAY;
    vec![
        (
            "&words=renewal".to_owned(),
            Box::new(|row| holds(row, "Subject", "renewal") || holds(row, "NotesPlainText", "renewal")),
        ),
        (
            "&words=the%20plan".to_owned(),
            Box::new(|row| {
                ["the", "plan"].iter().all(|word| holds(row, "Subject", word) || holds(row, "NotesPlainText", word))
            }),
        ),
        ("&type_name=Call".to_owned(), Box::new(|row| row["TypeName"] == "Call")),
        (format!("&author={author}"), Box::new(move |row| row["AuthorId"] == by.as_str())),
        ("&is_milestone=true".to_owned(), Box::new(|row| row["TypeName"] == "Milestone")),
        (
            "&days=30".to_owned(),
            Box::new(move |row| row["ActivityDate"].as_i64().unwrap() >= (now / 3_600_000 * 3_600_000) - 30 * DAY),
        ),
        (format!("&until={until}"), Box::new(move |row| row["ActivityDate"].as_i64().unwrap() <= until)),
        ("&without_relationships=true".to_owned(), Box::new(|row| row["GsRelationshipId"].is_null())),
        (
            "&words=renewal&type_name=Call".to_owned(),
            Box::new(|row| {
                row["TypeName"] == "Call"
                    && (holds(row, "Subject", "renewal") || holds(row, "NotesPlainText", "renewal"))
            }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_condition_keeps_exactly_what_it_names_in_every_kind_of_tenant() {
    let shared = format!("{KEY}{FIELDS}");
    let kinds = [
        ("", json!({})),
        (shared.as_str(), json!({})),
        ("", json!({ "gainsight.text_case": "respected", "gainsight.filter_zone": "tenant" })),
        ("", json!({ "gainsight.parentheses": "refused", "gainsight.failure_status": "ok" })),
    ];
    for (settings, switches) in kinds {
        let world = World::in_one_time_with(settings, None).await;
        world.gainsight_control("switches", switches.clone()).await;
        let maya = world.signed_in("maya-lindqvist").await;
        let path = maya.timeline_path().await;
        let company = maya.selected().await["id"].clone();
        let all = held(&world, &company).await;
        let author = all[0]["AuthorId"].as_str().unwrap().to_owned();
        for (query, is_wanted) in narrowings(&author, world.app.clock.now().as_millis()) {
            let expected: Vec<_> =
                all.iter().filter(|row| is_wanted(row)).map(|row| row["Gsid"].as_str().unwrap().to_owned()).collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{query} would prove nothing");
            let (found, calls) = whole(&world, &maya, &format!("{path}{query}")).await;
            assert_eq!(found, expected, "{query}, {switches}");
            let pages = u64::try_from(expected.len().div_ceil(30)).unwrap();
            // One more is the first refusal, after which that is not tried again.
            assert!(calls <= pages + 2, "{query}, {switches}: {calls} calls for {pages} pages");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_costs_one_call_and_what_lies_here_none() {
    let world = World::in_one_time().await;
    let maya = world.signed_in("maya-lindqvist").await;
    let path = maya.timeline_path().await;
    maya.get(&path).await;
    let calls = async |query: &str| {
        world.reset_calls().await;
        let page = maya.get(&format!("{path}{query}")).await;
        (u32::try_from(world.calls(QUESTION).await).unwrap(), page)
    };
    let (first, _) = calls("&words=renewal&type_name=Milestone").await;
    let (again, _) = calls("&words=renewal&type_name=Milestone").await;
    let (typed_on, page) = calls("&words=renewals&type_name=Milestone").await;
    measure::count("a search in a Timeline", first, Promise::of(1, 1));
    measure::count("the same with a letter more, all of it being here", typed_on, Promise::of(1, 0));
    assert_eq!((first, again, typed_on), (1, 0, 0), "{page}");
    // A small Timeline lies here as a whole.
    let (small, count) = smallest(&world, &maya).await;
    let path =
        format!("/timeline?tenant=lumen&kind={}&id={}", small["kind"].as_str().unwrap(), small["id"].as_str().unwrap());
    assert!((2..30).contains(&count), "{small} has {count}");
    assert!(maya.get(&path).await["next"].is_null());
    world.reset_calls().await;
    for query in ["&words=call", "&is_own=true", "&days=90&type_name=Call"] {
        maya.get(&format!("{path}{query}")).await;
    }
    assert_eq!(world.calls(QUESTION).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_does_not_search_is_looked_through_bit_by_bit_and_that_is_said() {
    let world = World::in_one_time().await;
    world.gainsight_control("switches", json!({ "gainsight.parentheses": "refused" })).await;
    let maya = world.signed_in("maya-lindqvist").await;
    let path = maya.timeline_path().await;
    let company = maya.selected().await["id"].clone();
    let now = world.app.clock.now().as_millis();
    let bulk = json!({ "tenant": "lumen", "company": company, "count": 1_000, "until": now });
    world.gainsight_control("activities", bulk).await;
    world.reset_calls().await;
    let page = maya.get(&format!("{path}&words=%22entry%20950")).await;
    assert_eq!(page["activities"], json!([]));
    let page = maya.get(&format!("{path}&words=entry%20950")).await;
    let reach = page["reach"].as_i64().unwrap();
    assert!(reach < now - 200 * 3_600_000 && reach > now - 400 * 3_600_000, "{page}");
    assert_eq!(world.calls(QUESTION).await, 3, "one refusal, and one page for each search");
    let (found, calls) = whole(&world, &maya, &format!("{path}&words=entry%20950")).await;
    assert_eq!(found, ["1T01BULK0000950"]);
    assert!(calls <= 5, "{calls}");
    // What needs no parentheses is still the tenant's to find.
    assert!(maya.get(&format!("{path}&is_milestone=true")).await["reach"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_activities_cost_no_more_a_page_than_a_few() {
    let world = World::in_one_time().await;
    let maya = world.signed_in("maya-lindqvist").await;
    let path = maya.timeline_path().await;
    let company = maya.selected().await["id"].clone();
    let now = world.app.clock.now().as_millis();
    let bulk = json!({ "tenant": "lumen", "company": company, "count": 20_000, "until": now });
    world.gainsight_control("activities", bulk).await;
    let deep = |number: i64| {
        use base64::Engine as _;
        let place = format!("{}:1T01BULK{number:07}", now - number * 3_600_000);
        format!("&cursor={}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(place))
    };
    for (name, cursor, first) in
        [("first", String::new(), None), ("middle", deep(9_999), Some(10_000)), ("last", deep(19_900), Some(19_901))]
    {
        world.reset_calls().await;
        let page = maya.get(&format!("{path}{cursor}")).await;
        let rows = page["activities"].as_array().unwrap();
        assert_eq!(rows.len(), 30, "{name}");
        if let Some(first) = first {
            assert_eq!(rows[0]["subject"], format!("Bulk entry {first}"), "{name}");
        }
        assert_eq!(world.calls(QUESTION).await, 1, "{name}");
    }
    world.reset_calls().await;
    let (found, calls) = whole(&world, &maya, &format!("{path}&type_name=milestone&words=bulk")).await;
    assert_eq!(found.len(), 400);
    assert!(calls <= 14, "{calls} calls for {} pages", found.len().div_ceil(30));
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_colleagues_honour_what_is_wanted() {
    let world = World::in_one_time().await;
    let maya = world.signed_in("maya-lindqvist").await;
    let company = maya.selected().await["id"].as_str().unwrap().to_owned();
    let path = maya.timeline_path().await;
    let subjects = async |query: &str| {
        let page = maya.get(&format!("{path}{query}")).await;
        page["activities"].as_array().unwrap().iter().map(|row| row["subject"].clone()).collect::<Vec<_>>()
    };
    for query in ["&words=lighthouse", "&words=zeppelin", ""] {
        subjects(query).await;
    }
    told_while(
        &maya,
        Box::pin(async {
            world.clock.advance(Duration::from_secs(20));
            world.log_in_gainsight(&company, "Lighthouse plan").await;
            world.clock.advance(Duration::from_secs(36));
            world
                .until("the list of what is wanted has it", async || {
                    sidelight::gainsight::look_for_news(&world.app).await;
                    subjects("&words=lighthouse").await == ["Lighthouse plan"]
                })
                .await;
            assert!(subjects("&words=zeppelin").await.is_empty());
        }),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_the_meeting_are_found_by_their_names_and_say_nothing_to_strangers() {
    let world = World::in_one_time().await;
    let maya = world.signed_in("maya-lindqvist").await;
    let path = maya.timeline_path().await;
    let people = maya.get("/people").await;
    let names: Vec<_> = people["attendees"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["group"] == "customer" || one["group"] == "other_company")
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    assert!(names.len() > 1, "{people}");
    let (found, _) = whole(&world, &maya, &format!("{path}&is_of_meeting=true")).await;
    let all = held(&world, &maya.selected().await["id"].clone()).await;
    let took_part = |row: &&Value| names.iter().any(|name| holds(row, "ExternalAttendees", &name.to_lowercase()));
    let expected: Vec<_> = all.iter().filter(took_part).map(|row| row["Gsid"].as_str().unwrap().to_owned()).collect();
    assert!(!expected.is_empty() && expected.len() < all.len());
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wanted_stays_for_a_reload_and_goes_with_the_company() {
    let world = World::installed().await;
    let maya = world.signed_in("maya-lindqvist").await;
    maya.selected().await;
    let narrowing = json!({
        "words": "renewal", "days": 30, "is_own": true, "is_milestone": false, "is_of_meeting": false,
        "without_relationships": false,
    });
    let (status, view) = maya.put("/view", &json!({ "narrowing": narrowing })).await;
    assert_eq!((status, &view["narrowing"]), (200, &narrowing));
    let again = world.panel_later("maya-lindqvist").await;
    assert_eq!(again.opened["panel"]["view"]["narrowing"], narrowing);
    // A tab keeps it, another company does not, and no text is endless.
    assert_eq!(again.put("/view", &json!({ "tab": "people" })).await.1["narrowing"], narrowing);
    let long = json!({ "narrowing": { "words": "x".repeat(10_000) } });
    assert_eq!(again.put("/view", &long).await.1["narrowing"]["words"].as_str().unwrap().len(), 200);
    let (other, _) = smallest(&world, &again).await;
    let select = json!({ "select": { "tenant": "lumen", "kind": other["kind"], "id": other["id"] } });
    let turned = again.put("/view", &select).await.1["narrowing"].clone();
    assert_eq!((&turned["words"], &turned["days"]), (&json!(""), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_activity_shows_the_tenants_own_fields_and_leads_to_its_record() {
    let approved = format!(
        "{KEY}{}",
        FIELDS.replace("\"activity_timeline.*\"", "\"activity_timeline.*\", \"activity_timeline.Ant__Outcome__c\"")
    );
    for (settings, shows) in [(String::new(), true), (format!("{KEY}{FIELDS}"), false), (approved, true)] {
        let world = World::in_one_time_with(&settings, None).await;
        let maya = world.signed_in("maya-lindqvist").await;
        let company = maya.selected().await["id"].clone();
        let all = held(&world, &company).await;
        let row = all.iter().find(|row| row["Ant__Outcome__c"].is_string()).unwrap();
        let opened = maya.get(&format!("/timeline/lumen/{}", row["Gsid"].as_str().unwrap())).await;
        let outcome = json!({ "label": "Outcome", "value": row["Ant__Outcome__c"] });
        let fields = opened["fields"].as_array().cloned().unwrap_or_default();
        assert_eq!(fields.contains(&outcome), shows, "{opened}");
        let (page, id) = match row["GsRelationshipId"].as_str() {
            Some(id) => ("Relationship360?rid=", id),
            None => ("customersuccess360?cid=", company.as_str().unwrap()),
        };
        assert!(opened["link"].as_str().unwrap().ends_with(&format!("/v1/ui/{page}{id}")), "{opened}");
    }
}
