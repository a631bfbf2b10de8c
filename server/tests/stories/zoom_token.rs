//! Zoom's rotating tokens: many callers, lost answers, kills, a database that is away, two servers; at most one refresh at once.
//!
//! `SIDELIGHT_REFRESHES` and `SIDELIGHT_CALLERS` say how often and by how many; `cargo xtask bench refresh` says 10,000 and 1,000.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sidelight::app::App;
use sidelight::zoom::{KeeperError, access_token};
use sidelight_domain::ids::OrganisationId;
use sidelight_outbound::{Method, Request};
use sidelight_store::testing::Postgres;
use sidelight_store::{Installation, PersonKey};

use crate::browser::Browser;
use crate::measure::{self, Promise};
use crate::world::World;

const MAYA: &str = "maya-lindqvist";
const TOKEN: &str = "/oauth/token";

/// A world in which Maya's token has run out, for us. For Zoom it would still do.
struct Stale {
    world: World,
    organisation: OrganisationId,
    maya: PersonKey,
}

impl Stale {
    async fn on(database: Option<String>) -> Self {
        let world = World::with("", database).await;
        Browser::new(&world).install(MAYA).await;
        let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
        let maya = world.app.store.person_key(organisation, &World::zoom_user(MAYA)).await.unwrap();
        let stale = Self { world, organisation, maya };
        stale.age().await;
        stale
    }

    async fn start() -> Self {
        Self::on(None).await
    }

    /// Lets the token run out again, and counts from here.
    async fn age(&self) {
        self.world.clock.advance(Duration::from_hours(2));
        self.world.zoom_control("calls/reset", json!({})).await;
    }

    async fn ask(&self) -> Result<String, KeeperError> {
        self.ask_at(&self.world.app).await
    }

    async fn ask_at(&self, app: &App) -> Result<String, KeeperError> {
        access_token(app, self.organisation, &self.maya).await.map(|token| token.expose_secret().to_owned())
    }

    /// The same in a task that can be ended.
    fn asking(&self) -> tokio::task::JoinHandle<Result<String, KeeperError>> {
        let (app, organisation, maya) = (self.world.app.clone(), self.organisation, self.maya);
        tokio::spawn(async move {
            access_token(&app, organisation, &maya).await.map(|token| token.expose_secret().to_owned())
        })
    }

    async fn held(&self) -> Installation {
        let mut unit = self.world.app.store.read(self.organisation).await.unwrap();
        unit.installations().find(&self.maya).await.unwrap().unwrap()
    }

    async fn was_noted(&self, action: &str) -> bool {
        let mut unit = self.world.app.store.read(self.organisation).await.unwrap();
        unit.audit().about(self.maya).await.unwrap().iter().any(|entry| entry.action == action)
    }

    async fn fault(&self, fault: Value, times: Option<u32>) {
        let target = json!({ "tenant": "zoom", "method": "POST", "path": TOKEN });
        self.world.zoom_control("faults", json!({ "match": target, "fault": fault, "times": times })).await;
    }

    async fn mend(&self) {
        let url = self.world.zoom.join("/_control/faults").unwrap();
        self.world.gate.send(Request::new(Method::DELETE, url)).await.unwrap();
    }

    /// Until the fault that was planned has met its call.
    async fn is_on_the_way(&self) {
        let url = self.world.zoom.join("/_control/faults").unwrap();
        let met = async || {
            let plans: Value = self.world.gate.send(Request::get(url.clone())).await.unwrap().json().unwrap();
            plans.as_object().unwrap().values().all(|plan| plan["times"] == 0)
        };
        self.world.until("the refresh is on its way", met).await;
    }

    /// How many calls Zoom's token endpoint has seen, and how many of them at once.
    async fn seen(&self) -> (u64, u64) {
        let url = self.world.zoom.join("/_control/calls").unwrap();
        let calls: Value = self.world.gate.send(Request::get(url)).await.unwrap().json().unwrap();
        let tally = &calls["zoom"][format!("POST {TOKEN}")];
        (tally["count"].as_u64().unwrap_or(0), tally["most_at_once"].as_u64().unwrap_or(0))
    }

    async fn tolerate(&self, seconds: u32) {
        self.world.zoom_control("switches", json!({ "zoom.refresh_tolerance_seconds": seconds })).await;
    }

