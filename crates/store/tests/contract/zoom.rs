//! Zoom authorisations, meetings and webhooks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use sidelight_domain::correction::Correction;
use sidelight_domain::ids::{MeetingUuid, ParticipantId, ParticipantUuid, TenantKey, ZoomAccountId, ZoomUserId};
use sidelight_domain::recognition::{Expected, Tick};
use sidelight_domain::roster::{Movement, Role, Sighting};
use sidelight_domain::{EmailAddress, IdSource as _, Timestamp};
use sidelight_store::{
    Digest, Installation, Invitation, NewDelivery, NewInstallation, NewSession, PersonKey, Recall, Retention,
    SeenMeeting, Store, Tokens, Unit,
};

use crate::world::{Finish as _, NOW, World, on_both_engines};

on_both_engines! {
    the_last_authorisation_counts,
    an_authorisation_is_found_by_user_address_and_account,
    tokens_are_refreshed_by_one,
    a_late_answer_with_the_only_valid_tokens_is_kept,
    a_lease_ends_by_itself_or_is_given_back,
    a_renewed_profile_leaves_the_tokens_alone,
    a_refused_refresh_forgets_the_tokens_unless_somebody_was_faster,
    facts_of_a_meeting_are_merged_in_any_order,
    a_roster_comes_back_as_it_was_saved,
    a_large_roster_is_saved_in_one_go,
    a_roster_in_memory_is_never_an_old_one,
    each_member_brings_an_invitation_of_his_own,
    only_one_asks_whom_a_host_awaits,
    guests_are_asked_once_and_what_they_told_is_forgotten,
    a_past_meeting_is_asked_about_until_it_is_answered,
    a_tick_is_one_and_is_taken_back_by_anybody,
    a_correction_counts_for_the_next_meeting_until_it_is_undone,
    a_host_without_authorisation_is_noticed,
    a_webhook_is_taken_once,
    a_failed_webhook_comes_back_and_a_done_one_is_forgotten,
}

const HOLD: Duration = Duration::from_secs(30);

pub(crate) fn tokens(access: &str, refresh: Option<&str>) -> Tokens {
    Tokens { access: access.into(), refresh: refresh.map(Into::into), expires_at: NOW.after(Duration::from_hours(1)) }
}

pub(crate) fn installation(user: &str, access: &str) -> NewInstallation {
    NewInstallation {
        zoom_user: ZoomUserId::new(user),
        account: ZoomAccountId::new("acme-account"),
        name: format!("Name of {user}"),
        email: EmailAddress::parse(&format!("{user}@lumen.example")).ok(),
        client_id: "client".into(),
        tokens: tokens(access, Some("refresh")),
        scope: "user:read:user".to_owned(),
        api_url: "https://api.zoom.test".to_owned(),
    }
}

async fn install(world: &World, user: &str, access: &str) {
    let mut unit = world.begin().await;
    unit.installations().save_install(installation(user, access)).await.unwrap();
    unit.finish().await;
}

async fn find(world: &World) -> Installation {
    world.read().await.installations().find_by_zoom_user(&ZoomUserId::new("ana")).await.unwrap().unwrap()
}

fn access(installation: &Installation) -> Option<&str> {
    installation.tokens.as_ref().map(|tokens| tokens.access.expose_secret())
}

async fn the_last_authorisation_counts(world: World) {
    install(&world, "ana", "first").await;
    install(&world, "ana", "second").await;
    let found = find(&world).await;
    assert_eq!((access(&found), found.version), (Some("second"), 2));
    assert_eq!(found.email, EmailAddress::parse("ana@lumen.example").ok());
    assert_eq!((found.name.as_str(), found.account.as_str()), ("Name of ana", "acme-account"));
}

