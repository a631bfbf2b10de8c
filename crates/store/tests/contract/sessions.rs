//! Opened panels, and app contexts that open them once.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{MeetingUuid, OrganisationKey, SessionId};
use sidelight_domain::roster::Role;
use sidelight_store::{Digest, NewSession, Session, Used, VISITORS};

use crate::world::{Finish as _, NOW, World, on_both_engines};

on_both_engines! {
    a_session_is_found_as_it_was_opened,
    a_session_ends_once_and_by_itself,
    logging_out_ends_the_live_sessions_of_that_person_only,
    a_session_is_located_without_its_organisation,
    guests_live_among_the_visitors,
    an_authorisation_is_finished_once_by_the_panel_that_began_it,
    a_panel_that_was_opened_later_is_found_by_its_app,
    whoever_had_a_panel_open_lately_is_listed_once,
    a_context_opens_one_session,
    a_context_is_used_up_over_all_organisations,
}

const HOUR: Duration = Duration::from_hours(1);
const GRACE: Duration = Duration::from_secs(10);

fn opened_by(world: &World, user: Option<&str>) -> NewSession {
    NewSession {
        id: world.session_id(),
        zoom_user: user.map(Into::into),
        client_id: "client".into(),
        meeting: Some(MeetingUuid::new("meeting/+=")),
        role: Role::CoHost,
        screen_name: "Ana Ruiz".to_owned(),
        expires_at: NOW.after(HOUR),
    }
}

async fn open(world: &World, user: &str) -> Session {
    let mut unit = world.begin().await;
    let session = unit.sessions().add(opened_by(world, Some(user))).await.unwrap();
    unit.finish().await;
    session
}

async fn find(world: &World, id: SessionId) -> Session {
    world.read().await.sessions().find(id).await.unwrap().unwrap()
}

async fn a_session_is_found_as_it_was_opened(world: World) {
    let session = open(&world, "ana").await;
    assert_eq!(find(&world, session.id).await, session);
    assert_eq!(session.person, Some(world.person("ana").await));
    assert_eq!((session.role, session.screen_name.as_str()), (Role::CoHost, "Ana Ruiz"));
    assert_eq!(world.read().await.sessions().find(world.session_id()).await.unwrap(), None);
}

async fn a_session_ends_once_and_by_itself(world: World) {
    let session = open(&world, "ana").await;
    assert!(session.is_live(NOW) && !session.is_live(session.expires_at));
    let mut unit = world.begin().await;
    let person = world.person("ana").await;
    assert_eq!(unit.sessions().end_all_of(&person, "logout").await.unwrap(), [session.id]);
    assert_eq!(unit.sessions().end_all_of(&person, "again").await.unwrap(), []);
    unit.finish().await;
    let ended = find(&world, session.id).await;
    assert_eq!((ended.ended_at, ended.ended_because.as_deref()), (Some(NOW), Some("logout")));
    assert!(!ended.is_live(NOW));
}

async fn logging_out_ends_the_live_sessions_of_that_person_only(world: World) {
    let ana = world.person("ana").await;
    let (first, other) = (open(&world, "ana").await, open(&world, "bob").await);
    let mut unit = world.begin().await;
    unit.sessions().end_all_of(&ana, "earlier").await.unwrap();
    unit.finish().await;
    let (second, third) = (open(&world, "ana").await, open(&world, "ana").await);
    let mut unit = world.begin().await;
    let mut ended = unit.sessions().end_all_of(&ana, "logout").await.unwrap();
    unit.finish().await;
    ended.sort();
    let mut live = [second.id, third.id];
    live.sort();
    assert_eq!(ended, live);
    assert_eq!(find(&world, first.id).await.ended_because.as_deref(), Some("earlier"));
    assert!(find(&world, other.id).await.is_live(NOW));
}

async fn a_session_is_located_without_its_organisation(world: World) {
    let session = open(&world, "ana").await;
    assert_eq!(world.store.locate_session(session.id).await.unwrap(), Some(world.organisation));
    assert_eq!(world.store.locate_session(world.session_id()).await.unwrap(), None);
}

