use super::*;
use crate::Record;
use serde_json::json;

const DAY: i64 = 86_400_000;

fn row() -> ActivityRow {
    let row = json!({
        "Gsid": "A1", "ActivityDate": 10 * DAY, "Subject": "Renewal: the price", "TypeName": "Call",
        "Notes": "<p>Ana asked for <b>R&amp;D</b> help</p>", "AuthorId": "U1", "ExternalAttendees": "Ana Ruiz, Bo Lund",
    });
    ActivityRow::read(&Record::new(row.as_object().unwrap().clone()), None).unwrap()
}

fn any() -> Wanted {
    Wanted::default()
}

fn words(text: &str) -> Wanted {
    Wanted { words: text.split_whitespace().map(str::to_owned).collect(), ..any() }
}

#[test]
fn each_condition_keeps_what_it_names_and_nothing_else() {
    let at = |day: i64| Some(Timestamp::from_millis(day * DAY));
    let name = |name: &str| Some(name.to_owned());
    let people = |name: &str| Some(vec!["Nobody".to_owned(), name.to_owned()]);
    let cases = [
        (any(), true),
        (words("price RENEWAL"), true),
        (words("r&d help"), true),
        (words("renewal missing"), false),
        (words("amp;"), false),
        (words("<b>"), false),
        (Wanted { type_name: name("call"), ..any() }, true),
        (Wanted { type_name: name("Meeting"), ..any() }, false),
        (Wanted { is_milestone: true, ..any() }, false),
        (Wanted { author: Some(Gsid::new("U1")), ..any() }, true),
        (Wanted { author: Some(Gsid::new("U2")), ..any() }, false),
        (Wanted { since: at(10), until: at(10), ..any() }, true),
        (Wanted { since: at(11), ..any() }, false),
        (Wanted { until: at(9), ..any() }, false),
        (Wanted { people: people("bo lund"), ..any() }, true),
        (Wanted { people: people("Cy"), ..any() }, false),
        (Wanted { people: Some(Vec::new()), ..any() }, false),
        (Wanted { without_relationships: true, ..any() }, true),
    ];
    for (place, (wanted, expected)) in cases.into_iter().enumerate() {
        assert_eq!(wanted.matches(&row()), expected, "case {place}");
    }
    let rolled_up = ActivityRow { relationship: Some(Gsid::new("R1")), ..row() };
    assert!(!Wanted { without_relationships: true, ..any() }.matches(&rolled_up));
    let milestone = ActivityRow { type_name: name("Customer milestone"), ..row() };
    assert!(Wanted { is_milestone: true, ..any() }.matches(&milestone));
    let plain = ActivityRow { notes_plain: name("only this"), ..row() };
    assert!(words("this").matches(&plain) && !words("help").matches(&plain));
}

#[test]
fn kinds_tell_which_questions_are_alike() {
    let both = Wanted { type_name: Some("Call".to_owned()), ..words("a") };
    assert!(both.kinds().contain(words("b").kinds()));
    assert!(!words("b").kinds().contain(both.kinds()));
    assert!(any().is_all() && !both.is_all());
}

#[test]
fn more_names_than_a_question_takes_are_no_condition() {
    let columns = ["ExternalAttendees".to_owned()];
    let named = |count: usize| Wanted { people: Some(vec!["Ana".to_owned(); count]), ..any() };
    let conditions = |count: usize| named(count).conditions(&columns, Duration::ZERO).map(|all| all.len());
    assert_eq!((conditions(0), conditions(1), conditions(12), conditions(13)), (None, Some(1), Some(1), Some(0)));
}

#[test]
fn debug_output_shows_nothing_that_was_looked_for() {
    let shown = format!("{:?}", Wanted { people: Some(vec!["Ana".to_owned()]), ..words("price") });
    assert!(!shown.contains("Ana") && !shown.contains("price"), "{shown}");
}
