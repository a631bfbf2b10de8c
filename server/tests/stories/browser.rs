//! A person's system browser: keeps cookies by host, follows redirects, fills forms.

use std::collections::BTreeMap;

use sidelight_outbound::{Answer, HeaderValue, Method, Request, header};
use url::Url;

use crate::outside::Outside;

/// A browser without scripts, which is all that our own pages need.
pub(crate) struct Browser<'a> {
    world: &'a Outside,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

/// A page, and where it came from.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Page {
    /// The address behind the one button.
    pub(crate) fn link(&self, host: &str) -> Url {
        let links = self.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let found = links.map(|link| link.replace("&amp;", "&")).find(|link| link.contains(host));
        Url::parse(&found.unwrap_or_else(|| panic!("no link to {host} in {}", self.text))).unwrap()
    }

    /// The six digits that tie this browser to the panel, where the page shows some.
    pub(crate) fn code(&self) -> Option<String> {
        let (_, rest) = self.text.split_once("Sign-in code\">")?;
        Some(rest.chars().take(6).collect())
    }

    pub(crate) fn hidden(&self, name: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split('"').next().map(str::to_owned)
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn new(world: &'a Outside) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    /// Goes to an address and follows wherever it leads.
    pub(crate) async fn visit(&mut self, url: Url) -> Page {
        self.follow(Request::get(url.clone()), url).await
    }

    /// Sends a form.
    pub(crate) async fn submit(&mut self, url: Url, fields: &[(&str, &str)]) -> Page {
        self.follow(Request::new(Method::POST, url.clone()).form(fields), url).await
    }

    /// One request, without following.
    pub(crate) async fn once(&mut self, request: Request, url: &Url) -> Answer {
        let host = url.host_str().unwrap().to_owned();
        let jar = self.cookies.entry(host).or_default();
        let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, HeaderValue::from_str(&cookies.join("; ")).unwrap())
        };
        let answer = self.world.gate.send(request).await.unwrap();
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            jar.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn follow(&mut self, mut request: Request, mut url: Url) -> Page {
        for _ in 0..10 {
            let answer = self.once(request, &url).await;
            let Some(location) = answer.header(&header::LOCATION) else {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                return Page { url, status: answer.status.as_u16(), text };
            };
            url = url.join(location).unwrap();
            request = Request::get(url.clone());
        }
        panic!("redirected in circles: {url}");
    }

    /// Adds the app to a Zoom account, agreeing at once.
    pub(crate) async fn install(&mut self, person: &str) -> String {
        let start = self.world.base.join("/zoom/install").unwrap();
        let answer = self.once(Request::get(start.clone()), &start).await;
        let mut consent = start.join(answer.header(&header::LOCATION).unwrap()).unwrap();
        consent.query_pairs_mut().append_pair("as", person).append_pair("consent", "auto");
        self.visit(consent).await.text
    }

    /// Signs in on the tenant's page that `authorize` leads to, and agrees.
    pub(crate) async fn log_in(&mut self, authorize: Url, username: &str) -> Page {
        let mut page = self.visit(authorize).await;
        if let Some(ask) = page.hidden("ask").filter(|_| page.text.contains("LOG IN")) {
            let action = page.url.join("/v1/authorize/login").unwrap();
            page = self.submit(action, &[("ask", &ask), ("username", username), ("password", "demo")]).await;
        }
        self.agree(page).await
    }

    /// Lets Sidelight in, where the tenant asks about that.
    pub(crate) async fn agree(&mut self, page: Page) -> Page {
        if let Some(ask) = page.hidden("ask") {
            let action = page.url.join("/v1/authorize/consent").unwrap();
            return self.submit(action, &[("ask", &ask), ("decision", "allow")]).await;
        }
        page
    }
}
