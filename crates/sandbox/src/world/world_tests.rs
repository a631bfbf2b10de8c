//! What the standard world promises.

use std::collections::{HashMap, HashSet};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

fn world() -> World {
    World::new(7, 1, NOW).unwrap()
}

fn books(world: &World) -> Vec<&Book> {
    VENDORS.iter().filter_map(|vendor| world.book(vendor.key)).collect()
}

/// The books that the pictures, the numbers and most tests are about.
fn standard_books(world: &World) -> Vec<&Book> {
    [LUMEN, HARBOR].iter().filter_map(|key| world.book(key)).collect()
}

#[test]
fn the_standard_world_has_the_promised_size() {
    let world = world();
    let count = |of: fn(&Book) -> usize| standard_books(&world).into_iter().map(of).sum::<usize>();
    assert_eq!(count(|book| book.companies.len()), 60);
    assert_eq!(count(|book| book.people.len()), 900);
    assert_eq!(count(|book| book.companies.iter().map(|company| company.relationships.len()).sum()), 85);
    let activities = count(|book| book.activities.len());
    assert!((3_950..=4_100).contains(&activities), "{activities}");
    assert_eq!(world.book(LUMEN).unwrap().companies.len(), 40);
}

#[test]
fn the_same_seed_and_time_give_the_same_world() {
    let (one, two) = (world(), world());
    for (a, b) in books(&one).into_iter().zip(books(&two)) {
        assert_eq!(format!("{:?}", a.people), format!("{:?}", b.people));
        assert!(a.activities.iter().zip(&b.activities).all(|(a, b)| a.notes == b.notes && a.held_at == b.held_at));
    }
    let other = World::new(8, 1, NOW).unwrap();
    assert_ne!(books(&one)[0].activities[100].notes, books(&other)[0].activities[100].notes);
}

#[test]
fn northwind_is_as_the_demo_tells_it() {
    let world = world();
    let book = world.book(LUMEN).unwrap();
    let company = book.company("Northwind Traders").unwrap();
    let names: Vec<_> = company.relationships.iter().map(|relationship| relationship.name.as_str()).collect();
    assert_eq!(names, ["Northwind: Warehouse Suite", "Northwind: Analytics pilot"]);
    assert_eq!((company.arr, company.score, company.renews_in_days), (410_000, 72, 84));
    assert_eq!(company.csm, "maya-lindqvist");
    let at = book.companies.iter().position(|company| company.name == "Northwind Traders").unwrap();
    let count = book.activities.iter().filter(|activity| activity.company == at).count();
    assert_eq!(count, 120);
    assert!(book.people.iter().all(|person| !person.email.starts_with("erin.walsh")), "Erin is not in Gainsight yet");
    let diego = book.people.iter().find(|person| person.name == "Diego Santos").unwrap();
    assert_eq!(diego.employments.len(), 2);
    assert!(diego.employments[0].is_primary && !diego.employments[1].is_primary);
}

#[test]
fn everything_happened_within_the_last_eighteen_months() {
    let oldest = NOW.before(std::time::Duration::from_hours(24 * 556));
    for activity in books(&world()).into_iter().flat_map(|book| &book.activities) {
        assert!(activity.held_at <= NOW && activity.created_at <= NOW && activity.held_at >= oldest, "{activity:?}");
        assert!(activity.created_at >= activity.held_at);
    }
}

#[test]
fn no_gap_of_a_text_stays_open() {
    for activity in books(&world()).into_iter().flat_map(|book| &book.activities) {
        let text = format!("{} {} {}", activity.kind, activity.subject, activity.notes);
        if !text.contains("evil.example") && !text.contains("display:none") {
            assert!(!text.contains('{') && !text.contains('}') && !text.contains("[|"), "{text}");
        }
        assert!(!activity.subject.trim().is_empty() && !activity.notes.trim().is_empty());
    }
}

#[test]
fn notes_seldom_repeat_each_other() {
    let world = world();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut all = 0;
    // A sandbox is a copy and repeats everything.
    let originals = VENDORS.iter().filter(|vendor| !vendor.is_sandbox()).filter_map(|vendor| world.book(vendor.key));
    for activity in originals.flat_map(|book| &book.activities) {
        *seen.entry(activity.notes.as_str()).or_default() += 1;
        all += 1;
    }
    let repeated: usize = seen.values().filter(|count| **count > 1).map(|count| count - 1).sum();
    assert!(repeated * 100 < all * 3, "{repeated} of {all}");
}

