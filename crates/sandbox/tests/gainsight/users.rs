//! Users.

use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn users_are_an_object_and_a_list() {
    cites("gs-users-query");
    cites("gs-users-list");
    cites("gs-users-fields");
    cites("gs-licences");
    let sandbox = Sandbox::start().await;
    let query = json!({
        "select": [
            "Name", "Email", "IsActiveUser", "IsSuperAdmin", "LicenseType", "Timezone", "Locale", "SfdcUserId", "SystemType", "Title",
        ],
        "where": is("Email", "priya.raman@lumenworks.example"),
    });
    let row = sandbox.lumen().query("GsUser", query).await.rows().remove(0);
    assert_eq!((&row["LicenseType"], &row["Timezone"]), (&json!("Viewer_Analytics"), &json!("America/Chicago")));
    assert!(row["SfdcUserId"].is_string() && row["IsActiveUser"] == true && row["IsSuperAdmin"] == false);
    let page = |page: u32| {
        json!({
            "includeTotal": true, "limit": 15, "page": page, "select": ["Email", "LicenseType"],
            "orderBy": { "Email": "asc" },
        })
    };
    let list = async |number: u32| sandbox.lumen().post("/v1/users/services/list", page(number)).await.data();
    let (first, second) = (list(0).await, list(1).await);
    assert_eq!((&first["total"], first["users"].as_array().unwrap().len()), (&json!(21), 15));
    let all: Vec<Value> = [first, second].iter().flat_map(|page| page["users"].as_array().unwrap().clone()).collect();
    assert_eq!(all.len(), 21);
    let licences = ["Full", "Viewer", "Viewer_Analytics", "Internal_Collaborator", "External"];
    for licence in licences.map(Value::from).into_iter().chain([Value::Null]) {
        assert!(all.iter().any(|user| user["LicenseType"] == licence), "{licence}");
    }
}

#[tokio::test]
async fn who_am_i_is_a_matter_of_the_tenant() {
    cites("gs-users-me");
    let sandbox = Sandbox::start().await;
    let dana = signed_in(&sandbox, "harbor", "dana.whitfield@harborcloud.example").await;
    let me = dana.get("/v1/users/me").await.data();
    assert_eq!((&me["Email"], &me["LicenseType"]), (&json!("dana.whitfield@harborcloud.example"), &json!("Full")));
    let maya = signed_in(&sandbox, "lumen", "maya.lindqvist@lumenworks.example").await;
    assert_eq!(maya.get("/v1/users/me").await.failure(), (400, Some("GSOBJ_1023".to_owned())));
    sandbox.switch("gainsight.users_me", "unauthorized").await;
    assert_eq!(maya.get("/v1/users/me").await.failure(), (401, Some("GS_APIG_2401".to_owned())));
    sandbox.switch("gainsight.users_me", "html").await;
    let page = maya.get("/v1/users/me").await;
    assert!(page.status == 200 && page.body.is_none());
    sandbox.switch("gainsight.users_me", "bearer").await;
    assert_eq!(maya.get("/v1/users/me").await.data()["Name"], "Maya Lindqvist");
    assert_eq!(sandbox.lumen().get("/v1/users/me").await.status, 401, "an access key is nobody");
}
