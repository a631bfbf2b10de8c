use super::*;
use crate::Credential;
use crate::stub::{answering, base, failing, gate, html, impatient_gate, json, never, ok, requests};
use proptest::prelude::*;
use serde_json::json as value;
use std::collections::BTreeSet;
use wiremock::ResponseTemplate;

fn query() -> Query {
    Query::select(["Gsid"])
}

fn where_of(filter: Filter) -> Value {
    serde_json::to_value(query().only(filter)).unwrap()["where"].clone()
}

fn expression(filter: Filter) -> String {
    where_of(filter)["expression"].as_str().unwrap().to_owned()
}

fn is(name: &str) -> Filter {
    Filter::equal(name, "x")
}

async fn queried(answer: ResponseTemplate) -> Result<Vec<Record>, Error> {
    let server = answering(answer).await;
    let (base, credential) = (base(&server), Credential::User("t".into()));
    Gainsight::new(gate(&base)).query(&Access::new(&base, &credential), "Company", &query()).await
}

#[test]
fn a_query_is_written_as_documented() {
    let query = Query::select(["Gsid", "Csm__gr.Email"])
        .only(Filter::All(vec![
            Filter::is_in("Email", ["a@x.test", "b@x.test"]),
            Filter::equal("Active", true),
            Filter::field("Arr", Operator::GreaterOrEqual, 5_i64),
            Filter::field("CreatedDate", Operator::Less, Timestamp::from_millis(1_772_443_800_000)),
        ]))
        .descending("Name")
        .ascending("Gsid")
        .limit(9_999)
        .offset(5_001);
    // Compared as text, since the order of `orderBy` counts.
    let expected = r#"{"select":["Gsid","Csm__gr.Email"],"where":{"conditions":[{"name":"Email","alias":"A","operator":"IN","value":["a@x.test","b@x.test"]},{"name":"Active","alias":"B","operator":"EQ","value":[true]},{"name":"Arr","alias":"C","operator":"GTE","value":[5]},{"name":"CreatedDate","alias":"D","operator":"LT","value":["2026-03-02 09:30:00"]}],"expression":"A AND B AND C AND D"},"orderBy":{"Name":"desc","Gsid":"asc"},"limit":5000,"offset":5001}"#;
    assert_eq!(serde_json::to_string(&query).unwrap(), expected);
    assert_eq!(
        serde_json::to_string(&Query::select(["Gsid"])).unwrap(),
        r#"{"select":["Gsid"],"limit":5000,"offset":0}"#
    );
}

#[test]
fn every_operator_has_its_spelling() {
    let all = [
        (Operator::Equal, "EQ"),
        (Operator::NotEqual, "NE"),
        (Operator::Greater, "GT"),
        (Operator::GreaterOrEqual, "GTE"),
        (Operator::Less, "LT"),
        (Operator::LessOrEqual, "LTE"),
        (Operator::Between, "BTW"),
        (Operator::In, "IN"),
        (Operator::NotIn, "NOT_IN"),
        (Operator::StartsWith, "STARTS_WITH"),
        (Operator::EndsWith, "ENDS_WITH"),
        (Operator::Contains, "CONTAINS"),
        (Operator::DoesNotContain, "DOES_NOT_CONTAINS"),
        (Operator::Includes, "INCLUDES"),
        (Operator::Excludes, "EXCLUDES"),
        (Operator::IsNull, "IS_NULL"),
        (Operator::IsNotNull, "IS_NOT_NULL"),
    ];
    for (operator, spelling) in all {
        assert_eq!(where_of(Filter::field("F", operator, "x"))["conditions"][0]["operator"], spelling);
    }
    let null = Filter::Field { name: "F".to_owned(), operator: Operator::IsNull, values: Vec::new() };
    assert_eq!(where_of(null)["conditions"][0]["value"], value!([]), "a value is always a list");
}

#[test]
fn parentheses_stand_only_where_and_meets_or() {
    let cases = [
        (is("a"), "A"),
        (Filter::All(vec![is("a")]), "A"),
        (Filter::All(vec![is("a"), Filter::All(vec![is("b"), is("c")])]), "A AND B AND C"),
        (Filter::Any(vec![is("a"), is("b"), is("c")]), "A OR B OR C"),
        (Filter::All(vec![is("a"), Filter::Any(vec![is("b")])]), "A AND B"),
        (Filter::All(vec![Filter::Any(vec![is("b"), is("c")])]), "A OR B"),
        (Filter::All(vec![is("a"), Filter::Any(vec![is("b"), is("c")])]), "A AND (B OR C)"),
        (Filter::All(vec![is("a"), Filter::Any(Vec::new())]), "A"),
    ];
    for (filter, expected) in cases {
        assert_eq!(expression(filter.clone()), expected, "{filter:?}");
    }
}

