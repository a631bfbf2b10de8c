//! What a person chose.

use std::time::Duration;

use sidelight_domain::ids::{Gsid, MeetingUuid, TenantKey};
use sidelight_domain::{EntityKind, EntityRef};

use crate::world::{Finish as _, World, on_both_engines};

on_both_engines! {
    a_view_is_kept_for_each_person_and_meeting,
    the_latest_choice_comes_first_and_each_once,
    only_the_last_fifty_choices_are_remembered,
    a_series_remembers_what_each_person_chose_last,
}

async fn a_view_is_kept_for_each_person_and_meeting(world: World) {
    let (ana, bob) = (world.person("ana").await, world.person("bob").await);
    let meeting = MeetingUuid::new("meeting");
    let mut unit = world.begin().await;
    unit.views().save(&ana, Some(&meeting), "first").await.unwrap();
    unit.views().save(&ana, Some(&meeting), "in the meeting").await.unwrap();
    unit.views().save(&ana, None, "at home").await.unwrap();
    unit.finish().await;
    let mut unit = world.read().await;
    assert_eq!(unit.views().find(&ana, Some(&meeting)).await.unwrap().as_deref(), Some("in the meeting"));
    assert_eq!(unit.views().find(&ana, None).await.unwrap().as_deref(), Some("at home"));
    assert_eq!(unit.views().find(&bob, None).await.unwrap(), None);
}

fn company(n: usize) -> EntityRef {
    EntityRef { tenant: TenantKey::new("us"), kind: EntityKind::Company, id: Gsid::new(n.to_string()) }
}

async fn choose(world: &World, n: usize) {
    world.clock.advance(Duration::from_secs(1));
    let ana = world.person("ana").await;
    let mut unit = world.begin().await;
    unit.views().note_chosen(&ana, &company(n), &format!("Company {n}")).await.unwrap();
    unit.finish().await;
}

async fn names(world: &World, limit: u32) -> Vec<String> {
    let ana = world.person("ana").await;
    let recent = world.read().await.views().recent(&ana, limit).await.unwrap();
    recent.into_iter().map(|recent| recent.name).collect()
}

async fn a_series_remembers_what_each_person_chose_last(world: World) {
    let (ana, bob) = (world.person("ana").await, world.person("bob").await);
    for (person, number, n) in [(ana, "1", 1), (bob, "1", 2), (ana, "2", 3), (ana, "1", 4), (bob, "3", 5)] {
        world.clock.advance(Duration::from_secs(1));
        let mut unit = world.begin().await;
        unit.series().remember(&person, &number.into(), &company(n), None).await.unwrap();
        unit.finish().await;
    }
    let chosen = world.read().await.series().list(&["1".into(), "2".into()]).await.unwrap();
    let chosen: Vec<_> = chosen.into_iter().map(|choice| (choice.person, choice.entity)).collect();
    assert_eq!(chosen, [(ana, company(4)), (ana, company(3)), (bob, company(2))]);
    assert_eq!(world.read().await.series().list(&[]).await.unwrap(), []);
}

async fn the_latest_choice_comes_first_and_each_once(world: World) {
    for n in [1, 2, 3, 1] {
        choose(&world, n).await;
    }
    assert_eq!(names(&world, 10).await, ["Company 1", "Company 3", "Company 2"]);
    assert_eq!(names(&world, 1).await, ["Company 1"]);
}

async fn only_the_last_fifty_choices_are_remembered(world: World) {
    for n in 0..53 {
        choose(&world, n).await;
    }
    let names = names(&world, 100).await;
    assert_eq!((names.len(), names.last().map(String::as_str)), (50, Some("Company 3")));
}
