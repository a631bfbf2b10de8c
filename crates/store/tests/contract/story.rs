//! One person's whole story: every table gets a row, every repository is asked everything once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sidelight_domain::correction::Correction;
use sidelight_domain::ids::{DraftId, GrantId, Gsid, MeetingUuid, ParticipantId, ParticipantUuid, SessionId};
use sidelight_domain::ids::{SignInId, TenantKey, WriteId, ZoomAccountId, ZoomUserId};
use sidelight_domain::recognition::{Expected, Tick};
use sidelight_domain::roster::{Movement, Role, Sighting};
use sidelight_domain::{EmailAddress, EntityKind, EntityRef, IdSource as _, Licence};
use sidelight_store::{
    Added, Audience, Digest, Invitation, MirroredLink, NewDelivery, NewGrant, NewInstallation, NewMirroredLink,
    NewSession, NewSignIn, NewWrite, PersonKey, Retention, Saved, SeenMeeting, Tokens, Unit, WriteState,
};

use crate::world::{Finish as _, NOW, World};

/// Texts that must not be readable in any copy of the database.
pub(crate) const SECRETS: [&str; 16] = [
    "zoom-user-ana",
    "zoom-account-lumen",
    "Ana Ruiz",
    "ana.ruiz@lumen.example",
    "zoom-access-token",
    "zoom-refresh-token",
    "Quarterly review with Northwind",
    "Bob Guest",
    "bob@northwind.example",
    "webhook-body",
    "pkce-verifier",
    "gainsight-access-token",
    "the note somebody typed",
    "the write on its way",
    "Northwind Traders",
    "what the audit log tells",
];

/// Tokens of which only digests are kept.
pub(crate) const HANDED_OUT: [&str; 5] =
    ["app-context", "one-time-link", "browser-cookie", "oauth-state", "typed-code"];

pub(crate) struct Story {
    pub(crate) person: PersonKey,
    pub(crate) session: SessionId,
    pub(crate) sign_in: SignInId,
    pub(crate) grant: GrantId,
    pub(crate) draft: DraftId,
    pub(crate) write: WriteId,
}

pub(crate) const HOLD: Duration = Duration::from_secs(30);

pub(crate) fn user() -> ZoomUserId {
    ZoomUserId::new("zoom-user-ana")
}

pub(crate) fn account() -> ZoomAccountId {
    ZoomAccountId::new("zoom-account-lumen")
}

pub(crate) fn address() -> EmailAddress {
    EmailAddress::parse("ana.ruiz@lumen.example").unwrap()
}

pub(crate) fn meeting() -> MeetingUuid {
    MeetingUuid::new("meeting-1")
}

pub(crate) fn tenant() -> TenantKey {
    TenantKey::new("lumen-us")
}

pub(crate) fn company() -> EntityRef {
    EntityRef { tenant: tenant(), kind: EntityKind::Company, id: Gsid::new("1P0COMPANY") }
}

/// Tells the story in the world's organisation and commits it.
pub(crate) async fn tell(world: &World) -> Story {
    let mut unit = world.begin().await;
    let session = open(world, &mut unit).await;
    let person = unit.person_key(&user());
    meet(world, &mut unit).await;
    let (sign_in, grant) = sign_in(&mut unit, person, session).await;
    let (draft, write) = write(&mut unit, person, session).await;
    unit.audit().add(Some(&person), "story.told", "story", "what the audit log tells");
    unit.events().add(&Audience::Person(person), "{}");
    unit.finish().await;
    Story { person, session, sign_in, grant, draft, write }
}

async fn open(world: &World, unit: &mut Unit) -> SessionId {
    let id = world.session_id();
    let expires_at = NOW.after(Duration::from_hours(1));
    let (context, page) = (Digest::of("app-context"), Digest::of("page"));
    unit.contexts().use_up(&context, Some(&page), id, expires_at, HOLD).await.unwrap();
    let session = NewSession {
        id,
        zoom_user: Some(user()),
        client_id: "client".into(),
        meeting: Some(meeting()),
        role: Role::Host,
        screen_name: "Ana Ruiz".to_owned(),
        expires_at,
    };
    unit.sessions().add(session).await.unwrap();
    let installation = NewInstallation {
        zoom_user: user(),
        account: account(),
        name: "Ana Ruiz".to_owned(),
        email: Some(address()),
        client_id: "client".into(),
        tokens: tokens("zoom-access-token", "zoom-refresh-token"),
        scope: "scope".to_owned(),
        api_url: "https://api.zoom.test".to_owned(),
    };
    unit.installations().save_install(installation).await.unwrap();
    id
}

