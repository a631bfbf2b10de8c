//! What can go wrong on the way, on demand.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use http::Method;
use serde::{Deserialize, Serialize};

use super::locked;

/// Which calls a fault hits. What is left out matches everything.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// Key of a tenant, or `zoom`.
    #[serde(default)]
    pub(crate) tenant: Option<String>,
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// A path, or the beginning of one followed by `*`.
    #[serde(default)]
    pub(crate) path: Option<String>,
}

impl Target {
    fn matches(&self, realm: &str, method: &Method, path: &str) -> bool {
        let path_fits = |wanted: &String| match wanted.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == wanted,
        };
        self.tenant.as_deref().is_none_or(|tenant| tenant == realm)
            && self.method.as_deref().is_none_or(|wanted| method.as_str().eq_ignore_ascii_case(wanted))
            && self.path.as_ref().is_none_or(path_fits)
    }
}

/// When a delay happens.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Moment {
    /// Before the call is looked at: a caller who gives up early leaves nothing behind.
    #[default]
    Before,
    /// After it was applied: a caller who gives up early cannot know.
    After,
}

/// What happens to a call.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// The answer takes this long.
    Latency {
        millis: u64,
        #[serde(default)]
        moment: Moment,
    },
    /// The system refuses in its own words; nothing is applied.
    Status {
        status: u16,
        /// As the `Retry-After` header: seconds, or a date in any form.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
        /// Instead of the system's own words.
        #[serde(default)]
        body: Option<serde_json::Value>,
    },
    /// A proxy in front answers with a page; nothing is applied.
    Html {
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// Applied; half of the answer arrives, then the connection is closed.
    HalfBody,
    /// Applied; the answer is complete but is no JSON.
    MalformedBody,
    /// Applied; the answer is empty.
    EmptyBody,
    /// Applied; then the connection is closed without an answer.
    DropAfterApply,
    /// Not applied; the connection is closed without an answer.
    DropBeforeApply,
}

/// `Retry-After` as a test writes it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    Text(String),
}

const fn bad_gateway() -> u16 {
    502
}

/// A fault that waits for its calls.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    #[serde(default, rename = "match")]
    pub(crate) target: Target,
    pub(crate) fault: Fault,
    /// How many calls it still hits; none is all of them.
    #[serde(default)]
    pub(crate) times: Option<u32>,
}

/// The plans in the order in which they were made.
#[derive(Default)]
pub(crate) struct Faults(Mutex<(u64, BTreeMap<u64, Plan>)>);

impl Faults {
    /// Adds a plan and names it.
    pub(crate) fn add(&self, plan: Plan) -> u64 {
        let mut inner = locked(&self.0);
        inner.0 += 1;
        let id = inner.0;
        inner.1.insert(id, plan);
        id
    }

    /// Takes back one plan; tells whether it was there.
    pub(crate) fn remove(&self, id: u64) -> bool {
        locked(&self.0).1.remove(&id).is_some()
    }

    pub(crate) fn clear(&self) {
        locked(&self.0).1.clear();
    }

    pub(crate) fn read(&self) -> BTreeMap<u64, Plan> {
        locked(&self.0).1.clone()
    }

    /// What this call meets: every matching delay, and the first other fault. Uses them up.
    pub(crate) fn take(&self, realm: &str, method: &Method, path: &str) -> Met {
        let mut inner = locked(&self.0);
        let mut met = Met::default();
        for plan in inner.1.values_mut().filter(|plan| plan.target.matches(realm, method, path)) {
            if let Fault::Latency { millis, moment } = &plan.fault {
                let delay = Duration::from_millis(*millis);
                match moment {
                    Moment::Before => met.before += delay,
                    Moment::After => met.after += delay,
                }
            } else if met.fault.is_none() {
                met.fault = Some(plan.fault.clone());
            } else {
                continue;
            }
            if let Some(left) = &mut plan.times {
                *left = left.saturating_sub(1);
            }
        }
        inner.1.retain(|_, plan| plan.times != Some(0));
        met
    }
}

/// What one call meets.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) before: Duration,
    pub(crate) after: Duration,
    pub(crate) fault: Option<Fault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(json: &str) -> Plan {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_fault_hits_what_it_names_and_is_used_up() {
        let faults = Faults::default();
        faults.add(plan(
            r#"{"match": {"tenant": "lumen", "method": "post", "path": "/v1/ant/*"}, "fault": {"kind": "drop_after_apply"}, "times": 1}"#,
        ));
        let misses = [
            ("harbor", Method::POST, "/v1/ant/es"),
            ("lumen", Method::PUT, "/v1/ant/es"),
            ("lumen", Method::POST, "/v1/x"),
        ];
        for (realm, method, path) in misses {
            assert!(faults.take(realm, &method, path).fault.is_none(), "{realm} {method} {path}");
        }
        let hit = || faults.take("lumen", &Method::POST, "/v1/ant/es").fault;
        assert!(matches!(hit(), Some(Fault::DropAfterApply)));
        assert!(hit().is_none());
    }

    #[test]
    fn delays_add_up_beside_another_fault() {
        let faults = Faults::default();
        faults.add(plan(r#"{"fault": {"kind": "latency", "millis": 20}}"#));
        faults.add(plan(r#"{"fault": {"kind": "latency", "millis": 30, "moment": "after"}}"#));
        faults.add(plan(r#"{"fault": {"kind": "status", "status": 500}, "times": 1}"#));
        faults.add(plan(r#"{"fault": {"kind": "html"}, "times": 1}"#));
        let first = faults.take("lumen", &Method::GET, "/");
        assert_eq!((first.before.as_millis(), first.after.as_millis()), (20, 30));
        assert!(matches!(first.fault, Some(Fault::Status { status: 500, .. })));
        let second = faults.take("lumen", &Method::GET, "/").fault;
        assert!(matches!(second, Some(Fault::Html { status: 502 })), "a fault that did not get its turn waits for it");
    }

    #[test]
    fn a_misspelt_fault_is_refused() {
        for json in [
            r#"{"fault": {"kind": "flood"}}"#,
            r#"{"fault": {"kind": "html"}, "time": 1}"#,
            r#"{"match": {"host": "x"}, "fault": {"kind": "html"}}"#,
        ] {
            assert!(serde_json::from_str::<Plan>(json).is_err(), "{json}");
        }
    }
}
