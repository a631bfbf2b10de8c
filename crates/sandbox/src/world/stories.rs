//! What happened with each customer: episodes laid over the last eighteen months.

use std::time::Duration;

use sidelight_domain::Timestamp;

use super::book::{Activity, Company, Person};
use super::cast::{Member, Post};
use super::data::{Data, Episode, Peculiar, Phase, Step, Writer};
use super::fill::{Slots, fill};
use super::hours::{Hours, utc_offset};
use super::notes::Hand;
use super::team::Team;
use super::transcript::transcript;
use super::vendors::{Size, Vendor};
use crate::chance::Chance;

/// How far back the Timeline goes.
const HISTORY_DAYS: i64 = 548;
/// Activities in the standard world, over the two tenants that have it.
const STANDARD_TOTAL: usize = 4_000;
const STANDARD_COMPANIES: usize = 60;
/// The demo meeting's company has more to show.
const NORTHWIND: (&str, usize) = ("Northwind Traders", 120);

/// Activities of a company in a small book.
const SMALL_SHARE: usize = 24;

/// A tenant while its stories are written.
pub(super) struct Author<'a> {
    pub(super) vendor: Vendor,
    pub(super) data: &'a Data,
    pub(super) members: &'a [Member],
    pub(super) companies: &'a [Company],
    pub(super) people: &'a [Person],
    pub(super) now: Timestamp,
    pub(super) seed: u64,
}

impl Author<'_> {
    /// All activities of the tenant, oldest first.
    pub(super) fn activities(&self) -> Vec<Activity> {
        let mut staff = vec![Vec::new(); self.companies.len()];
        for (at, person) in self.people.iter().enumerate() {
            for employment in &person.employments {
                if let Some(team) = staff.get_mut(employment.company) {
                    team.push((at, employment.is_active, employment.role.as_str()));
                }
            }
        }
        let mut all = Vec::new();
        for (at, company) in self.companies.iter().enumerate() {
            let team = staff.get(at).map(|team| Team::of(team, self.people)).unwrap_or_default();
            all.extend(Story::new(self, at, company, team).write(share(self.vendor, &company.name)));
        }
        all.extend(self.peculiar());
        all.sort_by_key(|activity| activity.held_at);
        all
    }

    /// Notes that nobody would draw, among them one far too long.
    fn peculiar(&self) -> impl Iterator<Item = Activity> {
        let long = Peculiar {
            company: "Meridian Cold Storage".to_owned(),
            days_ago: 96,
            kind: "Call".to_owned(),
            subject: "Transcript: design call dock scheduling (automatic)".to_owned(),
            html: transcript(),
        };
        self.data.peculiar.iter().cloned().chain([long]).filter_map(|note| {
            let company = self.companies.iter().position(|company| company.name == note.company)?;
            let author = self.companies.get(company)?.csm.clone();
            let held_at = self.now.before(days(note.days_ago));
            Some(Activity {
                company,
                relationship: None,
                kind: note.kind,
                subject: note.subject,
                notes: note.html.trim().to_owned(),
                held_at,
                created_at: held_at,
                members: vec![author.clone()],
                author,
                people: Vec::new(),
                minutes: None,
                sentiment: None,
                outcome: None,
            })
        })
    }
}

/// How many activities a company has. The peculiar notes come on top, and are taken off elsewhere.
fn share(vendor: Vendor, name: &str) -> usize {
    let (northwind, count) = NORTHWIND;
    match vendor.size {
        Size::Small | Size::CopyOf(_) => SMALL_SHARE,
        Size::Standard if name == northwind => count - 1,
        Size::Standard => (STANDARD_TOTAL - count) / (STANDARD_COMPANIES - 1) + 1,
    }
}

fn days(count: i64) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or(0) * 86_400)
}

struct Story<'a> {
    author: &'a Author<'a>,
    at: usize,
    company: &'a Company,
    team: Team,
    engineer: Option<&'a Member>,
    /// When the customer works.
    hours: Hours,
    chance: Chance,
    written: Vec<Activity>,
}

