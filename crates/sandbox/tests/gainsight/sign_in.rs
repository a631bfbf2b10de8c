//! The login window, consent, codes and tokens.

use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::support::*;

const MAYA: &str = "maya.lindqvist@lumenworks.example";
const ME: &str = "/v1/data/objects/query/GsUser";

fn authorize(extra: &str) -> String {
    let callback: String = url::form_urlencoded::byte_serialize(CALLBACK.as_bytes()).collect();
    format!("/v1/authorize?response_type=code&client_id=lumen-sidelight&redirect_uri={callback}{extra}")
}

async fn refresh(sandbox: &Sandbox, token: &str) -> Reply {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", "lumen-sidelight"),
        ("client_secret", "lumen-demo-application-secret"),
    ];
    sandbox.tenant("lumen").form("/v1/users/oauth/token", &form).await
}

async fn works(sandbox: &Sandbox, token: &str) -> bool {
    let reply = sandbox.tenant("lumen").with_token(token).post(ME, json!({ "select": ["Name"], "limit": 1 })).await;
    reply.status == 200
}

fn text(reply: &Reply, key: &str) -> String {
    reply.json()[key].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_logs_in_consents_once_and_comes_back_with_a_code() {
    cites("gs-oauth-authorize-path");
    cites("gs-oauth-token-path");
    cites("gs-oauth-no-scopes");
    cites("gs-oauth-parameters");
    cites("gs-login-window");
    cites("gs-login-live-session");
    let sandbox = Sandbox::start().await;
    let browser = sandbox.tenant("lumen");
    let page = browser.get(&authorize("&state=a%20b")).await;
    assert!(page.text().contains("LOG IN") && page.text().contains("Lumen Works"), "{}", page.text());
    let ask = hidden(&page.text(), "ask");
    let wrong = [("ask", ask.as_str()), ("username", MAYA), ("password", "guess")];
    assert_eq!(browser.form("/v1/authorize/login", &wrong).await.status, 401);
    let right = [("ask", ask.as_str()), ("username", " MAYA.Lindqvist@lumenworks.example "), ("password", "demo")];
    let consent = browser.form("/v1/authorize/login", &right).await;
    assert!(consent.text().contains("Sidelight asks for access") && consent.text().contains("Maya Lindqvist"));
    let cookie = consent.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert!(consent.header("set-cookie").unwrap().contains("HttpOnly"));
    let browser = browser.with("cookie", cookie);
    let back = browser.form("/v1/authorize/consent", &[("ask", ask.as_str()), ("decision", "allow")]).await;
    let target = Url::parse(back.header("location").unwrap()).unwrap();
    assert!(target.as_str().starts_with(CALLBACK) && target.query().unwrap().contains("state=a+b"), "{target}");
    let tokens = exchange(&sandbox, "lumen", &code_in(&back)).await;
    assert!(works(&sandbox, &text(&tokens, "access_token")).await);
    let again = browser.get(&authorize("&state=s")).await;
    assert_eq!(again.status, 303, "a live session that agreed before goes straight back");
    assert!(!code_in(&again).is_empty());
}

#[tokio::test]
async fn only_the_registered_application_gets_codes() {
    cites("gs-oauth-one-application");
    cites("gs-oauth-callback");
    let sandbox = Sandbox::start().await;
    let browser = sandbox.tenant("lumen");
    for path in [
        authorize("").replace("lumen-sidelight", "other"),
        authorize("").replace("lumen-sidelight", "harbor-sidelight"),
        authorize("").replace("callback", "elsewhere"),
        authorize("").replace("8080", "9999"),
        authorize("%2F"),
    ] {
        let reply = browser.get(&path).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (400, None), "{path}");
    }
    let unsupported = browser.get(&authorize("&state=s").replace("=code&", "=token&")).await;
    let target = unsupported.header("location").unwrap();
    assert!(target.starts_with(CALLBACK) && target.contains("error=unsupported_response_type"), "{target}");
}

#[tokio::test]
async fn a_person_may_say_no() {
    let sandbox = Sandbox::start().await;
    let browser = sandbox.tenant("lumen");
    let ask = hidden(&browser.get(&authorize("&state=s")).await.text(), "ask");
    let form = [("ask", ask.as_str()), ("username", MAYA), ("password", "demo")];
    let page = browser.form("/v1/authorize/login", &form).await;
    let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let browser = browser.with("cookie", cookie);
    let back = browser.form("/v1/authorize/consent", &[("ask", ask.as_str()), ("decision", "deny")]).await;
    assert!(back.header("location").unwrap().contains("error=access_denied"));
    let late = browser.form("/v1/authorize/consent", &[("ask", ask.as_str()), ("decision", "allow")]).await;
    assert_eq!(late.status, 400, "the window is over");
}

