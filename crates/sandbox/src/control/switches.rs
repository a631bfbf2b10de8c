//! Facts that nobody is sure of, playable both ways.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use serde::Serialize;
use serde_json::Value;

/// What a switch can be set to.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Values {
    /// One of these; the first is the default.
    OneOf(&'static [&'static str]),
    /// A number from zero.
    Number {
        /// Where it starts.
        default: u64,
        /// The largest that is taken.
        most: u64,
    },
}

/// One unknown fact.
#[derive(Debug, Serialize)]
pub(crate) struct Switch {
    /// `gainsight.…` or `zoom.…`.
    pub(crate) name: &'static str,
    /// Document and section.
    pub(crate) section: &'static str,
    /// What it decides, in one sentence.
    pub(crate) about: &'static str,
    /// What it can be set to.
    pub(crate) values: Values,
    /// Where one realm differs from the start.
    pub(crate) differs: &'static [(&'static str, &'static str)],
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
enum Setting {
    Choice(&'static str),
    Number(u64),
}

impl Switch {
    fn default(&self) -> Setting {
        match self.values {
            Values::OneOf(choices) => Setting::Choice(choices.first().copied().unwrap_or_default()),
            Values::Number { default, .. } => Setting::Number(default),
        }
    }

    fn parse(&self, value: &Value) -> Option<Setting> {
        match self.values {
            Values::OneOf(choices) => {
                let text = value.as_str()?;
                choices.iter().find(|choice| **choice == text).map(|choice| Setting::Choice(choice))
            }
            Values::Number { most, .. } => value.as_u64().filter(|number| *number <= most).map(Setting::Number),
        }
    }
}

/// A setting that was not taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum InvalidSetting {
    #[error("there is no switch {0:?}")]
    Unknown(String),
    #[error("{name:?} cannot be set to {value}")]
    Value { name: String, value: Value },
}

/// A switch as `GET /_control/switches` shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    switch: &'static Switch,
    value: Value,
    /// Values that hold for one realm only.
    realms: BTreeMap<String, Value>,
}

type Settings = BTreeMap<(&'static str, Option<String>), Setting>;

/// All switches and where they stand.
pub(crate) struct Switches {
    known: BTreeMap<&'static str, &'static Switch>,
    set: RwLock<Settings>,
}

impl Switches {
    pub(crate) fn new(known: impl IntoIterator<Item = &'static Switch>) -> Self {
        let switches =
            Self { known: known.into_iter().map(|switch| (switch.name, switch)).collect(), set: RwLock::default() };
        switches.clear();
        switches
    }

    /// Where a switch with named positions stands for `realm`.
    pub(crate) fn choice(&self, switch: &'static Switch, realm: &str) -> &'static str {
        match self.read(switch, realm) {
            Setting::Choice(choice) => choice,
            Setting::Number(_) => "",
        }
    }

    /// Whether a switch stands at `choice` for `realm`.
    pub(crate) fn is(&self, switch: &'static Switch, realm: &str, choice: &str) -> bool {
        self.choice(switch, realm) == choice
    }

    /// The number that a switch is set to for `realm`.
    pub(crate) fn number(&self, switch: &'static Switch, realm: &str) -> u64 {
        match self.read(switch, realm) {
            Setting::Choice(_) => 0,
            Setting::Number(number) => number,
        }
    }

    fn read(&self, switch: &'static Switch, realm: &str) -> Setting {
        let set = self.set.read().unwrap_or_else(PoisonError::into_inner);
        set.get(&(switch.name, Some(realm.to_owned())))
            .or_else(|| set.get(&(switch.name, None)))
            .copied()
            .unwrap_or_else(|| switch.default())
    }

    /// Sets several switches, all or none. A name may end in `@realm`; without it, the setting holds everywhere.
    pub(crate) fn set(&self, wanted: &BTreeMap<String, Value>) -> Result<(), InvalidSetting> {
        let mut parsed = Vec::with_capacity(wanted.len());
        for (target, value) in wanted {
            let (name, realm) = match target.split_once('@') {
                Some((name, realm)) => (name, Some(realm.to_owned())),
                None => (target.as_str(), None),
            };
            let switch = self.known.get(name).ok_or_else(|| InvalidSetting::Unknown(target.clone()))?;
            let setting = switch
                .parse(value)
                .ok_or_else(|| InvalidSetting::Value { name: target.clone(), value: value.clone() })?;
            parsed.push((switch.name, realm, setting));
        }
        let mut set = self.set.write().unwrap_or_else(PoisonError::into_inner);
        for (name, realm, setting) in parsed {
            if realm.is_none() {
                set.retain(|(held, _), _| *held != name);
            }
            set.insert((name, realm), setting);
        }
        Ok(())
    }

    pub(crate) fn show(&self) -> Vec<Shown> {
        let set = self.set.read().unwrap_or_else(PoisonError::into_inner);
        let json = |setting: Setting| match setting {
            Setting::Choice(choice) => Value::from(choice),
            Setting::Number(number) => Value::from(number),
        };
        let shown = |switch: &&'static Switch| Shown {
            switch,
            value: json(set.get(&(switch.name, None)).copied().unwrap_or_else(|| switch.default())),
            realms: set
                .iter()
                .filter(|((name, _), _)| *name == switch.name)
                .filter_map(|((_, realm), setting)| Some((realm.clone()?, json(*setting))))
                .collect(),
        };
        self.known.values().map(shown).collect()
    }

    /// Back to where everything started.
    pub(crate) fn clear(&self) {
        let mut set = self.set.write().unwrap_or_else(PoisonError::into_inner);
        set.clear();
        for switch in self.known.values() {
            for (realm, value) in switch.differs {
                if let Some(setting) = switch.parse(&Value::from(*value)) {
                    set.insert((switch.name, Some((*realm).to_owned())), setting);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SHAPE: Switch = Switch {
        name: "x.shape",
        section: "x 1",
        about: "",
        values: Values::OneOf(&["array", "records"]),
        differs: &[("harbor", "records")],
    };
    static LAG: Switch = Switch {
        name: "x.lag",
        section: "x 2",
        about: "",
        values: Values::Number { default: 5, most: 10 },
        differs: &[],
    };

    fn set(switches: &Switches, name: &str, value: impl Into<Value>) -> Result<(), InvalidSetting> {
        switches.set(&BTreeMap::from([(name.to_owned(), value.into())]))
    }

    #[test]
    fn a_realm_may_differ_and_a_general_setting_overrules_it() {
        let switches = Switches::new([&SHAPE, &LAG]);
        assert!(switches.is(&SHAPE, "lumen", "array") && switches.is(&SHAPE, "harbor", "records"));
        set(&switches, "x.shape@lumen", "records").unwrap();
        assert!(switches.is(&SHAPE, "lumen", "records"));
        set(&switches, "x.shape", "array").unwrap();
        assert!(switches.is(&SHAPE, "lumen", "array") && switches.is(&SHAPE, "harbor", "array"));
        switches.clear();
        assert!(switches.is(&SHAPE, "harbor", "records"));
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let switches = Switches::new([&SHAPE, &LAG]);
        let both = BTreeMap::from([("x.lag".to_owned(), Value::from(7)), ("x.shape".to_owned(), Value::from("round"))]);
        assert!(matches!(switches.set(&both), Err(InvalidSetting::Value { .. })));
        assert_eq!(switches.number(&LAG, "lumen"), 5);
        assert!(matches!(set(&switches, "x.lag", 11), Err(InvalidSetting::Value { .. })));
        assert!(matches!(set(&switches, "x.nothing", 1), Err(InvalidSetting::Unknown(_))));
    }
}
