//! What colleagues log in Gainsight itself appears in open panels, for one call a minute (design 4.6).

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::ids::{Gsid, OrganisationId, TenantKey};
use sidelight_domain::{EntityKind, EntityRef};
use sidelight_outbound::Method;
use sidelight_store::testing::Postgres;
use sidelight_store::{Listener, VISITORS};

use crate::measure::{self, Promise};
use crate::panel::Panel;
use crate::shared::{FIELDS, KEY};
use crate::world::World;

const MAYA: &str = "maya-lindqvist";
const QUESTION: &str = "POST /v1/data/objects/query/activity_timeline";
const MINUTE: Duration = Duration::from_secs(56);

async fn stream(panel: &Panel<'_>) -> String {
    String::from_utf8_lossy(&panel.send(Method::GET, "/events", None).await.body).into_owned()
}

/// Keeps a panel's stream open while something happens; what it was told.
pub(crate) async fn told_while(panel: &Panel<'_>, happening: impl Future<Output = ()>) -> String {
    let (told, ()) = tokio::join!(stream(panel), async {
        happening.await;
        assert_eq!(panel.post("/logout", &json!({ "waiting_writes": "discard" })).await.0, 200);
    });
    told
}

fn organisation(world: &World) -> OrganisationId {
    world.app.organisation_ids().find(|id| *id != VISITORS).unwrap()
}

async fn is_watched(world: &World, count: usize) {
    world
        .until("somebody looks", async || {
            let mut unit = world.app.store.read(organisation(world)).await.unwrap();
            unit.timelines().watched().await.unwrap().len() == count
        })
        .await;
}

/// How often those who look at this company were told of something.
async fn news(world: &World, company: &str) -> usize {
    let entity = EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Company, id: Gsid::new(company) };
    let session = sidelight_domain::ids::SessionId::new(world.app.ids.uuid());
    let listener = Listener { session, person: None, meeting: None, timelines: vec![entity] };
    world.app.store.read(organisation(world)).await.unwrap().events().after(0, &listener, 100).await.unwrap().len()
}

async fn first_subject(panel: &Panel<'_>, timeline: &str) -> Value {
    panel.get(timeline).await["activities"][0]["subject"].clone()
}

