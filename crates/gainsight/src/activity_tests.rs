use super::*;
use crate::Credential;
use crate::metadata;
use crate::stub::{
    answering, answering_in_turn, base, body, failing, html, impatient_gate, json as answer, never, ok, requests, with,
};
use wiremock::ResponseTemplate;

const ID: &str = "sidelight-00000000000000000000000000000001";

fn spelling(text: &str) -> Spelling {
    Spelling::parse(text).unwrap()
}

fn activity() -> NewActivity {
    NewActivity {
        external_id: ExternalId::new(ID),
        context: Context::Company(Gsid::new("1P02A")),
        author: spelling("Maya.Lindqvist@Lumen.example"),
        content: Content {
            type_name: "Meeting".to_owned(),
            subject: "Weekly sync".to_owned(),
            notes_html: "<p>All well</p>".to_owned(),
            held_at: Timestamp::from_millis(1_772_443_800_000),
            duration_minutes: Some(30),
            internal_attendees: vec![spelling("tom@lumen.example")],
            external_attendees: vec![spelling("ana@northwind.example"), spelling("Ben@northwind.example")],
            found_in: FoundIn::default(),
            custom_fields: vec![
                ("Ant__Sentiment__c".to_owned(), json!("Positive")),
                ("Subject".to_owned(), json!("not this one")),
                ("Author".to_owned(), json!("eve@lumen.example")),
            ],
        },
    }
}

fn schema(is_createable: bool) -> Schema {
    let field = json!({"fieldName": "Dur__c", "label": "Duration (in Mins)", "meta": {"createable": is_createable}});
    Schema::of(metadata::object(&json!({"objectName": "activity_timeline", "fields": [field]})))
}

async fn logged(reply: ResponseTemplate) -> Result<Logged, Error> {
    let server = answering(reply).await;
    with(&server, async |gainsight, access| gainsight.log(&access, &activity()).await).await
}

fn refused(field: &str, message: &str) -> Value {
    json!({"result": false, "errorCode": "GSOBJ_1008", "errorDesc": "Weekly sync", "requestId": "r-1", "data": {"errors":
        [[{"success": false, "errors": [{"errorMessage": message, "errorCode": "GSOBJ_1008", "fieldName": field}]}]]}})
}

#[tokio::test]
async fn an_activity_is_sent_as_documented() {
    let server = answering(ok(&Value::Null)).await;
    with(&server, async |gainsight, access| gainsight.log(&access, &activity()).await).await.unwrap();
    let sent = &requests(&server).await[0];
    assert_eq!((sent.method.as_str(), sent.url.path()), ("POST", "/v1/ant/es/activity"));
    let look_up = |column: &str, field: &str, object: &str, on_no_match: &str| {
        json!({"fields": {column: field}, "lookupField": "Gsid", "objectName": object, "multiMatchOption": "FIRSTMATCH",
            "onNoMatch": on_no_match})
    };
    let record = json!({
        "ExternalId": ID, "ContextName": "Company", "GsCompanyId": "1P02A", "TypeName": "Meeting", "Subject": "Weekly sync",
        "Notes": "<p>All well</p>", "ActivityDate": "2026-03-02T09:30:00.000+0000", "Author": "Maya.Lindqvist@Lumen.example",
        "internalAttendees": ["tom@lumen.example"], "externalAttendees": ["ana@northwind.example", "Ben@northwind.example"],
        "Ant__Sentiment__c": "Positive",
    });
    let lookups = json!({
        "AuthorId": look_up("Author", "Email", "GsUser", "ERROR"),
        "InternalAttendees": look_up("internalAttendees", "Email", "GsUser", "NULLABLE"),
        "ExternalAttendees": look_up("externalAttendees", "Person_ID__gr.Email", "company_person", "NULLABLE"),
    });
    assert_eq!(body(&server, 0).await, json!({"records": [record], "lookups": lookups}));
}

#[tokio::test]
async fn a_relationship_is_named_with_its_company() {
    let record = async |company: Option<Gsid>| {
        let context = Context::Relationship { id: Gsid::new("1P05A"), company };
        let mut activity = NewActivity { context, ..activity() };
        activity.content.internal_attendees.clear();
        let server = answering(ok(&Value::Null)).await;
        with(&server, async |gainsight, access| gainsight.log(&access, &activity).await).await.unwrap();
        body(&server, 0).await
    };
    let sent = record(Some(Gsid::new("1P02A"))).await;
    let place = &sent["records"][0];
    assert_eq!(
        [&place["ContextName"], &place["GsRelationshipId"], &place["GsCompanyId"]],
        ["Relationship", "1P05A", "1P02A"]
    );
    assert_eq!((sent["lookups"].get("InternalAttendees"), place.get("internalAttendees")), (None, None));
    assert_eq!(record(None).await["records"][0].get("GsCompanyId"), None);
}