#[test]
fn people_are_as_mixed_as_in_real_life() {
    let world = world();
    let people: Vec<_> = books(&world).into_iter().flat_map(|book| &book.people).collect();
    let several = people.iter().filter(|person| person.employments.len() > 1).count();
    let inactive = people.iter().flat_map(|person| &person.employments).filter(|job| !job.is_active).count();
    let odd_case = people.iter().filter(|person| person.email.chars().any(char::is_uppercase)).count();
    let consumer = people.iter().filter(|person| person.email.to_lowercase().ends_with("@gmail.com")).count();
    assert!(
        several >= 20 && inactive >= 30 && odd_case >= 40 && consumer >= 2,
        "{several} {inactive} {odd_case} {consumer}"
    );
    let mut names = HashMap::new();
    for person in &people {
        *names.entry(&person.name).or_insert(0) += 1;
    }
    assert!(names.values().any(|count| *count > 1), "some share a name");
    for book in books(&world) {
        let emails: HashSet<_> = book.people.iter().map(|person| person.email.to_lowercase()).collect();
        assert_eq!(emails.len(), book.people.len(), "an address belongs to one person of a tenant");
    }
}

#[test]
fn authors_and_attendees_exist() {
    let world = world();
    for (vendor, book) in VENDORS.iter().zip(books(&world)) {
        for activity in &book.activities {
            assert!(world.member(&activity.author).is_some_and(|member| member.works_in(vendor.key)));
            assert!(activity.people.iter().all(|at| *at < book.people.len()));
            let works_there =
                |at: &usize| book.people[*at].employments.iter().any(|job| job.company == activity.company);
            assert!(activity.people.iter().all(works_there), "{activity:?}");
        }
        for company in &book.companies {
            assert!(world.member(&company.csm).is_some_and(|member| member.works_in(vendor.key)), "{}", company.name);
            assert!(company.shared_with.iter().all(|key| world.member(key).is_some()));
        }
    }
}

#[test]
fn a_larger_world_has_more_of_everything_and_keeps_the_demo() {
    let world = World::new(7, 3, NOW).unwrap();
    let book = world.book(LUMEN).unwrap();
    assert_eq!(book.companies.len(), 120);
    assert_eq!(book.people.len(), 1_800);
    assert!(book.activities.len() > 7_500);
    let names: HashSet<_> = book.companies.iter().map(|company| company.name.as_str()).collect();
    assert_eq!(names.len(), book.companies.len());
}

/// Drawn activities of every company; the peculiar ones are written down and happen at odd hours.
fn drawn(world: &World) -> Vec<(&book::Company, &book::Activity)> {
    let mut all = Vec::new();
    for book in books(world) {
        for activity in &book.activities {
            let company = &book.companies[activity.company];
            if activity.held_at.as_millis() % 900_000 == 0 {
                all.push((company, activity));
            }
        }
    }
    all
}

#[test]
fn authors_work_in_their_working_hours_and_call_in_the_customer_s() {
    let world = world();
    let at = |activity: &book::Activity, utc_offset: i64| {
        let local = activity.held_at.as_millis() + utc_offset * 3_600_000;
        // 1 January 1970 was a Thursday.
        ((local.div_euclid(86_400_000) + 4).rem_euclid(7), local.rem_euclid(86_400_000) / 3_600_000)
    };
    for (company, activity) in drawn(&world) {
        let (weekday, hour) = at(activity, hours::utc_offset(world.member(&activity.author).unwrap().timezone));
        // One works so far from a customer that he begins a quarter of an hour early.
        assert!(
            (1..=5).contains(&weekday) && (7..=17).contains(&hour),
            "{} on day {weekday} at {hour}",
            activity.author
        );
        if !matches!(activity.kind.as_str(), "Email" | "Update" | "Milestone") {
            let (weekday, hour) = at(activity, company.utc_offset);
            assert!((1..=5).contains(&weekday) && (8..=17).contains(&hour), "{} on {weekday}, {hour}", company.name);
        }
    }
}

#[test]
fn a_young_customer_began_with_an_introduction_and_went_live_after_the_kick_off() {
    let world = world();
    let book = world.book(LUMEN).unwrap();
    let at = book.companies.iter().position(|company| company.name == "Savanna Solar").unwrap();
    let subjects: Vec<_> = book
        .activities
        .iter()
        .filter(|activity| activity.company == at)
        .map(|activity| activity.subject.as_str())
        .collect();
    let place = |wanted: &str| subjects.iter().position(|subject| subject.contains(wanted)).unwrap();
    assert!(place("Lumen Works") < place("Kick-off"), "{subjects:?}");
    assert!(place("Kick-off") < place("Training") && place("Training") < place("is live"), "{subjects:?}");
}

#[test]
fn who_has_left_or_paused_is_quiet() {
    let world = world();
    let month_ago = NOW.before(std::time::Duration::from_hours(24 * 30));
    for (company, activity) in drawn(&world).into_iter().filter(|(company, _)| company.status != "Active") {
        assert!(activity.held_at < month_ago.after(std::time::Duration::from_hours(24)), "{}", company.name);
    }
}

