use super::*;
use crate::metadata;
use crate::stub::{answering, body, failing, ok, requests, with};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Mutex;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const DAY: i64 = 86_400_000;
const BASE: i64 = 1_772_000_000_000;

fn row(held_at: i64, id: &str) -> Value {
    json!({"Gsid": id, "ActivityDate": held_at, "Subject": format!("Subject {id}")})
}

fn read(row: &Value, duration: Option<&str>) -> ActivityRow {
    ActivityRow::read(&Record::new(row.as_object().unwrap().clone()), duration).unwrap()
}

fn filter(before: Option<(i64, &str)>, limit: u32) -> TimelineFilter {
    let before = before.map(|(at, id)| (Timestamp::from_millis(at), Gsid::new(id)));
    let scope = Scope::Company(Gsid::new("1P02A"));
    TimelineFilter { scope, wanted: Wanted::default(), search: Search::Upstream, before, limit }
}

fn described(fields: &Value) -> Schema {
    Schema::of(metadata::object(&json!({"objectName": "activity_timeline", "fields": fields})))
}

/// Plays the query of one company's Timeline: the date filter, the order by date alone, limit and offset.
struct Tenant(Mutex<Vec<(i64, String)>>);

impl Tenant {
    async fn with(rows: impl IntoIterator<Item = (i64, String)>) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Self(Mutex::new(rows.into_iter().collect()))).mount(&server).await;
        server
    }
}

impl Respond for Tenant {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let asked: Value = request.body_json().unwrap();
        let condition = &asked["where"]["conditions"][1];
        let until = condition["value"][0].as_str().filter(|_| condition["operator"] == "LTE");
        let until: Option<jiff::civil::DateTime> = until.map(|text| text.parse().unwrap());
        let until = until.map(|until| until.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_millisecond());
        let mut rows = self.0.lock().unwrap().clone();
        rows.retain(|(at, _)| until.is_none_or(|until| *at <= until));
        rows.sort_by_key(|(at, _)| Reverse(*at));
        let number = |key: &str| usize::try_from(asked[key].as_u64().unwrap()).unwrap();
        let page: Vec<_> =
            rows.iter().skip(number("offset")).take(number("limit")).map(|(at, id)| row(*at, id)).collect();
        ok(&json!({ "records": page }))
    }
}

/// Reads a Timeline to its end and counts the calls.
async fn whole(server: &MockServer, limit: u32) -> (Vec<(i64, String)>, usize) {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let asked = TimelineFilter { before: before.clone(), ..filter(None, limit) };
        let page = with(server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
        assert!(page.activities.len() <= usize::try_from(limit).unwrap());
        all.extend(page.activities.iter().map(|row| (row.held_at.as_millis(), row.id.to_string())));
        match page.reached {
            Some(reached) if !page.is_last => before = Some(reached),
            _ => return (all, requests(server).await.len()),
        }
    }
}

fn newest_first(mut rows: Vec<(i64, String)>) -> Vec<(i64, String)> {
    rows.sort_by(|one, other| other.cmp(one));
    rows
}

#[test]
fn everything_that_a_row_says_is_read() {
    let full = json!({
        "GSID": "1A01", "ActivityId": "act-1", "ExternalId": "sidelight-1", "TypeName": "Meeting", "Subject": "Weekly sync",
        "Notes": "<p>Hi</p>", "NotesPlainText": "Hi", "ActivityDate": "2026-03-02T09:30:00.000+0000",
        "CreatedDate": 1_772_443_900_000_i64, "ModifiedDate": 1_772_444_000_000_i64, "AuthorId": "1P01",
        "authorid__gr.name": "Maya Lindqvist", "AuthorId__gr.Email": "Maya@Lumen.example", "GsCompanyId": "1P02A",
        "GsRelationshipId": "1P05A", "GsRelationshipId__gr.Name": "Pilot", "InternalAttendees": "Maya Lindqvist, Tom Okafor",
        "ExternalAttendees": ["Ana Ruiz"], "Dur": 45.0, "contextname": "Relationship",
    });
    let activity = read(&full, Some("Dur"));
    assert_eq!((activity.held_at.as_millis(), activity.duration_minutes), (1_772_443_800_000, Some(45)));
    assert_eq!(activity.external_id, Some(ExternalId::new("sidelight-1")));
    assert_eq!(activity.activity_id.as_ref().map(ActivityId::as_str), Some("act-1"));
    assert_eq!(activity.author_email.as_ref().map(EmailAddress::as_str), Some("maya@lumen.example"));
    assert_eq!(activity.author_name.as_deref(), Some("Maya Lindqvist"));
    assert_eq!(
        (activity.relationship_name.as_deref(), activity.context_name.as_deref()),
        (Some("Pilot"), Some("Relationship"))
    );
    assert_eq!((activity.internal_attendees.len(), activity.external_attendees.len()), (2, 1));
    assert_eq!((activity.notes_html.as_deref(), activity.notes_plain.as_deref()), (Some("<p>Hi</p>"), Some("Hi")));
    let shown = format!("{activity:?}");
    assert!(
        shown.contains("1A01") && !["Weekly", "Maya", "Ana", "Hi"].iter().any(|text| shown.contains(text)),
        "{shown}"
    );
}

