//! The directory mirror: found by address, which is not in it.

use std::time::Duration;

use sidelight_domain::EmailAddress;
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_store::{Mirror, MirroredLink, NewMirroredLink};
use sqlx::Row as _;

use crate::world::{Finish as _, World, on_both_engines};

on_both_engines! {
    somebody_is_found_by_his_address_with_all_his_companies,
    a_pass_forgets_what_it_did_not_meet,
    one_server_works_on_a_mirror,
    a_tenant_that_is_not_mirrored_leaves_nothing,
    no_address_is_in_the_database,
}

const HOLD: Duration = Duration::from_mins(1);

fn us() -> TenantKey {
    TenantKey::new("us")
}

fn address(name: &str) -> EmailAddress {
    format!("{name}@northwind.example").parse().unwrap()
}

fn works(id: &str, person: &str, company: &str) -> NewMirroredLink {
    let link = MirroredLink { company: Gsid::new(company), is_primary: company == "c1", is_active: true };
    NewMirroredLink { id: Gsid::new(id), person: Gsid::new(person), link }
}

/// Ana works for two companies, Ben for none.
async fn put(world: &World, tenant: &TenantKey, pass: u32, names: &[&str]) {
    let people: Vec<_> = names.iter().map(|name| (Gsid::new(*name), address(name))).collect();
    let mut unit = world.begin().await;
    unit.directory().put_people(tenant, pass, &people).await.unwrap();
    if names.contains(&"ana") {
        let links = [works("l1", "ana", "c1"), works("l2", "ana", "c2")];
        unit.directory().put_links(tenant, pass, &links).await.unwrap();
    }
    unit.finish().await;
}

async fn companies(world: &World, tenant: &TenantKey, name: &str) -> Option<Vec<String>> {
    let addresses = [address(name), address("nobody")];
    let found = world.read().await.directory().find(tenant, &addresses).await.unwrap();
    assert!(!found.contains_key(&address("nobody")));
    found.get(&address(name)).map(|person| person.links.iter().map(|link| link.company.to_string()).collect())
}

async fn somebody_is_found_by_his_address_with_all_his_companies(world: World) {
    put(&world, &us(), 1, &["ana", "ben"]).await;
    assert_eq!(companies(&world, &us(), "ana").await.unwrap(), ["c1", "c2"]);
    assert_eq!(companies(&world, &us(), "ben").await.unwrap(), Vec::<String>::new());
    assert_eq!(companies(&world, &us(), "cy").await, None);
    assert_eq!(companies(&world, &TenantKey::new("eu"), "ana").await, None, "another tenant");
    // A new address for the same record.
    let mut unit = world.begin().await;
    unit.directory().put_people(&us(), 1, &[(Gsid::new("ana"), address("ana.new"))]).await.unwrap();
    unit.finish().await;
    assert_eq!(companies(&world, &us(), "ana").await, None);
    assert_eq!(companies(&world, &us(), "ana.new").await.unwrap(), ["c1", "c2"]);
}

async fn a_pass_forgets_what_it_did_not_meet(world: World) {
    put(&world, &us(), 1, &["ana", "ben"]).await;
    put(&world, &us(), 2, &["ben"]).await;
    let mut unit = world.begin().await;
    assert_eq!(unit.directory().forget_before(&us(), 2).await.unwrap(), 3, "Ana and her two links");
    unit.finish().await;
    assert_eq!(companies(&world, &us(), "ana").await, None);
    assert!(companies(&world, &us(), "ben").await.is_some());
}

async fn claim(world: &World) -> Option<Mirror> {
    let mut unit = world.begin().await;
    let claimed = unit.directory().claim(&us(), HOLD).await.unwrap();
    unit.finish().await;
    claimed
}

async fn one_server_works_on_a_mirror(world: World) {
    assert_eq!(world.read().await.directory().mirror(&us()).await.unwrap(), None);
    let begun = claim(&world).await.unwrap();
    assert_eq!(begun, Mirror::default());
    assert_eq!(claim(&world).await, None, "another server has it");
    let half = Mirror { pass: 1, object: Some("Person".to_owned()), last_read: Some(Gsid::new("p9")), ..begun };
    let mut unit = world.begin().await;
    unit.directory().save(&us(), &half, HOLD).await.unwrap();
    unit.finish().await;
    world.clock.advance(HOLD);
    assert_eq!(claim(&world).await, Some(half), "whoever takes over goes on where it was");
}

async fn a_tenant_that_is_not_mirrored_leaves_nothing(world: World) {
    let eu = TenantKey::new("eu");
    put(&world, &us(), 1, &["ana"]).await;
    put(&world, &eu, 1, &["ana"]).await;
    claim(&world).await;
    let mut unit = world.begin().await;
    unit.directory().keep_only(std::slice::from_ref(&eu)).await.unwrap();
    unit.finish().await;
    assert_eq!(companies(&world, &us(), "ana").await, None);
    assert_eq!(world.read().await.directory().mirror(&us()).await.unwrap(), None);
    assert!(companies(&world, &eu, "ana").await.is_some());
}

async fn no_address_is_in_the_database(world: World) {
    put(&world, &us(), 1, &["ana"]).await;
    let select = "SELECT record || ' ' || address FROM directory_people";
    let rows = sqlx::query(select).fetch_all(&mut world.raw().await).await.unwrap();
    let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let digest = kept[0].strip_prefix("ana ").unwrap();
    assert!(digest.len() == 32 && digest.chars().all(|digit| digit.is_ascii_hexdigit()), "{kept:?}");
}