impl<'a> Story<'a> {
    fn new(author: &'a Author<'a>, at: usize, company: &'a Company, team: Team) -> Self {
        let is_engineer = |member: &&Member| {
            member.works_in(author.vendor.key)
                && member.is_active
                && member.post == Post::Beside
                && member.licence == Some("Full")
        };
        let chance = Chance::new(author.seed, &format!("story of {}", company.name));
        let engineer = author.members.iter().find(is_engineer);
        let hours = Hours::of(company.utc_offset);
        Self { author, at, company, team, engineer, hours, chance, written: Vec::new() }
    }

    fn write(mut self, wanted: usize) -> Vec<Activity> {
        let began = (self.company.months * 30).min(HISTORY_DAYS);
        let live_from = self.beginning(began);
        self.anniversaries(live_from);
        self.reviews(live_from);
        if self.company.status == "Churn" {
            self.play_phase(Phase::Leaving, -self.company.renews_in_days + 60);
        }
        // Whatever the calendar did not fill, daily life does; never more than ten tries per missing entry.
        for _ in 0..wanted * 10 {
            if self.written.len() >= wanted {
                break;
            }
            let days_ago = self.chance.between(self.quiet_for(), live_from.max(self.quiet_for()));
            let phase = self.ordinary_phase();
            self.play_phase(phase, days_ago);
        }
        self.written.truncate(wanted);
        self.written
    }

    /// How many days ago the last thing happened: who has left, is quiet.
    fn quiet_for(&self) -> i64 {
        if self.company.status == "Active" { 0 } else { (-self.company.renews_in_days).max(30) }
    }

    /// The project at the start, if it lies within the history; answers how many days ago it was over.
    fn beginning(&mut self, began: i64) -> i64 {
        if self.company.months * 30 > HISTORY_DAYS {
            return HISTORY_DAYS;
        }
        let mut days_ago = began;
        for episode in self.author.data.episodes.iter().filter(|episode| episode.phase == Phase::Beginning) {
            days_ago = self.play(episode, days_ago) - self.chance.between(2, 6);
        }
        days_ago.max(0)
    }

    fn anniversaries(&mut self, live_from: i64) {
        let mut days_ago = -self.company.renews_in_days;
        while days_ago < live_from {
            self.play_phase(Phase::Renewal, days_ago + 75);
            if days_ago > 0 && self.company.status != "Churn" {
                self.play_phase(Phase::Renewed, days_ago + 3);
            }
            days_ago += 365;
        }
    }

    fn reviews(&mut self, live_from: i64) {
        let Some(review) = self.author.data.episodes.iter().find(|episode| episode.name == "business review") else {
            return;
        };
        let mut days_ago = live_from - self.chance.between(40, 90);
        while days_ago > self.quiet_for() {
            self.play(review, days_ago);
            days_ago -= self.chance.between(80, 100);
        }
    }

    fn ordinary_phase(&mut self) -> Phase {
        let unhappy = self.company.score < 63;
        match self.chance.below(100) {
            0..=21 => Phase::Trouble,
            22..=31 if unhappy => Phase::Risk,
            22..=34 => Phase::Growth,
            _ => Phase::Running,
        }
    }

    fn play_phase(&mut self, phase: Phase, days_ago: i64) {
        let (tenant, company) = (self.author.vendor.key, self.company);
        let fits = |episode: &&Episode| {
            episode.phase == phase
                && episode.tenant.as_deref().is_none_or(|wanted| wanted == tenant)
                && (episode.industries.is_empty() || episode.industries.contains(&company.industry))
                && episode.min_score.is_none_or(|least| company.score >= least)
                && episode.max_score.is_none_or(|most| company.score <= most)
        };
        let fitting: Vec<_> = self.author.data.episodes.iter().filter(fits).collect();
        let weights: usize = fitting.iter().map(|episode| episode.weight).sum();
        let mut drawn = self.chance.below(weights);
        for episode in fitting {
            if drawn < episode.weight {
                self.play(episode, days_ago);
                return;
            }
            drawn -= episode.weight;
        }
    }

