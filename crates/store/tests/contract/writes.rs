//! The outbox: a write is stored once, sent by one, and never lost.

use std::time::Duration;

use sidelight_domain::ids::{ExternalId, MeetingUuid, TenantKey, WriteId};
use sidelight_store::{Added, Digest, NewWrite, Write, WriteState};

use crate::world::{Finish as _, NOW, World, on_both_engines};

on_both_engines! {
    the_same_key_is_the_same_write,
    keys_belong_to_their_author,
    whoever_stores_a_write_has_claimed_it,
    a_write_whose_sender_died_is_taken_up_again,
    a_claim_takes_the_oldest_due_first_and_each_once,
    what_is_in_gainsight_is_in_gainsight,
    a_sender_who_was_replaced_cannot_refuse_or_requeue,
    a_refused_write_waits_for_its_author,
    writes_wait_for_a_sign_in_and_come_back,
    logging_out_keeps_or_discards_what_was_not_sent,
    what_is_being_sent_at_a_logout_is_kept_or_discarded_when_that_fails,
    a_choice_at_a_logout_ends_with_the_next_wish_of_the_author,
    a_write_may_be_in_gainsight_if_nobody_heard_how_its_try_ended,
    a_write_that_continues_another_carries_its_mark,
    due_writes_are_claimed_tenant_by_tenant,
    a_discarded_write_is_forgotten,
}

const HOLD: Duration = Duration::from_secs(30);

fn tenant() -> TenantKey {
    TenantKey::new("lumen-us")
}

async fn add(world: &World, who: &str, key: &str, payload: &str) -> Added {
    add_to(world, who, key, payload, &tenant(), None).await
}

async fn add_to(
    world: &World,
    who: &str,
    key: &str,
    payload: &str,
    tenant: &TenantKey,
    continues: Option<&ExternalId>,
) -> Added {
    let mut unit = world.begin().await;
    let meeting = MeetingUuid::new("meeting");
    let new = NewWrite {
        person: world.person(who).await,
        session: Some(world.session_id()),
        tenant,
        meeting: Some(&meeting),
        key: Digest::of(key),
        payload,
        continues,
    };
    let added = unit.writes().add(new, HOLD).await.unwrap();
    unit.finish().await;
    added
}

async fn added(world: &World, key: &str) -> Write {
    match add(world, "ana", key, "{\"subject\":\"QBR\"}").await {
        Added::New(write) => write,
        Added::Known(write) => panic!("known: {write:?}"),
    }
}

async fn find(world: &World, id: WriteId) -> Write {
    world.read().await.writes().find(id).await.unwrap().unwrap()
}

async fn settle(world: &World, claimed: &Write, state: WriteState) -> Option<WriteState> {
    let mut unit = world.begin().await;
    let settled = unit.writes().settle(claimed, state, Some("answer")).await.unwrap();
    unit.finish().await;
    settled
}

async fn retry_now(world: &World, claimed: &Write) -> Option<WriteState> {
    let mut unit = world.begin().await;
    let settled = unit.writes().retry_later(claimed, NOW, Some("busy")).await.unwrap();
    unit.finish().await;
    settled
}

async fn claim_due(world: &World, limit: u32) -> Vec<Write> {
    let mut unit = world.begin().await;
    let claimed = unit.writes().claim_due(&tenant(), limit, HOLD).await.unwrap();
    unit.commit().await.unwrap();
    claimed
}

async fn the_same_key_is_the_same_write(world: World) {
    let write = added(&world, "key").await;
    assert_eq!(write.external_id, sidelight_domain::ids::ExternalId::of_write(write.id));
    assert_eq!(add(&world, "ana", "key", "{}").await, Added::Known(write.clone()));
    assert_eq!(find(&world, write.id).await.payload, "{\"subject\":\"QBR\"}");
}

async fn keys_belong_to_their_author(world: World) {
    let write = added(&world, "key").await;
    assert!(matches!(add(&world, "bob", "key", "{}").await, Added::New(other) if other.id != write.id));
    let bob = world.person("bob").await;
    assert_eq!(world.read().await.writes().find_of(&bob, write.id).await.unwrap(), None);
    let ana = world.person("ana").await;
    assert_eq!(world.read().await.writes().find_of(&ana, write.id).await.unwrap(), Some(write));
}

async fn whoever_stores_a_write_has_claimed_it(world: World) {
    let write = added(&world, "key").await;
    assert_eq!((write.state, write.tries, write.due_at), (WriteState::Sending, 1, Some(NOW.after(HOLD))));
    assert_eq!(claim_due(&world, 10).await, []);
    assert_eq!(world.begin().await.writes().claim(write.id, HOLD).await.unwrap(), None);
}

async fn a_write_whose_sender_died_is_taken_up_again(world: World) {
    let write = added(&world, "key").await;
    world.clock.advance(HOLD);
    let claimed = claim_due(&world, 10).await;
    assert_eq!(claimed.iter().map(|write| (write.id, write.tries)).collect::<Vec<_>>(), [(write.id, 2)]);
    assert_eq!(claim_due(&world, 10).await, []);
}

