//! Tenants whose people do not type a password into Gainsight's own window.

use serde_json::json;
use url::Url;

use crate::support::*;

const LUKAS: &str = "lukas.steiner@alpenrad.example";

fn authorize(key: &str) -> String {
    let callback: String = url::form_urlencoded::byte_serialize(CALLBACK.as_bytes()).collect();
    format!("/v1/authorize?response_type=code&client_id={key}-sidelight&redirect_uri={callback}&state=st")
}

/// Where a browser is sent to, as an origin and the rest.
fn location(reply: &Reply) -> (String, String) {
    assert_eq!(reply.status, 303, "{}", reply.text());
    let target = Url::parse(reply.header("location").unwrap()).unwrap();
    let origin = target.origin().ascii_serialization();
    (origin.clone(), target.as_str()[origin.len()..].to_owned())
}

/// Follows a redirect.
async fn follow(sandbox: &Sandbox, reply: &Reply) -> Reply {
    let (origin, rest) = location(reply);
    sandbox.at(&origin).get(&rest).await
}

/// Fills in the identity provider's form.
async fn identify(sandbox: &Sandbox, page: &Reply, username: &str, password: &str) -> Reply {
    let (request, relay) = (hidden(&page.text(), "request"), hidden(&page.text(), "relay"));
    let fields = [("request", &*request), ("relay", &*relay), ("username", username), ("password", password)];
    let provider = format!("http://identity.eu.localhost:{}", sandbox.addresses.eu.port());
    sandbox.at(&provider).form("/saml/login", &fields).await
}

#[tokio::test]
async fn the_login_window_leads_to_the_identity_provider_and_back_with_a_code() {
    cites("gs-sso-precedence");
    cites("gs-sso-callback");
    let sandbox = Sandbox::start().await;
    let away = sandbox.tenant("alpenrad").get(&authorize("alpenrad")).await;
    assert!(location(&away).0.starts_with("http://identity.eu.localhost:"));
    let page = follow(&sandbox, &away).await;
    assert!(page.text().contains("Alpenrad identity") && !page.text().contains("LOG IN"), "{}", page.text());
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("secured.eu.localhost") && policy.contains("http://localhost:8080"), "{policy}");
    let wrong = identify(&sandbox, &page, LUKAS, "guess").await;
    assert!(wrong.text().contains("role=\"alert\""));
    let stranger = identify(&sandbox, &page, "nadia.ferreira@corvane.example", "demo").await;
    assert!(stranger.text().contains("role=\"alert\""), "only the company's own people");

    let back = identify(&sandbox, &page, " Lukas.Steiner@alpenrad.example ", "demo").await;
    let (origin, rest) = location(&back);
    assert!(origin.starts_with("http://secured.eu.localhost:"), "{origin}");
    assert!(rest.starts_with("/login/callback?connection=con-alpenrad&SAMLart="), "{rest}");
    let home = follow(&sandbox, &back).await;
    let (origin, ticket) = location(&home);
    assert!(origin.starts_with("http://alpenrad.eu.localhost:"), "{origin}");
    let consent = follow(&sandbox, &home).await;
    assert!(consent.text().contains("Lukas Steiner"), "{}", consent.text());
    let cookie = consent.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let browser = sandbox.tenant("alpenrad").with("cookie", cookie);
    let ask = hidden(&consent.text(), "ask");
    let back = browser.form("/v1/authorize/consent", &[("ask", ask.as_str()), ("decision", "allow")]).await;
    let token = exchange(&sandbox, "alpenrad", &code_in(&back)).await.json()["access_token"].clone();
    let lukas = sandbox.tenant("alpenrad").with_token(token.as_str().unwrap());
    assert_eq!(lukas.query("Company", json!({ "select": ["Name"] })).await.status, 200);
    assert_eq!(browser.get(&authorize("alpenrad")).await.status, 303, "a live session goes straight back");

    assert_eq!(sandbox.at(&origin).get(&ticket).await.status, 400, "a ticket is good once");
}