fn tokens(access: &str, refresh: &str) -> Tokens {
    Tokens { access: access.into(), refresh: Some(refresh.into()), expires_at: NOW }
}

async fn meet(world: &World, unit: &mut Unit) {
    let topic = Some("Quarterly review with Northwind".to_owned());
    let seen = SeenMeeting { topic, host: Some(user()), by_host: true, ..SeenMeeting::new(meeting()) };
    unit.meetings().observe(seen).await.unwrap();
    let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(&meeting()).await.unwrap());
    let mut changed = BTreeSet::new();
    let people = [("Ana Ruiz", "ana.ruiz@lumen.example", Some(user())), ("Bob Guest", "bob@northwind.example", None)];
    for (name, email, zoom_user) in people {
        let sighting = Sighting {
            join_number: None,
            uuid: ParticipantUuid::new(format!("stay-{changed:?}")),
            name: name.to_owned(),
            email: EmailAddress::parse(email).ok(),
            zoom_user,
            registrant: None,
            role: None,
            phone: false,
            movement: Movement::Joined,
            at: NOW,
        };
        changed.extend(roster.witness(&sighting, || ParticipantId::new(world.ids.uuid())));
    }
    unit.meetings().save_roster(&meeting(), &roster, &changed).await.unwrap();
    let (digest, event) = (Digest::of("delivery"), "meeting.started".to_owned());
    let delivery = NewDelivery { digest, event, body: "webhook-body".to_owned(), event_at: NOW };
    unit.inbox().add(delivery).await.unwrap();
    expect(unit).await;
}

/// Whom the host awaits, whom he said to be there, and what is still to be asked.
async fn expect(unit: &mut Unit) {
    let (ana, bob) = (unit.person_key(&user()), EmailAddress::parse("bob@northwind.example").unwrap());
    assert!(unit.invitations().is_open(&meeting(), &ana).await.unwrap());
    assert!(unit.invitations().claim(&meeting(), &ana, HOLD).await.unwrap());
    let expected = Expected { email: bob.clone(), name: Some("Bob Guest".to_owned()), registrant: None };
    let known = Invitation::Known(vec![expected]);
    assert!(unit.invitations().answer(&meeting(), &ana, &known, HOLD).await.unwrap());
    let id = ParticipantId::new(uuid::Uuid::nil());
    let tick = Tick { id, tenant: tenant(), email: bob.clone(), by: "Ana Ruiz".to_owned(), at: NOW };
    assert!(unit.ticks().add(&meeting(), &ana, &tick).await.unwrap());
    let correction = Correction {
        tenant: tenant(),
        email: Some(tick.email.clone()),
        meeting: meeting(),
        by: "Ana Ruiz".to_owned(),
        at: NOW,
    };
    unit.corrections().save(&ana, "name:bob guest", &correction).await.unwrap();
    unit.invitations().bring(&meeting(), &ana, &[]).await.unwrap();
    assert!(unit.inquiries().begin(&meeting(), &ana, "Ana Ruiz").await.unwrap());
    let guest = ParticipantUuid::new("guest");
    assert!(unit.inquiries().answer(&meeting(), &ana, &guest, Some(&tick.email)).await.unwrap());
    unit.invitations().recall(&meeting(), HOLD).await.unwrap();
}

async fn sign_in(unit: &mut Unit, person: PersonKey, session: SessionId) -> (SignInId, GrantId) {
    let tenant = tenant();
    let new = NewSignIn {
        person,
        session,
        tenant: &tenant,
        account: "gainsight",
        username: "ana.ruiz@lumen.example",
        link: Digest::of("one-time-link"),
        tries_left: 5,
        step: "link_made",
        expires_at: NOW.after(HOLD),
    };
    unit.sign_ins().add(&new).await.unwrap();
    let opened = unit.sign_ins().open_link(&Digest::of("one-time-link"), &Digest::of("browser-cookie")).await.unwrap();
    let mut sign_in = opened.unwrap();
    sign_in.state = Some(Digest::of("oauth-state"));
    sign_in.verifier = Some("pkce-verifier".into());
    sign_in.code = Some(Digest::of("typed-code"));
    sign_in.identity = Some("Ana Ruiz".to_owned());
    sign_in.tokens = Some("gainsight-access-token".into());
    unit.sign_ins().save(&sign_in).await.unwrap();
    let grant = NewGrant {
        person,
        tenant,
        user: Gsid::new("1P0USER"),
        email: address(),
        email_spelling: address().to_string(),
        name: "Ana Ruiz".to_owned(),
        licence: Some(Licence::Full),
        is_active: true,
        tokens: Some(tokens("gainsight-access-token", "gainsight-refresh-token")),
    };
    (sign_in.id, unit.grants().attach(grant).await.unwrap().id)
}