async fn a_claim_takes_the_oldest_due_first_and_each_once(world: World) {
    let mut ids = Vec::new();
    for key in ["1", "2", "3"] {
        let write = added(&world, key).await;
        ids.push(write.id);
        world.clock.advance(Duration::from_secs(1));
    }
    world.clock.advance(HOLD);
    let mut first: Vec<_> = claim_due(&world, 2).await.iter().map(|write| write.id).collect();
    first.sort_unstable();
    assert_eq!(first, ids[..2]);
    assert_eq!(claim_due(&world, 2).await.iter().map(|write| write.id).collect::<Vec<_>>(), ids[2..]);
}

async fn what_is_in_gainsight_is_in_gainsight(world: World) {
    let first = added(&world, "key").await;
    world.clock.advance(HOLD);
    let second = claim_due(&world, 1).await.remove(0);
    assert_eq!(settle(&world, &first, WriteState::Done).await, Some(WriteState::Done), "the late answer is the truth");
    assert_eq!(settle(&world, &second, WriteState::Refused).await, None);
    assert_eq!(retry_now(&world, &second).await, None);
    let done = find(&world, first.id).await;
    assert_eq!((done.state, done.due_at, done.answer.as_deref()), (WriteState::Done, None, Some("answer")));
    assert!(done.state.is_final());
    assert_eq!(world.begin().await.writes().claim(first.id, HOLD).await.unwrap(), None);
}

async fn a_sender_who_was_replaced_cannot_refuse_or_requeue(world: World) {
    let first = added(&world, "key").await;
    world.clock.advance(HOLD);
    let second = claim_due(&world, 1).await.remove(0);
    assert_eq!(settle(&world, &first, WriteState::Refused).await, None);
    assert_eq!(retry_now(&world, &first).await, None);
    assert_eq!(find(&world, first.id).await.tries, second.tries);
    assert_eq!(retry_now(&world, &second).await, Some(WriteState::Queued));
    assert_eq!(find(&world, first.id).await.state, WriteState::Queued);
}

async fn a_refused_write_waits_for_its_author(world: World) {
    let write = added(&world, "key").await;
    assert_eq!(settle(&world, &write, WriteState::Refused).await, Some(WriteState::Refused));
    world.clock.advance(HOLD * 100);
    assert_eq!(claim_due(&world, 10).await, []);
    let open = world.read().await.writes().list_open(&write.person).await.unwrap();
    assert_eq!(open.iter().map(|write| write.state).collect::<Vec<_>>(), [WriteState::Refused]);
    let claimed = world.begin().await.writes().claim(write.id, HOLD).await.unwrap().unwrap();
    assert_eq!((claimed.state, claimed.settled_at), (WriteState::Sending, None));
}

async fn writes_wait_for_a_sign_in_and_come_back(world: World) {
    let (write, sending) = (added(&world, "1").await, added(&world, "2").await);
    retry_now(&world, &write).await;
    let mut unit = world.begin().await;
    assert_eq!(unit.writes().needs_sign_in(&write.person, &tenant()).await.unwrap(), 1);
    assert_eq!(unit.writes().needs_sign_in(&write.person, &TenantKey::new("other")).await.unwrap(), 0);
    unit.finish().await;
    assert_eq!(claim_due(&world, 10).await, []);
    assert_eq!(find(&world, sending.id).await.state, WriteState::Sending);
    let mut unit = world.begin().await;
    assert_eq!(unit.writes().revive(&write.person, &tenant()).await.unwrap(), 1);
    unit.finish().await;
    assert_eq!(claim_due(&world, 10).await.iter().map(|write| write.id).collect::<Vec<_>>(), [write.id]);
}

async fn logging_out_keeps_or_discards_what_was_not_sent(world: World) {
    let (waiting, sending, done) = (added(&world, "1").await, added(&world, "2").await, added(&world, "3").await);
    retry_now(&world, &waiting).await;
    settle(&world, &done, WriteState::Done).await;
    let mut unit = world.begin().await;
    assert_eq!(unit.writes().keep_all(&waiting.person).await.unwrap(), 2);
    unit.finish().await;
    assert_eq!(find(&world, waiting.id).await.state, WriteState::Kept);
    let mut unit = world.begin().await;
    assert_eq!(unit.writes().revive(&waiting.person, &tenant()).await.unwrap(), 0, "kept is not sent by itself");
    assert_eq!(unit.writes().discard_all(&waiting.person).await.unwrap(), 2);
    unit.finish().await;
    let states =
        [find(&world, waiting.id).await.state, find(&world, sending.id).await.state, find(&world, done.id).await.state];
    assert_eq!(states, [WriteState::Discarded, WriteState::Sending, WriteState::Done]);
}