#[test]
fn a_bare_row_is_enough() {
    let activity = read(&json!({"Gsid": "1A01", "CreatedDate": 7, "Dur": -3}), Some("Dur"));
    assert_eq!((activity.held_at.as_millis(), activity.duration_minutes, activity.subject.as_str()), (7, None, ""));
    assert_eq!(ActivityRow::read(&Record::new(serde_json::Map::new()), None), None);
}

#[tokio::test]
async fn the_first_page_is_one_call_and_reaches_no_date() {
    let server = Tenant::with((0..200).map(|n| (BASE - n * DAY, format!("A{n}")))).await;
    let first = filter(None, 30);
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &first).await).await.unwrap();
    assert_eq!((page.activities.len(), page.is_last), (30, false));
    assert_eq!(page.activities[0].subject, "Subject A0");
    assert_eq!(requests(&server).await.len(), 1);
    let sent = body(&server, 0).await;
    let condition = json!({"name": "GsCompanyId", "alias": "A", "operator": "EQ", "value": ["1P02A"]});
    assert_eq!(sent["where"], json!({"conditions": [condition], "expression": "A"}));
    assert_eq!((&sent["limit"], &sent["offset"]), (&json!(80), &json!(0)));
    let text = String::from_utf8(requests(&server).await[0].body.clone()).unwrap();
    assert!(text.contains(r#""orderBy":{"ActivityDate":"desc","Gsid":"desc"}"#), "{text}");
}

#[tokio::test]
async fn a_later_page_reaches_a_day_further_than_it_shows() {
    let server = Tenant::with((0..10).map(|n| (BASE - n * DAY / 4, format!("A{n}")))).await;
    let later = filter(Some((BASE - DAY / 2, "A2")), 3);
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &later).await).await.unwrap();
    let ids: Vec<_> = page.activities.iter().map(|row| row.id.as_str()).collect();
    assert_eq!((ids, page.is_last), (vec!["A3", "A4", "A5"], false));
    let condition = &body(&server, 0).await["where"]["conditions"][1];
    let expected = crate::record::filter_text(Timestamp::from_millis(BASE + DAY / 2));
    assert_eq!(*condition, json!({"name": "ActivityDate", "alias": "B", "operator": "LTE", "value": [expected]}));
}

#[tokio::test]
async fn a_relationships_timeline_is_asked_for_by_its_own_field() {
    let server = answering(ok(&json!([]))).await;
    let asked = TimelineFilter { scope: Scope::Relationship(Gsid::new("1P05A")), ..filter(None, 10) };
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
    assert_eq!(page, ActivityPage { activities: Vec::new(), is_last: true, reached: None });
    assert_eq!(body(&server, 0).await["where"]["conditions"][0]["name"], "GsRelationshipId");
}

#[tokio::test]
async fn no_entry_is_lost_or_repeated_while_paging() {
    // Crowds at one moment, wider than a page, and longer than what one call fetches.
    let mut rows: Vec<_> = (0..130).map(|n| (BASE - 3 * DAY, format!("crowd-{n:03}"))).collect();
    rows.extend((0..40).map(|n| (BASE - n * DAY / 7, format!("spread-{n:02}"))));
    rows.extend((0..9).map(|n| (BASE - 9 * DAY, format!("end-{n}"))));
    let server = Tenant::with(rows.clone()).await;
    let (read, calls) = whole(&server, 10).await;
    assert_eq!(read, newest_first(rows));
    assert!(calls <= 40, "{calls} calls for 18 pages");
}