#[tokio::test]
async fn consent_needs_a_session() {
    let sandbox = Sandbox::start().await;
    let browser = sandbox.tenant("lumen");
    let ask = hidden(&browser.get(&authorize("")).await.text(), "ask");
    let page = browser.form("/v1/authorize/consent", &[("ask", ask.as_str()), ("decision", "allow")]).await;
    assert!(page.text().contains("LOG IN"));
    let forged = browser.with("cookie", "gs_session=guess");
    let page = forged.form("/v1/authorize/consent", &[("ask", ask.as_str()), ("decision", "allow")]).await;
    assert!(page.text().contains("LOG IN"));
}

#[tokio::test]
async fn a_code_is_good_once_and_a_second_use_takes_back_the_first() {
    let sandbox = Sandbox::start().await;
    let code = code_for(&sandbox, "lumen", MAYA, "").await;
    let first = exchange(&sandbox, "lumen", &code).await;
    let access = text(&first, "access_token");
    assert!(works(&sandbox, &access).await);
    let second = exchange(&sandbox, "lumen", &code).await;
    assert_eq!((second.status.as_u16(), text(&second, "error")), (400, "invalid_grant".to_owned()));
    assert!(!works(&sandbox, &access).await);
    assert_eq!(refresh(&sandbox, &text(&first, "refresh_token")).await.status, 400);
    let other_tenant = code_for(&sandbox, "lumen", MAYA, "").await;
    assert_eq!(exchange(&sandbox, "harbor", &other_tenant).await.status, 400);
}