#[test]
fn aliases_are_distinct_letters_and_no_words() {
    let all: BTreeSet<_> = (0..20_000).map(alias).collect();
    assert_eq!(all.len(), 20_000);
    assert!(!all.contains("OR") && !all.contains("AND"));
    assert_eq!([alias(0), alias(25), alias(26)], ["A", "Z", "AA"]);
    assert!(all.iter().all(|alias| alias.bytes().all(|byte| byte.is_ascii_uppercase())));
}

#[tokio::test]
async fn both_shapes_of_rows_are_read() {
    for data in [value!([{"GSID": "1P02"}]), value!({"records": [{"gsid": "1P02"}], "totalRecords": 1})] {
        let rows = queried(ok(&data)).await.unwrap();
        assert_eq!(rows[0].gsid("Gsid"), Some(Gsid::new("1P02")), "{data}");
    }
}

#[tokio::test]
async fn nothing_found_comes_in_several_forms() {
    let described = value!({"result": false, "errorCode": null, "errorDesc": "No data found for given criteria"});
    for answer in [
        ok(&value!([])),
        ok(&value!({"records": []})),
        ok(&value!({"records": null})),
        ok(&Value::Null),
        json(200, &described),
        failing(400, "GSOBJ_1011", "No records"),
    ] {
        assert_eq!(queried(answer).await.unwrap(), []);
    }
}

#[tokio::test]
async fn rows_that_are_none_are_unreadable() {
    for data in [value!("text"), value!({"rows": []}), value!(["text"]), value!({"records": 7})] {
        assert!(matches!(queried(ok(&data)).await, Err(Error::Unreadable(_))), "{data}");
    }
}

#[tokio::test]
async fn one_credential_is_sent_and_never_two() {
    let server = answering(ok(&value!([]))).await;
    let base = base(&server);
    let gainsight = Gainsight::new(gate(&base));
    for credential in [Credential::User("u".into()), Credential::Machine("m".into()), Credential::AccessKey("k".into())]
    {
        gainsight.query(&Access::new(&base, &credential), "Company", &query()).await.unwrap();
    }
    let sent = requests(&server).await;
    let header = |number: usize, name: &str| sent[number].headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!((header(0, "authorization"), header(0, "accesskey")), (Some("Bearer u"), None));
    assert_eq!((header(1, "authorization"), header(1, "accesskey")), (Some("Bearer m"), None));
    assert_eq!((header(2, "authorization"), header(2, "accesskey")), (None, Some("k")));
    assert_eq!(sent[0].url.path(), "/v1/data/objects/query/Company");
    assert_eq!(sent[0].headers["content-type"], "application/json");
}

#[tokio::test]
async fn silence_and_noise_are_told_apart() {
    let (server, credential) = (answering(never()).await, Credential::User("t".into()));
    let base = base(&server);
    let access = Access::new(&base, &credential);
    let error = Gainsight::new(impatient_gate(&base)).query(&access, "Company", &query()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)) && error.may_have_been_applied() && error.is_transient());
    assert!(matches!(queried(html(200)).await, Err(Error::Unreadable(_))));
    assert!(matches!(queried(html(502)).await, Err(Error::Unavailable(_))));
    let half = ResponseTemplate::new(200).set_body_string(r#"{"result":true,"data":[{"Gsid":"1"#);
    assert!(matches!(queried(half).await, Err(Error::Unreadable(_))));
    let nobody = url::Url::parse("http://127.0.0.1:1").unwrap();
    let access = Access::new(&nobody, &credential);
    let error = Gainsight::new(gate(&nobody)).query(&access, "Company", &query()).await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)) && !error.may_have_been_applied());
}

fn filters() -> impl Strategy<Value = Filter> {
    let leaf = "[a-c]".prop_map(|name| is(&name));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let parts = prop::collection::vec(inner, 1..4);
        (parts, any::<bool>()).prop_map(|(parts, all)| if all { Filter::All(parts) } else { Filter::Any(parts) })
    })
}

proptest! {
    #[test]
    fn every_condition_stands_in_the_expression_once(filter in filters()) {
        let written = where_of(filter);
        let expression = written["expression"].as_str().unwrap();
        let named: Vec<_> =
            expression.split([' ', '(', ')']).filter(|word| !["", "AND", "OR"].contains(word)).collect();
        let aliases: Vec<_> =
            written["conditions"].as_array().unwrap().iter().map(|condition| condition["alias"].as_str().unwrap()).collect();
        prop_assert_eq!(named, aliases);
        prop_assert_eq!(expression.matches('(').count(), expression.matches(')').count());
    }
}
