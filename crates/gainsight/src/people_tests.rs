use super::*;
use crate::AddressFilter;
use crate::stub::{answering, body, failing, json as answer, ok, requests, with};

fn link(change: &Value) -> Value {
    let mut row = json!({"Gsid": "1C01A", "Person_ID": "1C00A", "Person_ID__gr.Email": "Ben.Carter@Northwind.example",
        "Person_ID__gr.FirstName": "Ben", "Person_ID__gr.LastName": "Carter", "Company_ID": "1P02A",
        "Company_ID__gr.Name": "Northwind Traders", "Title": "IT Manager", "Role": "Champion", "IsPrimaryCompany": true,
        "Active": true});
    row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    row
}

fn ben() -> Addresses {
    let ben = Spelling::parse("ben.carter@northwind.example");
    Addresses::of(ben, AddressFilter::In).remove(0)
}

fn upsert() -> PersonUpsert {
    PersonUpsert {
        email: Spelling::parse("Erin.Walsh@northwind.example").unwrap(),
        name: Some("Erin Walsh".to_owned()),
        fields: Map::from_iter([("Location".to_owned(), json!("Kent"))]),
        company: Some(CompanyRole {
            company: Gsid::new("1P02A"),
            title: Some("Analyst".to_owned()),
            role: None,
            is_active: None,
            fields: Map::from_iter([("Seats__gc".to_owned(), json!(3))]),
        }),
        key: LinkKey::Companies,
    }
}

#[tokio::test]
async fn an_attendee_is_found_at_every_company_in_one_call() {
    let stranger = link(&json!({"Gsid": "1C01C", "Person_ID__gr.Email": "benn.carter@northwind.example"}));
    let second = link(&json!({"Gsid": "1C01B", "Company_ID": "1P02B", "IsPrimaryCompany": null, "Active": false}));
    let server = answering(ok(&json!([link(&json!({})), second, stranger]))).await;
    let links = with(&server, async |gainsight, access| gainsight.links_by_email(&access, &ben()).await).await.unwrap();
    let found: Vec<_> = links.iter().map(|link| (link.company.as_str(), link.is_primary, link.is_active)).collect();
    assert_eq!(found, [("1P02A", true, true), ("1P02B", false, false)]);
    assert_eq!((links[0].name.as_str(), links[0].email.as_str()), ("Ben Carter", "Ben.Carter@Northwind.example"));
    assert_eq!((links[0].title.as_deref(), links[0].role.as_deref()), (Some("IT Manager"), Some("Champion")));
    let sent = body(&server, 0).await;
    let condition = json!({"name": "Person_ID__gr.Email", "alias": "A", "operator": "IN", "value": ["ben.carter@northwind.example"]});
    assert_eq!(sent["where"]["conditions"], json!([condition]));
    assert_eq!(requests(&server).await.len(), 1);
    assert_eq!(requests(&server).await[0].url.path(), "/v1/data/objects/query/company_person");
    let shown = format!("{links:?}");
    assert!(shown.contains("1C01A") && !shown.contains("Ben") && !shown.contains("ben"), "{shown}");
}

#[tokio::test]
async fn the_name_of_a_link_itself_is_never_asked_for() {
    let server = answering(ok(&json!([]))).await;
    let company = Gsid::new("1P02A");
    with(&server, async |gainsight, access| gainsight.links_of_company(&access, &company, None).await).await.unwrap();
    assert!(!body(&server, 0).await["select"].as_array().unwrap().contains(&json!("Name")), "P_5005");
}

#[tokio::test]
async fn the_people_of_a_company_are_paged_by_id() {
    let server = answering(ok(&json!({"records": [link(&json!({"Person_ID__gr.Email": ""}))]}))).await;
    let (company, after) = (Gsid::new("1P02A"), Gsid::new("1C01"));
    let page = async |after: Option<&Gsid>| {
        with(&server, async |gainsight, access| gainsight.links_of_company(&access, &company, after).await)
            .await
            .unwrap()
    };
    assert_eq!(page(Some(&after)).await, [], "a link without an address links nobody");
    assert_eq!(body(&server, 0).await["where"]["expression"], "A AND B");
    page(None).await;
    assert_eq!(body(&server, 1).await["where"]["expression"], "A");
}

#[tokio::test]
async fn people_without_a_company_are_found_too() {
    let row = json!({"Gsid": "1C00A", "Email": "ben.carter@northwind.example"});
    let server = answering(ok(&json!([row]))).await;
    let people = with(&server, async |gainsight, access| gainsight.persons_by_email(&access, &ben()).await).await;
    let people = people.unwrap();
    assert_eq!(people[0].name, "ben.carter@northwind.example", "nobody is nameless");
    assert_eq!(requests(&server).await[0].url.path(), "/v1/data/objects/query/Person");
}

