//! Insert, update, delete of objects.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::*;

const COMPANY: &str = "/v1/data/objects/Company";
const USAGE: &str = "/v1/data/objects/product_usage__gc";

async fn read(sandbox: &Sandbox, name: &str, fields: &[&str]) -> Value {
    let query = json!({ "select": fields, "where": is("Name", name) });
    sandbox.lumen().query("Company", query).await.rows().into_iter().next().unwrap_or(Value::Null)
}

/// The codes of all field errors of a failed write.
fn codes(reply: &Reply) -> Vec<(String, String)> {
    let body = reply.json();
    let records = body["data"]["errors"].as_array().unwrap_or_else(|| panic!("{body}")).clone();
    let errors = records.iter().flat_map(|record| record.as_array().unwrap());
    let fields = errors.flat_map(|error| error["errors"].as_array().unwrap().clone());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    fields.map(|field| (text(&field["fieldName"]), text(&field["errorCode"]))).collect()
}

#[tokio::test]
async fn records_are_inserted_and_answered_with_what_was_written() {
    cites("gs-insert");
    cites("gs-insert-reply");
    let sandbox = Sandbox::start().await;
    let body = json!({ "records": [{
        "Name": "Fresh Start", "Employees": 12, "Stage": "Kicked Off", "RenewalDate": "2027-01-31",
    }] });
    let data = sandbox.lumen().post(COMPANY, body).await.data();
    assert_eq!((&data["count"], &data["errors"]), (&json!(1), &Value::Null));
    let record = &data["records"][0];
    assert_eq!((&record["Name"], &record["Employees"]), (&json!("Fresh Start"), &json!(12)));
    let row = read(&sandbox, "Fresh Start", &["Gsid", "Stage", "RenewalDate", "CreatedDate"]).await;
    assert_eq!((&row["Gsid"], &row["Stage"]), (&record["Gsid"], &json!("Kicked Off")));
    assert_eq!(row["CreatedDate"], NOW.as_millis());
}

