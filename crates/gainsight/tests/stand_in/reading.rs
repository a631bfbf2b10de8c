//! Reading, in every version of Gainsight that the documentation leaves possible.

use std::collections::BTreeSet;

use sidelight_domain::Licence;
use sidelight_domain::ids::Gsid;
use sidelight_gainsight::{
    AddressFilter, Addresses, Company, Error, Filter, Operator, Query, Scope, Search, Spelling, TimelineFilter, Wanted,
};

use crate::world::{Caller, World};

const MAYA: &str = "maya.lindqvist@lumenworks.example";
const PRIYA: &str = "priya.raman@lumenworks.example";

/// Every way in which a tenant may differ in what it reads and answers (`gainsight.md`, facts marked [?]).
const WAYS: &[(&str, &str)] = &[
    ("gainsight.data_shape", "array"),
    ("gainsight.data_shape", "records"),
    ("gainsight.empty_shape", "result_false"),
    ("gainsight.empty_shape", "gsobj_1011"),
    ("gainsight.parentheses", "refused"),
    ("gainsight.over_limit", "refused"),
    ("gainsight.in_on_text", "refused"),
    ("gainsight.text_case", "respected"),
    ("gainsight.filter_dates", "documented"),
    ("gainsight.filter_zone", "tenant"),
    ("gainsight.date_reply", "text"),
    ("gainsight.picklist_reply", "gsid"),
    ("gainsight.hidden_field", "absent"),
    ("gainsight.hidden_field", "error"),
    ("gainsight.failure_status", "ok"),
    ("gainsight.envelope", "localized"),
];

fn spelled(text: &str) -> Spelling {
    Spelling::parse(text).unwrap()
}

async fn northwind(caller: &Caller<'_>) -> Company {
    let all = caller.gainsight.companies(&caller.access(), None, 5_000).await.unwrap();
    all.into_iter().find(|company| company.name == "Northwind Traders").expect("Northwind is a customer")
}

/// The ids of a whole Timeline, page by page.
async fn timeline(caller: &Caller<'_>, scope: Scope, limit: u32) -> Vec<Gsid> {
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let filter = TimelineFilter {
            scope: scope.clone(),
            wanted: Wanted::default(),
            search: Search::Upstream,
            before: before.clone(),
            limit,
        };
        let page = caller.gainsight.activities(&caller.access(), &filter).await.unwrap();
        ids.extend(page.activities.iter().map(|row| row.id.clone()));
        match page.activities.last() {
            Some(last) if !page.is_last => before = Some((last.held_at, last.id.clone())),
            _ => return ids,
        }
    }
}

/// What the panel reads when it is opened on a call with Northwind.
async fn story(caller: &Caller<'_>) {
    let (gainsight, access) = (caller.gainsight, caller.access());
    let maya = gainsight.user_by_email(&access, &MAYA.parse().unwrap()).await.unwrap().expect("Maya is a user");
    assert_eq!((maya.licence, maya.is_active), (Some(Licence::Full), true));

    let company = northwind(caller).await;
    let standing = &company.standing;
    assert_eq!((standing.arr, standing.score.as_deref(), standing.is_inactive), (Some(410_000.0), Some("72"), false));
    assert_eq!(standing.csm.as_ref().map(|csm| csm.name.as_str()), Some("Maya Lindqvist"));
    assert!(standing.renews_at.is_some() && standing.stage.as_ref().is_some_and(|stage| !stage.starts_with("1I00")));
    assert_eq!(gainsight.company(&access, &company.id).await.unwrap().as_ref(), Some(&company));
    assert_eq!(gainsight.company(&access, &Gsid::new("1P02NONESUCH")).await.unwrap(), None);
    let relationships = gainsight.relationships(&access, None, 5_000).await.unwrap();
    assert_eq!(relationships.iter().filter(|relationship| relationship.company == company.id).count(), 2);

    let filter = gainsight.probe_address_filter(&access).await.unwrap();
    let asked = ["Ben.Carter@NorthwindTraders.example", "erin.walsh@northwindtraders.example"].map(spelled);
    for call in Addresses::of(asked, filter) {
        let links = gainsight.links_by_email(&access, &call).await.unwrap();
        let found: Vec<_> = links.iter().map(|link| (link.name.as_str(), link.company_name.as_deref())).collect();
        assert_eq!(found, [("Ben Carter", Some("Northwind Traders"))], "Erin is not in Gainsight");
        assert_eq!(gainsight.persons_by_email(&access, &call).await.unwrap().len(), 1);
    }

    let paged = timeline(caller, Scope::Company(company.id.clone()), 17).await;
    let at_once = timeline(caller, Scope::Company(company.id.clone()), 4_000).await;
    assert_eq!(paged.iter().collect::<BTreeSet<_>>().len(), paged.len(), "nothing comes twice");
    assert_eq!(paged, at_once);
    assert!(paged.len() > 100, "{} activities", paged.len());
    let opened = gainsight.activity(&access, &paged[0]).await.unwrap().expect("the first one is there");
    assert!(opened.notes_html.is_some() && opened.author_name.is_some() && opened.type_name.is_some());
}

