//! How long the server lets a panel wait, how soon it starts and how little it holds (design 7): a process of its own, on SQLite, asked
//! over eight connections. `cargo xtask bench latency` runs this optimised and often, and prints a table; in a test run it proves
//! that everything is answered, and says nothing of time.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use sidelight_outbound::{Gate, Method, Request};
use tokio::net::TcpStream;

use crate::browser::Browser;
use crate::measure::{self, Promise};
use crate::outside::{NORTHWIND, Outside};
use crate::panel::Panel;
use crate::process::Server;

const MAYA: &str = "maya-lindqvist";
pub(crate) const CONNECTIONS: usize = 8;
/// Members of Lumen, each with a draft of their own.
pub(crate) const AUTHORS: [&str; CONNECTIONS] = [
    MAYA,
    "tom-okafor",
    "hannah-becker",
    "claire-fontaine",
    "rahul-deshpande",
    "nora-quinn",
    "mateo-herrera",
    "yuki-shimizu",
];

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_answered_over_eight_connections() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outside = Outside::around(address).await;
    // The first one migrates the database.
    launched(&outside, address).await.kill();
    start_often(&outside, address).await;

    let server = launched(&outside, address).await;
    tell_memory(&server, "anonymous memory, idle", Promise::of(15, 10));
    let requests = usize::try_from(measure::how_often("SIDELIGHT_REQUESTS", 40)).unwrap() / CONNECTIONS;
    prepare(&outside).await;
    ask_everything(&outside, requests).await;
    tell_memory(&server, "anonymous memory, after all of it", Promise::NONE);
}

fn launch(outside: &Outside, address: SocketAddr) -> Server {
    // The story asks faster than anybody's fingers.
    Server::launch(outside, address, &outside.sqlite(), ("SIDELIGHT_SERVER__REQUESTS_PER_MINUTE", "100000"))
}

pub(crate) async fn launched(outside: &Outside, address: SocketAddr) -> Server {
    let server = launch(outside, address);
    server.answers(outside).await;
    server
}

