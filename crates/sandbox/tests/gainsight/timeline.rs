//! The Timeline API.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::*;

const ACTIVITY: &str = "/v1/ant/es/activity";
const MAYA: &str = "maya.lindqvist@lumenworks.example";

/// A complete activity at Northwind, with some fields changed; null takes one away.
async fn activity(sandbox: &Sandbox, changes: Value) -> Value {
    let mut record = json!({
        "ExternalId": "sidelight-1", "ContextName": "Company", "TypeName": "Meeting", "Subject": "Weekly sync",
        "Notes": "<p>All <strong>well</strong> &amp; good.</p>", "ActivityDate": "2026-05-28T20:00:00.000+0000",
        "Author": MAYA,
        "GsCompanyId": sandbox.lumen().gsid("Company", "Name", "Northwind Traders").await,
    });
    let fields = record.as_object_mut().unwrap();
    fields.extend(changes.as_object().unwrap().clone());
    fields.retain(|_, value| !value.is_null());
    record
}

async fn log(sandbox: &Sandbox, changes: Value) -> Reply {
    let record = activity(sandbox, changes).await;
    sandbox.lumen().post(ACTIVITY, json!({ "records": [record] })).await
}

async fn read(sandbox: &Sandbox, external_id: &str, fields: &[&str]) -> Option<Value> {
    let query = json!({ "select": fields, "where": is("ExternalId", external_id) });
    sandbox.lumen().query("activity_timeline", query).await.rows().pop()
}

