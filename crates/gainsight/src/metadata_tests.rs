use super::*;
use crate::Credential;
use crate::stub::{answering, base, failing, gate, ok, requests};
use wiremock::ResponseTemplate;

/// Trimmed from `gainsight.md` 6; two options are out of order, and one is inactive.
fn company() -> Value {
    let meta = |change: Value| {
        let mut meta = json!({"createable": true, "updateable": true, "readOnly": false, "required": false, "nillable": true,
            "formulaField": false, "richText": false, "decimalPlaces": 0, "length": 255, "hidden": false,
            "lookupDetail": null, "properties": {"sourceType": "PICKLIST"}});
        meta.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        meta
    };
    json!({ "objectName": "company", "label": "Company", "objectType": "STANDARD", "keyPrefix": "1P02", "fields": [
        {"fieldName": "Status", "label": "Status", "dataType": "PICKLIST", "meta": meta(json!({})), "options": [
            {"active": false, "label": "Churned", "value": "1I00C", "displayOrder": 3, "systemName": "Churned"},
            {"active": true, "label": "Aktiv", "value": "1I00A", "displayOrder": 1, "systemName": "Active"}]},
        {"fieldName": "Name", "label": "Name", "dataType": "string", "meta": meta(json!({"required": true}))},
        {"fieldName": "Arr", "label": "ARR", "dataType": "CURRENCY",
            "meta": meta(json!({"decimalPlaces": 2, "updateable": false, "length": 0}))},
        {"fieldName": "CurrentScore", "label": "Score", "dataType": "NUMBER", "meta": meta(json!({"readOnly": true}))},
        {"fieldName": "Age", "label": "Age", "dataType": "NUMBER", "meta": meta(json!({"formulaField": true}))},
        {"fieldName": "Ticker", "label": "Ticker", "dataType": "STRING", "meta": meta(json!({"hidden": true}))},
        {"fieldName": "Csm", "label": "CSM", "dataType": "LOOKUP", "meta": meta(json!({"lookupDetail":
            {"lookupName": "Csm__gr", "fieldName": "Gsid", "lookupObjects": [{"objectName": "gsuser", "label": "User"}]}}))},
        {"fieldName": "Aura", "label": "Aura", "dataType": "HOLOGRAM"},
        {"label": "A field without a name"} ] })
}

fn timeline(label: &str) -> Value {
    json!({"objectName": "activity_timeline", "fields": [{"fieldName": "Ant__Min", "label": label, "dataType": "NUMBER",
        "meta": {"createable": true}}]})
}

async fn described(answer: ResponseTemplate) -> Result<Schema, Error> {
    let server = answering(answer).await;
    let (base, credential) = (base(&server), Credential::User("t".into()));
    let access = Access::new(&base, &credential);
    let descriptions = Gainsight::new(gate(&base)).describe(&access, &Schema::OBJECTS).await?;
    let sent: Value = requests(&server).await[0].body_json().unwrap();
    assert_eq!(requests(&server).await[0].url.path(), "/v1/meta/services/objects/describe");
    assert_eq!(sent["objectNames"], json!(Schema::OBJECTS));
    assert_eq!([&sent["populatePickListOptions"], &sent["honorUserContext"]], [true, true]);
    Ok(Schema::of(descriptions))
}

async fn schema() -> Schema {
    described(ok(&json!([company()]))).await.unwrap()
}

#[tokio::test]
async fn fields_say_what_can_be_done_with_them() {
    let schema = schema().await;
    let is_editable = |name: &str| schema.field("Company", name).unwrap().is_editable();
    assert!(is_editable("Name") && is_editable("Status") && is_editable("Csm"));
    for name in ["Arr", "CurrentScore", "Age", "Ticker", "Aura"] {
        assert!(!is_editable(name), "{name}");
    }
    let name = schema.field("COMPANY", "name").unwrap();
    assert_eq!((&name.data_type, name.may_be_empty, name.length), (&DataType::Text, false, Some(255)));
    let arr = schema.field("company", "ARR").unwrap();
    assert_eq!((&arr.data_type, arr.decimal_places, arr.length), (&DataType::Currency, 2, None));
    assert_eq!((arr.writing, arr.is_createable()), (Writing::OnInsert, true));
    assert_eq!(schema.field("company", "Csm").unwrap().target.as_deref(), Some("gsuser"));
    assert_eq!(schema.field("company", "Aura").unwrap().data_type, DataType::Other("HOLOGRAM".to_owned()));
    assert_eq!(schema.object("company").unwrap().fields.len(), 8);
}

#[tokio::test]
async fn a_picklist_is_read_by_id_label_or_system_name() {
    let schema = schema().await;
    let options = &schema.field("Company", "Status").unwrap().options;
    assert_eq!(options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>(), ["Aktiv", "Churned"]);
    assert_eq!(options.iter().map(|option| option.is_active).collect::<Vec<_>>(), [true, false]);
    for value in ["1I00A", "Aktiv", "Active"] {
        assert_eq!(schema.label_of("Company", "Status", value), "Aktiv");
    }
    assert_eq!(schema.label_of("Company", "Status", "1I00Z"), "1I00Z");
    assert_eq!(schema.label_of("Person", "Status", "x"), "x");
}

