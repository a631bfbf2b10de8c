//! The data files as they are written by hand.

use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::StartError;

/// A line of `companies.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanyLine {
    pub(super) tenant: String,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) industry: String,
    pub(super) place: String,
    pub(super) timezone: String,
    pub(super) csm: String,
    pub(super) numbers: Numbers,
    pub(super) stage: String,
    #[serde(default = "active")]
    pub(super) status: String,
    pub(super) products: Vec<String>,
    pub(super) system: String,
    pub(super) site: String,
    pub(super) second_site: String,
    pub(super) goal: String,
    pub(super) metric: String,
    pub(super) tags: Vec<String>,
    /// Keys of the members who alone see it.
    #[serde(default)]
    pub(super) shared_with: Vec<String>,
    pub(super) summary: String,
}

fn active() -> String {
    "Active".to_owned()
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    pub(super) employees: u32,
    /// In thousands.
    pub(super) arr: u32,
    pub(super) score: u8,
    /// Days from now; negative is over.
    pub(super) renewal: i64,
    /// Since the contract began.
    pub(super) months: i64,
}

/// A line of `people.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonLine {
    pub(super) tenant: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) location: String,
    pub(super) at: Vec<EmploymentLine>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmploymentLine {
    pub(super) company: String,
    pub(super) title: String,
    pub(super) role: String,
    #[serde(default = "yes")]
    pub(super) active: bool,
}

fn yes() -> bool {
    true
}

/// Several things that happen to a customer one after the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Episode {
    pub(super) name: String,
    pub(super) phase: Phase,
    /// How often it happens, compared with others of its phase.
    #[serde(default = "one")]
    pub(super) weight: usize,
    /// Which tenant it belongs to; none is all.
    #[serde(default)]
    pub(super) tenant: Option<String>,
    /// In which industries it happens; none is all.
    #[serde(default)]
    pub(super) industries: Vec<String>,
    #[serde(default)]
    pub(super) min_score: Option<u8>,
    #[serde(default)]
    pub(super) max_score: Option<u8>,
    /// Who writes all steps, if not the customer success manager.
    #[serde(default)]
    pub(super) who: Option<Writer>,
    /// Chosen once per episode, so that all steps speak of the same thing.
    #[serde(default)]
    pub(super) vars: std::collections::BTreeMap<String, Vec<String>>,
    pub(super) step: Vec<Step>,
}

fn one() -> usize {
    1
}

/// When in the life of a customer an episode can happen.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Once each, in the order of the file.
    Beginning,
    Running,
    Trouble,
    Growth,
    Risk,
    /// Before each anniversary.
    Renewal,
    /// At each anniversary that went well.
    Renewed,
    Leaving,
}

/// Who writes an activity.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Writer {
    /// The solutions engineer.
    Se,
}

/// One activity of an episode.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Days after the step before, from and to.
    pub(super) after: (i64, i64),
    pub(super) subject: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) sentiment: Option<String>,
    #[serde(default)]
    pub(super) minutes: Vec<u32>,
    #[serde(default)]
    pub(super) who: Option<Writer>,
    /// Whether the solutions engineer is there.
    #[serde(default)]
    pub(super) se: bool,
    /// Whether the outcome field is filled.
    #[serde(default)]
    pub(super) outcome: bool,
}

#[derive(Deserialize)]
struct Companies {
    company: Vec<CompanyLine>,
}

#[derive(Deserialize)]
struct People {
    person: Vec<PersonLine>,
}

#[derive(Deserialize)]
struct Elsewhere {
    company: Vec<CompanyLine>,
    person: Vec<PersonLine>,
}

#[derive(Deserialize)]
struct Notes {
    note: Vec<Peculiar>,
}

#[derive(Deserialize)]
struct Episodes {
    episode: Vec<Episode>,
}

/// A note as nobody would draw it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Peculiar {
    pub(super) company: String,
    pub(super) days_ago: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) html: String,
}

/// Names to draw from.
#[derive(Debug, Deserialize)]
pub(super) struct Names {
    pub(super) first: Vec<String>,
    pub(super) last: Vec<String>,
}

/// Everything that is written by hand.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) names: Names,
    pub(super) companies: Vec<CompanyLine>,
    pub(super) people: Vec<PersonLine>,
    pub(super) episodes: Vec<Episode>,
    pub(super) peculiar: Vec<Peculiar>,
}

macro_rules! shipped {
    ($file:literal) => {
        ($file, include_str!(concat!("../../data/", $file)))
    };
}

const EPISODE_FILES: &[(&str, &str)] = &[
    shipped!("episodes/beginning.toml"),
    shipped!("episodes/everyday.toml"),
    shipped!("episodes/trouble.toml"),
    shipped!("episodes/commercial.toml"),
    shipped!("episodes/operations.toml"),
    shipped!("episodes/hosting.toml"),
];

/// The shipped files, read once: tests start many worlds.
pub(super) fn load() -> Result<&'static Data, StartError> {
    static DATA: OnceLock<Data> = OnceLock::new();
    match DATA.get() {
        Some(data) => Ok(data),
        None => parsed().map(|data| DATA.get_or_init(|| data)),
    }
}

fn parsed() -> Result<Data, StartError> {
    let mut companies: Companies = read(shipped!("companies.toml"))?;
    let mut people: People = read(shipped!("people.toml"))?;
    let elsewhere: Elsewhere = read(shipped!("elsewhere.toml"))?;
    companies.company.extend(elsewhere.company);
    people.person.extend(elsewhere.person);
    let mut episodes = Vec::new();
    for file in EPISODE_FILES {
        episodes.extend(read::<Episodes>(*file)?.episode);
    }
    let notes: Notes = read(shipped!("peculiar.toml"))?;
    let names = read(shipped!("names.toml"))?;
    Ok(Data { names, companies: companies.company, people: people.person, episodes, peculiar: notes.note })
}

fn read<T: DeserializeOwned>((file, text): (&'static str, &str)) -> Result<T, StartError> {
    toml::from_str(text).map_err(|source| StartError::Data { file, source })
}