async fn an_authorisation_is_found_by_user_address_and_account(world: World) {
    install(&world, "ana", "a").await;
    install(&world, "bob", "b").await;
    let address = EmailAddress::parse("ANA@Lumen.example").unwrap();
    let mut unit = world.read().await;
    let found = unit.installations().find_by_email(&address).await.unwrap().unwrap();
    assert_eq!(found.zoom_user.as_str(), "ana");
    assert!(unit.installations().find(&found.person).await.unwrap().is_some());
    drop(unit);
    let located = world.store.locate_account(&ZoomAccountId::new("acme-account")).await.unwrap();
    assert_eq!(located, [world.organisation]);
    assert_eq!(world.store.locate_account(&ZoomAccountId::new("other")).await.unwrap(), []);
}

async fn tokens_are_refreshed_by_one(world: World) {
    install(&world, "ana", "old").await;
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    let lease = unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().unwrap();
    assert_eq!(unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap(), None);
    assert!(unit.installations().store_refreshed(&lease, &tokens("new", None)).await.unwrap());
    assert!(!unit.installations().store_refreshed(&lease, &tokens("newer", None)).await.unwrap());
    assert_eq!(unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap(), None, "the version is gone");
    unit.commit().await.unwrap();
    let found = find(&world).await;
    let refresh = found.tokens.as_ref().and_then(|tokens| tokens.refresh.as_ref());
    let refresh = refresh.map(secrecy::ExposeSecret::expose_secret);
    assert_eq!((access(&found), refresh, found.version), (Some("new"), Some("refresh"), 2));
}

async fn a_late_answer_with_the_only_valid_tokens_is_kept(world: World) {
    install(&world, "ana", "old").await;
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    let slow = unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().unwrap();
    world.clock.advance(HOLD);
    let other = unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().unwrap();
    assert!(unit.installations().store_refreshed(&slow, &tokens("new", Some("r2"))).await.unwrap());
    assert!(!unit.installations().give_up(&other).await.unwrap(), "the other one's refusal is no news");
    unit.commit().await.unwrap();
    assert_eq!(access(&find(&world).await), Some("new"));
}

async fn a_lease_ends_by_itself_or_is_given_back(world: World) {
    install(&world, "ana", "old").await;
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    let lease = unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().unwrap();
    assert_eq!((lease.of(), lease.until()), (person, NOW.after(HOLD)));
    unit.installations().release(&lease).await.unwrap();
    assert!(unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().is_some());
    world.clock.advance(HOLD);
    assert!(unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().is_some());
}

/// Somebody may be refreshing meanwhile, and a removal is compared with the time of the authorisation.
async fn a_renewed_profile_leaves_the_tokens_alone(world: World) {
    install(&world, "ana", "a1").await;
    let before = find(&world).await;
    let mut unit = world.begin().await;
    let lease = unit.installations().lease_refresh(&before.person, before.version, HOLD).await.unwrap().unwrap();
    unit.finish().await;
    world.clock.advance(Duration::from_secs(5));
    let address = EmailAddress::parse("ana.new@lumen.example").ok();
    let mut unit = world.begin().await;
    assert!(unit.installations().renew_profile(&before.person, "Ana New", address.as_ref()).await.unwrap());
    assert!(unit.installations().store_refreshed(&lease, &tokens("a2", Some("r2"))).await.unwrap());
    unit.finish().await;
    let after = find(&world).await;
    assert_eq!(access(&after), Some("a2"));
    assert_eq!((after.name.as_str(), after.email, after.installed_at), ("Ana New", address, before.installed_at));
    let nobody = world.person("nobody").await;
    assert!(!world.begin().await.installations().renew_profile(&nobody, "x", None).await.unwrap());
}

async fn a_refused_refresh_forgets_the_tokens_unless_somebody_was_faster(world: World) {
    install(&world, "ana", "old").await;
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    let lease = unit.installations().lease_refresh(&person, 1, HOLD).await.unwrap().unwrap();
    assert!(unit.installations().give_up(&lease).await.unwrap());
    assert!(!unit.installations().give_up(&lease).await.unwrap());
    unit.finish().await;
    let found = find(&world).await;
    assert!(found.tokens.is_none() && found.removed_at == Some(NOW));
    install(&world, "ana", "again").await;
    let found = find(&world).await;
    assert_eq!((access(&found), found.removed_at), (Some("again"), None));
}