#[tokio::test]
async fn minutes_are_sent_where_a_column_takes_them() {
    for (is_createable, expected) in [(true, Some(&json!(30))), (false, None)] {
        let (server, schema) = (answering(ok(&Value::Null)).await, schema(is_createable));
        let log =
            async |gainsight: Gainsight, access: Access<'_>| gainsight.log(&access.knowing(&schema), &activity()).await;
        with(&server, log).await.unwrap();
        assert_eq!(body(&server, 0).await["records"][0].get("Dur__c"), expected);
    }
}

#[tokio::test]
async fn every_form_of_success_is_understood() {
    let known = |id: Option<&str>, activity_id: Option<&str>| {
        let activity_id = activity_id.map(ActivityId::new);
        Logged { id: id.map(Gsid::new), activity_id, was_known: false }
    };
    let cases = [
        (json!({"success": {ID: [{"activityId": "act-1"}]}}), known(None, Some("act-1"))),
        (json!({"success": {ID: {"activityId": "act-1", "gsid": "1A01"}}}), known(Some("1A01"), Some("act-1"))),
        (json!({"count": 1, "errors": null, "records": [{"Gsid": "1A01"}]}), known(Some("1A01"), None)),
        (json!([{"Gsid": "1A01"}]), known(Some("1A01"), None)),
        (json!({"success": {}}), known(None, None)),
        (json!("ok"), known(None, None)),
        (Value::Null, known(None, None)),
    ];
    for (data, expected) in cases {
        assert_eq!(logged(ok(&data)).await.unwrap(), expected, "{data}");
    }
}

#[tokio::test]
async fn a_duplicate_is_a_success() {
    let already_there = Logged { id: None, activity_id: None, was_known: true };
    for reply in [
        failing(409, "", "conflict"),
        answer(400, &refused("ExternalId", "Value already exists")),
        failing(200, "GSOBJ_1008", &format!("Duplicate ExternalId {ID}")),
        ok(&json!({"failed": {ID: [{"errors": [{"errorMessage": "duplicate", "fieldName": "ExternalId"}]}]}})),
    ] {
        assert_eq!(logged(reply).await.unwrap(), already_there);
    }
}

#[tokio::test]
async fn a_vague_duplicate_is_looked_up() {
    let vague = || failing(400, "GSOBJ_1008", "Duplicate record");
    let retried = async |look_up: ResponseTemplate| {
        let server = answering_in_turn([vague(), look_up]).await;
        let logged = with(&server, async |gainsight, access| gainsight.log(&access, &activity()).await).await;
        assert_eq!(body(&server, 1).await["where"]["conditions"][0]["value"], json!([ID]));
        logged
    };
    let found = retried(ok(&json!([{"Gsid": "1A01"}]))).await.unwrap();
    assert_eq!(found, Logged { id: Some(Gsid::new("1A01")), activity_id: None, was_known: true });
    let unseen = retried(ok(&json!([]))).await.unwrap_err();
    assert!(matches!(unseen, Error::Duplicate(_)) && unseen.may_have_been_applied() && unseen.is_transient());
    assert!(matches!(retried(failing(429, "GU_2400", "x")).await, Err(Error::Busy { .. })));
}

#[tokio::test]
async fn a_note_about_duplicates_is_not_taken_for_one() {
    let error = logged(answer(400, &refused("Subject", "\"Duplicate invoice already exists\" is too long"))).await;
    assert!(matches!(error, Err(Error::Invalid { .. })), "{error:?}");
    let busy = logged(failing(429, "GU_2400", &format!("Duplicate {ID}"))).await;
    assert!(matches!(busy, Err(Error::Busy { .. })), "{busy:?}");
    let token = logged(failing(401, "GS_APIG_2401", &format!("Duplicate {ID}"))).await;
    assert!(matches!(token, Err(Error::Unauthorized(_))), "{token:?}");
}