#[tokio::test]
async fn one_bad_field_keeps_everything_out() {
    cites("gs-insert-all-or-none");
    cites("gs-field-errors");
    let sandbox = Sandbox::start().await;
    let bad = json!({ "Name": "Second", "OriginalContractDate": 210_318, "Nonsense": 1 });
    let body = json!({ "records": [{ "Name": "First" }, bad] });
    let reply = sandbox.lumen().post(COMPANY, body).await;
    assert_eq!(reply.failure().0, 400);
    let mut codes = codes(&reply);
    codes.sort();
    let expected = [("Nonsense", "GSOBJ_1002"), ("OriginalContractDate", "GSOBJ_1006")];
    assert_eq!(codes, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    let data = reply.json()["data"].clone();
    assert_eq!((&data["count"], &data["records"]), (&json!(0), &Value::Null));
    let dates = data["errors"][0].as_array().unwrap().iter().find(|error| error["parsedValue"] == 210_318).unwrap();
    assert_eq!(dates["errors"][0]["invalidValue"], 210_318);
    assert_eq!(read(&sandbox, "First", &["Name"]).await, Value::Null);
}

#[tokio::test]
async fn each_mistake_has_its_code() {
    cites("gs-error-too-long");
    cites("gs-error-type");
    cites("gs-error-datetime");
    cites("gs-error-date");
    cites("gs-error-null");
    cites("gs-error-other");
    let sandbox = Sandbox::start().await;
    let cases = [
        (json!({ "Name": "x".repeat(256) }), "GSOBJ_1001"),
        (json!({ "Name": "X", "Employees": "many" }), "GSOBJ_1002"),
        (json!({ "Name": "X", "Csm": "1P01NOBODY" }), "GSOBJ_1002"),
        (json!({ "Name": "X", "RenewalDate": "31.12.2026" }), "GSOBJ_1006"),
        (json!({ "Name": null }), "GSOBJ_1007"),
        (json!({ "Employees": 3 }), "GSOBJ_1007"),
        (json!({ "Name": "X", "CurrentScore": 99 }), "GSOBJ_1008"),
    ];
    for (record, code) in cases {
        let reply = sandbox.lumen().post(COMPANY, json!({ "records": [record] })).await;
        assert_eq!(reply.failure(), (400, Some(code.to_owned())), "{record}");
        assert_eq!(codes(&reply)[0].1, code);
    }
    let usage = json!({ "Name": "X", "UsageKey__gc": "k", "Adoption__gc": "half" });
    assert_eq!(
        sandbox.lumen().post(USAGE, json!({ "records": [usage] })).await.failure().1.as_deref(),
        Some("GSOBJ_1008")
    );
    let activity = json!({ "records": [{ "ActivityDate": "noon" }] });
    let reply = sandbox.lumen().post("/v1/ant/es/activity", activity).await;
    assert_eq!(codes(&reply), [("ActivityDate".to_owned(), "GSOBJ_1005".to_owned())]);
}

#[tokio::test]
async fn a_call_takes_at_most_fifty_records() {
    cites("gs-insert-limit");
    let sandbox = Sandbox::start().await;
    let batch = |count: usize| {
        let records: Vec<_> = (0..count).map(|number| json!({ "Name": format!("Bulk {number}") })).collect();
        json!({ "records": records })
    };
    assert_eq!(sandbox.lumen().post(COMPANY, batch(51)).await.status, 400);
    assert_eq!(sandbox.lumen().post(COMPANY, batch(50)).await.data()["count"], 50);
    assert_eq!(sandbox.lumen().post(COMPANY, batch(0)).await.status, 400);
}

#[tokio::test]
async fn keys_find_what_an_update_changes() {
    cites("gs-update");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let body = json!({ "records": [{ "Name": "northwind traders", "Industry": "Retail", "Stage": "Launched" }] });
    let data = lumen.put(&format!("{COMPANY}?keys=Name"), body).await.data();
    assert_eq!(data["count"], 1);
    let row = read(&sandbox, "Northwind Traders", &["Name", "Stage", "ModifiedDate"]).await;
    assert_eq!(
        (&row["Name"], &row["Stage"]),
        (&json!("Northwind Traders"), &json!("Launched")),
        "keys stay as they are"
    );
    assert_eq!(row["ModifiedDate"], NOW.as_millis());
    let gsid = lumen.gsid("Company", "Name", "Northwind Traders").await;
    let both = json!({ "records": [{ "Gsid": gsid, "Name": "Halden Maskin", "Employees": 1 }] });
    let reply = lumen.put(&format!("{COMPANY}?keys=Gsid,Name"), both).await;
    assert_eq!(reply.failure().1.as_deref(), Some("GSOBJ_1011"), "keys are joined by AND");
}

#[tokio::test]
async fn keys_are_few_and_of_some_types_only() {
    cites("gs-update-keys");
    let sandbox = Sandbox::start().await;
    let record = json!({ "records": [{
        "Name": "Northwind Traders", "Gsid": "x", "Employees": 1, "Users": 1, "RenewalDate": "2027-01-01",
    }] });
    for keys in ["Name,Gsid,Employees,Users", "RenewalDate", "Arr", "Nothing", ""] {
        let reply = sandbox.lumen().put(&format!("{COMPANY}?keys={keys}"), record.clone()).await;
        assert_eq!(reply.status, 400, "{keys}");
    }
    let without = json!({ "records": [{ "Employees": 1 }] });
    let reply = sandbox.lumen().put(&format!("{COMPANY}?keys=Name"), without).await;
    assert_eq!(reply.failure().1.as_deref(), Some("GSOBJ_1007"), "each record carries its keys");
    let by_number = json!({ "records": [{ "Employees": 2_600, "Stage": "Launched" }] });
    assert_eq!(sandbox.lumen().put(&format!("{COMPANY}?keys=Employees"), by_number).await.data()["count"], 1);
}

#[tokio::test]
async fn custom_objects_take_the_same_calls() {
    cites("gs-custom-object");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let record = json!({ "Name": "Mine", "UsageKey__gc": "mine/1", "ActiveUsers__gc": 4 });
    assert_eq!(lumen.post(USAGE, json!({ "records": [record] })).await.data()["count"], 1);
    let change = json!({ "records": [{ "UsageKey__gc": "mine/1", "ActiveUsers__gc": 5 }] });
    lumen.put(&format!("{USAGE}?keys=UsageKey__gc"), change).await.data();
    let query = json!({ "select": ["ActiveUsers__gc"], "where": is("UsageKey__gc", "mine/1") });
    assert_eq!(lumen.query("product_usage__gc", query).await.rows(), [json!({ "ActiveUsers__gc": 5 })]);
    let person = json!({ "records": [{ "Email": "a@b.example" }] });
    assert_eq!(lumen.post("/v1/data/objects/Person", person).await.failure().1.as_deref(), Some("GSOBJ_1023"));
}

#[tokio::test]
async fn a_record_is_deleted_and_stands_in_the_log_for_fifteen_days() {
    cites("gs-delete");
    cites("gs-error-gsid");
    cites("gs-delete-log");
    cites("gs-delete-log-high-volume");
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let gsid = lumen.gsid("Company", "Name", "Marlowe Print Works").await;
    assert_eq!(lumen.delete(&format!("{COMPANY}/short")).await.failure().1.as_deref(), Some("GSOBJ_1004"));
    assert_eq!(lumen.delete(&format!("{COMPANY}/{gsid}")).await.data()["count"], 1);
    assert_eq!(lumen.delete(&format!("{COMPANY}/{gsid}")).await.failure().1.as_deref(), Some("GSOBJ_1011"));
    assert_eq!(read(&sandbox, "Marlowe Print Works", &["Name"]).await, Value::Null);
    let log = json!({ "select": ["RecordId", "ObjectName", "DeletedOn"], "where": is("RecordId", gsid.as_str()) });
    let rows = lumen.query("record_delete_log", log.clone()).await.rows();
    assert_eq!(rows, [json!({ "RecordId": gsid, "ObjectName": "Company", "DeletedOn": NOW.as_millis() })]);
    sandbox.clock.advance(Duration::from_hours(15 * 24));
    assert!(lumen.query("record_delete_log", log.clone()).await.rows().is_empty());
    let high_volume = lumen.query("record_delete_log_high_volume", log).await;
    assert_eq!(high_volume.json()["title"], "OBJECT_NOT_FOUND");
}

fn by_email(multi: &str, none: &str) -> Value {
    json!({ "Csm": {
        "fields": { "csmEmail": "Email" }, "lookupField": "Gsid", "objectName": "GsUser", "multiMatchOption": multi,
        "onNoMatch": none, "defaultValue": null,
    } })
}

#[tokio::test]
async fn a_lookup_fills_a_field_with_the_record_it_finds() {
    cites("gs-lookups");
    cites("gs-lookups-none");
    let sandbox = Sandbox::start().await;
    let insert = async |email: &str, none: &str| {
        let body = json!({
            "records": [{ "Name": "Looked up", "csmEmail": email }], "lookups": by_email("FIRSTMATCH", none),
        });
        sandbox.lumen().post(COMPANY, body).await
    };
    let reply = insert("Hannah.Becker@lumenworks.example", "ERROR").await.data();
    let hannah = sandbox.lumen().gsid("GsUser", "Name", "Hannah Becker").await;
    assert_eq!(reply["records"][0]["Csm"], hannah.as_str());
    assert_eq!(insert("nobody@x.example", "ERROR").await.status, 400);
    assert_eq!(insert("nobody@x.example", "NULLABLE").await.data()["records"][0]["Csm"], Value::Null);
    let default = json!({
        "records": [{ "Name": "Looked up", "csmEmail": "nobody@x.example" }],
        "lookups": { "Csm": {
            "fields": { "csmEmail": "Email" }, "lookupField": "Gsid", "objectName": "GsUser",
            "onNoMatch": "DEFAULTVALUE", "defaultValue": hannah,
        } },
    });
    assert_eq!(sandbox.lumen().post(COMPANY, default).await.data()["records"][0]["Csm"], hannah.as_str());
}

#[tokio::test]
async fn several_matches_are_the_first_or_an_error() {
    cites("gs-lookups-several");
    let sandbox = Sandbox::start().await;
    let insert = async |multi: &str| {
        let body = json!({ "records": [{ "Name": "Child", "parent": "Retail" }], "lookups": { "ParentCompany": {
            "fields": { "parent": "Industry" }, "lookupField": "Gsid", "objectName": "Company",
            "multiMatchOption": multi, "onNoMatch": "ERROR",
        } } });
        sandbox.lumen().post(COMPANY, body).await
    };
    assert!(insert("FIRSTMATCH").await.data()["records"][0]["ParentCompany"].is_string());
    let reply = insert("MARKASERROR").await;
    assert_eq!(reply.status, 400);
    assert!(reply.json()["errorDesc"].as_str().unwrap().contains("multiple"));
}

#[tokio::test]
async fn what_a_write_takes_as_an_item_or_date_is_a_matter_of_the_tenant() {
    cites("gs-picklist-write");
    cites("gs-write-dates");
    let sandbox = Sandbox::start().await;
    let described = sandbox.lumen().get("/v1/meta/services/objects/Company/describe").await.data();
    let fields = described[0]["fields"].as_array().unwrap();
    let stage = fields.iter().find(|field| field["fieldName"] == "Stage").unwrap();
    let launched = stage["options"].as_array().unwrap().iter().find(|option| option["label"] == "Launched").unwrap();
    let put = async |field: &str, value: Value| {
        let body = json!({ "records": [{ "Name": "Northwind Traders", field: value }] });
        sandbox.lumen().put(&format!("{COMPANY}?keys=Name"), body).await.status.as_u16()
    };
    for (way, label, id) in [("both", 200, 200), ("gsid", 400, 200), ("label", 200, 400)] {
        sandbox.switch("gainsight.picklist_write", way).await;
        assert_eq!(put("Stage", json!("Launched")).await, label, "{way}");
        assert_eq!(put("Stage", launched["value"].clone()).await, id, "{way}");
    }
    assert_eq!(put("RenewalDate", json!("2027-01-31")).await, 200);
    assert_eq!(put("RenewalDate", json!(1_801_353_600_000_i64)).await, 400);
    sandbox.switch("gainsight.write_dates", "millis").await;
    assert_eq!(put("RenewalDate", json!(1_801_353_600_000_i64)).await, 200);
}
