//! Writing, exactly once, in every version of Gainsight that the documentation leaves possible.

use serde_json::{Map, Value, json};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{ExternalId, Gsid};
use sidelight_gainsight::{
    ActivityKey, AddressFilter, Addresses, CompanyRole, Content, Context, Error, FoundIn, LinkKey, NewActivity,
    PersonUpsert, Scope, Search, Spelling, TimelineFilter, Wanted,
};

use crate::world::{Caller, World};

const MAYA: &str = "maya.lindqvist@lumenworks.example";
const TOM: &str = "tom.okafor@lumenworks.example";
const ANA: &str = "ana.ruiz@northwindtraders.example";
const HELD_AT: Timestamp = Timestamp::from_millis(1_779_999_000_000);

fn spelled(text: &str) -> Spelling {
    Spelling::parse(text).unwrap()
}

async fn northwind(caller: &Caller<'_>) -> Gsid {
    let all = caller.gainsight.companies(&caller.access(), None, 5_000).await.unwrap();
    all.into_iter().find(|company| company.name == "Northwind Traders").expect("Northwind is a customer").id
}

fn note(external_id: &str, context: Context) -> NewActivity {
    NewActivity {
        external_id: ExternalId::new(external_id),
        context,
        author: spelled(MAYA),
        content: Content {
            type_name: "Update".to_owned(),
            subject: "Duplicate invoices <b>already exist</b>".to_owned(),
            notes_html: "<p>Checked with Ana.</p>".to_owned(),
            held_at: HELD_AT,
            duration_minutes: Some(25),
            internal_attendees: vec![spelled(TOM), spelled("left.long.ago@lumenworks.example")],
            external_attendees: vec![spelled(ANA)],
            found_in: FoundIn::default(),
            custom_fields: Vec::new(),
        },
    }
}

/// What was logged under a mark, as the stand-in itself has it.
async fn kept(world: &World, external_id: &str) -> Vec<Value> {
    let all = world.look(&format!("activities?tenant=lumen&external_id_prefix={external_id}")).await;
    all.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_note_is_logged_once_by_every_possible_gainsight() {
    let world = World::start().await;
    let ways: [(&str, Value); 10] = [
        ("gainsight.duplicate_external_id", json!("error")),
        ("gainsight.duplicate_external_id", json!("existing")),
        ("gainsight.create_reply", json!("records")),
        ("gainsight.create_reply", json!("bare")),
        ("gainsight.activity_id", json!("own")),
        ("gainsight.failure_status", json!("ok")),
        ("gainsight.reporting_lag_millis", json!(60_000)),
        ("gainsight.text_case", json!("respected")),
        ("gainsight.other_author", json!("refused")),
        ("gainsight.activity_date", json!("optional")),
    ];
    for (switch, value) in ways {
        world.play(switch, value.clone()).await;
        let maya = world.person("lumen", MAYA).await.informed().await;
        let activity = note("sidelight-once", Context::Company(northwind(&maya).await));
        for attempt in 1..=3 {
            let logged = world.gainsight.log(&maya.access(), &activity).await;
            assert!(logged.is_ok(), "{switch} {value}, attempt {attempt}: {logged:?}");
        }
        let kept = kept(&world, "sidelight-once").await;
        assert_eq!(kept.len(), 1, "{switch} {value}");
        assert_eq!(kept[0]["Subject"], json!(activity.content.subject));
    }
}

#[tokio::test]
async fn a_logged_note_is_found_in_the_timeline_as_it_was_written() {
    let world = World::start().await;
    let maya = world.person("lumen", MAYA).await.informed().await;
    let company = northwind(&maya).await;
    let activity = note("sidelight-found", Context::Company(company.clone()));
    world.gainsight.log(&maya.access(), &activity).await.unwrap();
    let filter = TimelineFilter {
        scope: Scope::Company(company),
        wanted: Wanted::default(),
        search: Search::Upstream,
        before: None,
        limit: 200,
    };
    let page = world.gainsight.activities(&maya.access(), &filter).await.unwrap();
    let mark = ExternalId::new("sidelight-found");
    let row = page.activities.iter().find(|row| row.external_id.as_ref() == Some(&mark)).expect("the note is there");
    assert_eq!((row.subject.as_str(), row.held_at), (activity.content.subject.as_str(), HELD_AT));
    assert_eq!((row.notes_html.as_deref(), row.duration_minutes), (Some("<p>Checked with Ana.</p>"), Some(25)));
    assert_eq!(row.author_name.as_deref(), Some("Maya Lindqvist"));
    assert_eq!(row.internal_attendees, ["Tom Okafor"], "who left the tenant is left out");
    assert_eq!(row.external_attendees, ["Ana Ruiz"]);
    let by_key = world.gainsight.activity_by_external_id(&maya.access(), &mark).await.unwrap();
    assert_eq!(by_key.as_ref().map(|row| &row.id), Some(&row.id));
    let changes = world.gainsight.changed_since(&maya.access(), HELD_AT, 50).await.unwrap();
    assert!(changes.is_complete && changes.activities.iter().any(|change| change.id == row.id));
}

#[tokio::test]
async fn a_note_to_a_relationship_stays_with_it() {
    let world = World::start().await;
    let maya = world.person("lumen", MAYA).await.informed().await;
    let company = northwind(&maya).await;
    let relationships = world.gainsight.relationships(&maya.access(), None, 5_000).await.unwrap();
    let id = relationships.into_iter().find(|relationship| relationship.company == company).unwrap().id;
    let context = Context::Relationship { id: id.clone(), company: Some(company) };
    world.gainsight.log(&maya.access(), &note("sidelight-pilot", context)).await.unwrap();
    let filter = TimelineFilter {
        scope: Scope::Relationship(id.clone()),
        wanted: Wanted::default(),
        search: Search::Upstream,
        before: None,
        limit: 10,
    };
    let page = world.gainsight.activities(&maya.access(), &filter).await.unwrap();
    assert!(
        page.activities.iter().any(|row| row.subject.starts_with("Duplicate") && row.relationship == Some(id.clone()))
    );
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_write_costs_nothing() {
    let world = World::start().await;
    let maya = world.person("lumen", MAYA).await.informed().await;
    let activity = note("sidelight-dropped", Context::Company(northwind(&maya).await));
    for kind in ["drop_after_apply", "half_body"] {
        let matched = json!({"tenant": "lumen", "path": "/v1/ant/es/activity"});
        world.control("faults", json!({"match": matched, "fault": {"kind": kind}, "times": 1})).await;
        let error = world.gainsight.log(&maya.access(), &activity).await.unwrap_err();
        assert!(error.may_have_been_applied() && error.is_transient(), "{kind}: {error:?}");
    }
    world.gainsight.log(&maya.access(), &activity).await.unwrap();
    assert_eq!(kept(&world, "sidelight-dropped").await.len(), 1);
}

#[tokio::test]
async fn a_refused_note_says_what_is_wrong_with_it() {
    let world = World::start().await;
    let maya = world.person("lumen", MAYA).await;
    let company = Context::Company(northwind(&maya).await);
    let refused = async |change: fn(&mut NewActivity)| {
        let mut activity = note("sidelight-refused", company.clone());
        change(&mut activity);
        let error = world.gainsight.log(&maya.access(), &activity).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid { fields, .. } if !fields.is_empty()), "{error:?}");
    };
    refused(|activity| activity.content.type_name = "Seance".to_owned()).await;
    refused(|activity| activity.content.subject.clear()).await;
    refused(|activity| activity.author = spelled("nobody@lumenworks.example")).await;
    assert_eq!(kept(&world, "sidelight-refused").await.len(), 0);
}