async fn write(unit: &mut Unit, person: PersonKey, session: SessionId) -> (DraftId, WriteId) {
    unit.views().save(&person, Some(&meeting()), "Northwind Traders").await.unwrap();
    unit.views().note_chosen(&person, &company(), "Northwind Traders").await.unwrap();
    unit.timelines().watch(&company(), HOLD, HOLD).await.unwrap();
    unit.series().remember(&person, &"123".into(), &company(), None).await.unwrap();
    let note = "the note somebody typed";
    let Saved::Saved(draft) = unit.drafts().save(&person, Some(&meeting()), 0, note).await.unwrap() else {
        panic!("the draft was not saved");
    };
    let (tenant, meeting) = (tenant(), meeting());
    let (session, meeting) = (Some(session), Some(&meeting));
    let payload = "the write on its way";
    let new = NewWrite { person, session, tenant: &tenant, meeting, key: Digest::of("key"), payload, continues: None };
    let Added::New(write) = unit.writes().add(new, HOLD).await.unwrap() else { panic!("the write was known") };
    unit.writes().settle(&write, WriteState::Refused, Some("Northwind Traders")).await.unwrap();
    (draft.id, write.id)
}

/// Does everything else that can be done, so that every statement of the crate has run.
pub(crate) async fn ask_everything(world: &World, story: &Story) {
    let mut unit = world.begin().await;
    ask_zoom(&mut unit, story).await;
    ask_gainsight(&mut unit, story).await;
    ask_panel(&mut unit, story).await;
    unit.retention().purge(&Retention::default()).await.unwrap();
    unit.audit().verify(&[]).await.unwrap();
    unit.events().lowest_cursor().await.unwrap();
    unit.people().erase(&story.person).await.unwrap();
    unit.finish().await;
}

async fn ask_directory(unit: &mut Unit) {
    let link = MirroredLink { company: Gsid::new("c1"), is_primary: true, is_active: true };
    let link = NewMirroredLink { id: Gsid::new("l1"), person: Gsid::new("p1"), link };
    unit.directory().put_people(&tenant(), 1, &[(Gsid::new("p1"), address())]).await.unwrap();
    unit.directory().put_links(&tenant(), 1, &[link]).await.unwrap();
    unit.directory().find(&tenant(), &[address()]).await.unwrap();
    let mirror = unit.directory().claim(&tenant(), HOLD).await.unwrap().unwrap();
    unit.directory().save(&tenant(), &mirror, HOLD).await.unwrap();
    unit.directory().forget_before(&tenant(), 2).await.unwrap();
    unit.directory().keep_only(&[]).await.unwrap();
}

async fn ask_zoom(unit: &mut Unit, story: &Story) {
    unit.sessions().is_live(story.session).await.unwrap();
    unit.sessions().has_unauthorised_host(&meeting()).await.unwrap();
    let present = unit.installations().present_in(&meeting(), 9).await.unwrap();
    assert_eq!(present.into_iter().map(|one| one.person).collect::<Vec<_>>(), [story.person]);
    assert_eq!(unit.sessions().people_since(NOW, 9).await.unwrap(), [story.person]);
    unit.invitations().find(&meeting()).await.unwrap();
    unit.invitations().brought(&meeting()).await.unwrap();
    assert!(unit.inquiries().is_asker(&meeting(), &story.person).await.unwrap());
    unit.inquiries().find(&meeting()).await.unwrap().unwrap();
    unit.inquiries().take_back(&meeting(), &story.person).await.unwrap();
    unit.inquiries().forget(&meeting()).await.unwrap();
    unit.sessions().has_host(&meeting()).await.unwrap();
    unit.invitations().take_back(&meeting(), &story.person).await.unwrap();
    unit.invitations().is_recall_due().await.unwrap();
    unit.invitations().claim_recalls(HOLD).await.unwrap();
    unit.invitations().put_off_recall(&meeting(), HOLD).await.unwrap();
    unit.invitations().end_recall(&meeting()).await.unwrap();
    unit.ticks().list(&meeting()).await.unwrap();
    unit.corrections().of(&["name:bob guest".to_owned()]).await.unwrap();
    unit.corrections().remove(&tenant(), "name:bob guest").await.unwrap();
    let bob = EmailAddress::parse("bob@northwind.example").unwrap();
    unit.ticks().remove(&meeting(), &tenant(), &bob).await.unwrap();
    unit.sessions().end_all_of(&story.person, "logout").await.unwrap();
    unit.installations().find_by_email(&address()).await.unwrap();
    unit.installations().knows_account(&account()).await.unwrap();
    let lease = unit.installations().lease_refresh(&story.person, 1, HOLD).await.unwrap().unwrap();
    unit.installations().release(&lease).await.unwrap();
    unit.installations().store_refreshed(&lease, &tokens("a", "b")).await.unwrap();
    unit.installations().give_up(&lease).await.unwrap();
    let claimed = unit.inbox().claim(1, HOLD).await.unwrap().remove(0);
    unit.inbox().failed(&claimed.digest, NOW).await.unwrap();
    assert_eq!(unit.inbox().waiting().await.unwrap(), 1);
    unit.inbox().done(&claimed.digest).await.unwrap();
}