fn meeting() -> MeetingUuid {
    MeetingUuid::new("4444AAAiAAAAAiAiAiiAii==")
}

fn at(second: u64) -> Timestamp {
    NOW.after(Duration::from_secs(second))
}

async fn observe(world: &World, seen: SeenMeeting) -> bool {
    let mut unit = world.begin().await;
    let (_, is_news) = unit.meetings().observe(seen).await.unwrap();
    unit.commit().await.unwrap();
    is_news
}

async fn facts_of_a_meeting_are_merged_in_any_order(world: World) {
    let seen = || SeenMeeting::new(meeting());
    let ended = SeenMeeting { ended_at: Some(at(60)), topic: Some("QBR".to_owned()), by_host: true, ..seen() };
    assert!(observe(&world, ended.clone()).await);
    assert!(!observe(&world, ended).await, "a repeat is no news");
    let host = Some(ZoomUserId::new("host"));
    let started = SeenMeeting { started_at: Some(at(5)), number: Some("123".into()), host, ..seen() };
    assert!(observe(&world, started).await);
    assert!(observe(&world, SeenMeeting { started_at: Some(at(2)), ended_at: Some(at(99)), ..seen() }).await);
    assert!(!observe(&world, seen()).await);
    let found = world.read().await.meetings().find(&meeting()).await.unwrap().unwrap();
    assert_eq!((found.started_at, found.ended_at), (Some(at(2)), Some(at(60))));
    assert_eq!((found.topic.as_deref(), found.host_reported_at), (Some("QBR"), Some(NOW)));
    assert_eq!((found.number, found.host), (Some("123".into()), Some("host".into())));
}

fn joined(n: usize) -> Sighting {
    Sighting {
        join_number: None,
        uuid: ParticipantUuid::new(n.to_string()),
        name: format!("Person {n}"),
        email: EmailAddress::parse(&format!("person{n}@northwind.example")).ok(),
        zoom_user: Some(ZoomUserId::new(format!("user-{n}"))),
        registrant: None,
        role: None,
        phone: false,
        movement: Movement::Joined,
        at: NOW,
    }
}

/// Adds the people `from..to` in a unit of its own, as a webhook job does.
pub(crate) async fn join(world: &World, from: usize, to: usize) {
    observe(world, SeenMeeting::new(meeting())).await;
    let mut unit = world.begin().await;
    let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(&meeting()).await.unwrap());
    let fresh = || ParticipantId::new(world.ids.uuid());
    let changed: BTreeSet<_> = (from..to).flat_map(|n| roster.witness(&joined(n), fresh)).collect();
    unit.meetings().save_roster(&meeting(), &roster, &changed).await.unwrap();
    unit.commit().await.unwrap();
}

async fn a_roster_comes_back_as_it_was_saved(world: World) {
    join(&world, 0, 3).await;
    join(&world, 2, 5).await;
    let roster = world.read().await.meetings().roster(&meeting()).await.unwrap();
    let names: Vec<_> = roster.participants.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Person 0", "Person 1", "Person 2", "Person 3", "Person 4"]);
    let mut unit = world.begin().await;
    let mut left = Arc::unwrap_or_clone(unit.meetings().roster(&meeting()).await.unwrap());
    let gone = Sighting { movement: Movement::Left, at: at(9), ..joined(1) };
    let changed = left.witness(&gone, || unreachable!("he is known")).into_iter().collect();
    unit.meetings().save_roster(&meeting(), &left, &changed).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(world.read().await.meetings().roster(&meeting()).await.unwrap().as_ref(), &left);
    let nowhere = MeetingUuid::new("unknown");
    assert_eq!(world.read().await.meetings().roster(&nowhere).await.unwrap().participants, []);
}

async fn a_large_roster_is_saved_in_one_go(world: World) {
    join(&world, 0, 1_000).await;
    assert_eq!(world.read().await.meetings().roster(&meeting()).await.unwrap().participants.len(), 1_000);
}

