//! `GET /oauth/authorize`: who are you, and do you agree (`zoom.md` 4.1).

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use url::Url;

use super::challenge::Challenge;
use super::cloud::Cloud;
use super::grants::{Consent, Scopes};
use super::parameters::Parameters;
use super::people::Person;
use super::{consent_page, scopes};
use crate::AppRegistration;

/// Remembers who is signed in to Zoom in this browser.
const COOKIE_NAME: &str = "sandbox_zoom_person";

/// What an app asks the authorisation page.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) challenge: Option<Challenge>,
}

/// Why the page cannot even ask; shown to the person, never sent to the app.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum BadRequest {
    #[error("Invalid client_id (4,702)")]
    Client,
    #[error("Invalid redirect URL (4,709)")]
    Redirect,
    #[error("The response type is not supported (4,705)")]
    ResponseType,
    #[error("The code challenge method is neither plain nor S256")]
    ChallengeMethod,
}

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new().route("/oauth/authorize", get(ask).post(decide))
}

/// Whether a code may be sent to `uri`: the redirect URL and the Home URL are listed (`zoom.md` 2.2). Exact match only.
pub(crate) fn is_allowed(app: &AppRegistration, uri: &str) -> bool {
    [&app.redirect_url, &app.home_url].iter().any(|listed| listed.as_str() == uri)
}

fn check(app: &AppRegistration, parameters: &Parameters) -> Result<Asked, BadRequest> {
    if parameters.get("client_id") != Some(&app.client_id) {
        return Err(BadRequest::Client);
    }
    let redirect_uri = parameters.get("redirect_uri").filter(|uri| is_allowed(app, uri)).ok_or(BadRequest::Redirect)?;
    if parameters.get("response_type") != Some("code") {
        return Err(BadRequest::ResponseType);
    }
    let challenge = Challenge::parse(parameters.get("code_challenge"), parameters.get("code_challenge_method"));
    Ok(Asked {
        redirect_uri: redirect_uri.to_owned(),
        state: parameters.get("state").map(str::to_owned),
        challenge: challenge.map_err(|_| BadRequest::ChallengeMethod)?,
    })
}

async fn ask(State(cloud): State<Arc<Cloud>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    let parameters = Parameters::parse(query.as_bytes());
    let app = &cloud.shared.app;
    let asked = match check(app, &parameters) {
        Ok(asked) => asked,
        Err(reason) => return (StatusCode::BAD_REQUEST, consent_page::refusal(reason)).into_response(),
    };
    // An empty `as` is the wish to be somebody else than the cookie says.
    let person = match parameters.get("as") {
        Some(key) => signed_in(&cloud, key),
        None if parameters.has("as", "") => None,
        None => cookie(&headers).and_then(|key| signed_in(&cloud, &key)),
    };
    let Some(person) = person else {
        let people: Vec<_> = cloud.state().people.iter().filter(|person| is_user(person)).cloned().collect();
        return consent_page::picker(&people, &query).into_response();
    };
    // A scripted flow (`sidelight demo`) follows redirects and clicks nothing.
    if parameters.get("consent") == Some("auto") {
        return agree(&cloud, &asked, &person, Cloud::app_scopes());
    }
    let ticket = cloud.fresh().secret();
    let page = consent_page::consent(&person, &ticket, &query, app);
    cloud.state().tickets.insert(ticket, (asked, person.key.clone()));
    let mut answer = page.into_response();
    let kept = format!("{COOKIE_NAME}={}; Path=/oauth; HttpOnly; SameSite=Lax", person.key);
    answer.headers_mut().extend(HeaderValue::from_str(&kept).ok().map(|kept| (SET_COOKIE, kept)));
    answer
}

/// The answer to the page. The ticket stands for what was asked, so that nothing of it can be changed on the way.
async fn decide(State(cloud): State<Arc<Cloud>>, RawForm(form): RawForm) -> Response {
    let form = Parameters::parse(&form);
    let asked = form.get("ticket").and_then(|ticket| cloud.state().tickets.remove(ticket));
    let Some((asked, key)) = asked else {
        return (StatusCode::BAD_REQUEST, consent_page::outdated()).into_response();
    };
    let Some(person) = signed_in(&cloud, &key) else {
        return (StatusCode::BAD_REQUEST, consent_page::outdated()).into_response();
    };
    if form.get("decision") != Some("allow") {
        return send_back(&asked, &[("error", "access_denied")]);
    }
    let taken = |scope: &&scopes::Scope| !scope.is_optional || form.has("scope", scope.name);
    let scopes = scopes::ALL.iter().filter(taken).map(|scope| scope.name.to_owned()).collect();
    agree(&cloud, &asked, &person, scopes)
}

fn agree(cloud: &Cloud, asked: &Asked, person: &Person, scopes: Scopes) -> Response {
    let code = cloud.fresh().secret();
    let consent = Consent {
        user: person.identity.user.clone().unwrap_or_default(),
        redirect_uri: asked.redirect_uri.clone(),
        scopes,
        challenge: asked.challenge.clone(),
    };
    let mut state = cloud.state();
    let now = cloud.now();
    cloud.change_standing(&mut state, &person.key, |state| state.grants.issue_code(code.clone(), consent, now));
    send_back(asked, &[("code", &code)])
}

/// Back to the app, with its state, if it sent one (`zoom.md` 4.1).
fn send_back(asked: &Asked, parameters: &[(&str, &str)]) -> Response {
    let Ok(mut target) = Url::parse(&asked.redirect_uri) else {
        return (StatusCode::BAD_REQUEST, consent_page::refusal(BadRequest::Redirect)).into_response();
    };
    target.query_pairs_mut().extend_pairs(parameters).extend_pairs(asked.state.iter().map(|state| ("state", state)));
    Redirect::to(target.as_str()).into_response()
}

fn is_user(person: &Person) -> bool {
    person.identity.user.is_some()
}

fn signed_in(cloud: &Cloud, key: &str) -> Option<Person> {
    cloud.state().people.get(key).filter(|person| is_user(person)).cloned()
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, key)| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> AppRegistration {
        AppRegistration::demo(&Url::parse("http://localhost:8080").unwrap())
    }

    #[test]
    fn a_request_must_name_the_app_and_one_of_its_addresses_exactly() {
        let good =
            "client_id=sidelight-demo-client&response_type=code&redirect_uri=http://localhost:8080/zoom/callback";
        let cases = [
            (good.to_owned(), Ok(())),
            (good.replace("/zoom/callback", "/panel"), Ok(())),
            (good.replace("demo-client", "other"), Err(BadRequest::Client)),
            (good.replace("/zoom/callback", "/zoom/callback/"), Err(BadRequest::Redirect)),
            (good.replace("/zoom/callback", "/zoom/callback?x=1"), Err(BadRequest::Redirect)),
            (good.replace("localhost:8080", "evil.example"), Err(BadRequest::Redirect)),
            (good.replace("=code", "=token"), Err(BadRequest::ResponseType)),
            (format!("{good}&code_challenge=x&code_challenge_method=MD5"), Err(BadRequest::ChallengeMethod)),
        ];
        for (query, expected) in cases {
            let asked = check(&app(), &Parameters::parse(query.as_bytes())).map(|_| ());
            assert_eq!(asked, expected, "{query}");
        }
    }

    #[test]
    fn the_browser_is_remembered_by_cookie() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("other=1; sandbox_zoom_person=maya-lindqvist"));
        assert_eq!(cookie(&headers).as_deref(), Some("maya-lindqvist"));
        assert_eq!(cookie(&HeaderMap::new()), None);
    }
}