#[tokio::test]
async fn only_columns_that_can_be_read_are_asked_for() {
    let columns = [
        Column::Needed("Gsid"),
        Column::Usual("Name"),
        Column::Usual("Ticker"),
        Column::Usual("Csm__gr.Name"),
        Column::Usual("Owner__gr.Name"),
        Column::Described("arr"),
        Column::Described("Nonesuch"),
    ];
    let schema = schema().await;
    assert_eq!(Schema::columns(Some(&schema), "Company", &columns), ["Gsid", "Name", "Csm__gr.Name", "arr"]);
    let usual = ["Gsid", "Name", "Ticker", "Csm__gr.Name", "Owner__gr.Name"];
    assert_eq!(Schema::columns(None, "Company", &columns), usual);
    assert_eq!(Schema::columns(Some(&schema), "Person", &columns), usual, "what is not described is as usual");
}

#[tokio::test]
async fn a_look_up_is_followed_into_described_objects() {
    let user = json!({"objectName": "gsuser", "fields": [{"fieldName": "Name"}, {"fieldName": "Boss", "meta":
        {"lookupDetail": {"lookupObjects": [{"objectName": "gsuser"}]}}},
        {"fieldName": "Email", "meta": {"accessible": false}}]});
    let schema = described(ok(&json!([company(), user]))).await.unwrap();
    let columns = [
        Column::Usual("Csm__gr.Name"),
        Column::Usual("Csm__gr.Email"),
        Column::Usual("Csm__gr.Phone"),
        Column::Usual("Csm__gr.Boss__gr.Name"),
        Column::Usual("Csm__gr.Boss__gr.Email"),
    ];
    assert_eq!(Schema::columns(Some(&schema), "Company", &columns), ["Csm__gr.Name", "Csm__gr.Boss__gr.Name"]);
}

#[tokio::test]
async fn the_column_for_minutes_is_known_by_its_label() {
    for (label, is_found) in
        [("Duration (in Mins)", true), ("Duration", true), ("Durations", false), ("Minutes", false)]
    {
        let schema = described(ok(&json!([timeline(label)]))).await.unwrap();
        assert_eq!(schema.duration_field().is_some_and(|field| field.name == "Ant__Min"), is_found, "{label}");
    }
}

#[tokio::test]
async fn an_unknown_object_is_told_apart_and_noise_is_unreadable() {
    let unknown = json!({"requestId": "r", "result": false, "title": "OBJECT_NOT_FOUND", "detail": "x"});
    let answer = ResponseTemplate::new(400).set_body_json(unknown);
    assert!(matches!(described(answer).await, Err(Error::UnknownObject(_))));
    assert!(matches!(described(failing(401, "GS_APIG_2401", "x")).await, Err(Error::Unauthorized(_))));
    assert!(matches!(described(ok(&json!({"a": 1}))).await, Err(Error::Unreadable(_))));
}

#[tokio::test]
async fn only_approved_fields_are_read_where_nobodys_permissions_apply() {
    let approved: Arc<BTreeSet<_>> =
        Arc::new(["company.STATUS", "Company.Csm"].iter().filter_map(|name| FieldName::parse(name)).collect());
    let columns = [
        Column::Needed("Gsid"),
        Column::Usual("Status"),
        Column::Usual("Arr"),
        Column::Usual("Csm__gr.Email"),
        Column::Described("CurrentScore"),
    ];
    let undescribed = Schema::default().approving(approved.clone());
    let described = schema().await.approving(approved);
    for schema in [undescribed, described] {
        assert_eq!(Schema::columns(Some(&schema), "Company", &columns), ["Gsid", "Status", "Csm__gr.Email"]);
    }
    assert_eq!(
        Schema::columns(None, "Company", &columns).len(),
        4,
        "a person's own token reads what his permissions allow"
    );
}

#[tokio::test]
async fn minutes_are_read_only_where_they_are_approved() {
    let schema = described(ok(&json!([timeline("Duration")]))).await.unwrap();
    let named = |names: &[&str]| Arc::new(names.iter().filter_map(|name| FieldName::parse(name)).collect());
    assert!(schema.clone().approving(named(&["activity_timeline.Duration"])).readable_duration().is_some());
    let without = schema.approving(named(&["activity_timeline.Notes"]));
    assert!(
        without.readable_duration().is_none() && without.duration_field().is_some(),
        "written it can be all the same"
    );
}

#[test]
fn what_can_be_approved_is_named_as_it_is_asked_for() {
    let choices = Schema::choices();
    for name in ["Company.Arr", "Company.Csm", "activity_timeline.Notes", "activity_timeline.Duration", "GsUser.Title"]
    {
        assert!(choices.contains(name), "{name}");
    }
    assert!(!choices.contains("Company.Gsid"), "nothing works without it");
    assert!(choices.iter().all(|name| FieldName::parse(name).is_some()));
    for text in ["", "Company", "Company.", ".Arr", "Company.Arr; drop"] {
        assert!(FieldName::parse(text).is_none(), "{text}");
    }
}
