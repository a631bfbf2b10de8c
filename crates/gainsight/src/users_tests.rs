use super::*;
use crate::metadata;
use crate::stub::{answering, answering_in_turn, body, failing, ok, requests, with};
use serde_json::{Value, json};

fn row(change: &Value) -> Value {
    let mut row = json!({"Gsid": "1P01", "Name": "Maya Lindqvist", "email": "Maya.Lindqvist@Lumen.example",
        "LicenseType": "Full", "IsActiveUser": true, "IsSuperAdmin": false, "Timezone": "Europe/Stockholm",
        "Locale": "sv_SE", "Title": "CSM", "SfdcUserId": "005x"});
    row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    row
}

fn ana() -> EmailAddress {
    "maya.lindqvist@lumen.example".parse().unwrap()
}

#[tokio::test]
async fn a_user_is_found_whatever_the_spelling() {
    let other = row(&json!({"Gsid": "1P02", "email": "maya@lumen.example"}));
    let server = answering(ok(&json!({"records": [other, row(&json!({}))]}))).await;
    let user = with(&server, async |gainsight, access| gainsight.user_by_email(&access, &ana()).await).await;
    let user = user.unwrap().unwrap();
    assert_eq!((user.id.as_str(), user.name.as_str()), ("1P01", "Maya Lindqvist"));
    assert_eq!(user.email.as_ref().map(Spelling::as_str), Some("Maya.Lindqvist@Lumen.example"));
    assert_eq!((user.licence, user.is_active, user.is_super_admin), (Some(Licence::Full), true, false));
    assert_eq!(user.salesforce_user_id.as_deref(), Some("005x"));
    let sent = body(&server, 0).await;
    let condition = json!({"name": "Email", "alias": "A", "operator": "EQ", "value": ["maya.lindqvist@lumen.example"]});
    assert_eq!(sent["where"]["conditions"], json!([condition]));
    assert_eq!(requests(&server).await[0].url.path(), "/v1/data/objects/query/GsUser");
    assert!(!format!("{user:?}").contains("Maya"), "{user:?}");
}

#[tokio::test]
async fn of_two_users_with_one_address_the_active_one_counts() {
    let inactive = row(&json!({"Gsid": "1P00", "IsActiveUser": false}));
    let server = answering(ok(&json!([inactive, row(&json!({}))]))).await;
    let user = with(&server, async |gainsight, access| gainsight.user_by_email(&access, &ana()).await).await;
    assert_eq!(user.unwrap().unwrap().id.as_str(), "1P01");
}

#[tokio::test]
async fn nobody_is_no_error() {
    let server = answering(failing(400, "GSOBJ_1011", "none")).await;
    let user = with(&server, async |gainsight, access| gainsight.user_by_email(&access, &ana()).await).await;
    assert_eq!(user.unwrap(), None);
    let by_id = with(&server, async |gainsight, access| gainsight.user(&access, &Gsid::new("1P01")).await).await;
    assert_eq!(by_id.unwrap(), None);
    let by_salesforce =
        with(&server, async |gainsight, access| gainsight.user_by_salesforce_id(&access, "005x").await).await;
    assert_eq!(by_salesforce.unwrap(), None);
    assert_eq!(body(&server, 2).await["where"]["conditions"][0]["name"], "SfdcUserId");
}

#[test]
fn rights_that_are_not_said_are_not_there() {
    let read = |value: Value| User::read(&Record::new(value.as_object().unwrap().clone()), None);
    let user = read(json!({"Gsid": "1P01"})).unwrap();
    assert_eq!((user.licence, user.is_active, user.is_super_admin), (None, false, false));
    assert_eq!(read(row(&json!({"LicenseType": "Platinum"}))).unwrap().licence, None);
    assert_eq!(read(row(&json!({"LicenseType": null}))).unwrap().licence, None);
    assert_eq!(read(row(&json!({"Gsid": ""}))), None);
}

#[test]
fn a_licence_is_read_by_its_item_too() {
    let described = metadata::object(&json!({"objectName": "gsuser", "fields": [
        {"fieldName": "LicenseType", "dataType": "PICKLIST", "options": [
            {"value": "1I00V", "label": "Betrachter+", "systemName": "Viewer_Analytics"},
            {"value": "1I00F", "label": "Full"}]}]}));
    let schema = Schema::of(described);
    for (item, expected) in [("1I00V", Some(Licence::ViewerAnalytics)), ("1I00F", Some(Licence::Full)), ("1I00X", None)]
    {
        let row = Record::new(row(&json!({"LicenseType": item})).as_object().unwrap().clone());
        assert_eq!(User::read(&row, Some(&schema)).unwrap().licence, expected, "{item}");
    }
}

#[tokio::test]
async fn all_users_are_paged_by_their_ids() {
    let server = answering(ok(&json!([row(&json!({}))]))).await;
    let after = Gsid::new("1P00");
    with(&server, async |gainsight, access| gainsight.users(&access, Some(&after), 1_000).await).await.unwrap();
    let sent = body(&server, 0).await;
    assert_eq!(
        sent["where"]["conditions"][0],
        json!({"name": "Gsid", "alias": "A", "operator": "GT", "value": ["1P00"]})
    );
    assert_eq!((&sent["orderBy"], &sent["limit"]), (&json!({"Gsid": "asc"}), &json!(1_000)));
    with(&server, async |gainsight, access| gainsight.users(&access, None, 1_000).await).await.unwrap();
    assert_eq!(body(&server, 1).await.get("where"), None);
}

#[tokio::test]
async fn the_filter_that_a_tenant_takes_is_found_out() {
    let probe = async |answers: Vec<wiremock::ResponseTemplate>| {
        let server = answering_in_turn(answers).await;
        let found = with(&server, async |gainsight, access| gainsight.probe_address_filter(&access).await).await;
        (found, requests(&server).await.len())
    };
    let refused = || failing(400, "GSOBJ_1008", "operator IN is not supported");
    let (found, calls) = probe(vec![ok(&json!([]))]).await;
    assert_eq!((found.unwrap(), calls), (AddressFilter::In, 1));
    let (found, calls) = probe(vec![refused(), ok(&json!([]))]).await;
    assert_eq!((found.unwrap(), calls), (AddressFilter::Chain, 2));
    let (found, calls) = probe(vec![refused(), refused()]).await;
    assert!(matches!(found, Err(Error::Invalid { .. })) && calls == 2);
    let (found, calls) = probe(vec![failing(401, "GS_APIG_2401", "x")]).await;
    assert!(matches!(found, Err(Error::Unauthorized(_))) && calls == 1, "a refusal of another kind proves nothing");
}
