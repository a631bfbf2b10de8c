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
}

/// Realm → endpoint → calls.
pub(crate) type Tallies = BTreeMap<String, BTreeMap<String, Tally>>;

/// The counters.
#[derive(Default)]
pub(crate) struct Calls(Mutex<Tallies>);

impl Calls {
    /// Notes a call; `status` is `None` when the connection was closed without an answer.
    pub(crate) fn note(&self, realm: String, endpoint: String, status: Option<StatusCode>) {
        let mut realms = locked(&self.0);
        let tally = realms.entry(realm).or_default().entry(endpoint).or_default();
        tally.count += 1;
        let outcome = status.map_or_else(|| "none".to_owned(), |status| status.as_str().to_owned());
        *tally.by_status.entry(outcome).or_default() += 1;
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
        let note = |realm: &str, endpoint: &str, status| calls.note(realm.to_owned(), endpoint.to_owned(), status);
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
}