#[tokio::test]
async fn a_note_can_be_changed_and_deleted_by_its_author() {
    let world = World::start().await;
    let maya = world.person("lumen", MAYA).await.informed().await;
    let activity = note("sidelight-changed", Context::Company(northwind(&maya).await));
    for form in ["any", "query", "body"] {
        world.play("gainsight.delete_form", form).await;
        let maya = world.person("lumen", MAYA).await.informed().await;
        world.gainsight.log(&maya.access(), &activity).await.unwrap();
        let content = Content { subject: "Settled".to_owned(), ..activity.content.clone() };
        let key = ActivityKey::External(activity.external_id.clone());
        world.gainsight.update_activity(&maya.access(), &key, &content).await.unwrap();
        let row =
            world.gainsight.activity_by_external_id(&maya.access(), &activity.external_id).await.unwrap().unwrap();
        assert_eq!(row.subject, "Settled");
        let tom = world.person("lumen", TOM).await;
        let meddling = world.gainsight.update_activity(&tom.access(), &ActivityKey::Record(row.id), &content).await;
        assert!(matches!(meddling, Err(Error::Forbidden(_))), "{meddling:?}");
        let id = row.activity_id.expect("describe shows the activity's number");
        world.gainsight.delete_activity(&maya.access(), &id).await.unwrap();
        assert_eq!(kept(&world, "sidelight-changed").await.len(), 0, "{form}");
    }
}

#[tokio::test]
async fn an_added_person_is_linked_and_then_recognised() {
    let world = World::start().await;
    let ways = [("bare", "companies", LinkKey::Companies), ("record", "associations", LinkKey::Associations)];
    for (reply, links, key) in ways {
        world.play("gainsight.people_reply", reply).await;
        world.play("gainsight.people_links", links).await;
        let maya = world.person("lumen", MAYA).await;
        let (company, erin) = (northwind(&maya).await, spelled("Erin.Walsh@northwindtraders.example"));
        let person = PersonUpsert {
            email: erin.clone(),
            name: Some("Erin Walsh".to_owned()),
            fields: Map::new(),
            company: Some(CompanyRole {
                company: company.clone(),
                title: Some("Analyst".to_owned()),
                role: None,
                is_active: None,
                fields: Map::new(),
            }),
            key,
        };
        world.gainsight.upsert_person(&maya.access(), &person).await.unwrap();
        let addresses = Addresses::of([erin], AddressFilter::In).remove(0);
        let links = world.gainsight.links_by_email(&maya.access(), &addresses).await.unwrap();
        let found: Vec<_> =
            links.iter().map(|link| (&link.company, link.title.as_deref(), link.name.as_str())).collect();
        assert_eq!(found, [(&company, Some("Analyst"), "Erin Walsh")]);
        let found = world.gainsight.find_persons(&maya.access(), None, &["rin Wal".to_owned()], 5).await.unwrap();
        assert_eq!(found.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Erin Walsh"]);
        let fields = Map::from_iter([("Timezone".to_owned(), json!("x".repeat(10_000)))]);
        let too_long = PersonUpsert { fields, ..person };
        let refused = world.gainsight.upsert_person(&maya.access(), &too_long).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
}
