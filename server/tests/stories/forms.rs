//! What a tenant's types ask for is known before anything is sent, and a refusal for a form that changed meanwhile loses nothing.

use serde_json::{Value, json};

use crate::outbox::log;
use crate::panel::Panel;
use crate::world::World;

const REVIEW: &str = "Executive Business Review";

async fn asked(panel: &Panel<'_>, of: &str) -> Vec<Value> {
    let types = panel.get("/activity-types?tenant=lumen").await;
    let form = types["forms"].as_array().unwrap().iter().find(|form| form["type_name"] == of).cloned();
    form.map(|form| form["fields"].as_array().unwrap().clone()).unwrap_or_default()
}

fn names(fields: &Value) -> Vec<&str> {
    fields.as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
}

/// The form of a review, filled in as its presets would.
async fn review(panel: &Panel<'_>, subject: &str) -> Value {
    let mut form = panel.form(subject).await;
    form["type_name"] = json!(REVIEW);
    form["duration_minutes"] = json!(45);
    form["fields"] = json!([
        { "name": "Ant__Sentiment__c", "value": "Neutral" },
        { "name": "Ant__Outcome__c", "value": "Goals agreed" },
        { "name": "Ant__Next_Step_Due__c", "value": "2026-12-01" },
    ]);
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_s_form_is_known_before_anything_is_sent_and_goes_out_as_documented() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let fields = asked(&panel, REVIEW).await;
    let told: Vec<_> = fields
        .iter()
        .map(|field| (field["name"].as_str().unwrap(), field["label"].as_str().unwrap(), field["is_required"] == true))
        .collect();
    let expected = [
        ("duration_minutes", "Duration in minutes", true),
        ("Ant__Sentiment__c", "Sentiment", true),
        ("Ant__Outcome__c", "Outcome", true),
        ("Ant__Next_Step_Due__c", "Next step due", false),
    ];
    assert_eq!(told, expected);
    let labels =
        |field: &Value| field["options"].as_array().unwrap().iter().map(|it| it["label"].clone()).collect::<Vec<_>>();
    assert_eq!(labels(&fields[1]), ["Positive", "Neutral", "Negative"], "an inactive item is not on offer");
    assert_eq!((&fields[1]["preset"], &fields[3]["kind"]), (&json!("Neutral"), &json!("date")));
    assert_eq!(asked(&panel, "Milestone").await[0]["label"], "Milestone type");
    assert_eq!(asked(&panel, "Call").await, Vec::<Value>::new());

    let mut bare = review(&panel, "Review").await;
    (bare["duration_minutes"], bare["fields"]) = (Value::Null, json!([]));
    let before = world.calls("POST /v1/ant/es/activity").await;
    let (status, refused) = log(&panel, "bare", &bare).await;
    assert_eq!((status, &refused["code"]), (422, &json!("invalid_input")), "{refused}");
    assert_eq!(names(&refused["fields"]), ["duration_minutes", "Ant__Sentiment__c", "Ant__Outcome__c"]);
    assert_eq!(world.calls("POST /v1/ant/es/activity").await, before, "nothing was sent");

    assert_eq!(log(&panel, "whole", &review(&panel, "Review").await).await.0, 201);
    let logged = &world.our_activities().await[0];
    assert_eq!((&logged["Ant__Outcome__c"], &logged["Ant__Sentiment__c"]), (&json!("Goals agreed"), &json!("Neutral")));
    assert_eq!((&logged["Duration"], &logged["TypeName"]), (&json!(45), &json!(REVIEW)));
    assert_eq!(logged["Ant__Next_Step_Due__c"], json!(1_796_126_400_000_i64), "noon of that day");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_filled_in_belongs_to_the_draft() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let filled = json!([{ "name": "Ant__Outcome__c", "value": "Escalated" }]);
    let content = json!({ "notes": "n", "type_name": REVIEW, "fields": filled });
    assert_eq!(panel.put("/draft", &json!({ "based_on": 0, "content": content })).await.0, 200);
    assert_eq!(world.panel("maya-lindqvist").await.opened["panel"]["draft"]["content"]["fields"], filled);
    let many: Vec<_> = (0..51).map(|number| json!({ "name": format!("Ant__F{number}__c"), "value": "x" })).collect();
    let content = json!({ "notes": "n", "fields": many });
    assert_eq!(panel.put("/draft", &json!({ "based_on": 1, "content": content })).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_became_mandatory_meanwhile_is_named_and_asked_for() {
    for way in ["named", "in_the_text"] {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        world.gainsight_control("switches", json!({ "gainsight.mandatory_field": way })).await;
        let content = json!({ "notes": "Kept", "type_name": REVIEW });
        let (_, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": content })).await;
        let demand = json!({ "tenant": "lumen", "of": REVIEW, "field": "Ant__Agenda_Link__c", "is_required": true });
        world.gainsight_control("forms", demand).await;
        let mut form = review(&panel, "Review").await;
        let request = json!({ "key": "late", "form": form, "draft": draft["id"] });
        let (status, refused) = panel.post("/activities", &request).await;
        assert_eq!((status, names(&refused["fields"])), (422, vec!["Ant__Agenda_Link__c"]), "{way}: {refused}");
        assert_eq!(panel.get("/draft").await["content"]["notes"], "Kept");
        let fields = asked(&panel, REVIEW).await;
        let field = fields.iter().find(|field| field["name"] == "Ant__Agenda_Link__c").unwrap();
        assert_eq!((&field["label"], &field["is_required"]), (&json!("Agenda link"), &json!(true)));
        let refused = log(&panel, "again", &form).await;
        assert_eq!((refused.0, names(&refused.1["fields"])), (422, vec!["Ant__Agenda_Link__c"]));
        form["fields"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "name": "Ant__Agenda_Link__c", "value": "https://a.example" }));
        assert_eq!(log(&panel, "filled", &form).await.0, 201, "{way}");
        assert_eq!(world.our_activities().await[0]["Ant__Agenda_Link__c"], "https://a.example");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_was_switched_off_meanwhile_is_refused_at_its_field() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = review(&panel, "Review").await;
    assert_eq!(asked(&panel, REVIEW).await[2]["options"].as_array().unwrap().len(), 3);
    let off = json!({ "tenant": "lumen", "category": "Outcome", "item": "Goals agreed", "is_active": false });
    world.gainsight_control("picklists", off).await;
    let (status, refused) = log(&panel, "k", &form).await;
    assert_eq!((status, names(&refused["fields"])), (422, vec!["Ant__Outcome__c"]), "{refused}");
    let outcome = asked(&panel, REVIEW).await[2].clone();
    assert_eq!(outcome["options"].as_array().unwrap().len(), 2, "{outcome}");
    assert_eq!(outcome["preset"], Value::Null);
    // A switched-off choice is no reason to demand the field of other types.
    assert_eq!(outcome["is_required"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_opens_a_way_to_other_fields() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let fields = [
        json!({ "name": "AuthorId", "value": "1P01X" }),
        json!({ "name": "GsCompanyId", "value": "1P02X" }),
        json!({ "name": "Ant__Agenda_Link__c", "value": "https://a.example" }),
        json!({ "name": "duration_minutes", "value": "3" }),
        json!({ "name": "Ant__Outcome__c", "value": "Made up" }),
    ];
    for (number, field) in fields.iter().enumerate() {
        let mut form = review(&panel, "Review").await;
        let filled = form["fields"].as_array_mut().unwrap();
        filled.retain(|known| known["name"] != field["name"]);
        filled.push(field.clone());
        let (status, refused) = log(&panel, &format!("k-{number}"), &form).await;
        assert_eq!((status, names(&refused["fields"])), (422, vec![field["name"].as_str().unwrap()]), "{refused}");
    }
    assert_eq!(world.our_activities().await, Vec::<Value>::new());
}