fn id(reply: &Reply) -> String {
    let success = reply.data()["success"].as_object().unwrap().clone();
    success.values().next().unwrap()[0]["activityId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_was_logged_can_be_read() {
    cites("gs-timeline-create");
    cites("gs-timeline-read");
    cites("gs-timeline-ids");
    cites("gs-timeline-plain-text");
    cites("gs-timeline-custom");
    let sandbox = Sandbox::start().await;
    let reply = log(&sandbox, json!({ "Ant__Sentiment__c": "Positive", "Duration": 30 })).await;
    let fields = [
        "Gsid",
        "Subject",
        "Notes",
        "NotesPlainText",
        "ActivityDate",
        "CreatedDate",
        "ModifiedDate",
        "contextname",
        "ContextId",
        "ExternalId",
        "TypeName",
        "AuthorId__gr.Email",
        "AuthorId__gr.Name",
        "GsCompanyId__gr.Name",
        "GsRelationshipId",
        "Ant__Sentiment__c",
        "Duration",
        "ReportingCategory",
    ];
    let row = read(&sandbox, "sidelight-1", &fields).await.unwrap();
    assert_eq!(row["Gsid"], id(&reply).as_str());
    assert_eq!(row["NotesPlainText"], "All well & good.");
    assert_eq!(row["Notes"], "<p>All <strong>well</strong> &amp; good.</p>");
    assert_eq!(row["ActivityDate"], NOW.as_millis() - 1_600_000);
    assert_eq!((&row["contextname"], &row["TypeName"]), (&json!("Company"), &json!("Meeting")));
    assert_eq!((&row["AuthorId__gr.Email"], &row["GsCompanyId__gr.Name"]), (&json!(MAYA), &json!("Northwind Traders")));
    assert_eq!((&row["Ant__Sentiment__c"], &row["Duration"]), (&json!("Positive"), &json!(30)));
    assert_eq!(row["CreatedDate"], NOW.as_millis());
}

#[tokio::test]
async fn what_is_required_is_named_when_it_is_missing() {
    cites("gs-timeline-required");
    cites("gs-timeline-date");
    let sandbox = Sandbox::start().await;
    for name in ["ExternalId", "Author", "ContextName", "TypeName", "Subject", "Notes", "ActivityDate"] {
        let reply = log(&sandbox, json!({ name: null })).await;
        assert_eq!(reply.failure(), (400, Some("GSOBJ_1007".to_owned())), "{name}");
        assert_eq!(reply.json()["data"]["errors"][0][0]["errors"][0]["fieldName"], name);
    }
    let company = log(&sandbox, json!({ "GsCompanyId": null })).await;
    assert_eq!(company.failure().1.as_deref(), Some("GSOBJ_1007"));
    let nobody = log(&sandbox, json!({ "Author": "nobody@x.example" })).await;
    assert_eq!(nobody.failure().1.as_deref(), Some("GSOBJ_1007"));
    sandbox.switch("gainsight.activity_date", "optional").await;
    assert_eq!(log(&sandbox, json!({ "ActivityDate": null })).await.status, 200);
    assert_eq!(read(&sandbox, "sidelight-1", &["ActivityDate"]).await.unwrap()["ActivityDate"], NOW.as_millis());
    let two = json!({ "records": [activity(&sandbox, json!({})).await, activity(&sandbox, json!({})).await] });
    assert_eq!(sandbox.lumen().post(ACTIVITY, two).await.status, 400, "more than one is for the bulk API");
}

#[tokio::test]
async fn contexts_and_types_are_of_the_known_ones() {
    cites("gs-timeline-contexts");
    cites("gs-timeline-types");
    let sandbox = Sandbox::start().await;
    for (number, kind) in ["Update", "Call", "Meeting", "Email", "Milestone", "In-Person Meeting"].iter().enumerate() {
        let reply = log(&sandbox, json!({ "ExternalId": format!("t-{number}"), "TypeName": kind })).await;
        assert_eq!(reply.status, 200, "{kind}");
    }
    assert_eq!(log(&sandbox, json!({ "TypeName": "Séance" })).await.status, 400);
    assert_eq!(log(&sandbox, json!({ "ContextName": "Planet" })).await.status, 400);
    for (number, context) in ["CTA", "SuccessPlan", "Scorecard", "ScorecardMeasure", "Milestone"].iter().enumerate() {
        let changes = json!({
            "ExternalId": format!("c-{number}"), "ContextName": context, "ContextId": format!("1S01{:032}", 0),
        });
        assert_eq!(log(&sandbox, changes).await.status, 200, "{context}");
    }
}

#[tokio::test]
async fn both_offset_spellings_are_taken() {
    cites("gs-dates-timeline");
    let sandbox = Sandbox::start().await;
    for (number, text) in
        ["2026-05-28T20:00:00.000+0000", "2026-05-28T13:00:00.000-07:00", "2026-05-28T20:00:00.000Z"].iter().enumerate()
    {
        let external_id = format!("d-{number}");
        assert_eq!(
            log(&sandbox, json!({ "ExternalId": external_id, "ActivityDate": text })).await.status,
            200,
            "{text}"
        );
        let row = read(&sandbox, &external_id, &["ActivityDate"]).await.unwrap();
        assert_eq!(row["ActivityDate"], NOW.as_millis() - 1_600_000, "{text}");
    }
}

fn lookups(external_object: &str) -> Value {
    let by = |column: &str, field: &str, object: &str| {
        json!({
            "fields": { column: field }, "lookupField": "Gsid", "objectName": object,
            "multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR",
        })
    };
    let external_field = if external_object == "Person" { "Email" } else { "Person_ID__gr.Email" };
    json!({
        "AuthorId": by("Author", "Email", "GsUser"), "GsCompanyId": by("companyName", "Name", "Company"),
        "InternalAttendees": by("internalAttendees", "Email", "GsUser"),
        "ExternalAttendees": by("externalAttendees", external_field, external_object),
    })
}

#[tokio::test]
async fn author_company_and_attendees_are_found_by_lookups() {
    cites("gs-timeline-author");
    cites("gs-timeline-company-lookup");
    cites("gs-timeline-internal");
    cites("gs-timeline-external");
    cites("gs-timeline-attendees");
    let sandbox = Sandbox::start().await;
    let log_with = async |external_id: &str, object: &str| {
        let record = activity(
            &sandbox,
            json!({
                "ExternalId": external_id, "GsCompanyId": null, "companyName": "Northwind Traders",
                "internalAttendees": [MAYA, "tom.okafor@lumenworks.example"],
                "externalAttendees": ["ana.ruiz@northwindtraders.example", "chioma.eze@northwindtraders.example"],
            }),
        )
        .await;
        sandbox.lumen().post(ACTIVITY, json!({ "records": [record], "lookups": lookups(object) })).await
    };
    assert_eq!(log_with("l-1", "company_person").await.status, 200);
    let row = read(&sandbox, "l-1", &["InternalAttendees", "ExternalAttendees", "GsCompanyId__gr.Name"]).await.unwrap();
    assert_eq!(row["InternalAttendees"], "Maya Lindqvist, Tom Okafor", "names, not ids");
    assert_eq!(row["ExternalAttendees"], "Ana Ruiz, Chioma Eze");
    assert_eq!(row["GsCompanyId__gr.Name"], "Northwind Traders");
    assert_eq!(log_with("l-2", "Person").await.status, 400);
    sandbox.switch("gainsight.external_lookup", "person").await;
    assert_eq!(log_with("l-3", "Person").await.status, 200);
    sandbox.switch("gainsight.external_lookup", "refused").await;
    assert_eq!(log_with("l-4", "company_person").await.status, 400);
    let unknown = activity(&sandbox, json!({ "ExternalId": "l-5", "internalAttendees": ["nobody@x.example"] })).await;
    let reply =
        sandbox.lumen().post(ACTIVITY, json!({ "records": [unknown], "lookups": lookups("company_person") })).await;
    assert_eq!(reply.failure().1.as_deref(), Some("GSOBJ_1008"), "no match is an error");
    assert!(read(&sandbox, "l-5", &["Gsid"]).await.is_none());
}

#[tokio::test]
async fn a_repeated_mark_is_an_error_or_the_same_activity() {
    cites("gs-timeline-duplicate");
    cites("gs-timeline-external-id");
    let sandbox = Sandbox::start().await;
    let first = id(&log(&sandbox, json!({})).await);
    let refused = log(&sandbox, json!({ "Subject": "Second" })).await;
    assert_eq!(refused.failure().0, 400);
    assert!(refused.json()["errorDesc"].as_str().unwrap().contains("Duplicate ExternalId"));
    sandbox.switch("gainsight.duplicate_external_id", "existing").await;
    assert_eq!(id(&log(&sandbox, json!({ "Subject": "Third" })).await), first);
    let kept = sandbox.look("activities?tenant=lumen&external_id_prefix=sidelight-").await;
    assert_eq!(kept.as_array().unwrap().len(), 1);
    assert_eq!(kept[0]["Subject"], "Weekly sync");
    sandbox.clock.advance(Duration::from_hours(24 * 700));
    sandbox.switch("gainsight.duplicate_external_id", "error").await;
    assert_eq!(log(&sandbox, json!({})).await.status, 400, "for ever");
    assert_eq!(log(&sandbox, json!({ "ExternalId": "SIDELIGHT-1" })).await.status, 200, "the mark is compared exactly");
}

#[tokio::test]
async fn the_reply_has_one_of_several_shapes() {
    cites("gs-timeline-reply");
    let sandbox = Sandbox::start().await;
    let reply = log(&sandbox, json!({ "ExternalId": "r-1" })).await.data();
    assert!(reply["success"]["r-1"][0]["activityId"].is_string());
    sandbox.switch("gainsight.create_reply", "records").await;
    let reply = log(&sandbox, json!({ "ExternalId": "r-2" })).await.data();
    assert_eq!((&reply["count"], &reply["records"][0]["ExternalId"]), (&json!(1), &json!("r-2")));
    sandbox.switch("gainsight.create_reply", "bare").await;
    assert_eq!(log(&sandbox, json!({ "ExternalId": "r-3" })).await.data(), Value::Null);
}

#[tokio::test]
async fn a_type_may_demand_fields() {
    cites("gs-timeline-mandatory");
    let sandbox = Sandbox::start().await;
    let review = json!({ "TypeName": "Executive Business Review" });
    let refused = log(&sandbox, review.clone()).await;
    let errors = refused.json()["data"]["errors"][0].clone();
    let field = |problem: &Value| problem["errors"][0]["fieldName"].as_str().unwrap().to_owned();
    let fields: Vec<_> = errors.as_array().unwrap().iter().map(field).collect();
    assert_eq!(fields, ["Duration", "Ant__Sentiment__c", "Ant__Outcome__c"]);
    let texts = errors.to_string();
    let outcome =
        "Missing required custom fields: 'Outcome' (type: PICKLIST, allowed values: [Goals agreed, Follow-up needed";
    assert!(texts.contains(outcome), "{texts}");
    let mut complete = json!({
        "TypeName": "Executive Business Review", "Duration": 30, "Ant__Sentiment__c": "Neutral",
        "Ant__Outcome__c": "Goals agreed",
    });
    assert_eq!(log(&sandbox, complete.clone()).await.status, 200);
    let emptied = json!({ "records": [{ "ExternalId": "sidelight-1", "Ant__Outcome__c": null }] });
    assert_eq!(sandbox.lumen().put(&format!("{ACTIVITY}?identifier=externalid"), emptied).await.status, 400);
    cites("gs-timeline-mandatory-field");
    sandbox.switch("gainsight.mandatory_field", "in_the_text").await;
    let refused = log(&sandbox, review).await.json();
    assert_eq!(refused["data"]["errors"], Value::Null);
    assert!(refused["errorDesc"].as_str().unwrap().contains("'Sentiment' (type: PICKLIST"), "{refused}");
    complete["ExternalId"] = json!("sidelight-2");
    complete["Ant__Outcome__c"] = json!("Escalated");
    let off = json!({ "tenant": "lumen", "category": "Outcome", "item": "Escalated", "is_active": false });
    sandbox.control("picklists", off).await;
    assert_eq!(log(&sandbox, complete.clone()).await.status, 400);
    complete["Ant__Outcome__c"] = json!("Goals agreed");
    let demand = |is_required: bool| json!({ "tenant": "lumen", "of": "Executive Business Review", "field": "Ant__Agenda_Link__c", "is_required": is_required });
    sandbox.control("forms", demand(true)).await;
    assert_eq!(log(&sandbox, complete.clone()).await.status, 400);
    sandbox.control("forms", demand(false)).await;
    assert_eq!(log(&sandbox, complete).await.status, 200);
}

#[tokio::test]
async fn an_activity_can_belong_to_a_relationship_unless_it_cannot() {
    cites("gs-timeline-relationship");
    let sandbox = Sandbox::start().await;
    let suite = sandbox.lumen().gsid("relationship", "Name", "Northwind: Warehouse Suite").await;
    let to_suite = |external_id: &str| {
        json!({
            "ExternalId": external_id, "ContextName": "Relationship", "GsRelationshipId": suite, "GsCompanyId": null,
        })
    };
    assert_eq!(log(&sandbox, to_suite("x-1")).await.status, 200);
    let row = read(&sandbox, "x-1", &["ContextName", "ContextId", "GsRelationshipId__gr.Name", "GsCompanyId__gr.Name"])
        .await
        .unwrap();
    assert_eq!((&row["ContextId"], &row["ContextName"]), (&json!(suite), &json!("Relationship")));
    assert_eq!(row["GsRelationshipId__gr.Name"], "Northwind: Warehouse Suite");
    assert_eq!(row["GsCompanyId__gr.Name"], "Northwind Traders");
    sandbox.switch("gainsight.relationship_context", "not_found").await;
    let refused = log(&sandbox, to_suite("x-2")).await;
    assert_eq!(refused.json()["errorDesc"], "Relationship not found");
}

#[tokio::test]
async fn an_activity_is_changed_under_any_of_its_names() {
    cites("gs-timeline-update");
    cites("gs-timeline-activity-id");
    let sandbox = Sandbox::start().await;
    sandbox.switch("gainsight.activity_id", "own").await;
    let activity_id = id(&log(&sandbox, json!({})).await);
    let row = read(&sandbox, "sidelight-1", &["Gsid", "ActivityId"]).await.unwrap();
    assert_eq!(row["ActivityId"], activity_id.as_str());
    let gsid = row["Gsid"].as_str().unwrap().to_owned();
    assert_ne!(gsid, activity_id);
    sandbox.clock.advance(Duration::from_secs(5));
    for (identifier, name, value) in [
        ("externalid", "ExternalId", "sidelight-1"),
        ("activityid", "ActivityId", &activity_id),
        ("gsid", "Gsid", &gsid),
    ] {
        let body =
            json!({ "records": [{ name: value, "Subject": format!("By {identifier}"), "Notes": "<p>Changed</p>" }] });
        sandbox.lumen().put(&format!("{ACTIVITY}?identifier={identifier}"), body).await.data();
        let row =
            read(&sandbox, "sidelight-1", &["Subject", "NotesPlainText", "TypeName", "ModifiedDate", "CreatedDate"])
                .await
                .unwrap();
        assert_eq!(row["Subject"], format!("By {identifier}"));
        assert_eq!(
            (&row["NotesPlainText"], &row["TypeName"]),
            (&json!("Changed"), &json!("Meeting")),
            "the rest stays"
        );
        assert_eq!(row["ModifiedDate"].as_i64().unwrap() - row["CreatedDate"].as_i64().unwrap(), 5_000);
    }
    let nowhere = json!({ "records": [{ "ExternalId": "sidelight-9", "Subject": "x" }] });
    assert_eq!(
        sandbox.lumen().put(&format!("{ACTIVITY}?identifier=externalid"), nowhere).await.failure().1.as_deref(),
        Some("GSOBJ_1011")
    );
    let unnamed = json!({ "records": [{ "Subject": "x" }] });
    assert_eq!(sandbox.lumen().put(&format!("{ACTIVITY}?identifier=externalid"), unnamed.clone()).await.status, 400);
    assert_eq!(sandbox.lumen().put(&format!("{ACTIVITY}?identifier=name"), unnamed).await.status, 400);
}

#[tokio::test]
async fn an_activity_is_deleted_by_its_id_and_listed_for_a_while() {
    cites("gs-timeline-delete");
    cites("gs-timeline-delete-form");
    cites("gs-timeline-deleted");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(id(&log(&sandbox, json!({ "ExternalId": format!("d-{number}") })).await));
    }
    let in_query = async |id: &str| lumen.delete(&format!("{ACTIVITY}?activityId={id}")).await.status.as_u16();
    let in_body = async |id: &str| {
        let body = json!({ "activityIds": [id] });
        lumen.try_call(sidelight_outbound::Method::DELETE, ACTIVITY, Some(body)).await.unwrap().status.as_u16()
    };
    assert_eq!((in_query(&ids[0]).await, in_body(&ids[1]).await), (200, 200));
    let both = id(&log(&sandbox, json!({ "ExternalId": "d-both" })).await);
    let path = format!("{ACTIVITY}?activityId={both}");
    let body = json!({ "activityIds": [both] });
    let reply = lumen.try_call(sidelight_outbound::Method::DELETE, &path, Some(body)).await.unwrap();
    assert_eq!(reply.data()["count"], 1, "named twice, deleted once");
    assert_eq!(in_query(&ids[0]).await, 400, "it is gone");
    sandbox.switch("gainsight.delete_form", "body").await;
    assert_eq!((in_query(&ids[2]).await, in_body(&ids[2]).await), (400, 200));
    sandbox.switch("gainsight.delete_form", "query").await;
    assert_eq!((in_body(&ids[3]).await, in_query(&ids[3]).await), (400, 200));
    assert!(read(&sandbox, "d-0", &["Gsid"]).await.is_none());
    let range = json!({ "startDate": "2026-05-28T00:00:00Z", "endDate": "2026-05-29T00:00:00Z" });
    assert_eq!(lumen.post(&format!("{ACTIVITY}/deleted"), range.clone()).await.data().as_array().unwrap().len(), 5);
    sandbox.clock.advance(Duration::from_hours(15 * 24));
    assert_eq!(lumen.post(&format!("{ACTIVITY}/deleted"), range).await.data(), json!([]));
}

