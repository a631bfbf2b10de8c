//! Two servers on one database want the same thing at the same time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sidelight_domain::IdSource as _;
use sidelight_domain::ids::{MeetingUuid, ParticipantId, ParticipantUuid, TenantKey};
use sidelight_domain::roster::{Movement, Sighting};
use sidelight_store::{
    Added, Audience, Digest, Listener, NewWrite, Saved, SeenMeeting, Store, StoredEvent, Unit, Used, WriteState,
};

use crate::story::{self, HOLD};
use crate::world::{Finish as _, NOW, World, on_both_engines};

on_both_engines! {
    one_server_gets_the_lease,
    one_server_uses_a_context,
    the_first_draft_is_begun_once,
    one_server_saves_on_top_of_a_version,
    one_write_is_stored_under_a_key,
    due_writes_are_shared_out,
    one_browser_opens_a_link,
    every_wrong_code_counts,
    one_grant_is_live_after_two_sign_ins,
    a_roster_keeps_what_both_saw,
    no_event_is_ever_added_below_one_that_was_read,
    the_bell_of_one_server_rings_for_the_other,
}

/// Does the same on two servers at once.
async fn both<T: Send + 'static, F>(world: &World, act: impl Fn(Unit) -> F) -> [T; 2]
where
    F: Future<Output = T> + Send + 'static,
{
    let other = world.second_server().await;
    let run = |store: Store| {
        let (organisation, store) = (world.organisation, store);
        async move { store.begin(organisation).await.unwrap() }
    };
    let (first, second) = (run(world.store.clone()), run(other));
    let (first, second) = (async { act(first.await).await }, async { act(second.await).await });
    let (first, second) = tokio::join!(first, second);
    [first, second]
}

async fn one_server_gets_the_lease(world: World) {
    let told = story::tell(&world).await;
    let leases = both(&world, move |mut unit| async move {
        let lease = unit.grants().lease_refresh(told.grant, 1, HOLD).await.unwrap();
        unit.commit().await.unwrap();
        lease.is_some()
    });
    let mut leases = leases.await;
    leases.sort_unstable();
    assert_eq!(leases, [false, true]);
}

async fn one_server_uses_a_context(world: World) {
    let ids = std::sync::Arc::clone(&world.ids);
    let used = both(&world, move |mut unit| {
        let session = sidelight_domain::ids::SessionId::new(ids.uuid());
        async move {
            let used = unit.contexts().use_up(&Digest::of("context"), None, session, NOW.after(HOLD), HOLD).await;
            unit.finish().await;
            used.unwrap()
        }
    })
    .await;
    assert!(used == [Used::First, Used::Replay] || used == [Used::Replay, Used::First], "{used:?}");
}

async fn save(world: &World, based_on: u32) -> [Saved; 2] {
    let person = world.person("ana").await;
    let ids = std::sync::Arc::clone(&world.ids);
    both(world, move |mut unit| {
        let text = ids.uuid().to_string();
        async move {
            let saved = unit.drafts().save(&person, None, based_on, &text).await.unwrap();
            unit.finish().await;
            saved
        }
    })
    .await
}

fn saved_once(saved: &[Saved; 2]) {
    match saved {
        [Saved::Saved(mine), Saved::Conflict(theirs)] | [Saved::Conflict(theirs), Saved::Saved(mine)] => {
            assert_eq!(mine, theirs, "the loser is shown what the winner saved");
        }
        both => panic!("{both:?}"),
    }
}

async fn the_first_draft_is_begun_once(world: World) {
    saved_once(&save(&world, 0).await);
}

async fn one_server_saves_on_top_of_a_version(world: World) {
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    unit.drafts().save(&person, None, 0, "a").await.unwrap();
    unit.finish().await;
    saved_once(&save(&world, 1).await);
}

async fn add(unit: &mut Unit, key: &str) -> Added {
    let tenant = TenantKey::new("us");
    let person = unit.person_key(&"ana".into());
    let new = NewWrite {
        person,
        session: None,
        tenant: &tenant,
        meeting: None,
        key: Digest::of(key),
        payload: "{}",
        continues: None,
    };
    unit.writes().add(new, HOLD).await.unwrap()
}

async fn one_write_is_stored_under_a_key(world: World) {
    let added = both(&world, |mut unit| async move {
        let added = add(&mut unit, "key").await;
        unit.finish().await;
        added
    });
    match added.await {
        [Added::New(new), Added::Known(known)] | [Added::Known(known), Added::New(new)] => assert_eq!(new, known),
        both => panic!("{both:?}"),
    }
}

async fn due_writes_are_shared_out(world: World) {
    let mut unit = world.begin().await;
    for n in 0..20 {
        add(&mut unit, &n.to_string()).await;
    }
    unit.finish().await;
    world.clock.advance(HOLD);
    let [first, second] = both(&world, |mut unit| async move {
        let claimed = unit.writes().claim_due(&TenantKey::new("us"), 15, HOLD).await.unwrap();
        unit.commit().await.unwrap();
        assert!(claimed.iter().all(|write| write.state == WriteState::Sending && write.tries == 2));
        claimed.into_iter().map(|write| write.id).collect::<BTreeSet<_>>()
    })
    .await;
    assert!(first.is_disjoint(&second) && first.len() <= 15 && second.len() <= 15);
    assert_eq!(first.len() + second.len(), 20);
}