async fn a_roster_in_memory_is_never_an_old_one(world: World) {
    let other = world.second_server().await;
    let shown = async |store: &Store| {
        let mut unit = store.read(world.organisation).await.unwrap();
        unit.meetings().roster(&meeting()).await.unwrap().participants.len()
    };
    join(&world, 0, 2).await;
    assert_eq!((shown(&world.store).await, shown(&other).await), (2, 2));
    join(&world, 2, 3).await;
    assert_eq!((shown(&world.store).await, shown(&other).await), (3, 3), "somebody came");
    let mut unit = world.begin().await;
    let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(&meeting()).await.unwrap());
    let changed = roster.witness(&joined(3), || ParticipantId::new(world.ids.uuid())).into_iter().collect();
    unit.meetings().save_roster(&meeting(), &roster, &changed).await.unwrap();
    assert_eq!(unit.meetings().roster(&meeting()).await.unwrap().participants.len(), 4);
    drop(unit);
    assert_eq!((shown(&world.store).await, shown(&other).await), (3, 3), "it did not come about");
    let mut unit = world.begin().await;
    let person = unit.person_key(&ZoomUserId::new("user-1"));
    unit.people().erase(&person).await.unwrap();
    unit.finish().await;
    assert_eq!((shown(&world.store).await, shown(&other).await), (2, 2), "somebody was erased");
}

fn expected(name: &str) -> Expected {
    let email = EmailAddress::parse(&format!("{name}@northwind.example")).unwrap();
    Expected { email, name: Some(name.to_owned()), registrant: Some(format!("reg-{name}")) }
}

/// What is told without a write is what a claim then finds.
async fn may_ask(unit: &mut Unit, person: &PersonKey) -> bool {
    let is_open = unit.invitations().is_open(&meeting(), person).await.unwrap();
    let is_claimed = unit.invitations().claim(&meeting(), person, HOLD).await.unwrap();
    assert_eq!(is_open, is_claimed);
    is_claimed
}

async fn only_one_asks_whom_a_host_awaits(world: World) {
    let mut unit = world.begin().await;
    unit.meetings().observe(SeenMeeting::new(meeting())).await.unwrap();
    let (ana, ben) = (unit.person_key(&ZoomUserId::new("ana")), unit.person_key(&ZoomUserId::new("ben")));
    assert!(may_ask(&mut unit, &ana).await);
    assert!(!may_ask(&mut unit, &ana).await);
    // Somebody else may own the meeting.
    assert!(may_ask(&mut unit, &ben).await);
    let known = Invitation::Known(vec![expected("bob"), expected("eve")]);
    assert!(!unit.invitations().answer(&meeting(), &ana, &known, HOLD).await.unwrap(), "another one asks by now");
    assert!(unit.invitations().answer(&meeting(), &ben, &Invitation::NotTheirs, HOLD).await.unwrap());
    assert_eq!(unit.invitations().find(&meeting()).await.unwrap(), Invitation::NotTheirs);
    world.clock.advance(HOLD);
    assert!(may_ask(&mut unit, &ben).await, "after a pause he asks again");
    assert_eq!(unit.invitations().find(&meeting()).await.unwrap(), Invitation::Unknown);
    assert!(unit.invitations().answer(&meeting(), &ben, &known, HOLD).await.unwrap());
    assert_eq!(unit.invitations().find(&meeting()).await.unwrap(), known);
    world.clock.advance(Duration::from_hours(1));
    assert!(!may_ask(&mut unit, &ana).await, "what is known is not asked for again");
}