#[tokio::test]
async fn reporting_may_lag_behind() {
    cites("gs-timeline-lag");
    let sandbox = Sandbox::start().await;
    sandbox.switch("gainsight.reporting_lag_millis", 30_000).await;
    log(&sandbox, json!({})).await.data();
    assert!(read(&sandbox, "sidelight-1", &["Gsid"]).await.is_none());
    assert_eq!(log(&sandbox, json!({})).await.status, 400, "the mark is taken at once");
    assert_eq!(
        sandbox.look("activities?tenant=lumen&external_id_prefix=sidelight-").await.as_array().unwrap().len(),
        1
    );
    sandbox.clock.advance(Duration::from_secs(30));
    assert!(read(&sandbox, "sidelight-1", &["Gsid"]).await.is_some());
}

#[tokio::test]
async fn notes_come_back_as_somebody_wrote_them() {
    cites("gs-timeline-html");
    let sandbox = Sandbox::start().await;
    let find = async |text: &str| {
        let filter = condition("Notes", "CONTAINS", json!([text]));
        let query = json!({ "select": ["Notes", "Subject"], "where": filter, "limit": 5_000 });
        sandbox.lumen().query("activity_timeline", query).await.rows()
    };
    assert!(find("MsoNormal").await.len() > 100, "pasted styles");
    assert!(find("<script>").await[0]["Subject"].as_str().unwrap().contains("<b>"));
    assert!(find("javascript:").await.len() == 1 && !find("onerror=").await.is_empty());
    let long = find("Automatic transcript").await;
    assert!(long[0]["Notes"].as_str().unwrap().len() > 100_000);
    let newlines = find("\n- ").await;
    assert!(newlines.iter().all(|row| !row["Notes"].as_str().unwrap().contains("<li>")), "lists without mark-up");
    assert!(!newlines.is_empty());
}
