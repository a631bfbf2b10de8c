//! What came back.

use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::de::DeserializeOwned;

/// A complete answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, decompressed.
    pub body: Bytes,
}

impl Answer {
    /// A header as text, if it is there and readable.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// Where and why the body is not what was expected; it never contains the body itself.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// How long the other side wants to be left alone (RFC 9110, 10.2.3).
    ///
    /// `Retry-After` may hold seconds, an HTTP date, or an ISO date as Zoom sends it. A date counts from the answer's own
    /// `Date`, so that a difference between the two clocks plays no part; without that header a date says nothing.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header(&RETRY_AFTER)?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let wait = moment(text)?.duration_since(moment(self.header(&DATE)?)?);
        Some(Duration::try_from(wait).unwrap_or_default())
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    let http_date = || rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    text.parse().ok().or_else(http_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_each_of_its_forms() {
        let cases = [
            (Some("7"), None, Some(7)),
            (Some(" 0 "), None, Some(0)),
            (Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some("Sun, 06 Nov 1994 08:48:37 GMT"), Some(60)),
            (Some("2020-05-31T00:00:00Z"), Some("Sat, 30 May 2020 23:00:00 GMT"), Some(3_600)),
            (Some("2020-05-31T00:00:00Z"), Some("Sun, 31 May 2020 00:00:01 GMT"), Some(0)),
            (Some("2020-05-31T00:00:00Z"), None, None),
            (Some("2020-05-31T00:00:00Z"), Some("today"), None),
            (Some("-1"), Some("Sat, 30 May 2020 23:00:00 GMT"), None),
            (Some("soon"), None, None),
            (None, Some("Sat, 30 May 2020 23:00:00 GMT"), None),
        ];
        for (wait, date, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in [(RETRY_AFTER, wait), (DATE, date)] {
                value.and_then(|value| headers.insert(name, value.parse().unwrap()));
            }
            let answer = Answer { status: StatusCode::TOO_MANY_REQUESTS, headers, body: Bytes::new() };
            assert_eq!(answer.retry_after(), expected.map(Duration::from_secs), "{wait:?} at {date:?}");
        }
    }
}