/// From the start of the process to the first connection that it takes.
async fn start_often(outside: &Outside, address: SocketAddr) {
    let mut took = Vec::new();
    for _ in 0..measure::how_often("SIDELIGHT_STARTS", 2) {
        let begun = Instant::now();
        let server = launch(outside, address);
        let connected = tokio::time::timeout(Duration::from_secs(30), async {
            while TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        connected.await.unwrap();
        took.push(begun.elapsed());
        server.kill();
    }
    took.sort_unstable();
    measure::milliseconds("cold start to first accept, p50", share(&took, 50), Promise::of(60, 25));
    measure::milliseconds("cold start to first accept, slowest", share(&took, 100), Promise::NONE);
}

/// Memory that belongs to the process alone; what it maps from its own file costs nothing twice.
pub(crate) fn tell_memory(server: &Server, name: &str, promise: Promise) {
    // Only Linux tells.
    let Ok(maps) = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", server.id())) else { return };
    let line = maps.lines().find_map(|line| line.strip_prefix("Anonymous:")).unwrap();
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    measure::megabytes(name, kibibytes * 1_024.0 / 1e6, promise);
}

/// Ten people in the meeting, its host signed in, and what Gainsight says of them at hand.
pub(crate) async fn prepare(outside: &Outside) {
    outside.gainsight_control("switches", json!({ "gainsight.rate_limits": "off" })).await;
    let page = Browser::new(outside).install(MAYA).await;
    assert!(page.contains("Sidelight is added"), "{page}");
    outside.zoom_control(&format!("meetings/{NORTHWIND}/replay"), json!({})).await;
    outside.until("the meeting is known", async || outside.panel(MAYA).await.meeting_is_reported()).await;
    outside.signed_in(MAYA).await;
    gather(outside, 10).await;
}

/// Lets people come until there are so many, and the panel shows them.
pub(crate) async fn gather(outside: &Outside, people: usize) {
    outside.zoom_control(&format!("meetings/{NORTHWIND}/fill"), json!({ "to": people })).await;
    let panel = outside.panel(MAYA).await;
    let are_here = async || panel.get("/people").await["attendees"].as_array().unwrap().len() == people;
    outside.until_within(Duration::from_mins(10), "everybody is there", are_here).await;
}

async fn ask_everything(outside: &Outside, requests: usize) {
    let page = outside.base.join("/panel").unwrap();
    drive(outside, "GET /panel", Promise::NONE, |_, _| Request::get(page.clone()), requests).await;
    open_sessions(outside, requests).await;

    let panels = join_all((0..CONNECTIONS).map(|_| outside.panel(MAYA))).await;
    let timeline = panels[0].timeline_path().await;
    let get = |who: usize, path: &str| request(&panels[who], Method::GET, path);
    drive(outside, "GET /people, 10 there", Promise::NONE, |who, _| get(who, "/people"), requests).await;
    drive(outside, "GET /timeline", Promise::NONE, |who, _| get(who, &timeline), requests).await;
    let typed = ["no", "nor", "north", "ac", "acme", "zz", "tra", "e lo"].map(|text| format!("/entities?q={text}"));
    drive(outside, "GET /entities", Promise::NONE, |who, turn| get(who, &typed[turn % typed.len()]), requests).await;
    save_drafts(outside, requests).await;
    let crowd = measure::how_often("SIDELIGHT_CROWD", 50);
    gather(outside, usize::try_from(crowd).unwrap()).await;
    let name = format!("GET /people, {crowd} there");
    drive(outside, &name, Promise::NONE, |who, _| get(who, "/people"), requests).await;
}

/// Each session takes a context of its own, which Zoom's stand-in made beforehand.
async fn open_sessions(outside: &Outside, requests: usize) {
    let session = outside.base.join("/api/v1/session").unwrap();
    let mut bodies = Vec::new();
    for _ in 0..requests * CONNECTIONS {
        let wish = json!({ "user": MAYA, "meeting": NORTHWIND, "expires_in_ms": 3_600_000 });
        bodies.push(json!({ "context": outside.context(wish).await }));
    }
    let opening = |who: usize, turn: usize| {
        Request::new(Method::POST, session.clone()).json(&bodies[who * requests + turn]).unwrap()
    };
    drive(outside, "POST /session", Promise::NONE, opening, requests).await;
}

/// Each answer means that the text is on the disk.
async fn save_drafts(outside: &Outside, requests: usize) {
    for author in AUTHORS {
        outside.zoom_control(&format!("people/{author}/add-app"), json!({})).await;
    }
    let panels = join_all(AUTHORS.map(|author| outside.panel(author))).await;
    let notes = "Ana moves the pilot to the second site in May; Ben sends the volumes.\n".repeat(8);
    let save = |who: usize, turn: usize| {
        let content = json!({ "subject": "Weekly sync", "notes": format!("{notes}{turn}") });
        let change: Value = json!({ "based_on": turn, "content": content });
        request(&panels[who], Method::PUT, "/draft").json(&change).unwrap()
    };
    drive(outside, "PUT /draft, on the disk", Promise::of(25, 10), save, requests).await;
}

pub(crate) fn request(panel: &Panel<'_>, method: Method, path: &str) -> Request {
    let url = panel.world.base.join(&format!("/api/v1{path}")).unwrap();
    Request::new(method, url).bearer(&panel.token)
}

/// Sends so many requests over each connection, one after the other, and tells how long the answers took. The first tenth only
/// warms up.
pub(crate) async fn drive(
    outside: &Outside,
    name: &str,
    slowest: Promise,
    request: impl Fn(usize, usize) -> Request,
    requests: usize,
) {
    let queue = |who: usize| (0..requests).map(|turn| request(who, turn)).collect();
    let connections = (0..CONNECTIONS).map(|who| tokio::spawn(ask(outside.gate.clone(), queue(who))));
    let mut took: Vec<_> = join_all(connections)
        .await
        .into_iter()
        .flat_map(|times| times.unwrap().into_iter().skip(requests / 10))
        .collect();
    took.sort_unstable();
    measure::milliseconds(&format!("{name}, p50"), share(&took, 50), Promise::NONE);
    measure::milliseconds(&format!("{name}, p99"), share(&took, 99), slowest);
}

async fn ask(gate: Gate, queue: Vec<Request>) -> Vec<Duration> {
    let mut took = Vec::with_capacity(queue.len());
    for request in queue {
        let begun = Instant::now();
        let answer = gate.send(request).await.unwrap();
        took.push(begun.elapsed());
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
    took
}

/// The time within which so many percent were done, in milliseconds.
pub(crate) fn share(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted[rank.max(1) - 1].as_secs_f64() * 1_000.0
}

#[test]
fn the_share_is_the_time_of_the_one_at_that_rank() {
    let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
    for (percent, time) in [(50, 100.0), (99, 198.0), (100, 200.0)] {
        assert!((share(&times, percent) - time).abs() < 1e-9, "{percent}");
    }
    assert!((share(&times[..1], 50) - 1.0).abs() < 1e-9);
}
