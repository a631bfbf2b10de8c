//! What all of Zoom's interfaces share on the wire.
//!
//! JSON is read leniently: ids come as texts or numbers, absent values as `""` (`zoom.md` 6.4, 11).

use std::time::Duration;

use serde_json::Value;
use sidelight_domain::Timestamp;
use sidelight_outbound::{Answer, HeaderName};
use url::Url;

use crate::{Error, Refusal};

/// A text that says something. Numbers and truth values count, `""` and blanks do not.
pub(crate) fn text(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An ISO 8601 moment such as `2023-11-14T22:13:20Z`.
pub(crate) fn time(object: &Value, key: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = object.get(key)?.as_str()?.parse().ok()?;
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

/// What an answer that is no success can be traced by.
pub(crate) fn refusal(answer: &Answer) -> Refusal {
    let body: Value = answer.json().unwrap_or_default();
    // The token endpoint and the REST interface name the number differently (`zoom.md` 4.2, 7.5).
    let number = ["code", "errorCode", "error"].into_iter().find_map(|key| text(&body, key)?.parse().ok());
    let tracking_id = answer.header(&HeaderName::from_static("x-zm-trackingid"));
    let tracking_id = tracking_id.filter(|id| id.len() <= 100).map(str::to_owned);
    Refusal { status: answer.status.as_u16(), number, tracking_id }
}

/// What both interfaces mean by a status and a number, whatever was asked (`zoom.md` 4.2, 7.4); `None` if they differ.
pub(crate) fn common_error(answer: &Answer, refusal: &Refusal) -> Option<Error> {
    let refusal = || refusal.clone();
    match (answer.status.as_u16(), refusal().number) {
        (429, _) => Some(Error::Busy { retry_after: answer.retry_after().or_else(|| next_second(answer)) }),
        (500..=599, _) => Some(Error::Unavailable(refusal())),
        (100..=399, _) => Some(Error::Unreadable(refusal())),
        (400 | 401, Some(4702 | 4704 | 4706)) => Some(Error::ClientRefused(refusal())),
        (400 | 401, Some(4709)) => Some(Error::RedirectRefused(refusal())),
        (400 | 401, Some(4717)) => Some(Error::AppDisabled(refusal())),
        (400 | 401, Some(4735)) => Some(Error::UserGone(refusal())),
        (400 | 401, Some(4737 | 4738 | 4740 | 4741)) => Some(Error::GrantGone(refusal())),
        _ => None,
    }
}

/// A limit per second needs no date: the next second will do (`zoom.md` 7.4).
fn next_second(answer: &Answer) -> Option<Duration> {
    let kind = answer.header(&HeaderName::from_static("x-ratelimit-type"))?;
    kind.eq_ignore_ascii_case("QPS").then_some(Duration::from_secs(1))
}

/// The address of `segments` below `root`, whether or not `base` names that root already.
///
/// A segment is encoded once; one that is encoded already comes out encoded twice.
pub(crate) fn endpoint(base: &Url, root: &str, segments: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    let is_rooted = base.path().trim_end_matches('/').ends_with(&format!("/{root}"));
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty();
        if !is_rooted {
            path.push(root);
        }
        path.extend(segments);
    }
    url
}

/// Derives nothing: prints the named fields and leaves out the rest, which is personal.
macro_rules! print_only {
    ($type:ident: $($field:ident),*) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use print_only;
