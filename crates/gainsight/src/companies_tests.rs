use super::*;
use crate::metadata;
use crate::stub::{answering, body, failing, ok, requests, with};
use serde_json::{Value, json};

fn company() -> Value {
    json!({"Gsid": "1P02A", "Name": "Northwind Traders", "Status": "1I00A", "Stage": "1I00S", "Arr": 410_000.5,
        "RenewalDate": 1_772_409_600_000_i64, "CurrentScore": 72, "csm__gr.name": "Maya Lindqvist",
        "csm__gr.email": "Maya@Lumen.example"})
}

fn schema() -> Schema {
    let described = json!({"objectName": "company", "fields": [
        {"fieldName": "Status", "options": [{"value": "1I00A", "label": "Aktiv", "systemName": "Active"},
            {"value": "1I00I", "label": "Inaktiv", "systemName": "Inactive"}]},
        {"fieldName": "Stage", "options": [{"value": "1I00S", "label": "Adopting"}]},
        {"fieldName": "CurrentScore"}, {"fieldName": "RenewalDate"}, {"fieldName": "Csm"}]});
    Schema::of(metadata::object(&described))
}

fn read(row: &Value, schema: Option<&Schema>) -> Company {
    Company::read(&Record::new(row.as_object().unwrap().clone()), schema).unwrap()
}

#[test]
fn picklists_are_shown_by_their_labels() {
    let company = read(&company(), Some(&schema()));
    let standing = &company.standing;
    assert_eq!((standing.status.as_deref(), standing.stage.as_deref()), (Some("Aktiv"), Some("Adopting")));
    assert_eq!((standing.arr, standing.score.as_deref()), (Some(410_000.5), Some("72")));
    assert_eq!(standing.renews_at, Some(Timestamp::from_millis(1_772_409_600_000)));
    let csm = standing.csm.as_ref().unwrap();
    assert_eq!(
        (csm.name.as_str(), csm.email.as_ref().map(Spelling::as_str)),
        ("Maya Lindqvist", Some("Maya@Lumen.example"))
    );
    let shown = format!("{company:?} {standing:?}");
    assert!(!shown.contains("Northwind") && !shown.contains("Maya"), "{shown}");
}

#[test]
fn an_inactive_company_is_known_in_every_language() {
    let status = |value: &str| {
        let mut row = company();
        row["Status"] = json!(value);
        row
    };
    for (value, is_inactive) in [("1I00I", true), ("1I00A", false), ("inactive", true), ("Churned", false)] {
        assert_eq!(read(&status(value), Some(&schema())).standing.is_inactive, is_inactive, "{value}");
    }
    assert!(read(&status("Inactive"), None).standing.is_inactive);
    assert!(!read(&status("1I00I"), None).standing.is_inactive, "without describe an item says nothing");
}

#[test]
fn what_may_not_be_read_is_missing() {
    let company = read(&json!({"Gsid": "1P02A", "Name": "Northwind", "Arr": null}), None);
    assert_eq!(company.standing, Standing::default());
}

#[tokio::test]
async fn only_described_columns_are_asked_for() {
    let server = answering(ok(&json!([company()]))).await;
    let schema = schema();
    let id = Gsid::new("1P02A");
    with(&server, async |gainsight, access| gainsight.company(&access.knowing(&schema), &id).await).await.unwrap();
    let known = ["Gsid", "Name", "Status", "Stage", "RenewalDate", "CurrentScore", "Csm__gr.Name", "Csm__gr.Email"];
    assert_eq!(body(&server, 0).await["select"], json!(known), "no Arr: this credential does not see it");
    with(&server, async |gainsight, access| gainsight.company(&access, &id).await).await.unwrap();
    assert!(body(&server, 1).await["select"].as_array().unwrap().contains(&json!("Arr")));
}

#[tokio::test]
async fn lists_are_paged_by_id() {
    let relationship = json!({"Gsid": "1P05A", "Name": "Northwind: Analytics pilot", "CompanyId": "1P02A",
        "CompanyId__gr.Name": "Northwind Traders", "TypeId__gr.Name": "Pilot", "Stage": "Trial"});
    let server = answering(ok(&json!({"records": [relationship, {"Gsid": "1P05B", "Name": "nobody's"}]}))).await;
    let after = Gsid::new("1P05");
    let found = with(&server, async |gainsight, access| gainsight.relationships(&access, Some(&after), 200).await);
    let found = found.await.unwrap();
    assert_eq!(found.len(), 1, "a relationship without a company is none");
    assert_eq!((found[0].company.as_str(), found[0].company_name.as_deref()), ("1P02A", Some("Northwind Traders")));
    assert_eq!((found[0].type_name.as_deref(), found[0].standing.stage.as_deref()), (Some("Pilot"), Some("Trial")));
    let sent = body(&server, 0).await;
    assert_eq!(
        sent["where"]["conditions"][0],
        json!({"name": "Gsid", "alias": "A", "operator": "GT", "value": ["1P05"]})
    );
    assert_eq!((&sent["orderBy"], &sent["limit"]), (&json!({"Gsid": "asc"}), &json!(200)));
    assert_eq!(requests(&server).await[0].url.path(), "/v1/data/objects/query/relationship");

    with(&server, async |gainsight, access| gainsight.companies(&access, None, 9_000).await).await.unwrap();
    let sent = body(&server, 1).await;
    assert_eq!((sent.get("where"), &sent["limit"]), (None, &json!(5_000)));
}

#[tokio::test]
async fn what_the_credential_does_not_see_is_none() {
    let server = answering(failing(400, "GSOBJ_1011", "none")).await;
    let id = Gsid::new("1P02A");
    let company = with(&server, async |gainsight, access| gainsight.company(&access, &id).await).await;
    assert_eq!(company.unwrap(), None);
    let relationship = with(&server, async |gainsight, access| gainsight.relationship(&access, &id).await).await;
    assert_eq!(relationship.unwrap(), None);
}

#[tokio::test]
async fn a_tenant_without_relationships_says_so() {
    let unknown = json!({"requestId": "r", "result": false, "title": "OBJECT_NOT_FOUND", "detail": "x"});
    let server = answering(crate::stub::json(400, &unknown)).await;
    let found = with(&server, async |gainsight, access| gainsight.relationships(&access, None, 10).await).await;
    assert!(matches!(found, Err(Error::UnknownObject(_))));
}