/// Lets a minute pass and waits until the tenant was asked.
async fn a_minute_later(world: &World) {
    let before = world.calls(QUESTION).await;
    world.clock.advance(MINUTE);
    let two_minutes_on = world.app.clock.now().after(MINUTE * 2);
    world
        .until("the stream says again that somebody looks", async || {
            let mut unit = world.app.store.read(organisation(world)).await.unwrap();
            unit.timelines().watched().await.unwrap().iter().all(|one| one.watched_until > two_minutes_on)
        })
        .await;
    sidelight::gainsight::look_for_news(&world.app).await;
    world.until("the tenant is asked", async || world.calls(QUESTION).await > before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_logs_in_gainsight_appears_in_the_open_panel() {
    for mode in [String::new(), format!("{KEY}{FIELDS}")] {
        let world = World::in_one_time_with(&mode, None).await;
        let maya = world.signed_in(MAYA).await;
        let company = maya.selected().await["id"].as_str().unwrap().to_owned();
        let timeline = maya.timeline_path().await;
        maya.get(&timeline).await;
        let told = told_while(
            &maya,
            Box::pin(async {
                is_watched(&world, 1).await;
                world.clock.advance(Duration::from_secs(50));
                maya.get(&timeline).await;
                world.log_in_gainsight(&company, "Seen at once").await;
                assert_ne!(first_subject(&maya, &timeline).await, "Seen at once", "the page was read a moment ago");
                world.clock.advance(Duration::from_secs(6));
                world.until("the panels are told", async || news(&world, &company).await == 1).await;
                assert_eq!(first_subject(&maya, &timeline).await, "Seen at once", "without a refresh");
                for _ in 0..3 {
                    a_minute_later(&world).await;
                }
                assert_eq!(news(&world, &company).await, 1, "nobody is told twice");
            }),
        )
        .await;
        assert_eq!(told.matches(&format!("\"id\":\"{company}\"")).count(), 1, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reports_show_late_appears_late_and_once() {
    let world = World::in_one_time().await;
    let maya = world.signed_in(MAYA).await;
    let company = maya.selected().await["id"].as_str().unwrap().to_owned();
    told_while(
        &maya,
        Box::pin(async {
            is_watched(&world, 1).await;
            world.gainsight_control("switches", json!({ "gainsight.reporting_lag_millis": 150_000 })).await;
            world.log_in_gainsight(&company, "Reported late").await;
            a_minute_later(&world).await;
            assert_eq!(news(&world, &company).await, 0);
            for _ in 0..2 {
                a_minute_later(&world).await;
            }
            world.until("the panels are told", async || news(&world, &company).await == 1).await;
            a_minute_later(&world).await;
            assert_eq!(news(&world, &company).await, 1);
        }),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_company_that_he_does_not_show() {
    let world = World::in_one_time_with(&format!("{KEY}{FIELDS}"), None).await;
    world.install("tom-okafor").await;
    let (maya, tom) = (world.signed_in(MAYA).await, world.signed_in("tom-okafor").await);
    maya.selected().await;
    let blackpine = tom.get("/entities?q=blackpine").await["found"][0].clone();
    let company = blackpine["id"].as_str().unwrap().to_owned();
    let choice = json!({ "select": { "tenant": "lumen", "kind": "company", "id": company } });
    assert_eq!(tom.put("/view", &choice).await.0, 200);
    let happening = async {
        is_watched(&world, 2).await;
        world.log_in_gainsight(&company, "For the account team").await;
        a_minute_later(&world).await;
        world.until("the panels are told", async || news(&world, &company).await == 1).await;
    };
    let (of_maya, of_tom) = tokio::join!(
        told_while(
            &maya,
            Box::pin(async {
                world.until("it is over", async || news(&world, &company).await == 1).await;
            })
        ),
        told_while(&tom, happening)
    );
    assert!(of_tom.contains(&company) && !of_maya.contains(&company), "{of_tom} / {of_maya}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_when_nobody_looks() {
    let world = World::in_one_time().await;
    let maya = world.signed_in(MAYA).await;
    maya.get(&maya.timeline_path().await).await;
    told_while(
        &maya,
        Box::pin(async {
            is_watched(&world, 1).await;
            a_minute_later(&world).await;
        }),
    )
    .await;
    world.reset_calls().await;
    for _ in 0..5 {
        world.clock.advance(MINUTE);
        sidelight::gainsight::look_for_news(&world.app).await;
    }
    assert_eq!(world.data_calls().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_is_busy_is_asked_more_seldom_and_nothing_is_missed() {
    let world = World::in_one_time().await;
    let maya = world.signed_in(MAYA).await;
    let company = maya.selected().await["id"].as_str().unwrap().to_owned();
    told_while(
        &maya,
        Box::pin(async {
            is_watched(&world, 1).await;
            let busy = json!({ "kind": "status", "status": 429, "retry_after": 20 });
            world.fault("POST", "/v1/data/objects/query/activity_timeline", busy, None).await;
            world.log_in_gainsight(&company, "Logged at a busy time").await;
            world.reset_calls().await;
            for _ in 0..6 {
                world.clock.advance(MINUTE);
                sidelight::gainsight::look_for_news(&world.app).await;
            }
            let asked = world.calls(QUESTION).await;
            assert!((1..=3).contains(&asked), "{asked} questions in five and a half minutes");
            world.mend().await;
            world
                .until("the panels are told", async || {
                    world.clock.advance(Duration::from_secs(10));
                    news(&world, &company).await == 1
                })
                .await;
        }),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_ask_once() {
    let database = Postgres::shared().unwrap().database().await.unwrap();
    let world = World::in_one_time_with(&format!("{KEY}{FIELDS}"), Some(database)).await;
    let maya = world.signed_in(MAYA).await;
    let company = maya.selected().await["id"].as_str().unwrap().to_owned();
    let second = world.second_server().await;
    let jobs = tokio::spawn(sidelight::jobs::start(&second).join_all());
    let (session, _) = world.app.tokens.read(&maya.token, world.app.clock.now()).unwrap();
    // Somebody's stream is open there, too.
    let there = second.streams.begin(organisation(&world), session);
    told_while(
        &maya,
        Box::pin(async {
            is_watched(&world, 1).await;
            a_minute_later(&world).await;
            world.reset_calls().await;
            for minute in 1..=4 {
                a_minute_later(&world).await;
                assert_eq!(world.calls(QUESTION).await, minute);
            }
            world.log_in_gainsight(&company, "Whoever asks").await;
            a_minute_later(&world).await;
            world.until("the panels are told", async || news(&world, &company).await == 1).await;
        }),
    )
    .await;
    // The first server's panel is gone; the other one goes on for as long as somebody counts as looking.
    world.log_in_gainsight(&company, "After the first server").await;
    world.clock.advance(MINUTE);
    world.until("the other server asks", async || news(&world, &company).await == 2).await;
    drop(there);
    second.shutdown.cancel();
    jobs.await.unwrap();
}

/// Age and calls pull apart: to be a minute old at most takes a question a minute, whoever shows what. It is one for the whole tenant,
/// beside the ten an hour of each panel (docs/adr/0008).
#[tokio::test(flavor = "multi_thread")]
async fn news_cost_the_tenant_one_call_a_minute() {
    let world = World::in_one_time_with(&format!("{KEY}{FIELDS}"), None).await;
    let maya = world.signed_in(MAYA).await;
    maya.get(&maya.timeline_path().await).await;
    told_while(
        &maya,
        Box::pin(async {
            is_watched(&world, 1).await;
            world.reset_calls().await;
            // More at once than the budget lets background work do would take real minutes.
            for _ in 0..5 {
                a_minute_later(&world).await;
            }
        }),
    )
    .await;
    // All calls of the tenant, not only those questions.
    let calls = u32::try_from(world.data_calls().await).unwrap();
    measure::count("five minutes of news, for all panels of the tenant together", calls, Promise::of(6, 5));
    assert!(calls <= 6, "{}", world.ask_gainsight("calls").await["lumen"]);
}
