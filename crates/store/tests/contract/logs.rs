//! The two logs: events without gaps, an audit log that shows when it was touched.

use sidelight_domain::ids::{Gsid, MeetingUuid, TenantKey};
use sidelight_domain::{EntityKind, EntityRef};
use sidelight_store::{Audience, AuditHead, AuditReport, BrokenAudit, Error, Listener, StoredEvent};

use crate::world::{World, on_both_engines};

on_both_engines! {
    events_reach_their_audience_in_order,
    a_timelines_events_reach_those_who_look_at_it,
    events_appear_with_their_commit_and_ring_the_bell,
    a_commit_without_events_rings_no_bell,
    an_intact_log_verifies,
    a_log_verifies_after_an_erasure,
    every_kind_of_tampering_is_named,
    a_change_for_a_person_needs_a_row_in_the_audit_log,
}

async fn listener(world: &World, person: Option<&str>, meeting: Option<&str>) -> Listener {
    let person = match person {
        Some(name) => Some(world.person(name).await),
        None => None,
    };
    Listener { session: world.session_id(), person, meeting: meeting.map(MeetingUuid::new), timelines: Vec::new() }
}

async fn after(world: &World, cursor: u64, listener: &Listener) -> Vec<String> {
    let events = world.read().await.events().after(cursor, listener, 100).await.unwrap();
    events.into_iter().map(|event| event.payload).collect()
}

async fn events_reach_their_audience_in_order(world: World) {
    let ana = listener(&world, Some("ana"), Some("m1")).await;
    let bob = listener(&world, Some("bob"), Some("m1")).await;
    let guest = listener(&world, None, None).await;
    for (audience, payload) in [
        (Audience::Person(ana.person.unwrap()), "to ana"),
        (Audience::Meeting(MeetingUuid::new("m1")), "to the meeting"),
        (Audience::Meeting(MeetingUuid::new("m2")), "to another meeting"),
        (Audience::Session(guest.session), "to the guest"),
        (Audience::Organisation, "to all"),
    ] {
        let mut unit = world.begin().await;
        unit.events().add(&audience, payload);
        unit.commit().await.unwrap();
    }
    assert_eq!(after(&world, 0, &ana).await, ["to ana", "to the meeting", "to all"]);
    assert_eq!(after(&world, 1, &bob).await, ["to the meeting", "to all"]);
    assert_eq!(after(&world, 0, &guest).await, ["to the guest", "to all"]);
    let mut unit = world.read().await;
    assert_eq!(unit.events().latest().await.unwrap(), 5);
    let page = unit.events().after(0, &ana, 1).await.unwrap();
    assert_eq!(page, [StoredEvent { seq: 1, payload: "to ana".to_owned() }]);
}

async fn a_timelines_events_reach_those_who_look_at_it(world: World) {
    let company = |id: &str| EntityRef { tenant: TenantKey::new("us"), kind: EntityKind::Company, id: Gsid::new(id) };
    let mut looking = listener(&world, Some("ana"), None).await;
    looking.timelines = vec![company("1"), company("2")];
    for id in ["1", "2", "3"] {
        let mut unit = world.begin().await;
        unit.events().add(&Audience::Timeline(company(id)), format!("logged for {id}"));
        unit.commit().await.unwrap();
    }
    assert_eq!(after(&world, 0, &looking).await, ["logged for 1", "logged for 2"]);
    assert_eq!(after(&world, 0, &listener(&world, Some("ana"), None).await).await, Vec::<String>::new());
}

async fn events_appear_with_their_commit_and_ring_the_bell(world: World) {
    let all = listener(&world, None, None).await;
    let mut bell = world.store.bell();
    bell.mark_unchanged();
    let mut unit = world.begin().await;
    unit.events().add(&Audience::Organisation, "one");
    unit.events().add(&Audience::Organisation, "two");
    assert_eq!(after(&world, 0, &all).await, Vec::<String>::new());
    unit.commit().await.unwrap();
    bell.changed().await.unwrap();
    assert_eq!(after(&world, 0, &all).await, ["one", "two"]);
}

async fn a_commit_without_events_rings_no_bell(world: World) {
    let mut unit = world.begin().await;
    let mut bell = world.store.bell();
    unit.audit().add(None, "test", "object", "");
    bell.mark_unchanged();
    unit.commit().await.unwrap();
    let mut unit = world.begin().await;
    unit.events().add(&Audience::Organisation, "one");
    drop(unit);
    assert_eq!(world.read().await.events().latest().await.unwrap(), 0);
}

