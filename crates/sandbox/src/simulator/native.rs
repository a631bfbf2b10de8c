//! The native client's way to the panel: like the browser's, but the Home URL is asked for with an app context in a header, which the
//! web client never sends (`zoom.md` 5.1).
//!
//! A small proxy in front of the app. Whose client it is stands in the host name, `<person>.<meeting>.client.localhost`, since the Home
//! URL itself has no room for it. The page believes that it is at the app's own address, and so does the app.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, HOST, ORIGIN, REFERER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use url::Url;

use super::page::origin;
use crate::zoom::{Cloud, SendError, Wish, connect, mint};

/// The header of `zoom.md` 5.1.
const CONTEXT: HeaderName = HeaderName::from_static("x-zoom-app-context");
/// What follows the viewer in the host name.
const SUFFIX: &str = ".client.localhost";
/// What belongs to one connection (RFC 9110, 7.6.1).
const OF_THE_CONNECTION: [HeaderName; 3] = [CONNECTION, TRANSFER_ENCODING, UPGRADE];

/// Everything goes to the app.
pub(crate) fn router(cloud: &Arc<Cloud>) -> Router {
    Router::new().fallback(forward).with_state(Arc::clone(cloud))
}

/// Where the panel of one person is, in his native client.
pub(super) fn home(cloud: &Cloud, person: &str, meeting: Option<&str>) -> Url {
    let mut home = cloud.shared.app.home_url.clone();
    let viewer = meeting.map_or_else(|| person.to_owned(), |meeting| format!("{person}.{meeting}"));
    // A key is made of letters and dashes, a number of digits: both are taken by a host name.
    let placed = home.set_host(Some(&format!("{viewer}{SUFFIX}"))).is_ok()
        && home.set_port(Some(cloud.shared.addresses.native.port())).is_ok();
    debug_assert!(placed, "{viewer} is no host name");
    home
}

async fn forward(State(cloud): State<Arc<Cloud>>, request: Request) -> Response {
    let app = &cloud.shared.app.home_url;
    let Some(viewer) = request.headers().get(HOST).and_then(viewer) else {
        return problem(StatusCode::NOT_FOUND, "Open this as <person>.<meeting>.client.localhost.");
    };
    let (mut parts, body) = request.into_parts();
    if parts.method == Method::GET && parts.uri.path() == app.path() {
        match context(&cloud, &viewer) {
            Some(context) => drop(parts.headers.insert(CONTEXT, context)),
            None => return problem(StatusCode::NOT_FOUND, "There is no such person, or no such meeting."),
        }
    }
    move_in(&mut parts.headers, app);
    parts.uri = parts.uri.path_and_query().map_or_else(Uri::default, |path| Uri::from(path.clone()));
    match ask(app, Request::from_parts(parts, body)).await {
        Ok(answer) => answer,
        Err(error) => problem(StatusCode::BAD_GATEWAY, &format!("Sidelight at {app}: {error}.")),
    }
}

async fn ask(app: &Url, request: Request) -> Result<Response, SendError> {
    // The connection lives as long as the answer, which may be a stream without an end.
    let (mut sender, _) = connect(app).await?;
    let mut answer = sender.send_request(request).await.map_err(SendError::Broken)?;
    take_off(answer.headers_mut());
    Ok(answer.map(Body::new))
}

/// Who looks, and in which meeting, as `<person>` or `<person>.<meeting>`.
fn viewer(host: &HeaderValue) -> Option<Wish> {
    let name = host.to_str().ok()?.split(':').next()?.strip_suffix(SUFFIX)?;
    let (person, meeting) = name.split_once('.').map_or((name, None), |(person, meeting)| (person, Some(meeting)));
    Some(Wish { user: Some(person.to_owned()), meeting: meeting.map(str::to_owned), ..Wish::default() })
}

fn context(cloud: &Cloud, viewer: &Wish) -> Option<HeaderValue> {
    let minted = mint(cloud, viewer).ok()?;
    minted["context"].as_str()?.parse().ok()
}

/// Words the request as if the page were at the app's own address.
fn move_in(headers: &mut HeaderMap, app: &Url) {
    take_off(headers);
    let own = origin(app);
    let host = own.split_once("://").map_or(own.as_str(), |(_, host)| host);
    let values = [(HOST, host.to_owned()), (ORIGIN, own.clone()), (REFERER, app.to_string())];
    for (name, value) in values {
        if let (true, Ok(value)) = (headers.contains_key(&name), value.parse()) {
            headers.insert(name, value);
        }
    }
}

fn take_off(headers: &mut HeaderMap) {
    for name in &OF_THE_CONNECTION {
        headers.remove(name);
    }
}

fn problem(status: StatusCode, words: &str) -> Response {
    (status, words.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_name_says_who_looks_and_where() {
        let cases = [
            ("maya-lindqvist.81234567890.client.localhost:8097", Some(("maya-lindqvist", Some("81234567890")))),
            ("maya-lindqvist.client.localhost", Some(("maya-lindqvist", None))),
            ("localhost:8097", None),
            ("client.localhost", None),
        ];
        for (host, expected) in cases {
            let found = viewer(&HeaderValue::from_static(host));
            let found = found.as_ref().map(|wish| (wish.user.as_deref().unwrap(), wish.meeting.as_deref()));
            assert_eq!(found, expected, "{host}");
        }
    }

    #[test]
    fn the_app_sees_its_own_address_only() {
        let foreign = "http://maya-lindqvist.client.localhost:8097";
        let mut headers: HeaderMap = [(HOST, "maya-lindqvist.client.localhost:8097"), (ORIGIN, foreign)]
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .into_iter()
            .collect();
        headers.insert(CONNECTION, HeaderValue::from_static("keep-alive"));
        move_in(&mut headers, &Url::parse("http://localhost:8080/panel").unwrap());
        let seen: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(seen, [("host", "localhost:8080"), ("origin", "http://localhost:8080")]);
    }
}