async fn ask_gainsight(unit: &mut Unit, story: &Story) {
    unit.sign_ins().find_by_state(&Digest::of("oauth-state")).await.unwrap().unwrap();
    unit.sign_ins().find_latest(&story.person).await.unwrap().unwrap();
    unit.sign_ins().end_all_of(&story.person).await.unwrap();
    unit.grants().find(&story.person, &tenant()).await.unwrap().unwrap();
    unit.grants().list(&story.person).await.unwrap();
    unit.grants().list_by_email(&address()).await.unwrap();
    unit.grants().note_standing(story.grant, None, true).await.unwrap();
    let lease = unit.grants().lease_refresh(story.grant, 1, HOLD).await.unwrap().unwrap();
    unit.grants().release(&lease).await.unwrap();
    unit.grants().store_refreshed(&lease, &tokens("a", "b")).await.unwrap();
    unit.grants().end(story.grant, "logout").await.unwrap();
    unit.grants().end_all_of(&story.person, "logout").await.unwrap();
}

async fn ask_panel(unit: &mut Unit, story: &Story) {
    unit.views().find(&story.person, None).await.unwrap();
    unit.views().recent(&story.person, 10).await.unwrap();
    unit.timelines().watched().await.unwrap();
    ask_directory(unit).await;
    unit.timelines().claim(&[company()], HOLD).await.unwrap();
    unit.timelines().postpone(&[company()], HOLD).await.unwrap();
    unit.timelines().note_changed(&company()).await.unwrap();
    unit.timelines().changed_at(&company()).await.unwrap();
    unit.views().list_in(&meeting()).await.unwrap();
    unit.views().list_of(&story.person, &[meeting()]).await.unwrap();
    unit.meetings().list_of(&story.person, NOW, 10).await.unwrap();
    unit.meetings().concerns(&story.person, &meeting()).await.unwrap();
    unit.writes().list_meetings(&story.person, NOW).await.unwrap();
    unit.series().list(&["123".into()]).await.unwrap();
    unit.drafts().find(&story.person, story.draft).await.unwrap().unwrap();
    unit.drafts().list_open(&story.person).await.unwrap();
    unit.drafts().save(&story.person, Some(&meeting()), 1, "more").await.unwrap();
    unit.drafts().note_earlier(story.draft, "more").await.unwrap();
    unit.drafts().put_away(&story.person, story.draft, story.write).await.unwrap();
    unit.drafts().bring_back(story.write).await.unwrap();
    unit.drafts().discard(&story.person, story.draft).await.unwrap();
    unit.writes().find(story.write).await.unwrap().unwrap();
    unit.writes().list_open(&story.person).await.unwrap();
    unit.writes().list_due_tenants().await.unwrap();
    unit.writes().claim_due(&tenant(), 10, HOLD).await.unwrap();
    let claimed = unit.writes().claim(story.write, HOLD).await.unwrap().unwrap();
    unit.writes().retry_later(&claimed, NOW, None).await.unwrap();
    unit.writes().needs_sign_in(&story.person, &tenant()).await.unwrap();
    unit.writes().revive(&story.person, &tenant()).await.unwrap();
    unit.writes().keep_all(&story.person).await.unwrap();
    unit.writes().discard(&story.person, story.write).await.unwrap();
    unit.writes().discard_all(&story.person).await.unwrap();
    unit.writes().settle(&claimed, WriteState::Done, None).await.unwrap();
}