async fn each_member_brings_an_invitation_of_his_own(world: World) {
    let mut unit = world.begin().await;
    unit.meetings().observe(SeenMeeting::new(meeting())).await.unwrap();
    let (ana, ben) = (unit.person_key(&ZoomUserId::new("ana")), unit.person_key(&ZoomUserId::new("ben")));
    unit.invitations().bring(&meeting(), &ana, &[expected("eve")]).await.unwrap();
    unit.invitations().bring(&meeting(), &ana, &[expected("bob")]).await.unwrap();
    unit.invitations().bring(&meeting(), &ben, &[expected("bob"), expected("dan")]).await.unwrap();
    let brought: BTreeMap<_, _> = unit.invitations().brought(&meeting()).await.unwrap().into_iter().collect();
    assert_eq!(brought, BTreeMap::from([(ana, vec![expected("bob")]), (ben, vec![expected("bob"), expected("dan")])]));
    assert!(unit.invitations().take_back(&meeting(), &ben).await.unwrap());
    assert!(!unit.invitations().take_back(&meeting(), &ben).await.unwrap());
    assert_eq!(unit.people().erase(&ana).await.unwrap().recognitions, 1);
    assert_eq!(unit.invitations().brought(&meeting()).await.unwrap(), []);
    unit.audit().add(None, "tested", "invitations", "{}");
    unit.commit().await.unwrap();
}

async fn guests_are_asked_once_and_what_they_told_is_forgotten(world: World) {
    let mut unit = world.begin().await;
    unit.meetings().observe(SeenMeeting::new(meeting())).await.unwrap();
    let (ana, ben) = (unit.person_key(&ZoomUserId::new("ana")), unit.person_key(&ZoomUserId::new("ben")));
    let [yes, no] = ["yes", "no"].map(ParticipantUuid::new);
    let email = expected("bob").email;
    assert_eq!(unit.inquiries().find(&meeting()).await.unwrap(), None);
    assert!(!unit.inquiries().answer(&meeting(), &ana, &yes, Some(&email)).await.unwrap(), "nobody asked");
    assert!(unit.inquiries().begin(&meeting(), &ana, "Ana").await.unwrap());
    assert!(!unit.inquiries().begin(&meeting(), &ben, "Ben").await.unwrap(), "a second panel asks in vain");
    assert!(!unit.inquiries().take_back(&meeting(), &ben).await.unwrap(), "he did not ask");
    assert!(unit.inquiries().take_back(&meeting(), &ana).await.unwrap(), "her client refused");
    assert!(unit.inquiries().begin(&meeting(), &ana, "Ana").await.unwrap());
    assert!(!unit.inquiries().answer(&meeting(), &ben, &yes, Some(&email)).await.unwrap(), "he did not ask");
    assert!(unit.inquiries().answer(&meeting(), &ana, &no, None).await.unwrap());
    assert!(!unit.inquiries().answer(&meeting(), &ana, &no, Some(&email)).await.unwrap(), "a no stands");
    assert!(unit.inquiries().answer(&meeting(), &ana, &yes, Some(&email)).await.unwrap());
    assert!(!unit.inquiries().take_back(&meeting(), &ana).await.unwrap(), "somebody was asked");
    let told = unit.inquiries().find(&meeting()).await.unwrap().unwrap();
    assert_eq!(
        (told.by.as_str(), told.answers),
        ("Ana", BTreeMap::from([(no, None), (yes.clone(), Some(email.clone()))]))
    );
    unit.inquiries().forget(&meeting()).await.unwrap();
    assert!(unit.inquiries().find(&meeting()).await.unwrap().unwrap().answers.is_empty());
    assert!(!unit.inquiries().begin(&meeting(), &ben, "Ben").await.unwrap(), "that they were asked is not forgotten");
    // Where nobody reports the end of the meeting.
    assert!(unit.inquiries().answer(&meeting(), &ana, &yes, Some(&email)).await.unwrap());
    unit.finish().await;
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(world.store.purge(&Retention::default()).await.unwrap().told, 1);
    assert!(world.read().await.inquiries().find(&meeting()).await.unwrap().unwrap().answers.is_empty());
}

