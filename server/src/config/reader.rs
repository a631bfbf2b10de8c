//! Reads a section of the configuration and collects every mistake instead of stopping at the first.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use secrecy::SecretString;
use toml::{Table, Value};

/// Something wrong in the configuration, with the place where to mend it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// The key, such as `zoom.client_id` or `tenants[1].host`.
    pub key: String,
    /// What is wrong and what would be right. Never the value: it may be a secret.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

/// Takes keys out of a table; what is left at the end was not known to anybody.
#[derive(Debug)]
pub(super) struct Section<'a> {
    path: String,
    table: Table,
    asked: BTreeSet<String>,
    mistakes: &'a mut Vec<Mistake>,
}

impl<'a> Section<'a> {
    pub(super) fn new(path: impl Into<String>, table: Table, mistakes: &'a mut Vec<Mistake>) -> Self {
        Self { path: path.into(), table, asked: BTreeSet::new(), mistakes }
    }

    /// The full name of `key`.
    pub(super) fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn mistake(&mut self, key: &str, problem: impl Into<String>) {
        let key = self.name(key);
        self.mistakes.push(Mistake { key, problem: problem.into() });
    }

    /// Whether `key` is set and nobody took it yet.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.asked.insert(key.to_owned());
        self.table.remove(key)
    }

    /// A text; numbers and truth values are taken as they are written, since the environment knows only texts.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Boolean(truth) => Some(truth.to_string()),
            Value::Float(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
                self.mistake(key, "must be a text");
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, key: &str) -> Option<String> {
        let before = self.mistakes.len();
        let found = self.text(key);
        if found.is_none() && self.mistakes.len() == before {
            self.mistake(key, format!("is required{}", self.variable(key)));
        }
        found
    }

    /// A text that no log and no `config show` ever prints.
    pub(super) fn secret(&mut self, key: &str) -> Option<SecretString> {
        self.text(key).map(SecretString::from)
    }

    /// A value with a text form; `expected` says what would be right.
    pub(super) fn parsed<T: FromStr>(&mut self, key: &str, expected: &str) -> Option<T> {
        let text = self.text(key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.mistake(key, format!("must be {expected}"));
        }
        parsed
    }

    /// A number within `range`; `default` where it is not set.
    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<u32>, default: u32) -> u32 {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        let Some(number) = self.parsed::<u32>(key, &expected) else { return default };
        if !range.contains(&number) {
            self.mistake(key, format!("must be {expected}"));
        }
        number
    }

    /// A list of texts, or one text with commas.
    pub(super) fn list(&mut self, key: &str) -> Vec<String> {
        let split =
            |text: &str| text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        match self.take(key) {
            None => Vec::new(),
            Some(Value::String(text)) => split(&text),
            Some(Value::Array(items)) if items.iter().all(Value::is_str) => {
                items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            Some(_) => {
                self.mistake(key, "must be a list of texts");
                Vec::new()
            }
        }
    }

    /// A list of values with a text form.
    pub(super) fn parsed_list<T: FromStr>(&mut self, key: &str, expected: &str) -> Vec<T> {
        let texts = self.list(key);
        let parsed: Vec<T> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        if parsed.len() < texts.len() {
            self.mistake(key, format!("must be a list of {expected}"));
        }
        parsed
    }

    /// The tables of `[[key]]`, each as a section of its own.
    pub(super) fn each(&mut self, key: &str, mut read: impl FnMut(&mut Section<'_>)) {
        let tables = match self.take(key) {
            None => return,
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.mistake(key, format!("must be a list of tables: [[{}]]", self.name(key)));
                return;
            }
        };
        for (index, item) in tables.into_iter().enumerate() {
            let path = format!("{}[{index}]", self.name(key));
            match item {
                Value::Table(table) => {
                    let mut section = Section::new(path, table, self.mistakes);
                    read(&mut section);
                    section.finish();
                }
                Value::String(_)
                | Value::Integer(_)
                | Value::Float(_)
                | Value::Boolean(_)
                | Value::Datetime(_)
                | Value::Array(_) => {
                    self.mistakes.push(Mistake { key: path, problem: "must be a table".to_owned() });
                }
            }
        }
    }

    /// The table `[key]` as a section.
    pub(super) fn section<T>(&mut self, key: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        let table = match self.take(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.mistake(key, format!("must be a table: [{}]", self.name(key)));
                Table::new()
            }
        };
        let mut section = Section::new(self.name(key), table, self.mistakes);
        let value = read(&mut section);
        section.finish();
        value
    }

    /// Complains about every key that nobody asked for: a misspelt setting must not be ignored in silence.
    pub(super) fn finish(&mut self) {
        for key in std::mem::take(&mut self.table).keys() {
            let known: Vec<_> = self.asked.iter().cloned().collect();
            self.mistake(key, format!("is not a setting; known here: {}", known.join(", ")));
        }
    }

    fn variable(&self, key: &str) -> String {
        if self.path.contains('[') {
            String::new()
        } else {
            format!(" ({})", super::environment::variable(&self.name(key)))
        }
    }
}