async fn a_discarded_write_is_forgotten(world: World) {
    let write = added(&world, "key").await;
    let bob = world.person("bob").await;
    let mut unit = world.begin().await;
    assert!(!unit.writes().discard(&write.person, write.id).await.unwrap(), "it is being sent");
    unit.writes().settle(&write, WriteState::Refused, Some("no")).await.unwrap();
    assert!(!unit.writes().discard(&bob, write.id).await.unwrap(), "it is not his");
    assert!(unit.writes().discard(&write.person, write.id).await.unwrap());
    unit.finish().await;
    let gone = find(&world, write.id).await;
    assert_eq!((gone.payload.as_str(), gone.answer, gone.state), ("", None, WriteState::Discarded));
    assert_eq!(world.read().await.writes().list_open(&write.person).await.unwrap(), []);
}

async fn log_out(world: &World, write: &Write, choice: WriteState) {
    let mut unit = world.begin().await;
    if choice == WriteState::Kept {
        unit.writes().keep_all(&write.person).await.unwrap();
    } else {
        unit.writes().discard_all(&write.person).await.unwrap();
    }
    unit.finish().await;
}

async fn what_is_being_sent_at_a_logout_is_kept_or_discarded_when_that_fails(world: World) {
    for choice in [WriteState::Kept, WriteState::Discarded] {
        for end in [WriteState::Queued, WriteState::NeedsSignIn, WriteState::Refused] {
            let write = added(&world, &format!("{choice:?} {end:?}")).await;
            log_out(&world, &write, choice).await;
            let sending = find(&world, write.id).await;
            assert_eq!((sending.state, sending.decided), (WriteState::Sending, Some(choice)));
            let settled = if end == WriteState::Queued {
                retry_now(&world, &write).await
            } else {
                settle(&world, &write, end).await
            };
            let ended = find(&world, write.id).await;
            assert_eq!((settled, ended.state, ended.decided), (Some(choice), choice, None), "{end:?}");
            assert_eq!((ended.due_at, ended.settled_at), (None, Some(NOW)));
            assert_eq!(
                (ended.payload.is_empty(), ended.answer.is_none()),
                [(true, true), (false, false)][usize::from(choice == WriteState::Kept)]
            );
            let mut unit = world.begin().await;
            assert_eq!(unit.writes().revive(&write.person, &tenant()).await.unwrap(), 0, "not sent by itself");
            unit.finish().await;
        }
        let write = added(&world, &format!("{choice:?}")).await;
        log_out(&world, &write, choice).await;
        assert_eq!(
            settle(&world, &write, WriteState::Done).await,
            Some(WriteState::Done),
            "in Gainsight is in Gainsight"
        );
    }
}

async fn a_choice_at_a_logout_ends_with_the_next_wish_of_the_author(world: World) {
    let write = added(&world, "key").await;
    log_out(&world, &write, WriteState::Discarded).await;
    world.clock.advance(HOLD);
    let taken_up = claim_due(&world, 1).await.remove(0);
    assert_eq!(taken_up.decided, Some(WriteState::Discarded), "whoever takes it up knows");
    world.clock.advance(HOLD);
    let claimed = world.begin().await.writes().claim(write.id, HOLD).await.unwrap().unwrap();
    assert_eq!(claimed.decided, None);
}

async fn a_write_may_be_in_gainsight_if_nobody_heard_how_its_try_ended(world: World) {
    let write = added(&world, "key").await;
    assert!(!write.in_doubt);
    retry_now(&world, &write).await;
    let claimed = claim_due(&world, 1).await.remove(0);
    assert!(!claimed.in_doubt, "it was refused, and nobody died");
    retry_now(&world, &Write { in_doubt: true, ..claimed }).await;
    let claimed = claim_due(&world, 1).await.remove(0);
    assert!(claimed.in_doubt);
    settle(&world, &claimed, WriteState::Refused).await;
    assert!(find(&world, write.id).await.in_doubt, "a later refusal says nothing about the earlier try");
    let died = added(&world, "died").await;
    world.clock.advance(HOLD);
    assert_eq!(
        claim_due(&world, 1).await.iter().map(|write| (write.id, write.in_doubt)).collect::<Vec<_>>(),
        [(died.id, true)]
    );
}

async fn a_write_that_continues_another_carries_its_mark(world: World) {
    let earlier = added(&world, "1").await.external_id;
    let Added::New(later) = add_to(&world, "ana", "2", "{}", &tenant(), Some(&earlier)).await else { panic!("known") };
    assert_eq!((later.external_id, later.in_doubt), (earlier, true));
}

async fn due_writes_are_claimed_tenant_by_tenant(world: World) {
    let here = added(&world, "1").await;
    let elsewhere = TenantKey::new("elsewhere");
    let Added::New(there) = add_to(&world, "ana", "2", "{}", &elsewhere, None).await else { panic!("known") };
    assert_eq!(world.read().await.writes().list_due_tenants().await.unwrap(), []);
    world.clock.advance(HOLD);
    assert_eq!(world.read().await.writes().list_due_tenants().await.unwrap(), [elsewhere.clone(), tenant()]);
    assert_eq!(claim_due(&world, 10).await.iter().map(|write| write.id).collect::<Vec<_>>(), [here.id]);
    let mut unit = world.begin().await;
    let claimed = unit.writes().claim_due(&elsewhere, 10, HOLD).await.unwrap();
    assert_eq!(claimed.iter().map(|write| write.id).collect::<Vec<_>>(), [there.id]);
}