async fn a_past_meeting_is_asked_about_until_it_is_answered(world: World) {
    let mut unit = world.begin().await;
    unit.meetings().observe(SeenMeeting::new(meeting())).await.unwrap();
    unit.invitations().recall(&meeting(), HOLD).await.unwrap();
    assert!(!unit.invitations().is_recall_due().await.unwrap());
    world.clock.advance(HOLD);
    // A doubled event is no reason to wait anew.
    unit.invitations().recall(&meeting(), HOLD).await.unwrap();
    assert!(unit.invitations().is_recall_due().await.unwrap());
    let due = unit.invitations().claim_recalls(HOLD).await.unwrap();
    assert_eq!(due, [Recall { meeting: meeting(), tries: 1 }]);
    assert_eq!(unit.invitations().claim_recalls(HOLD).await.unwrap(), []);
    unit.invitations().put_off_recall(&meeting(), HOLD * 3).await.unwrap();
    world.clock.advance(HOLD * 2);
    assert!(!unit.invitations().is_recall_due().await.unwrap());
    world.clock.advance(HOLD);
    assert_eq!(unit.invitations().claim_recalls(HOLD).await.unwrap().remove(0).tries, 2);
    unit.invitations().end_recall(&meeting()).await.unwrap();
    world.clock.advance(Duration::from_hours(1));
    assert!(!unit.invitations().is_recall_due().await.unwrap());
}

async fn a_tick_is_one_and_is_taken_back_by_anybody(world: World) {
    let mut unit = world.begin().await;
    unit.meetings().observe(SeenMeeting::new(meeting())).await.unwrap();
    let (ana, ben) = (unit.person_key(&ZoomUserId::new("ana")), unit.person_key(&ZoomUserId::new("ben")));
    let tick = |by: &str, tenant: &str| Tick {
        id: ParticipantId::new(world.ids.uuid()),
        tenant: TenantKey::new(tenant),
        email: expected("bob").email,
        by: by.to_owned(),
        at: NOW,
    };
    let first = tick("Ana", "lumen");
    assert!(unit.ticks().add(&meeting(), &ana, &first).await.unwrap());
    assert!(!unit.ticks().add(&meeting(), &ben, &tick("Ben", "lumen")).await.unwrap());
    let elsewhere = tick("Ben", "harbor");
    assert!(unit.ticks().add(&meeting(), &ben, &elsewhere).await.unwrap(), "another tenant's person");
    let listed = unit.ticks().list(&meeting()).await.unwrap();
    assert!(listed.len() == 2 && listed.contains(&first) && listed.contains(&elsewhere));
    assert!(unit.ticks().remove(&meeting(), &first.tenant, &first.email).await.unwrap());
    assert!(!unit.ticks().remove(&meeting(), &first.tenant, &first.email).await.unwrap());
    assert_eq!(unit.ticks().list(&meeting()).await.unwrap(), [elsewhere]);
    unit.audit().add(None, "tested", "ticks", "{}");
    unit.commit().await.unwrap();
}

async fn a_correction_counts_for_the_next_meeting_until_it_is_undone(world: World) {
    let mut unit = world.begin().await;
    let (ana, ben) = (unit.person_key(&ZoomUserId::new("ana")), unit.person_key(&ZoomUserId::new("ben")));
    let is = |tenant: &str, email: Option<EmailAddress>| Correction {
        tenant: TenantKey::new(tenant),
        email,
        meeting: meeting(),
        by: "Ana".to_owned(),
        at: NOW,
    };
    let (bob, nobody) = (is("lumen", Some(expected("bob").email)), is("harbor", None));
    unit.corrections().save(&ana, "name:bob guest", &is("lumen", None)).await.unwrap();
    unit.corrections().save(&ben, "name:bob guest", &bob).await.unwrap();
    unit.corrections().save(&ben, "email:bob@x.test", &nobody).await.unwrap();
    let subjects = ["name:somebody else", "email:bob@x.test", "name:bob guest"].map(str::to_owned);
    let found = unit.corrections().of(&subjects).await.unwrap();
    assert!(found.len() == 2 && found.contains(&(2, bob)) && found.contains(&(1, nobody)), "{found:?}");
    assert!(unit.corrections().of(&subjects[..1]).await.unwrap().is_empty());
    assert!(unit.corrections().remove(&TenantKey::new("lumen"), "name:bob guest").await.unwrap());
    assert!(!unit.corrections().remove(&TenantKey::new("lumen"), "name:bob guest").await.unwrap());
    assert_eq!(unit.corrections().of(&subjects).await.unwrap().len(), 1);
    unit.audit().add(None, "tested", "corrections", "{}");
    unit.commit().await.unwrap();
}

