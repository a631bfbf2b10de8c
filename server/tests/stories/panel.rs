//! A panel without a screen: opens a session and asks the API, as the WASM does.

use serde_json::{Value, json};
use sidelight_outbound::{Answer, HeaderName, Method, Request};
use url::Url;

use crate::browser::{Browser, Page};
use crate::outside::Outside;

/// One opened panel.
pub(crate) struct Panel<'a> {
    pub(crate) world: &'a Outside,
    pub(crate) token: String,
    pub(crate) person: String,
    pub(crate) opened: Value,
    pub(crate) visited: Option<String>,
}

impl<'a> Panel<'a> {
    /// Opens a panel with a fresh context.
    pub(crate) async fn open(world: &'a Outside, wish: Value) -> Self {
        let person = wish["user"].as_str().unwrap_or_default().to_owned();
        let context = world.context(wish).await;
        let answer = exchange(world, &json!({ "context": context })).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let opened: Value = answer.json().unwrap();
        Self { world, token: opened["token"].as_str().unwrap().to_owned(), person, opened, visited: None }
    }

    /// From here on, looks at a meeting from the main client.
    pub(crate) fn visit(&mut self, meeting: &str) {
        self.visited = Some(meeting.to_owned());
    }

    /// Any request of the API.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let url = self.world.base.join(&format!("/api/v1{path}")).unwrap();
        let mut request = Request::new(method, url).bearer(&self.token);
        if let Some(meeting) = &self.visited {
            request = request.secret_header(HeaderName::from_static("sidelight-meeting"), meeting);
        }
        let request = if let Some(body) = body { request.json(body).unwrap() } else { request };
        self.world.gate.send(request).await.unwrap()
    }

    /// A request that may get no answer.
    pub(crate) async fn attempt(&self, method: Method, path: &str, body: &Value) -> Option<Answer> {
        let url = self.world.base.join(&format!("/api/v1{path}")).unwrap();
        self.world.gate.send(Request::new(method, url).bearer(&self.token).json(body).unwrap()).await.ok()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json().unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.send(Method::POST, path, Some(body)).await;
        (answer.status.as_u16(), answer.json().unwrap_or(Value::Null))
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.send(Method::PUT, path, Some(body)).await;
        (answer.status.as_u16(), answer.json().unwrap_or(Value::Null))
    }

    /// The status and error code of a refused GET.
    pub(crate) async fn refused(&self, path: &str) -> (u16, String) {
        let answer = self.send(Method::GET, path, None).await;
        let body: Value = answer.json().unwrap_or(Value::Null);
        (answer.status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn meeting_is_reported(&self) -> bool {
        self.opened["panel"]["meeting"]["host_reports"] == json!(true)
    }

    /// The username of this panel's person at his tenant.
    pub(crate) fn username(&self) -> String {
        let domain = if ["dana-whitfield", "luis-ortega", "aiko-tanaka"].contains(&self.person.as_str()) {
            "harborcloud.example"
        } else {
            "lumenworks.example"
        };
        format!("{}@{domain}", self.person.replace('-', "."))
    }

    /// Asks for a link, as a person whose username has one domain.
    pub(crate) async fn begin(&self) -> Value {
        let username = self.username();
        let (status, branch) = self.post("/sign-in/look-up", &json!({ "username": username })).await;
        assert_eq!((status, branch["branch"].as_str()), (200, Some("single")), "{branch}");
        let request = json!({ "username": username, "tenant": branch["domain"]["tenant"] });
        let (status, sign_in) = self.post("/sign-in", &request).await;
        assert_eq!(status, 200, "{sign_in}");
        sign_in
    }

    /// Goes through the tenant's login window in a browser of its own.
    pub(crate) async fn log_in(&self, link: &str) -> Page {
        let mut browser = Browser::new(self.world);
        let asking = browser.visit(Url::parse(link).unwrap()).await;
        browser.log_in(asking.link("/v1/authorize"), &self.username()).await
    }

    /// The whole sign-in, for somebody who added the app.
    pub(crate) async fn sign_in(&self) {
        let sign_in = self.begin().await;
        let page = self.log_in(sign_in["link"].as_str().unwrap()).await;
        assert!(page.text.contains("Welcome to Gainsight"), "{}", page.text);
        // A tenant that does not say who logged in leaves the tie to the code.
        if let Some(code) = page.code() {
            let path = format!("/sign-in/{}/code", sign_in["id"].as_str().unwrap());
            assert_eq!(self.post(&path, &json!({ "code": code })).await.0, 200);
        }
        let state = self.get(&format!("/sign-in/{}", sign_in["id"].as_str().unwrap())).await;
        assert_eq!(state["step"]["state"], "signed_in", "{state}");
    }

    /// What is selected, after the people were looked at.
    pub(crate) async fn selected(&self) -> Value {
        let people = self.get("/people").await;
        people["view"]["selected"].clone()
    }

    /// Where the Timeline of the selected company of Lumen is read.
    pub(crate) async fn timeline_path(&self) -> String {
        let id = self.selected().await["id"].as_str().unwrap().to_owned();
        format!("/timeline?tenant=lumen&kind=company&id={id}")
    }

    /// A form that Gainsight accepts, for the selected company.
    pub(crate) async fn form(&self, subject: &str) -> Value {
        let entity = self.selected().await;
        assert!(entity["id"].is_string(), "nothing is selected: {entity}");
        json!({
            "entity": { "tenant": entity["tenant"], "kind": entity["kind"], "id": entity["id"] },
            "type_name": "Meeting",
            "subject": subject,
            "notes": "Agreed on the next steps.\n\n- Ana sends the numbers",
            "held_at": sidelight_domain::Clock::now(self.world.clock.as_ref()).as_millis(),
            "duration_minutes": 30,
            "internal_attendees": [self.username()],
            "external_attendees": ["ana.ruiz@northwindtraders.example"],
        })
    }
}

/// `POST /session`, whatever comes of it.
pub(crate) async fn exchange(world: &Outside, body: &Value) -> Answer {
    let url = world.base.join("/api/v1/session").unwrap();
    world.gate.send(Request::new(Method::POST, url).json(body).unwrap()).await.unwrap()
}