    /// Plays an episode that began so many days ago; answers how many days ago it ended.
    fn play(&mut self, episode: &'a Episode, days_ago: i64) -> i64 {
        let slots = self.slots(episode);
        let relationship = self.relationship(episode);
        let mut slots = slots;
        if let Some(product) = relationship.and_then(|at| self.company.relationships.get(at)) {
            slots.insert("product".to_owned(), product.product.clone());
        }
        let mut days_ago = days_ago;
        for step in &episode.step {
            days_ago -= self.chance.between(step.after.0, step.after.1);
            if days_ago > HISTORY_DAYS {
                continue;
            }
            if days_ago < 0 || (!slots.contains_key("gone") && step.text.contains("{gone}")) {
                break;
            }
            let activity = self.activity(episode, step, days_ago, relationship, &slots);
            self.written.extend(activity);
        }
        days_ago
    }

    /// Two thirds belong to the company as a whole.
    fn relationship(&mut self, episode: &Episode) -> Option<usize> {
        let count = self.company.relationships.len();
        let narrow = matches!(episode.phase, Phase::Beginning | Phase::Running | Phase::Trouble);
        (narrow && self.chance.percent(45)).then(|| self.chance.below(count))
    }

    fn slots(&mut self, episode: &Episode) -> Slots {
        let company = self.company;
        let member = self.author.members.iter().find(|member| member.key == company.csm);
        let mut slots: Slots = self.team.slots().collect();
        let mut put = |name: &str, value: &str| slots.insert(name.to_owned(), value.to_owned());
        put("company", &company.name);
        put("short", &company.short);
        put("vendor", self.author.vendor.company);
        put("product", company.relationships.first().map_or("", |first| &first.product));
        put("system", &company.colour.system);
        put("site", &company.colour.site);
        put("site2", &company.colour.second_site);
        put("goal", &company.colour.goal);
        put("metric", &company.colour.metric);
        put("industry", &company.industry.to_lowercase());
        put("csm", &member.map(Member::name).unwrap_or_default());
        put("se1", self.engineer.map_or("support", |engineer| engineer.first_name));
        put("ebr", if self.author.vendor.key == super::LUMEN { "Executive Business Review" } else { "Meeting" });
        if let Some((_, name)) = &self.team.gone {
            put("gone", name);
        }
        self.numbers(&mut slots);
        for (name, choices) in &episode.vars {
            let choice = self.chance.pick(choices).cloned().unwrap_or_default();
            let value = fill(&choice, &slots, &mut self.chance);
            slots.insert(name.clone(), value);
        }
        slots
    }

    fn numbers(&mut self, slots: &mut Slots) {
        let chance = &mut self.chance;
        let mut put = |name: &str, value: String| slots.insert(name.to_owned(), value);
        let (low, high) = (chance.between(4, 18), chance.between(21, 46));
        put("n", chance.between(2, 9).to_string());
        put("pct", low.to_string());
        put("pct2", high.to_string());
        put("pct3", (high + chance.between(5, 30)).to_string());
        put("big", format!("{},{:03}", chance.between(1, 48), chance.between(0, 999)));
        put("nps", chance.between(4, 10).to_string());
        put("ticket", format!("#{}", chance.between(20_117, 48_990)));
        put("clock", format!("{}:{:02}", chance.between(8, 15), chance.between(0, 59)));
        put("quarter", format!("Q{}", chance.between(1, 4)));
        for todo in ["todo", "todo2"] {
            let task = chance.pick(TASKS).copied().unwrap_or_default();
            let task = fill(task, slots, chance);
            slots.insert(todo.to_owned(), task);
        }
    }