#[tokio::test]
async fn a_refusal_names_its_fields_even_inside_a_success() {
    let problem = json!({"errorMessage": "required", "errorCode": "GSOBJ_1007", "fieldName": "Ant__Sentiment__c"});
    for reply in
        [answer(400, &refused("Ant__Sentiment__c", "required")), ok(&json!({"success": {}, "failed": {ID: [problem]}}))]
    {
        let error = logged(reply).await.unwrap_err();
        let Error::Invalid { fields, .. } = &error else { panic!("{error:?}") };
        assert_eq!(fields[0].field.as_deref(), Some("Ant__Sentiment__c"));
        assert!(!error.is_transient() && !error.may_have_been_applied());
    }
}

#[tokio::test]
async fn whoever_hears_nothing_may_send_it_again() {
    for reply in [
        failing(500, "GU_1101", "x"),
        html(502),
        html(200),
        ResponseTemplate::new(200).set_body_string(r#"{"result":true,"data":{"succ"#),
    ] {
        let error = logged(reply).await.unwrap_err();
        assert!(error.may_have_been_applied() && error.is_transient(), "{error:?}");
    }
    let server = answering(never()).await;
    let (base, credential) = (base(&server), Credential::User("t".into()));
    let silence = Gainsight::new(impatient_gate(&base)).log(&Access::new(&base, &credential), &activity()).await;
    let error = silence.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)) && error.may_have_been_applied() && error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn an_update_names_its_key() {
    let server = answering(ok(&Value::Null)).await;
    let keys = [
        (ActivityKey::External(ExternalId::new("x-1")), "identifier=externalid", ("ExternalId", "x-1")),
        (ActivityKey::Activity(ActivityId::new("act-1")), "identifier=activityid", ("ActivityId", "act-1")),
        (ActivityKey::Record(Gsid::new("1A01")), "identifier=gsid", ("Gsid", "1A01")),
    ];
    for (number, (key, query, (field, value))) in keys.into_iter().enumerate() {
        let content = activity().content;
        with(&server, async |gainsight, access| gainsight.update_activity(&access, &key, &content).await)
            .await
            .unwrap();
        let sent = &requests(&server).await[number];
        assert_eq!(
            (sent.method.as_str(), sent.url.path(), sent.url.query()),
            ("PUT", "/v1/ant/es/activity", Some(query))
        );
        let record = body(&server, number).await["records"][0].clone();
        assert_eq!((&record[field], &record["Subject"]), (&json!(value), &json!("Weekly sync")));
        assert_eq!(record.get("Author"), None, "an update never changes who wrote it");
    }
    let refusing = answering(ok(&json!({"failed": [{"errorMessage": "no", "fieldName": "Subject"}]}))).await;
    let (key, content) = (ActivityKey::Record(Gsid::new("1A01")), activity().content);
    let update =
        async |gainsight: Gainsight, access: Access<'_>| gainsight.update_activity(&access, &key, &content).await;
    assert!(matches!(with(&refusing, update).await, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn a_deletion_names_its_activity() {
    let server = answering(ok(&Value::Null)).await;
    let id = ActivityId::new("act-1");
    with(&server, async |gainsight, access| gainsight.delete_activity(&access, &id).await).await.unwrap();
    let sent = &requests(&server).await[0];
    assert_eq!((sent.method.as_str(), sent.url.query()), ("DELETE", Some("activityId=act-1")));
    assert_eq!(body(&server, 0).await, json!({"activityIds": ["act-1"]}));
    let missing = answering(failing(404, "", "x")).await;
    let deleted = with(&missing, async |gainsight, access| gainsight.delete_activity(&access, &id).await).await;
    assert!(matches!(deleted, Err(Error::NotFound(_))));
}

#[test]
fn debug_output_shows_nothing_that_was_written() {
    let shown = format!("{:?} {:?}", activity(), activity().content);
    assert!(shown.contains(ID), "{shown}");
    assert!(!["Weekly", "well", "lumen", "northwind", "Positive"].iter().any(|text| shown.contains(text)), "{shown}");
}

#[tokio::test]
async fn a_change_sends_what_is_changed_and_nothing_else() {
    let server = answering(ok(&Value::Null)).await;
    let change = Change { subject: Some("Better".to_owned()), ..Change::default() };
    let key = ActivityKey::Record(Gsid::new("1T01A"));
    with(&server, async |gainsight, access| gainsight.change_activity(&access, &key, &change).await).await.unwrap();
    let sent = &requests(&server).await[0];
    assert_eq!((sent.method.as_str(), sent.url.query()), ("PUT", Some("identifier=gsid")));
    let expected = json!({ "records": [{ "Gsid": "1T01A", "Subject": "Better" }], "lookups": {} });
    assert_eq!(body(&server, 0).await, expected);
}
