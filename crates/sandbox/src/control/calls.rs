//! How often was what called: the currency of an upstream with a call budget (design 4.6).

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::StatusCode;
use serde::Serialize;

use super::locked;

/// The calls of one endpoint.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Tally {
    count: u64,
    by_status: BTreeMap<String, u64>,
    /// How many were on their way at the same moment, at most.
    most_at_once: u64,
    #[serde(skip)]
    at_once: u64,
}

/// Realm → endpoint → calls.
pub(crate) type Tallies = BTreeMap<String, BTreeMap<String, Tally>>;

/// The counters.
#[derive(Default)]
pub(crate) struct Calls(Mutex<Tallies>);

/// A call that is on its way; over when this is dropped, whether it was answered or its caller went away.
pub(crate) struct UnderWay<'a> {
    calls: &'a Calls,
    realm: String,
    endpoint: String,
}

impl UnderWay<'_> {
    /// How it ended; `None` when the connection was closed without an answer.
    pub(crate) fn answered(&self, status: Option<StatusCode>) {
        self.calls.note(&self.realm, &self.endpoint, status);
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        // Counters that were cleared meanwhile know nothing of it.
        let over = |tally: &mut Tally| tally.at_once = tally.at_once.saturating_sub(1);
        self.calls.tally(&self.realm, &self.endpoint, over);
    }
}

impl Calls {
    /// Notes that a call has come.
    pub(crate) fn begin(&self, realm: String, endpoint: String) -> UnderWay<'_> {
        self.tally(&realm, &endpoint, |tally| {
            tally.at_once += 1;
            tally.most_at_once = tally.most_at_once.max(tally.at_once);
        });
        UnderWay { calls: self, realm, endpoint }
    }

    fn tally(&self, realm: &str, endpoint: &str, change: impl FnOnce(&mut Tally)) {
        let mut realms = locked(&self.0);
        change(realms.entry(realm.to_owned()).or_default().entry(endpoint.to_owned()).or_default());
    }

    fn note(&self, realm: &str, endpoint: &str, status: Option<StatusCode>) {
        let outcome = status.map_or_else(|| "none".to_owned(), |status| status.as_str().to_owned());
        self.tally(realm, endpoint, |tally| {
            tally.count += 1;
            *tally.by_status.entry(outcome).or_default() += 1;
        });
    }

    pub(crate) fn read(&self) -> Tallies {
        locked(&self.0).clone()
    }

    pub(crate) fn clear(&self) {
        locked(&self.0).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_add_up_by_realm_endpoint_and_outcome() {
        let calls = Calls::default();
        let note = |realm: &str, endpoint: &str, status| calls.note(realm, endpoint, status);
        note("lumen", "GET /a", Some(StatusCode::OK));
        note("lumen", "GET /a", Some(StatusCode::TOO_MANY_REQUESTS));
        note("lumen", "GET /a", None);
        note("lumen", "GET /b", Some(StatusCode::OK));
        note("zoom", "GET /a", Some(StatusCode::OK));
        let tallies = calls.read();
        let tally = &tallies["lumen"]["GET /a"];
        assert_eq!(tally.count, 3);
        let by_status: Vec<_> = tally.by_status.iter().map(|(status, count)| (status.as_str(), *count)).collect();
        assert_eq!(by_status, [("200", 1), ("429", 1), ("none", 1)]);
        assert_eq!((tallies["lumen"]["GET /b"].count, tallies["zoom"]["GET /a"].count), (1, 1));
        calls.clear();
        assert!(calls.read().is_empty());
    }
    #[test]
    fn calls_at_the_same_moment_are_counted_until_they_are_over() {
        let calls = Calls::default();
        let begin = || calls.begin("zoom".to_owned(), "POST /token".to_owned());
        drop(begin());
        let (first, second) = (begin(), begin());
        first.answered(Some(StatusCode::OK));
        drop((first, second));
        drop(begin());
        let tally = calls.read()["zoom"]["POST /token"].clone();
        assert_eq!((tally.count, tally.most_at_once, tally.at_once), (1, 2, 0));
    }
}