async fn one_browser_opens_a_link(world: World) {
    let told = story::tell(&world).await;
    world.execute("UPDATE sign_ins SET opened_at = NULL").await;
    let opened = both(&world, |mut unit| async move {
        let opened = unit.sign_ins().open_link(&Digest::of("one-time-link"), &Digest::of("cookie")).await.unwrap();
        unit.finish().await;
        opened.map(|sign_in| sign_in.id)
    });
    let mut opened = opened.await;
    opened.sort_unstable();
    assert_eq!(opened, [None, Some(told.sign_in)]);
}

async fn every_wrong_code_counts(world: World) {
    let told = story::tell(&world).await;
    both(&world, move |mut unit| async move {
        let mut sign_in = unit.sign_ins().find(told.sign_in).await.unwrap().unwrap();
        sign_in.tries_left -= 1;
        assert!(unit.sign_ins().save(&sign_in).await.unwrap());
        unit.finish().await;
    })
    .await;
    let left = world.read().await.sign_ins().find(told.sign_in).await.unwrap().unwrap().tries_left;
    assert_eq!(left, 3);
}

async fn one_grant_is_live_after_two_sign_ins(world: World) {
    let second_server = World {
        store: world.second_server().await,
        clock: world.clock.clone(),
        ids: world.ids.clone(),
        organisation: world.organisation,
        url: world.url.clone(),
        folder: None,
    };
    let (first, second) = tokio::join!(
        crate::gainsight::attach(&world, "ana", "us"),
        crate::gainsight::attach(&second_server, "ana", "us")
    );
    let mut unit = world.read().await;
    let ended = [first.id, second.id].map(|id| id);
    let mut live = 0;
    for id in ended {
        live += usize::from(unit.grants().find_by_id(id).await.unwrap().unwrap().ended_at.is_none());
    }
    assert_eq!(live, 1);
}

fn joined(name: &str) -> Sighting {
    Sighting {
        join_number: None,
        uuid: ParticipantUuid::new(name),
        name: name.to_owned(),
        email: None,
        zoom_user: None,
        registrant: None,
        role: None,
        phone: false,
        movement: Movement::Joined,
        at: NOW,
    }
}

async fn a_roster_keeps_what_both_saw(world: World) {
    let meeting = MeetingUuid::new("meeting");
    let mut unit = world.begin().await;
    unit.meetings().observe(SeenMeeting::new(meeting.clone())).await.unwrap();
    unit.commit().await.unwrap();
    let ids = std::sync::Arc::clone(&world.ids);
    both(&world, move |mut unit| {
        let (meeting, fresh) = (MeetingUuid::new("meeting"), ParticipantId::new(ids.uuid()));
        async move {
            let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(&meeting).await.unwrap());
            let changed = roster.witness(&joined(&fresh.to_string()), || fresh).into_iter().collect();
            unit.meetings().save_roster(&meeting, &roster, &changed).await.unwrap();
            unit.commit().await.unwrap();
        }
    })
    .await;
    let roster = world.read().await.meetings().roster(&meeting).await.unwrap();
    assert_eq!(roster.participants.len(), 2);
}

async fn no_event_is_ever_added_below_one_that_was_read(world: World) {
    const WRITERS: usize = 4;
    const EACH: usize = 8;
    let other = world.second_server().await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let (store, organisation) =
                (if n % 2 == 0 { world.store.clone() } else { other.clone() }, world.organisation);
            tokio::spawn(async move {
                for _ in 0..EACH {
                    let mut unit = store.begin(organisation).await.unwrap();
                    unit.events().add(&Audience::Organisation, "first");
                    unit.events().add(&Audience::Organisation, "second");
                    unit.commit().await.unwrap();
                }
            })
        })
        .collect();
    let listener = Listener { session: world.session_id(), person: None, meeting: None, timelines: Vec::new() };
    let mut read: Vec<u64> = Vec::new();
    while read.len() < WRITERS * EACH * 2 {
        let cursor = read.last().copied().unwrap_or_default();
        let events = world.read().await.events().after(cursor, &listener, 100).await.unwrap();
        read.extend(events.iter().map(|StoredEvent { seq, .. }| seq));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let expected: Vec<u64> = (1..).take(WRITERS * EACH * 2).collect();
    assert_eq!(read, expected);
}

async fn the_bell_of_one_server_rings_for_the_other(world: World) {
    let other = world.second_server().await;
    let mut bell = other.bell();
    // The other server begins to listen a moment after it has opened.
    for _ in 0..10 {
        bell.mark_unchanged();
        let mut unit = world.begin().await;
        unit.events().add(&Audience::Organisation, "{}");
        unit.commit().await.unwrap();
        if tokio::time::timeout(Duration::from_secs(2), bell.changed()).await.is_ok() {
            return;
        }
    }
    panic!("the bell never rang");
}
