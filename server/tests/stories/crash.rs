//! `kill -9` of the real server while it logs activities: nothing acknowledged is lost, nothing is doubled (design 4.5).
//!
//! `SIDELIGHT_KILLS` says how often; `cargo xtask bench` says 1,000.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sidelight_outbound::Method;
use sidelight_store::testing::Postgres;

use crate::browser::Browser;
use crate::measure::{self, Promise};
use crate::outside::{NORTHWIND, Outside};
use crate::panel::Panel;
use crate::process::Server;

const MAYA: &str = "maya-lindqvist";
/// A sender's claim runs out after a minute; then whoever lives takes the write over.
const LONGEST_RECOVERY: Duration = Duration::from_mins(3);

/// What the author knows of his notes.
#[derive(Default)]
struct Notes {
    /// Answered with `201` or `202`.
    acknowledged: BTreeSet<String>,
    /// Never answered.
    cut_off: BTreeSet<String>,
    /// How many kills came before the answer.
    interrupted: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_loses_or_doubles_a_note() {
    kill_often(measure::how_often("SIDELIGHT_KILLS", 25), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_loses_or_doubles_a_note_on_postgresql() {
    kill_often(5, Some(Postgres::shared().unwrap().database().await.unwrap())).await;
}

async fn kill_often(kills: u32, database: Option<String>) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outside = Outside::around(address).await;
    let database = database.unwrap_or_else(|| outside.sqlite());
    let mut server = Server::start(&outside, address, &database).await;
    let form = prepared(&outside).await;
    let mut notes = Notes::default();
    let mut window = time_to_log(&outside, &form, &mut notes).await;
    for number in 0..kills {
        let subject = format!("Note {number}");
        // Spread evenly over the time that logging takes, by the golden ratio.
        let moment = window.mul_f64((f64::from(number) * 0.618).fract());
        let (panel, begun) = (outside.panel(MAYA).await, Instant::now());
        // A machine is not always equally fast: the window follows, or late kills would find nothing to interrupt.
        tokio::select! {
            acknowledged = log(&panel, &form, &subject) => {
                notes.note(subject.clone(), acknowledged);
                window = begun.elapsed();
            }
            () = tokio::time::sleep(moment) => {
                notes.note(subject.clone(), false);
                notes.interrupted += 1;
                window = window.mul_f64(1.1);
            }
        }
        server.kill();
        server = Server::start(&outside, address, &database).await;
        // A panel that got no answer asks again with the same key; every other author closed his panel in fright.
        if notes.cut_off.contains(&subject) && number % 2 == 0 {
            assert!(log(&outside.panel(MAYA).await, &form, &subject).await, "{subject} is refused after the kill");
            notes.note(subject, true);
        }
    }
    assert!(notes.interrupted >= kills / 5, "only {} kills came while a note was on its way", notes.interrupted);
    nothing_waits(&outside).await;
    let arrived = arrived(&outside).await;
    let (lost, doubled) = (notes.lost(&arrived), doubled(&arrived));
    measure::count("times that the server was killed", kills, Promise::NONE);
    measure::count("of them while a note was logged", notes.interrupted, Promise::NONE);
    measure::count("notes acknowledged", number(notes.acknowledged.len()), Promise::NONE);
    measure::count("notes in Gainsight", number(arrived.len()), Promise::NONE);
    measure::count("acknowledged and lost", number(lost.len()), Promise::of(0, 0));
    measure::count("doubled", number(doubled.len()), Promise::of(0, 0));
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(doubled.is_empty(), "doubled: {doubled:?}");
    let unknown: Vec<_> = arrived.keys().filter(|subject| !notes.were_sent(subject)).collect();
    assert!(unknown.is_empty(), "nobody wrote: {unknown:?}");
}

impl Notes {
    fn note(&mut self, subject: String, is_acknowledged: bool) {
        if is_acknowledged {
            self.cut_off.remove(&subject);
            self.acknowledged.insert(subject);
        } else {
            self.cut_off.insert(subject);
        }
    }

    fn were_sent(&self, subject: &str) -> bool {
        self.acknowledged.contains(subject) || self.cut_off.contains(subject)
    }

    /// What was acknowledged and did not arrive.
    fn lost(&self, arrived: &BTreeMap<String, usize>) -> Vec<&String> {
        self.acknowledged.iter().filter(|subject| !arrived.contains_key(*subject)).collect()
    }
}

/// The app is added, the meeting known, the author signed in; Gainsight takes its time before and after it applies a write.
async fn prepared(outside: &Outside) -> Value {
    outside.gainsight_control("switches", json!({ "gainsight.rate_limits": "off" })).await;
    let page = Browser::new(outside).install(MAYA).await;
    assert!(page.contains("Sidelight is added"), "{page}");
    outside.zoom_control(&format!("meetings/{NORTHWIND}/replay"), json!({})).await;
    outside.until("the meeting is known", async || outside.panel(MAYA).await.meeting_is_reported()).await;
    let panel = outside.signed_in(MAYA).await;
    for moment in ["before", "after"] {
        let latency = json!({ "kind": "latency", "millis": 15, "moment": moment });
        outside.fault("POST", "/v1/timeline/*", latency, None).await;
    }
    let is_chosen = async || panel.selected().await["id"].is_string();
    outside.until("a company is chosen", is_chosen).await;
    panel.form("").await
}

/// How long the way from the request to its answer takes when nobody kills, on a server that has just started.
async fn time_to_log(outside: &Outside, form: &Value, notes: &mut Notes) -> Duration {
    let panel = outside.panel(MAYA).await;
    let begun = Instant::now();
    assert!(log(&panel, form, "Undisturbed").await);
    notes.note("Undisturbed".to_owned(), true);
    begun.elapsed()
}

/// Whether the note was acknowledged; `false` if there was no answer.
async fn log(panel: &Panel<'_>, form: &Value, subject: &str) -> bool {
    let mut form = form.clone();
    form["subject"] = json!(subject);
    let Some(answer) = panel.attempt(Method::POST, "/activities", &json!({ "key": subject, "form": form })).await
    else {
        return false;
    };
    assert!([201, 202].contains(&answer.status.as_u16()), "{subject}: {}", String::from_utf8_lossy(&answer.body));
    true
}

async fn nothing_waits(outside: &Outside) {
    // One panel for the whole wait: a new one each time would be slowed down like anybody's flood.
    let panel = outside.panel(MAYA).await;
    let is_over = async || {
        let writes = panel.get("/writes").await;
        let is_waiting = |write: &Value| write["state"]["state"] != "done";
        !writes.as_array().unwrap().iter().any(is_waiting)
    };
    outside.until_within(LONGEST_RECOVERY, "nothing waits any more", is_over).await;
}

/// How often each note is in Gainsight.
async fn arrived(outside: &Outside) -> BTreeMap<String, usize> {
    let mut arrived = BTreeMap::new();
    for activity in outside.our_activities().await {
        *arrived.entry(subject_of(&activity)).or_default() += 1;
    }
    arrived
}

fn doubled(arrived: &BTreeMap<String, usize>) -> Vec<&String> {
    arrived.iter().filter(|(_, times)| **times > 1).map(|(subject, _)| subject).collect()
}

fn number(many: usize) -> u32 {
    u32::try_from(many).unwrap()
}

fn subject_of(activity: &Value) -> String {
    let subject = activity.as_object().unwrap().iter().find(|(name, _)| name.eq_ignore_ascii_case("subject"));
    subject.unwrap().1.as_str().unwrap().to_owned()
}