#[tokio::test]
async fn a_tenant_that_ignores_the_offset_keeps_nobody_waiting() {
    let page: Vec<_> = (0..60).map(|n| row(BASE, &format!("A{n}"))).collect();
    let server = answering(ok(&json!(page))).await;
    let asked = filter(None, 10);
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
    assert_eq!((page.activities.len(), requests(&server).await.len()), (10, 2));
}

#[tokio::test]
async fn one_activity_is_found_by_either_key() {
    let server = answering(ok(&json!([row(BASE, "A1")]))).await;
    let (id, key) = (Gsid::new("A1"), ExternalId::new("sidelight-1"));
    let by_id = with(&server, async |gainsight, access| gainsight.activity(&access, &id).await).await.unwrap();
    assert_eq!(by_id.unwrap().id, id);
    let by_key = with(&server, async |gainsight, access| gainsight.activity_by_external_id(&access, &key).await).await;
    assert!(by_key.unwrap().is_some());
    let sent = body(&server, 1).await;
    assert_eq!(
        sent["where"]["conditions"][0],
        json!({"name": "ExternalId", "alias": "A", "operator": "EQ", "value": ["sidelight-1"]})
    );
    let empty = answering(failing(400, "GSOBJ_1011", "none")).await;
    let none = with(&empty, async |gainsight, access| gainsight.activity(&access, &id).await).await.unwrap();
    assert_eq!(none, None);
}

#[tokio::test]
async fn changes_come_without_notes_and_say_whether_they_are_all() {
    let edited = |millis: i64, id: &str| json!({"Gsid": id, "ActivityDate": BASE, "ModifiedDate": millis});
    let server = answering(ok(&json!([edited(30, "A3"), edited(20, "A2"), edited(10, "A1")]))).await;
    let since = async |millis: i64, limit: u32| {
        let since = Timestamp::from_millis(millis);
        let changes =
            with(&server, async |gainsight, access| gainsight.changed_since(&access, since, limit).await).await;
        let changes = changes.unwrap();
        (changes.activities.iter().map(|row| row.id.to_string()).collect::<Vec<_>>(), changes.is_complete)
    };
    assert_eq!(since(20, 3).await, (vec!["A3".to_owned(), "A2".to_owned()], true), "the third one is older");
    assert!(!since(5, 3).await.1, "a full page may hide more");
    assert!(since(5, 4).await.1);
    let sent = body(&server, 0).await;
    assert_eq!((sent.get("where"), &sent["orderBy"]), (None, &json!({"ModifiedDate": "desc"})));
    assert!(!sent["select"].as_array().unwrap().contains(&json!("Notes")));
}

#[tokio::test]
async fn columns_follow_the_description() {
    let server = answering(ok(&json!([{"Gsid": "A1", "ActivityDate": BASE, "CreatedDate": 7, "Dur__c": 30}]))).await;
    let schema = described(&json!([{"fieldName": "CreatedDate"}, {"fieldName": "NotesPlainText"},
        {"fieldName": "Dur__c", "label": "Duration (in Mins)"}]));
    let since = Timestamp::from_millis(5);
    let changes = async |gainsight: Gainsight, access: Access<'_>| {
        gainsight.changed_since(&access.knowing(&schema), since, 9).await
    };
    let changes = with(&server, changes).await.unwrap();
    assert_eq!(changes.activities[0].duration_minutes, Some(30));
    assert_eq!(body(&server, 0).await["orderBy"], json!({"CreatedDate": "desc"}), "no date of change is described");
    let id = Gsid::new("A1");
    with(&server, async |gainsight, access| gainsight.activity(&access.knowing(&schema), &id).await).await.unwrap();
    let expected = json!(["Gsid", "ActivityDate", "Subject", "CreatedDate", "Dur__c", "NotesPlainText"]);
    assert_eq!(body(&server, 1).await["select"], expected);
}

fn looking_for(wanted: Wanted, search: Search) -> TimelineFilter {
    TimelineFilter { wanted, search, ..filter(None, 30) }
}