async fn fill(world: &World) {
    let ana = world.person("ana").await;
    for n in 1..=5 {
        let mut unit = world.begin().await;
        unit.audit().add(Some(&ana), "draft.save", format!("dra_{n}"), format!("{{\"n\":{n}}}"));
        unit.audit().add(None, "job.ran", "job", "{}");
        unit.commit().await.unwrap();
    }
}

async fn verify(world: &World, kept: &[AuditHead]) -> AuditReport {
    world.read().await.audit().verify(kept).await.unwrap()
}

async fn an_intact_log_verifies(world: World) {
    assert_eq!(verify(&world, &[]).await, AuditReport { intact: 0, erased: 0, broken: None });
    fill(&world).await;
    let head = world.read().await.audit().head().await.unwrap();
    assert_eq!(head.seq, 10);
    fill(&world).await;
    assert_eq!(verify(&world, &[head]).await, AuditReport { intact: 20, erased: 0, broken: None });
}

async fn a_log_verifies_after_an_erasure(world: World) {
    fill(&world).await;
    let ana = world.person("ana").await;
    let mut unit = world.begin().await;
    let erased = unit.people().erase(&ana).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(erased.audit_payloads, 5);
    assert_eq!(verify(&world, &[]).await, AuditReport { intact: 10, erased: 5, broken: None });
}

async fn every_kind_of_tampering_is_named(world: World) {
    let tampering = [
        ("UPDATE audit SET action = 'nothing' WHERE seq = 4", 4, "the row was changed, or one before it"),
        ("UPDATE audit SET actor = NULL WHERE seq = 3", 3, "the row was changed, or one before it"),
        ("UPDATE audit SET at = at + 1 WHERE seq = 10", 10, "the row was changed, or one before it"),
        ("UPDATE audit SET digest = 'x' WHERE seq = 2", 2, "the row cannot be read"),
        (
            "UPDATE audit_payloads SET payload_sealed = (SELECT p.payload_sealed FROM audit_payloads p WHERE p.seq = 1) \
             WHERE seq = 5",
            5,
            "the payload was changed",
        ),
        ("DELETE FROM audit_payloads WHERE seq = 6; DELETE FROM audit WHERE seq = 6", 6, "a row is missing"),
        (
            "DELETE FROM audit_payloads WHERE seq = 10; DELETE FROM audit WHERE seq = 10",
            10,
            "the end of the log is missing",
        ),
        ("UPDATE heads SET audit_seq = 9", 11, "the end of the log is missing"),
    ];
    for (tamper, seq, reason) in tampering {
        let world = if world.is_postgres() { World::postgres().await } else { World::sqlite().await };
        fill(&world).await;
        world.execute(tamper).await;
        assert_eq!(verify(&world, &[]).await.broken, Some(BrokenAudit { seq, reason }), "{tamper}");
    }
    fill(&world).await;
    let head = world.read().await.audit().head().await.unwrap();
    // Cut off cleanly by somebody who can write the table: only an end that was kept elsewhere shows it.
    let cut = "DELETE FROM audit_payloads WHERE seq > 8; DELETE FROM audit WHERE seq > 8; \
         UPDATE heads SET audit_seq = 8, audit_digest = (SELECT digest FROM audit WHERE seq = 8) WHERE audit_seq = 10";
    world.execute(cut).await;
    assert_eq!(verify(&world, &[]).await.broken, None);
    let broken = BrokenAudit { seq: 9, reason: "the end of the log is missing" };
    assert_eq!(verify(&world, std::slice::from_ref(&head)).await.broken, Some(broken));
    fill(&world).await;
    let broken = BrokenAudit { seq: 10, reason: "the log was rewritten since its end was kept" };
    assert_eq!(verify(&world, &[head]).await.broken, Some(broken));
}

async fn a_change_for_a_person_needs_a_row_in_the_audit_log(world: World) {
    let ana = world.person("ana").await;
    let mut unit = world.begin().await;
    unit.views().save(&ana, None, "{}").await.unwrap();
    assert!(matches!(unit.commit().await, Err(Error::Unaudited { table: "views" })));
    assert_eq!(world.read().await.views().find(&ana, None).await.unwrap(), None);
    let mut unit = world.begin().await;
    unit.views().save(&ana, None, "{}").await.unwrap();
    unit.audit().add(Some(&ana), "view.save", ana, "{}");
    unit.commit().await.unwrap();
    let mut unit = world.begin().await;
    assert!(unit.grants().end_all_of(&ana, "logout").await.unwrap().is_empty());
    unit.commit().await.unwrap();
}