async fn a_host_without_authorisation_is_noticed(world: World) {
    let mut unit = world.begin().await;
    let session = |user: &str, role: Role| NewSession {
        id: world.session_id(),
        zoom_user: Some(ZoomUserId::new(user)),
        client_id: "client".into(),
        meeting: Some(meeting()),
        role,
        screen_name: String::new(),
        expires_at: NOW.after(HOLD),
    };
    unit.sessions().add(session("ben", Role::Attendee)).await.unwrap();
    assert!(!unit.sessions().has_unauthorised_host(&meeting()).await.unwrap());
    unit.sessions().add(session("ana", Role::Host)).await.unwrap();
    assert!(unit.sessions().has_unauthorised_host(&meeting()).await.unwrap());
    assert!(!unit.sessions().has_unauthorised_host(&MeetingUuid::new("other")).await.unwrap());
    unit.installations().save_install(installation("ana", "access")).await.unwrap();
    assert!(!unit.sessions().has_unauthorised_host(&meeting()).await.unwrap());
    unit.sessions().add(session("eve", Role::Host)).await.unwrap();
    world.clock.advance(HOLD);
    assert!(!unit.sessions().has_unauthorised_host(&meeting()).await.unwrap(), "a panel that is closed says nothing");
    unit.finish().await;
}

fn delivery(name: &str, event_at: Timestamp) -> NewDelivery {
    let (digest, event) = (Digest::of(name), "meeting.started".to_owned());
    NewDelivery { digest, event, body: format!("{{\"of\":\"{name}\"}}"), event_at }
}

async fn a_webhook_is_taken_once(world: World) {
    let mut unit = world.begin().await;
    assert!(unit.inbox().add(delivery("late", at(5))).await.unwrap());
    assert!(unit.inbox().add(delivery("early", at(1))).await.unwrap());
    assert!(!unit.inbox().add(delivery("late", at(5))).await.unwrap());
    let claimed = unit.inbox().claim(10, HOLD).await.unwrap();
    let found: Vec<_> = claimed.iter().map(|delivery| (delivery.body.as_str(), delivery.tries)).collect();
    assert_eq!(found, [("{\"of\":\"early\"}", 1), ("{\"of\":\"late\"}", 1)]);
    assert_eq!(unit.inbox().claim(10, HOLD).await.unwrap(), []);
    assert_eq!(unit.inbox().waiting().await.unwrap(), 2, "nobody has said that they are done");
    world.clock.advance(HOLD);
    assert_eq!(unit.inbox().claim(1, HOLD).await.unwrap().len(), 1, "whoever worked on it died");
}

async fn a_failed_webhook_comes_back_and_a_done_one_is_forgotten(world: World) {
    let mut unit = world.begin().await;
    unit.inbox().add(delivery("one", NOW)).await.unwrap();
    let claimed = unit.inbox().claim(1, HOLD).await.unwrap().remove(0);
    unit.inbox().failed(&claimed.digest, at(60)).await.unwrap();
    assert_eq!(unit.inbox().claim(1, HOLD).await.unwrap(), []);
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(unit.inbox().claim(1, HOLD).await.unwrap().remove(0).tries, 2);
    unit.inbox().done(&claimed.digest).await.unwrap();
    unit.inbox().failed(&claimed.digest, NOW).await.unwrap();
    assert_eq!(unit.inbox().waiting().await.unwrap(), 0);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(unit.inbox().claim(1, HOLD).await.unwrap(), []);
    assert!(!unit.inbox().add(delivery("one", NOW)).await.unwrap(), "a late repeat is still one");
}