#[tokio::test]
async fn what_is_wanted_is_asked_for_and_what_comes_back_is_looked_at_again() {
    let found = |id: &str, subject: &str| json!({"Gsid": id, "ActivityDate": BASE, "Subject": subject});
    let server = answering(ok(&json!([found("A2", "The renewal"), found("A1", "Found by other rules")]))).await;
    let words = Wanted { words: vec!["Renewal".to_owned()], ..Wanted::default() };
    let asked = looking_for(words, Search::Upstream);
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
    assert_eq!(page.activities.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["A2"]);
    let sent = body(&server, 0).await;
    assert_eq!(sent["where"]["expression"], "A AND (B OR C OR D OR E OR F OR G)");
    assert_eq!(sent["where"]["conditions"][1]["operator"], "CONTAINS");
    assert!(page.is_last, "{:?}", page.reached);
}

#[tokio::test]
async fn a_tenant_that_finds_too_much_costs_two_calls_a_page() {
    let server = Tenant::with((0..900).map(|n| (BASE - n * DAY, format!("A{n}")))).await;
    let words = Wanted { words: vec!["nowhere".to_owned()], ..Wanted::default() };
    let asked = looking_for(words, Search::Upstream);
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
    assert_eq!((page.activities.len(), page.is_last, requests(&server).await.len()), (0, false, 2));
    assert!(page.reached.is_some(), "the next page goes on where this one stopped");
}

#[tokio::test]
async fn where_the_tenant_does_not_search_a_page_is_one_call_and_says_how_far_it_came() {
    let server = Tenant::with((0..700).map(|n| (BASE - n * DAY, format!("A{n}")))).await;
    let mut asked = looking_for(Wanted { words: vec!["A650".to_owned()], ..Wanted::default() }, Search::Here);
    let mut found = Vec::new();
    for calls in 1..=3 {
        let page = with(&server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
        assert_eq!(requests(&server).await.len(), calls);
        assert_eq!(page.is_last, calls == 3);
        assert_eq!(body(&server, calls - 1).await["where"]["conditions"].as_array().unwrap().len(), calls.min(2));
        found.extend(page.activities.iter().map(|row| row.id.to_string()));
        asked.before = page.reached;
    }
    assert_eq!(found, ["A650"]);
}

#[tokio::test]
async fn nothing_is_looked_through_that_is_older_than_what_is_wanted() {
    let server = Tenant::with((0..700).map(|n| (BASE - n * DAY, format!("A{n}")))).await;
    let since = Some(Timestamp::from_millis(BASE - 10 * DAY));
    let asked = looking_for(Wanted { since, ..Wanted::default() }, Search::Here);
    let page = with(&server, async |gainsight, access| gainsight.activities(&access, &asked).await).await.unwrap();
    assert_eq!((page.activities.len(), page.is_last), (11, true));
}

#[tokio::test]
async fn what_may_not_be_read_is_not_asked_about() {
    let server = answering(ok(&json!([row(BASE, "A1")]))).await;
    let schema = described(&json!([{"fieldName": "CreatedDate"}]));
    let read = async |wanted: Wanted| {
        let asked = looking_for(wanted, Search::Upstream);
        with(&server, async |gainsight, access| gainsight.activities(&access.knowing(&schema), &asked).await)
            .await
            .unwrap()
    };
    let author = Wanted { author: Some(Gsid::new("1P01")), ..Wanted::default() };
    assert_eq!(read(author).await, ActivityPage::nothing());
    assert_eq!(requests(&server).await.len(), 0);
    read(Wanted { words: vec!["a".to_owned()], ..Wanted::default() }).await;
    let asked = body(&server, 0).await["where"]["conditions"].as_array().unwrap().clone();
    assert!(asked[1..].iter().all(|condition| condition["name"] == "Subject"), "{asked:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_timeline_is_read_whole_and_in_order(days in prop::collection::vec(0..12_i64, 0..150), limit in 1..40_u32) {
        let rows: Vec<_> = days.iter().enumerate().map(|(n, day)| (BASE - day * DAY / 3, format!("A{n:03}"))).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (read, _) = runtime.block_on(async { whole(&Tenant::with(rows.clone()).await, limit).await });
        prop_assert_eq!(read, newest_first(rows));
    }
}