#[tokio::test]
async fn codes_and_tokens_live_as_long_as_the_tenant_says() {
    cites("gs-oauth-code-lifetime");
    cites("gs-oauth-access-lifetime");
    cites("gs-oauth-refresh-lifetime");
    let sandbox = Sandbox::start().await;
    let code = code_for(&sandbox, "lumen", MAYA, "").await;
    sandbox.clock.advance(Duration::from_mins(5));
    assert_eq!(text(&exchange(&sandbox, "lumen", &code).await, "error"), "invalid_grant");
    sandbox.switch("gainsight.oauth_access_seconds", 60).await;
    sandbox.switch("gainsight.oauth_refresh_seconds", 120).await;
    sandbox.switch("gainsight.oauth_code_seconds", 10).await;
    let code = code_for(&sandbox, "lumen", MAYA, "").await;
    sandbox.clock.advance(Duration::from_secs(9));
    let tokens = exchange(&sandbox, "lumen", &code).await;
    assert_eq!(tokens.json()["expires_in"], 60);
    sandbox.clock.advance(Duration::from_mins(1));
    assert!(!works(&sandbox, &text(&tokens, "access_token")).await);
    let renewed = refresh(&sandbox, &text(&tokens, "refresh_token")).await;
    assert!(works(&sandbox, &text(&renewed, "access_token")).await);
    sandbox.clock.advance(Duration::from_mins(2));
    assert_eq!(text(&refresh(&sandbox, &text(&renewed, "refresh_token")).await, "error"), "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_rotates_stays_or_is_not_there() {
    cites("gs-oauth-refresh");
    let sandbox = Sandbox::start().await;
    let tokens = exchange(&sandbox, "lumen", &code_for(&sandbox, "lumen", MAYA, "").await).await;
    let first = text(&tokens, "refresh_token");
    let second = text(&refresh(&sandbox, &first).await, "refresh_token");
    assert_ne!(first, second);
    assert_eq!(refresh(&sandbox, &first).await.status, 400, "a rotated token is spent");
    sandbox.switch("gainsight.oauth_refresh", "stays").await;
    assert_eq!(text(&refresh(&sandbox, &second).await, "refresh_token"), second);
    sandbox.switch("gainsight.oauth_refresh", "none").await;
    let tokens = exchange(&sandbox, "lumen", &code_for(&sandbox, "lumen", MAYA, "").await).await;
    assert!(tokens.json().get("refresh_token").is_none());
}

#[tokio::test]
async fn the_client_shows_its_secret_where_the_tenant_wants_it() {
    cites("gs-oauth-client-auth");
    let sandbox = Sandbox::start().await;
    let basic = "Basic bHVtZW4tc2lkZWxpZ2h0Omx1bWVuLWRlbW8tYXBwbGljYXRpb24tc2VjcmV0";
    for (way, basic_status, body_status) in [("either", 200, 200), ("basic", 200, 401), ("body", 401, 200)] {
        sandbox.switch("gainsight.oauth_client_auth", way).await;
        let code = code_for(&sandbox, "lumen", MAYA, "").await;
        let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
        let by_header = sandbox.tenant("lumen").with("authorization", basic).form("/v1/users/oauth/token", &form).await;
        assert_eq!(by_header.status, basic_status, "{way}");
        let code = code_for(&sandbox, "lumen", MAYA, "").await;
        assert_eq!(exchange(&sandbox, "lumen", &code).await.status, body_status, "{way}");
    }
    let nobody = sandbox.tenant("lumen").form("/v1/users/oauth/token", &[("grant_type", "authorization_code")]).await;
    assert_eq!((nobody.status.as_u16(), text(&nobody, "error")), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn pkce_is_ignored_honoured_or_refused() {
    cites("gs-oauth-pkce");
    let sandbox = Sandbox::start().await;
    // RFC 7636, appendix B.
    let challenge = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let exchange_with = async |verifier: Option<&str>| {
        let code = code_for(&sandbox, "lumen", MAYA, challenge).await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("client_id", "lumen-sidelight"),
            ("client_secret", "lumen-demo-application-secret"),
        ];
        form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        sandbox.tenant("lumen").form("/v1/users/oauth/token", &form).await.status.as_u16()
    };
    let right = Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(exchange_with(None).await, 200, "ignored");
    sandbox.switch("gainsight.oauth_pkce", "honoured").await;
    assert_eq!(exchange_with(right).await, 200);
    assert_eq!(exchange_with(Some("wrong")).await, 400);
    assert_eq!(exchange_with(None).await, 400);
    sandbox.switch("gainsight.oauth_pkce", "refused").await;
    let reply = sandbox.tenant("lumen").get(&authorize(challenge)).await;
    assert!(reply.header("location").unwrap().contains("error=invalid_request"));
}

#[tokio::test]
async fn everybody_on_the_user_list_can_log_in_active_or_not() {
    cites("gs-login-user-list");
    let sandbox = Sandbox::start().await;
    for email in
        ["elena.petrova@lumenworks.example", "marcus.hale@lumenworks.example", "sofia.marino@lumenworks.example"]
    {
        let token = token_for(&sandbox, "lumen", email).await;
        assert!(works(&sandbox, &token).await, "{email}");
    }
    let sofia = token_for(&sandbox, "lumen", "sofia.marino@lumenworks.example").await;
    sandbox.switch("gainsight.inactive_login", "refused").await;
    assert!(!works(&sandbox, &sofia).await);
    let browser = sandbox.tenant("lumen");
    let ask = hidden(&browser.get(&authorize("")).await.text(), "ask");
    let form = [("ask", ask.as_str()), ("username", "sofia.marino@lumenworks.example"), ("password", "demo")];
    let page = browser.form("/v1/authorize/login", &form).await;
    assert!(page.status == 401 && page.text().contains("inactive"));
}

#[tokio::test]
async fn after_a_logout_the_login_is_repeated() {
    cites("gs-logout");
    let sandbox = Sandbox::start().await;
    let browser = sandbox.tenant("lumen");
    let ask = hidden(&browser.get("/").await.text(), "ask");
    let form = [("ask", ask.as_str()), ("username", MAYA), ("password", "demo")];
    let reply = browser.form("/v1/authorize/login", &form).await;
    assert_eq!(reply.header("location"), Some("/"));
    let browser = browser.with("cookie", reply.header("set-cookie").unwrap().split(';').next().unwrap());
    let page = browser.get("/").await;
    assert!(page.text().contains("Northwind Traders") && !page.text().contains("Aurelia Private Bank"));
    browser.get("/v1/logout").await;
    assert!(browser.get("/").await.text().contains("LOG IN"));
}

#[tokio::test]
async fn pages_cannot_be_framed_and_run_no_script() {
    let sandbox = Sandbox::start().await;
    let page = sandbox.tenant("lumen").get(&authorize("&state=%22%3E%3Cscript%3E")).await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!page.text().contains("<script"));
}

#[tokio::test]
async fn the_tenants_own_page_shows_what_was_logged() {
    let sandbox = Sandbox::start().await;
    let lumen = sandbox.lumen();
    let northwind = lumen.gsid("Company", "Name", "Northwind Traders").await;
    let activity = json!({ "records": [{
        "ExternalId": "t-1", "ContextName": "Company", "TypeName": "Call", "Subject": "<b>Seen</b> here",
        "Notes": "<p>Text & more</p>",
        "ActivityDate": "2026-05-28T20:00:00.000+0000", "Author": MAYA, "GsCompanyId": northwind,
    }] });
    assert_eq!(lumen.post("/v1/ant/es/activity", activity).await.status, 200);
    let browser = sandbox.tenant("lumen");
    let path = format!("/v1/ui/customersuccess360?cid={northwind}");
    let ask = hidden(&browser.get(&path).await.text(), "ask");
    let form = [("ask", ask.as_str()), ("username", MAYA), ("password", "demo")];
    let reply = browser.form("/v1/authorize/login", &form).await;
    assert_eq!(reply.header("location"), Some(path.as_str()));
    let browser = browser.with("cookie", reply.header("set-cookie").unwrap().split(';').next().unwrap());
    let page = browser.get(&path).await.text();
    assert!(page.contains("&lt;b&gt;Seen&lt;/b&gt; here") && page.contains("Text &amp; more"), "{page}");
}