    /// What the panel says of it.
    async fn is_authorised(&self) -> bool {
        let panel = self.world.panel_later(MAYA).await;
        // Beside the panel his profile is renewed, with the very token that these stories are about.
        self.world.until("what the panel began is over", async || self.world.app.tasks.is_empty()).await;
        panel.opened["panel"]["viewer"]["zoom_authorised"] == json!(true)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_are_one_refresh() {
    let stale = Stale::start().await;
    stale.fault(json!({ "kind": "latency", "millis": 100 }), Some(1)).await;
    let asked = futures_util::future::join_all((0..1_000).map(|_| stale.ask())).await;
    let tokens: std::collections::BTreeSet<_> = asked.into_iter().map(Result::unwrap).collect();
    assert_eq!((tokens.len(), stale.seen().await), (1, (1, 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_are_one_refresh() {
    let stale = Stale::on(Some(Postgres::shared().unwrap().database().await.unwrap())).await;
    let other = stale.world.second_server().await;
    stale.fault(json!({ "kind": "latency", "millis": 200 }), None).await;
    for _ in 0..3 {
        let here = futures_util::future::join_all((0..20).map(|_| stale.ask()));
        let there = futures_util::future::join_all((0..20).map(|_| stale.ask_at(&other)));
        let (here, there) = tokio::join!(here, there);
        let tokens: std::collections::BTreeSet<_> = here.into_iter().chain(there).map(Result::unwrap).collect();
        assert_eq!((tokens.len(), stale.seen().await), (1, (1, 1)));
        stale.age().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_crosses_a_new_authorisation_deletes_nothing() {
    let stale = Stale::start().await;
    stale.fault(json!({ "kind": "latency", "millis": 1_500, "moment": "before" }), Some(1)).await;
    let asking = stale.asking();
    stale.is_on_the_way().await;
    // The new authorisation ends the old grant, so that Zoom refuses the refresh that is on its way.
    Browser::new(&stale.world).install(MAYA).await;
    let expected = stale.held().await.tokens.unwrap().access.expose_secret().to_owned();
    assert_eq!(asking.await.unwrap().unwrap(), expected);
    assert!(!stale.was_noted("zoom.withdrawn").await && stale.is_authorised().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_once_more() {
    for fault in ["drop_after_apply", "half_body", "malformed_body", "empty_body"] {
        let stale = Stale::start().await;
        stale.tolerate(30).await;
        stale.fault(json!({ "kind": fault }), Some(1)).await;
        stale.ask().await.unwrap();
        assert_eq!(stale.seen().await, (2, 1), "{fault}");
        stale.age().await;
        stale.ask().await.unwrap();
        assert_eq!(stale.seen().await, (1, 1), "{fault}: the pair that came is the valid one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_for_good_is_asked_of_the_person() {
    let stale = Stale::start().await;
    assert!(stale.is_authorised().await);
    stale.age().await;
    stale.tolerate(0).await;
    stale.fault(json!({ "kind": "drop_after_apply" }), Some(1)).await;
    assert!(stale.ask().await.unwrap_err().needs_authorisation());
    let held = stale.held().await;
    assert!(held.tokens.is_none() && held.removed_at.is_some() && stale.was_noted("zoom.withdrawn").await);
    assert!(!stale.is_authorised().await, "the panel asks for a new authorisation");
    let (calls, _) = stale.seen().await;
    assert!(stale.ask().await.unwrap_err().needs_authorisation());
    assert_eq!(stale.seen().await.0, calls, "nobody asks Zoom with a token that is gone");
    Browser::new(&stale.world).install(MAYA).await;
    assert!(stale.is_authorised().await);
}

/// What a kill leaves behind: the lease is taken, Zoom has replaced the pair, and our database does not know.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_zooms_answer_and_our_commit_is_found_out_and_told() {
    for (tolerance, survives) in [(300, true), (0, false)] {
        let stale = Stale::start().await;
        stale.tolerate(tolerance).await;
        let held = stale.held().await;
        let mut unit = stale.world.app.store.begin(stale.organisation).await.unwrap();
        let minute = Duration::from_mins(1);
        unit.installations().lease_refresh(&stale.maya, held.version, minute).await.unwrap().unwrap();
        unit.commit().await.unwrap();
        let refresh = held.tokens.unwrap().refresh.unwrap();
        let client = sidelight::app::zoom_client(&stale.world.app.config.zoom.apps[0]);
        stale.world.app.zoom_oauth.refresh(&client, &refresh).await.unwrap();
        // Nobody spends the token again while its holder may still live.
        let asking = stale.asking();
        tokio::task::yield_now().await;
        assert_eq!(stale.seen().await.0, 1);
        stale.world.clock.advance(2 * minute);
        let outcome = asking.await.unwrap();
        assert_eq!(outcome.is_ok(), survives, "{outcome:?}");
        assert_eq!(stale.is_authorised().await, survives);
        assert_eq!(stale.seen().await, (2, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_goes_away_takes_no_token_along() {
    let stale = Stale::start().await;
    stale.tolerate(0).await;
    stale.fault(json!({ "kind": "latency", "millis": 500, "moment": "after" }), Some(1)).await;
    let asking = stale.asking();
    stale.is_on_the_way().await;
    asking.abort();
    let version = stale.held().await.version;
    stale.world.until("the new pair is kept", async || stale.held().await.version > version).await;
    stale.ask().await.unwrap();
    assert_eq!(stale.seen().await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_for_a_moment_costs_no_authorisation() {
    let postgres = Postgres::start().unwrap();
    let stale = Stale::on(Some(postgres.database().await.unwrap())).await;
    stale.tolerate(0).await;
    stale.fault(json!({ "kind": "latency", "millis": 1_500, "moment": "after" }), Some(1)).await;
    let asking = stale.asking();
    stale.is_on_the_way().await;
    postgres.halt().unwrap();
    let has_answered = async || stale.seen().await.0 == 1;
    stale.world.until("Zoom has answered", has_answered).await;
    postgres.launch().unwrap();
    // Whoever asked may have been told that our database was away; the pair is kept all the same.
    drop(asking.await);
    stale.world.until("the token is good", async || stale.ask().await.is_ok()).await;
    assert_eq!(stale.seen().await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_good_for_a_minute_is_used_while_zoom_is_down() {
    let stale = Stale::start().await;
    stale.ask().await.unwrap();
    stale.world.clock.advance(Duration::from_mins(57));
    stale.fault(json!({ "kind": "status", "status": 503 }), None).await;
    stale.ask().await.unwrap();
    stale.world.clock.advance(Duration::from_mins(5));
    let error = stale.ask().await.unwrap_err();
    assert!(!error.needs_authorisation(), "{error:?}");
    stale.mend().await;
    stale.ask().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_no_longer_exists_leaves_nothing_behind() {
    let stale = Stale::start().await;
    let gone = json!({ "kind": "status", "status": 400, "body": { "code": 4_735, "reason": "The user is gone", "error": "invalid_grant" } });
    stale.fault(gone, None).await;
    assert!(stale.ask().await.unwrap_err().needs_authorisation());
    let mut unit = stale.world.app.store.read(stale.organisation).await.unwrap();
    assert!(unit.installations().find(&stale.maya).await.unwrap().is_none());
    assert!(stale.was_noted("erased.user_gone").await);
}

/// What happens to every tenth refresh or so, in turn: nothing, or any of these.
const FAULTS: [(&str, &str); 9] = [
    ("latency", r#"{ "kind": "latency", "millis": 15 }"#),
    ("busy", r#"{ "kind": "status", "status": 429, "retry_after": 1 }"#),
    ("failing", r#"{ "kind": "status", "status": 500 }"#),
    ("a proxy's page", r#"{ "kind": "html" }"#),
    ("cut off before", r#"{ "kind": "drop_before_apply" }"#),
    ("cut off after", r#"{ "kind": "drop_after_apply" }"#),
    ("half an answer", r#"{ "kind": "half_body" }"#),
    ("no JSON", r#"{ "kind": "malformed_body" }"#),
    ("nothing", r#"{ "kind": "empty_body" }"#),
];

/// Nine of ten refreshes meet a fault, the last of them twice in a row at times, so that the one repeat does not help either.
#[tokio::test(flavor = "multi_thread")]
async fn faulted_refreshes_lose_nothing_and_never_overlap() {
    let refreshes = measure::how_often("SIDELIGHT_REFRESHES", 40);
    let most = measure::how_often("SIDELIGHT_CALLERS", 100);
    let stale = Arc::new(Stale::start().await);
    stale.tolerate(3_600).await;
    let (mut lost, mut failed, mut callers_served, mut overlapping) = (0, 0_u32, 0, 0);
    for number in 0..refreshes {
        let (fault, times) = (FAULTS.get(usize::try_from(number % 10).unwrap()), 1 + (number / 10) % 2);
        if let Some((_, fault)) = fault {
            stale.fault(serde_json::from_str(fault).unwrap(), Some(times)).await;
        }
        // Mostly few, every hundredth time all of them.
        let callers = if number % 100 == 99 { most } else { 1 + number % 10 };
        let asked = futures_util::future::join_all((0..callers).map(|_| stale.ask())).await;
        failed += u32::try_from(asked.iter().filter(|asked| asked.is_err()).count()).unwrap();
        stale.mend().await;
        // Whatever happened, the next one gets a token.
        lost += u32::from(stale.ask().await.is_err());
        callers_served += callers;
        overlapping += u32::from(stale.seen().await.1 > 1);
        stale.age().await;
    }
    measure::count("refreshes, nine of ten faulted", refreshes, Promise::NONE);
    measure::count("callers", callers_served, Promise::NONE);
    measure::count("callers told to try again", failed, Promise::NONE);
    measure::count("authorisations lost", lost, Promise::of(0, 0));
    measure::count("refreshes that overlapped", overlapping, Promise::of(0, 0));
    assert_eq!((lost, overlapping), (0, 0));
}