#[test]
fn every_gap_of_every_text_has_something_to_fill_it() {
    const KNOWN: &[&str] = &[
        "a", "a1", "b", "b1", "c", "c1", "d", "d1", "money", "money1", "gone", "company", "short", "vendor", "product",
        "system", "site", "site2", "goal", "metric", "industry", "csm", "se1", "ebr", "n", "pct", "pct2", "pct3",
        "big", "nps", "ticket", "clock", "quarter", "todo", "todo2",
    ];
    for episode in &data::load().unwrap().episodes {
        let texts = episode.step.iter().flat_map(|step| [&step.kind, &step.subject, &step.text]);
        for text in texts.chain(episode.vars.values().flatten()) {
            for gap in text.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let base = gap.trim_end_matches("_cap").trim_end_matches("_low");
                let is_known = KNOWN.contains(&base) || episode.vars.contains_key(base);
                assert!(is_known, "{}: {{{gap}}}", episode.name);
            }
        }
        for name in episode.vars.keys() {
            let is_used = |text: &String| text.contains(&format!("{{{name}"));
            let used = episode.step.iter().any(|step| [&step.subject, &step.text].into_iter().any(is_used));
            assert!(used, "{}: {name} is never told", episode.name);
        }
    }
}

#[test]
fn every_episode_can_happen_to_somebody() {
    let data = data::load().unwrap();
    for episode in &data.episodes {
        let fits = |company: &&data::CompanyLine| {
            episode.tenant.as_ref().is_none_or(|tenant| *tenant == company.tenant)
                && (episode.industries.is_empty() || episode.industries.contains(&company.industry))
                && episode.min_score.is_none_or(|least| company.numbers.score >= least)
                && episode.max_score.is_none_or(|most| company.numbers.score <= most)
        };
        assert!(data.companies.iter().any(|company| fits(&company)), "{}", episode.name);
        assert!(episode.step.iter().all(|step| step.after.0 <= step.after.1), "{}", episode.name);
    }
}

#[test]
fn everybody_at_a_customer_who_is_told_about_works_there() {
    let world = world();
    let book = world.book(LUMEN).unwrap();
    let at = book.companies.iter().position(|company| company.name == "Northwind Traders").unwrap();
    let named: HashSet<_> = book
        .activities
        .iter()
        .filter(|activity| activity.company == at)
        .flat_map(|activity| &activity.people)
        .map(|person| book.people[*person].name.as_str())
        .collect();
    for name in ["Ana Ruiz", "Ben Carter", "Chioma Eze", "Margaret Doyle"] {
        assert!(named.contains(name), "{name} has a part in {named:?}");
    }
}

#[test]
fn a_sandbox_is_a_smaller_copy_of_its_tenant() {
    let world = world();
    let (whole, copy) = (world.book(OSTARA).unwrap(), world.book(OSTARA_SANDBOX).unwrap());
    assert!(!copy.companies.is_empty() && copy.companies.len() < whole.companies.len());
    assert!(copy.companies.iter().all(|company| whole.company(&company.name).is_some()));
    assert!(!copy.people.is_empty() && copy.people.len() < whole.people.len());
    assert!(!copy.activities.is_empty() && copy.activities.len() < whole.activities.len());
    for activity in &copy.activities {
        assert!(activity.company < copy.companies.len() && activity.people.iter().all(|at| *at < copy.people.len()));
    }
}

#[test]
fn small_tenants_have_a_book_of_their_own() {
    let world = world();
    for vendor in VENDORS.iter().filter(|vendor| matches!(vendor.size, Size::Small)) {
        let book = world.book(vendor.key).unwrap();
        assert!(book.companies.len() >= 3 && book.people.len() == book.companies.len() * 9, "{}", vendor.key);
        assert_eq!(book.activities.len(), book.companies.len() * 24, "{}", vendor.key);
    }
}

#[test]
fn some_people_are_known_in_two_data_centres_and_some_users_have_two_accounts() {
    let world = world();
    let centres_of = |email: &str| -> HashSet<&str> {
        let knows = |vendor: &&Vendor| {
            world.book(vendor.key).unwrap().people.iter().any(|person| person.email.eq_ignore_ascii_case(email))
        };
        VENDORS.iter().filter(knows).map(|vendor| vendor.centre.label()).collect()
    };
    assert_eq!(centres_of("lucia.bianchi@aureliofoods.example"), HashSet::from(["US2", "EU"]));
    assert_eq!(centres_of("diego.santos@fabrikanalytics.example"), HashSet::from(["US1", "EU"]));
    let nadia = world.member("nadia-ferreira").unwrap();
    assert!(nadia.works_in(CORVANE_EU) && nadia.works_in(CORVANE_US));
    let meeting = world.meetings.iter().find(|meeting| meeting.number == meetings::AURELIO_NUMBER).unwrap();
    let centres: HashSet<_> =
        meeting.participants.iter().filter_map(|seat| seat.email.as_deref()).flat_map(centres_of).collect();
    assert_eq!((meeting.host.as_str(), centres), ("nadia-ferreira", HashSet::from(["US2", "EU"])));
}