#[tokio::test]
async fn what_the_identity_provider_says_is_good_once_and_for_its_connection() {
    let sandbox = Sandbox::start().await;
    let page = follow(&sandbox, &sandbox.tenant("alpenrad").get(&authorize("alpenrad")).await).await;
    let back = identify(&sandbox, &page, LUKAS, "demo").await;
    let (origin, rest) = location(&back);
    let elsewhere = sandbox.at(&origin.replace("secured", "alpenrad")).get(&rest).await;
    assert_eq!(elsewhere.status, 404, "only the data centre's own host takes it");
    assert_eq!(sandbox.at(&origin).get(&rest).await.status, 404, "and it is used up");
    let page = follow(&sandbox, &sandbox.tenant("alpenrad").get(&authorize("alpenrad")).await).await;
    let (origin, rest) = location(&identify(&sandbox, &page, LUKAS, "demo").await);
    let other = sandbox.at(&origin).get(&rest.replace("con-alpenrad", "con-other")).await;
    assert_eq!(other.status, 400);
    for (name, path) in [
        ("secured", "/login/callback?connection=con-alpenrad&SAMLart=guess&RelayState=x"),
        ("identity", "/saml/sso?SAMLRequest=guess&RelayState=x"),
        ("nobody", "/saml/sso?SAMLRequest=guess&RelayState=x"),
    ] {
        let base = format!("http://{name}.eu.localhost:{}", sandbox.addresses.eu.port());
        assert_eq!(sandbox.at(&base).get(path).await.status, 404, "{name}{path}");
    }
}

#[tokio::test]
async fn no_password_opens_a_tenant_with_an_identity_provider() {
    cites("gs-sso-precedence");
    let sandbox = Sandbox::start().await;
    let browser = sandbox.tenant("alpenrad");
    let (_, query) = location(&browser.get(&authorize("alpenrad")).await);
    let relay = url::form_urlencoded::parse(query.split_once('?').unwrap().1.as_bytes())
        .find(|(name, _)| name == "RelayState")
        .map(|(_, value)| value.into_owned())
        .unwrap();
    let form = [("ask", relay.as_str()), ("username", LUKAS), ("password", "demo")];
    let (origin, _) = location(&browser.form("/v1/authorize/login", &form).await);
    assert!(origin.contains("identity.eu.localhost"), "{origin}");
}

#[tokio::test]
async fn whoever_left_the_user_list_is_turned_away_after_the_identity_provider() {
    let sandbox = Sandbox::start().await;
    sandbox.control("users", json!({ "tenant": "alpenrad", "email": LUKAS, "is_active": false })).await;
    let page = follow(&sandbox, &sandbox.tenant("alpenrad").get(&authorize("alpenrad")).await).await;
    let home = follow(&sandbox, &identify(&sandbox, &page, LUKAS, "demo").await).await;
    assert_eq!(follow(&sandbox, &home).await.status, 400);
}

#[tokio::test]
async fn a_tenant_entered_from_salesforce_has_no_login_window_for_applications_unless_it_has() {
    cites("gs-salesforce-entered");
    cites("gs-user-sfdc-id");
    let sandbox = Sandbox::start().await;
    let refused = sandbox.tenant("kestrel").get(&authorize("kestrel")).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Salesforce") && !refused.text().contains("LOG IN"), "{}", refused.text());
    sandbox.switch("gainsight.salesforce_entered_login", "database").await;
    token_for(&sandbox, "kestrel", "olivia.grant@kestrelpay.example").await;

    let tenant = sandbox.tenant("kestrel").with_key("kestrel-access-key");
    let users = tenant.query("GsUser", json!({ "select": ["Name", "SfdcUserId"] })).await.rows();
    let ids: std::collections::BTreeSet<_> = users.iter().map(|user| user["SfdcUserId"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), users.len()), (4, 4));
    assert!(ids.iter().all(|id| id.len() == 18 && id.starts_with("005")), "{ids:?}");
    let listed = sandbox.look("tenants").await;
    let kestrel = listed.as_array().unwrap().iter().find(|tenant| tenant["key"] == "kestrel").unwrap().clone();
    assert_eq!(kestrel["salesforce_organisation"].as_str().unwrap().len(), 18);
}