    fn activity(
        &mut self,
        episode: &Episode,
        step: &Step,
        days_ago: i64,
        relationship: Option<usize>,
        slots: &Slots,
    ) -> Option<Activity> {
        let kind = fill(&step.kind, slots, &mut self.chance);
        let subject = fill(&step.subject, slots, &mut self.chance);
        let text = fill(&step.text, slots, &mut self.chance);
        let wrote = step.who.or(episode.who);
        let engineer = self.engineer.map(|engineer| engineer.key.clone());
        let author = match (wrote, &engineer) {
            (Some(Writer::Se), Some(engineer)) => engineer.clone(),
            _ => self.company.csm.clone(),
        };
        let met = kind != "Update" && kind != "Milestone";
        let mut members = vec![author.clone()];
        members.extend(engineer.filter(|engineer| step.se && *engineer != author));
        let mut people = if met { self.team.named_in(&format!("{subject}\n{text}")) } else { Vec::new() };
        if met && people.is_empty() {
            people = self.team.lead();
        }
        let held_at = self.moment(days_ago, self.hours_for(&kind, &author))?;
        let written_after = Duration::from_secs(60 * u64::try_from(self.chance.between(5, 2_000)).unwrap_or(5));
        Some(Activity {
            company: self.at,
            relationship,
            subject,
            notes: Hand::of(&author).write(&text),
            held_at,
            created_at: held_at.after(written_after).min(self.author.now),
            author,
            members,
            people,
            minutes: self.chance.pick(&step.minutes).copied(),
            // Mostly empty in real life (`gainsight.md` 18, 16).
            sentiment: step.sentiment.clone().filter(|_| self.chance.percent(40)),
            outcome: self.outcome(step, &kind),
            kind,
        })
    }

    fn outcome(&mut self, step: &Step, kind: &str) -> Option<String> {
        let needed = step.outcome || kind == "Executive Business Review";
        let outcome = self.chance.pick(&["Goals agreed", "Goals agreed", "Follow-up needed"]).copied()?;
        needed.then(|| outcome.to_owned())
    }

    /// When an author does such a thing: what takes two, while the customer works too.
    fn hours_for(&self, kind: &str, author: &str) -> Hours {
        let member = self.author.members.iter().find(|member| member.key == author);
        let own = member.map_or(self.hours, |member| Hours::of(utc_offset(member.timezone)));
        if matches!(kind, "Email" | "Update" | "Milestone") { own } else { self.hours.shared_with(own) }
    }

    /// A working hour of that day; nothing that lies ahead.
    fn moment(&mut self, days_ago: i64, hours: Hours) -> Option<Timestamp> {
        const HOUR: i64 = 3_600_000;
        const DAY: i64 = 24 * HOUR;
        let mut day = (self.author.now.as_millis() + self.company.utc_offset * HOUR).div_euclid(DAY) - days_ago;
        // 1 January 1970 was a Thursday.
        match (day + 4).rem_euclid(7) {
            6 => day -= 1,
            0 => day -= 2,
            _ => {}
        }
        let (first, last) = hours.quarters();
        let moment = Timestamp::from_millis(day * DAY + self.chance.between(first, last) * HOUR / 4);
        (moment <= self.author.now).then_some(moment)
    }
}

/// What remains to be done after a call.
const TASKS: &[&str] = &[
    "{b1} opens the firewall for the new address",
    "I send {a1} the one-page summary",
    "{se1} checks the nightly job and reports back",
    "{c1} collects examples with time and order number",
    "compare {metric} of both sites before the next call",
    "{b1} names somebody for the summer",
    "I ask product for a date, not a promise",
    "{c1} tries the beta with two colleagues",
    "{se1} and {b1} look at the log together on [Tuesday|Wednesday|Thursday]",
    "{a1} tells {site2} why this matters",
    "send the price for {n} more licences",
    "write down who is called at night",
    "{b1} updates the test system",
    "I talk to support about the open ticket {ticket}",
    "{c1} writes three sentences for the newsletter",
    "agree on one definition of {metric}",
    "{se1} prepares a short demo with their data",
    "move the monthly call to [Tuesdays|Thursdays|the second week]",
];