#[tokio::test]
async fn the_panel_reads_the_same_from_every_possible_gainsight() {
    let world = World::start().await;
    for (switch, value) in WAYS {
        world.play(switch, *value).await;
        let maya = world.person("lumen", MAYA).await.informed().await;
        println!("{switch} = {value}");
        story(&maya).await;
    }
}

#[tokio::test]
async fn what_a_viewer_may_not_read_is_missing_and_nothing_else() {
    let world = World::start().await;
    for way in ["null", "absent", "error"] {
        world.play("gainsight.hidden_field", way).await;
        let priya = world.person("lumen", PRIYA).await.informed().await;
        let company = northwind(&priya).await;
        assert_eq!((company.standing.arr, company.standing.score.as_deref()), (None, Some("72")), "{way}");
    }
}

#[tokio::test]
async fn a_tenant_that_refuses_in_is_found_out() {
    let world = World::start().await;
    let lumen = world.tenant("lumen");
    assert_eq!(world.gainsight.probe_address_filter(&lumen.access()).await.unwrap(), AddressFilter::In);
    world.play("gainsight.in_on_text", "refused").await;
    assert_eq!(world.gainsight.probe_address_filter(&lumen.access()).await.unwrap(), AddressFilter::Chain);
}

#[tokio::test]
async fn the_key_of_a_tenant_sees_more_than_a_person() {
    let world = World::start().await;
    let lumen = world.tenant("lumen");
    let all = world.gainsight.companies(&lumen.access(), None, 5_000).await.unwrap();
    let mut paged: Vec<Company> = Vec::new();
    loop {
        let after = paged.last().map(|company| company.id.clone());
        let page = world.gainsight.companies(&lumen.access(), after.as_ref(), 7).await.unwrap();
        let is_last = page.len() < 7;
        paged.extend(page);
        if is_last {
            break;
        }
    }
    assert_eq!(paged, all);
    let maya = world.person("lumen", MAYA).await;
    let visible = world.gainsight.companies(&maya.access(), None, 5_000).await.unwrap();
    assert!(visible.iter().all(|company| all.iter().any(|other| other.id == company.id)));
    assert!(visible.len() <= all.len());
    assert_eq!(
        world
            .gainsight
            .users(&lumen.access(), None, 5_000)
            .await
            .unwrap()
            .iter()
            .filter(|user| user.is_super_admin)
            .count(),
        1
    );
}

#[tokio::test]
async fn refusals_of_a_query_are_told_apart() {
    let world = World::start().await;
    let lumen = world.tenant("lumen");
    let query = |field: &str| Query::select([field]).limit(1);
    for status in ["http", "ok"] {
        world.play("gainsight.failure_status", status).await;
        let unknown_object = world.gainsight.query(&lumen.access(), "nonesuch__gc", &query("Gsid")).await;
        assert!(matches!(unknown_object, Err(Error::UnknownObject(_))), "{unknown_object:?}");
        let unknown_field = world.gainsight.query(&lumen.access(), "Company", &query("Nonesuch__gc")).await;
        assert!(matches!(unknown_field, Err(Error::Invalid { .. })), "{unknown_field:?}");
        let misfit = query("Gsid").only(Filter::field("IsActiveUser", Operator::Greater, true));
        let misfit = world.gainsight.query(&lumen.access(), "GsUser", &misfit).await;
        assert!(matches!(misfit, Err(Error::Invalid { .. })), "{misfit:?}");
    }
    world.play("gainsight.sync_per_minute", 1).await;
    world.gainsight.query(&lumen.access(), "Company", &query("Gsid")).await.unwrap();
    let busy = world.gainsight.query(&lumen.access(), "Company", &query("Gsid")).await;
    assert!(matches!(busy, Err(Error::Busy { .. })), "{busy:?}");
    let nobody = world.tenant("nobody");
    let wrong_host = world.gainsight.query(&nobody.access(), "Company", &query("Gsid")).await;
    assert!(matches!(wrong_host, Err(Error::NotFound(_))), "{wrong_host:?}");
}