async fn guests_live_among_the_visitors(world: World) {
    let mut unit = world.store.begin(VISITORS).await.unwrap();
    let session = unit.sessions().add(opened_by(&world, None)).await.unwrap();
    unit.finish().await;
    assert_eq!((session.person, session.zoom_user), (None, None));
    assert_eq!(world.store.locate_session(session.id).await.unwrap(), Some(VISITORS));
    assert_eq!(world.read().await.sessions().find(session.id).await.unwrap(), None);
}

async fn use_up(world: &World, page: Option<&str>, session: SessionId) -> Used {
    let mut unit = world.begin().await;
    let page = page.map(Digest::of);
    let context = Digest::of("context");
    let used = unit.contexts().use_up(&context, page.as_ref(), session, expiry(), GRACE).await.unwrap();
    unit.finish().await;
    used
}

fn expiry() -> Timestamp {
    NOW.after(HOUR)
}

async fn an_authorisation_is_finished_once_by_the_panel_that_began_it(world: World) {
    let (session, other) = (open(&world, "ana").await, open(&world, "ana").await);
    let (first, second) = (Digest::of("state-1"), Digest::of("state-2"));
    let begin = async |state: &Digest, verifier: &str| {
        let mut unit = world.begin().await;
        let until = NOW.after(Duration::from_mins(5));
        unit.sessions().begin_authorization(session.id, state, &verifier.into(), until).await.unwrap();
        unit.commit().await.unwrap();
    };
    let take = async |id: SessionId, state: &Digest| {
        let mut unit = world.begin().await;
        let verifier = unit.sessions().take_authorization(id, state).await.unwrap();
        unit.commit().await.unwrap();
        verifier.map(|verifier| verifier.expose_secret().to_owned())
    };
    begin(&first, "verifier-1").await;
    begin(&second, "verifier-2").await;
    assert_eq!(take(session.id, &first).await, None, "the later one takes its place");
    assert_eq!(take(other.id, &second).await, None, "another panel did not begin it");
    assert_eq!(take(session.id, &second).await.as_deref(), Some("verifier-2"));
    assert_eq!(take(session.id, &second).await, None, "once");
    begin(&first, "verifier-3").await;
    world.clock.advance(Duration::from_mins(6));
    assert_eq!(take(session.id, &first).await, None, "too late");
}

async fn a_panel_that_was_opened_later_is_found_by_its_app(world: World) {
    let person = open(&world, "ana").await.person.unwrap();
    let before = Timestamp::from_millis(NOW.as_millis() - 1);
    for (client, at, expected) in [("client", before, true), ("client", NOW, false), ("other", before, false)] {
        let mut unit = world.read().await;
        assert_eq!(unit.sessions().was_opened_since(&person, &client.into(), at).await.unwrap(), expected, "{client}");
    }
}

async fn whoever_had_a_panel_open_lately_is_listed_once(world: World) {
    let person = open(&world, "ana").await.person.unwrap();
    open(&world, "ana").await;
    let since = async |at: Timestamp| world.read().await.sessions().people_since(at, 9).await.unwrap();
    assert_eq!(since(NOW).await, [person]);
    assert_eq!(since(NOW.after(Duration::from_hours(24))).await, []);
}

async fn a_context_opens_one_session(world: World) {
    let session = world.session_id();
    assert_eq!(use_up(&world, Some("page"), session).await, Used::First);
    assert_eq!(use_up(&world, Some("page"), world.session_id()).await, Used::SamePage(session));
    assert_eq!(use_up(&world, Some("other page"), world.session_id()).await, Used::Replay);
    assert_eq!(use_up(&world, None, world.session_id()).await, Used::Replay);
    world.clock.advance(GRACE + Duration::from_millis(1));
    assert_eq!(use_up(&world, Some("page"), world.session_id()).await, Used::Replay);
}

async fn a_context_is_used_up_over_all_organisations(world: World) {
    use_up(&world, Some("page"), world.session_id()).await;
    let other = world.store.ensure_organisation(&OrganisationKey::new("other"), "Other").await.unwrap();
    let mut unit = world.store.begin(other).await.unwrap();
    let (context, page) = (Digest::of("context"), Digest::of("page"));
    let used = unit.contexts().use_up(&context, Some(&page), world.session_id(), expiry(), GRACE).await.unwrap();
    assert_eq!(used, Used::Replay);
}
