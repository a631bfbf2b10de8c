//! The note a person writes: nothing typed is overwritten or lost.

use sidelight_domain::ids::{DraftId, MeetingUuid, WriteId};
use sidelight_store::{BroughtBack, Draft, Saved};
use uuid::Uuid;

use crate::world::{Finish as _, World, on_both_engines};

on_both_engines! {
    each_save_counts_up_and_names_what_it_is_based_on,
    a_save_on_an_older_version_shows_what_is_there_now,
    saying_the_same_twice_is_no_conflict,
    each_meeting_has_a_draft_of_its_own_and_so_has_each_person,
    a_logged_draft_closes_and_its_number_is_never_used_again,
    a_refused_write_brings_its_draft_back,
    a_draft_does_not_come_back_over_another,
    a_discarded_draft_is_forgotten,
    what_a_draft_may_be_already_stays_with_it_until_it_is_discarded,
    drafts_of_others_cannot_be_named,
}

fn meeting() -> MeetingUuid {
    MeetingUuid::new("meeting")
}

fn write() -> WriteId {
    WriteId::new(Uuid::from_u128(99))
}

async fn save(world: &World, based_on: u32, content: &str) -> Saved {
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    let saved = unit.drafts().save(&person, Some(&meeting()), based_on, content).await.unwrap();
    unit.finish().await;
    saved
}

async fn saved(world: &World, based_on: u32, content: &str) -> Draft {
    match save(world, based_on, content).await {
        Saved::Saved(draft) => draft,
        other @ (Saved::Conflict(_) | Saved::Closed) => panic!("not saved: {other:?}"),
    }
}

async fn open(world: &World) -> Option<Draft> {
    let person = world.person("ana").await;
    world.read().await.drafts().find_open(&person, Some(&meeting())).await.unwrap()
}

async fn put_away(world: &World, id: DraftId) {
    let person = world.person("ana").await;
    let mut unit = world.begin().await;
    assert!(unit.drafts().put_away(&person, id, write()).await.unwrap());
    unit.finish().await;
}

async fn bring_back(world: &World) -> BroughtBack {
    let mut unit = world.begin().await;
    let back = unit.drafts().bring_back(write()).await.unwrap();
    unit.finish().await;
    back
}

async fn each_save_counts_up_and_names_what_it_is_based_on(world: World) {
    let first = saved(&world, 0, "a").await;
    let second = saved(&world, first.version, "ab").await;
    assert_eq!((first.version, second.version, second.id), (1, 2, first.id));
    assert_eq!(open(&world).await, Some(second));
}

async fn a_save_on_an_older_version_shows_what_is_there_now(world: World) {
    let first = saved(&world, 0, "a").await;
    let second = saved(&world, first.version, "ab").await;
    assert_eq!(save(&world, first.version, "ac").await, Saved::Conflict(second.clone()));
    assert_eq!(save(&world, 0, "new").await, Saved::Conflict(second));
}

async fn saying_the_same_twice_is_no_conflict(world: World) {
    let first = saved(&world, 0, "a").await;
    assert_eq!(save(&world, 0, "a").await, Saved::Saved(first));
}

async fn each_meeting_has_a_draft_of_its_own_and_so_has_each_person(world: World) {
    let (ana, bob) = (world.person("ana").await, world.person("bob").await);
    let mut unit = world.begin().await;
    for (person, place) in [(ana, Some(meeting())), (ana, None), (bob, Some(meeting()))] {
        let saved = unit.drafts().save(&person, place.as_ref(), 0, "a").await.unwrap();
        assert!(matches!(saved, Saved::Saved(draft) if draft.meeting == place && draft.version == 1));
    }
    unit.finish().await;
    assert_eq!(world.read().await.drafts().list_open(&ana).await.unwrap().len(), 2);
}

async fn a_logged_draft_closes_and_its_number_is_never_used_again(world: World) {
    let draft = saved(&world, 0, "a").await;
    put_away(&world, draft.id).await;
    assert_eq!(open(&world).await, None);
    assert_eq!(save(&world, draft.version, "typed on in another window").await, Saved::Closed);
    let next = saved(&world, 0, "b").await;
    assert!(next.version > draft.version && next.id != draft.id);
    let kept = world.read().await.drafts().find(&draft.person, draft.id).await.unwrap().unwrap();
    assert_eq!((kept.put_away_by, kept.content.as_str()), (Some(write()), "a"));
}

async fn a_refused_write_brings_its_draft_back(world: World) {
    let draft = saved(&world, 0, "a").await;
    put_away(&world, draft.id).await;
    let BroughtBack::Open(back) = bring_back(&world).await else { panic!("not open") };
    assert_eq!((back.id, back.content.as_str(), back.put_away_by), (draft.id, "a", None));
    assert!(back.version > draft.version);
    assert_eq!(open(&world).await, Some(back));
    assert_eq!(bring_back(&world).await, BroughtBack::Nothing);
}

async fn a_draft_does_not_come_back_over_another(world: World) {
    let draft = saved(&world, 0, "a").await;
    put_away(&world, draft.id).await;
    let newer = saved(&world, 0, "b").await;
    assert_eq!(bring_back(&world).await, BroughtBack::Occupied(newer.clone()));
    assert_eq!(open(&world).await, Some(newer));
}

async fn a_discarded_draft_is_forgotten(world: World) {
    let draft = saved(&world, 0, "a").await;
    let mut unit = world.begin().await;
    assert!(unit.drafts().discard(&draft.person, draft.id).await.unwrap());
    assert!(!unit.drafts().discard(&draft.person, draft.id).await.unwrap());
    unit.finish().await;
    assert_eq!(open(&world).await, None);
    let closed = world.read().await.drafts().find(&draft.person, draft.id).await.unwrap().unwrap();
    assert_eq!(closed.content, "");
    assert!(saved(&world, 0, "b").await.version > draft.version);
}

async fn drafts_of_others_cannot_be_named(world: World) {
    let draft = saved(&world, 0, "a").await;
    let bob = world.person("bob").await;
    let mut unit = world.begin().await;
    assert_eq!(unit.drafts().find(&bob, draft.id).await.unwrap(), None);
    assert!(!unit.drafts().put_away(&bob, draft.id, write()).await.unwrap());
    assert!(!unit.drafts().discard(&bob, draft.id).await.unwrap());
}

async fn what_a_draft_may_be_already_stays_with_it_until_it_is_discarded(world: World) {
    let draft = saved(&world, 0, "a").await;
    assert_eq!(draft.earlier, None);
    let mut unit = world.begin().await;
    unit.drafts().note_earlier(draft.id, "an earlier write").await.unwrap();
    unit.finish().await;
    saved(&world, draft.version, "b").await;
    put_away(&world, draft.id).await;
    let BroughtBack::Open(back) = bring_back(&world).await else { panic!("it did not come back") };
    assert_eq!(back.earlier.as_deref(), Some("an earlier write"));
    let mut unit = world.begin().await;
    unit.drafts().discard(&back.person, back.id).await.unwrap();
    unit.finish().await;
    let gone = world.read().await.drafts().find(&back.person, back.id).await.unwrap().unwrap();
    assert_eq!(gone.earlier, None);
}