#[tokio::test]
async fn somebody_is_found_by_address_or_name_in_one_call() {
    let row = json!({"Gsid": "1C00A", "Email": "b.carter@fabrikam.example", "Name": "Ben Carter"});
    let server = answering(ok(&json!([row]))).await;
    let names = ["Ben Carter".to_owned()];
    let find = async |addresses: Option<&Addresses>, names: &[String]| {
        with(&server, async |gainsight, access| gainsight.find_persons(&access, addresses, names, 20).await)
            .await
            .unwrap()
    };
    let found = find(Some(&ben()), &names).await;
    assert_eq!(found[0].name, "Ben Carter", "another address does not keep him from being found by name");
    let sent = body(&server, 0).await;
    assert_eq!((&sent["where"]["expression"], &sent["limit"]), (&json!("A OR B"), &json!(20)));
    let by_name = json!({"name": "Name", "alias": "B", "operator": "CONTAINS", "value": ["Ben Carter"]});
    assert_eq!(sent["where"]["conditions"][1], by_name);
    find(None, &names).await;
    assert_eq!(body(&server, 1).await["where"]["expression"], "A");
}

#[test]
fn names_come_whole_or_in_parts() {
    let named = |row: Value| {
        let row = Record::new(row.as_object().unwrap().clone());
        full_name(&row, "", &"x@y.example".parse().unwrap())
    };
    assert_eq!(named(json!({"Name": "Ana Ruiz", "FirstName": "A"})), "Ana Ruiz");
    assert_eq!(named(json!({"FirstName": "Ana", "LastName": "Ruiz"})), "Ana Ruiz");
    assert_eq!(named(json!({"Name": " ", "LastName": "Ruiz"})), "Ruiz");
    assert_eq!(named(json!({})), "x@y.example");
}

#[tokio::test]
async fn a_person_is_sent_with_the_company_and_without_nulls() {
    let server = answering(ok(&Value::Null)).await;
    with(&server, async |gainsight, access| gainsight.upsert_person(&access, &upsert()).await).await.unwrap();
    let sent = &requests(&server).await[0];
    assert_eq!((sent.method.as_str(), sent.url.path()), ("PUT", "/v1/peoplemgmt/v1.0/people"));
    let expected = json!({"Email": "Erin.Walsh@northwind.example", "Name": "Erin Walsh", "Location": "Kent",
        "companies": [{"Company_ID": "1P02A", "Title": "Analyst", "Seats__gc": 3}]});
    assert_eq!(body(&server, 0).await, expected);
    let alone = PersonUpsert { company: None, ..upsert() };
    with(&server, async |gainsight, access| gainsight.upsert_person(&access, &alone).await).await.unwrap();
    assert_eq!(body(&server, 1).await.get("companies"), None);
    let back = CompanyRole { title: None, is_active: Some(true), fields: Map::new(), ..upsert().company.unwrap() };
    let known =
        PersonUpsert { name: None, fields: Map::new(), company: Some(back), key: LinkKey::Associations, ..upsert() };
    with(&server, async |gainsight, access| gainsight.upsert_person(&access, &known).await).await.unwrap();
    let expected = json!({"Email": "Erin.Walsh@northwind.example",
        "associations": {"companyPerson": {"Company_ID": "1P02A", "Active": true}}});
    assert_eq!(body(&server, 2).await, expected, "the name of somebody who is there is left alone");
    assert!(!format!("{:?}", upsert()).contains("Erin"));
}

#[tokio::test]
async fn a_refused_person_names_the_field() {
    let refusal = json!({"result": false, "errorCode": "GSOBJ_1007", "errorDesc": "x", "requestId": "r", "data": {"errors":
        [[{"errors": [{"errorMessage": "Title is required", "errorCode": "GSOBJ_1007", "fieldName": "Title"}]}]]}});
    let put = async |refusal| {
        let server = answering(refusal).await;
        with(&server, async |gainsight, access| gainsight.upsert_person(&access, &upsert()).await).await.unwrap_err()
    };
    let error = put(answer(400, &refusal)).await;
    let Error::Invalid { fields, .. } = &error else { panic!("{error:?}") };
    assert_eq!(fields[0].field.as_deref(), Some("Title"));
    assert!(matches!(put(failing(409, "", "linked")).await, Error::Duplicate(_)));
    assert!(matches!(put(failing(403, "", "no")).await, Error::Forbidden(_)));
}
