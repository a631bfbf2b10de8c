//! The same work in Node: the panel's reads and durable writes beside twins in Express and in Fastify (`bench/peers`), in turns, over the
//! same eight connections (design 7). `cargo xtask bench peers` installs the twins and runs this optimised.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::join_all;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::latency::{AUTHORS, gather, launched, prepare, share};
use crate::measure::{self, Promise};
use crate::outside::{NORTHWIND, Outside};

const NOTES: &str = "Ana moves the pilot to the second site in May; Ben sends the volumes.\n";

/// A server that is measured.
struct Side {
    name: &'static str,
    address: SocketAddr,
    /// Of those who read and of those who write, one pair for each connection.
    tokens: Vec<[String; 2]>,
    /// The next version of each caller's draft.
    version: usize,
    rates: Vec<f64>,
    slowest: Vec<f64>,
}

/// A twin's process.
struct Twin(Child);

impl Drop for Twin {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A connection to one of them. It does as little as can be, since what it does is measured with each of them: it reads whole answers,
/// asks for none to be compressed, as the twins compress nothing, and looks at their status alone.
struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    async fn open(address: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Some(Self(sender))
    }

    async fn ask(&mut self, method: Method, path: &str, token: &str, body: &Value) -> Bytes {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "127.0.0.1")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json");
        self.0.ready().await.unwrap();
        let answer = self.0.send_request(request.body(Full::from(body)).unwrap()).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        body
    }
}

/// What is asked: so many reads, then so many writes, again and again.
#[derive(Clone, Copy)]
struct Mix {
    name: &'static str,
    reads: usize,
    writes: usize,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the twins' packages, which only the bench installs"]
async fn node_does_the_same_work() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outside = Outside::around(address).await;
    let _server = launched(&outside, address).await;
    prepare(&outside).await;
    let requests = usize::try_from(measure::how_often("SIDELIGHT_REQUESTS", 80)).unwrap();
    compare(&outside, address, 10, Mix { name: "8 reads, 2 durable writes", reads: 8, writes: 2 }, requests).await;
    let crowd = usize::try_from(measure::how_often("SIDELIGHT_CROWD", 50)).unwrap();
    gather(&outside, crowd).await;
    compare(&outside, address, crowd, Mix { name: "people alone", reads: 1, writes: 0 }, requests / 10).await;
}

async fn compare(outside: &Outside, address: SocketAddr, crowd: usize, mix: Mix, requests: usize) {
    let mut sides = vec![ours(outside, address).await];
    let mut twins = Vec::new();
    for name in ["express", "fastify"] {
        let (twin, side) = twin(outside, name, crowd).await;
        twins.push(twin);
        sides.push(side);
    }
    for round in 0..=measure::how_often("SIDELIGHT_ROUNDS", 1) {
        for side in &mut sides {
            side.drive(mix, requests, round > 0).await;
        }
    }
    let what = format!("{crowd} there, {}", mix.name);
    for side in &mut sides {
        measure::per_second(&format!("{what}: {}", side.name), middle(&mut side.rates));
        measure::milliseconds(&format!("{what}: {}, p99", side.name), middle(&mut side.slowest), Promise::NONE);
    }
    let [ours, twins @ ..] = &mut sides[..] else { panic!("nothing was measured") };
    for twin in twins {
        // The promise is about the twin in Express.
        let promise = |floor, aim| if twin.name == "express" { Promise::of(floor, aim) } else { Promise::NONE };
        let rate = middle(&mut ours.rates) / middle(&mut twin.rates);
        let wait = middle(&mut twin.slowest) / middle(&mut ours.slowest);
        measure::times(&format!("{what}: as many requests as {}", twin.name), rate, promise(5, 8));
        measure::times(&format!("{what}: p99 shorter than {}'s", twin.name), wait, promise(3, 5));
    }
}

async fn ours(outside: &Outside, address: SocketAddr) -> Side {
    for author in AUTHORS {
        outside.zoom_control(&format!("people/{author}/add-app"), json!({})).await;
    }
    // All read as the one who is signed in to Gainsight; each writes a draft of his own.
    let readers = join_all(AUTHORS.map(|_| outside.panel(AUTHORS[0]))).await;
    let writers = join_all(AUTHORS.map(|author| outside.panel(author))).await;
    let version = writers[0].opened["panel"]["draft"]["version"].as_u64().unwrap_or(0);
    let tokens = readers.into_iter().zip(writers).map(|(reader, writer)| [reader.token, writer.token]).collect();
    Side::new("sidelight", address, tokens, usize::try_from(version).unwrap())
}

/// Starts a twin and hands it the meeting as our own answer shows it.
async fn twin(outside: &Outside, name: &'static str, crowd: usize) -> (Twin, Side) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("bench/peers");
    let database = outside.folder.path().join(format!("{name}-{crowd}.db"));
    let process = Command::new("node")
        .current_dir(folder)
        .env("NODE_ENV", "production")
        .arg(format!("{name}.mjs"))
        .arg(port.to_string())
        .arg(database)
        .spawn()
        .unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let people = outside.panel(AUTHORS[0]).await.get("/people").await;
    let seed = json!({ "meeting": NORTHWIND, "people": people, "persons": AUTHORS });
    outside.until("the twin is up", async || TcpStream::connect(address).await.is_ok()).await;
    let mut connection = Connection::open(address).await.unwrap();
    let tokens: Value = serde_json::from_slice(&connection.ask(Method::POST, "/seed", "", &seed).await).unwrap();
    let mut side = Side::new(name, address, Vec::new(), 0);
    side.tokens =
        tokens.as_array().unwrap().iter().map(|token| [(); 2].map(|()| token.as_str().unwrap().to_owned())).collect();
    let shown = connection.ask(Method::GET, "/api/v1/people", &side.tokens[0][0], &Value::Null).await;
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    assert_eq!(shown["attendees"].as_array().map(Vec::len), Some(crowd), "the twin shows whom we show");
    (Twin(process), side)
}

impl Side {
    fn new(name: &'static str, address: SocketAddr, tokens: Vec<[String; 2]>, version: usize) -> Self {
        Self { name, address, tokens, version, rates: Vec::new(), slowest: Vec::new() }
    }

    /// Sends the mix over all connections; the first round only warms up.
    async fn drive(&mut self, mix: Mix, requests: usize, counts: bool) {
        let rounds = requests.div_ceil(self.tokens.len() * (mix.reads + mix.writes));
        let begun = Instant::now();
        let connections = self.tokens.iter().map(|tokens| self.converse(tokens.clone(), mix, rounds));
        let mut took: Vec<_> =
            join_all(connections.map(tokio::spawn)).await.into_iter().flat_map(Result::unwrap).collect();
        let seconds = begun.elapsed().as_secs_f64();
        self.version += rounds * mix.writes;
        if counts {
            took.sort_unstable();
            self.rates.push(f64::from(u32::try_from(took.len()).unwrap()) / seconds);
            self.slowest.push(share(&took, 99));
        }
    }

    fn converse(
        &self,
        [reader, writer]: [String; 2],
        mix: Mix,
        rounds: usize,
    ) -> impl Future<Output = Vec<Duration>> + use<> {
        let (address, mut version) = (self.address, self.version);
        async move {
            let mut connection = Connection::open(address).await.unwrap();
            let mut took = Vec::new();
            for _ in 0..rounds {
                for turn in 0..mix.reads + mix.writes {
                    let begun = Instant::now();
                    if turn < mix.reads {
                        connection.ask(Method::GET, "/api/v1/people", &reader, &Value::Null).await;
                    } else {
                        let content = json!({ "subject": "Weekly sync", "notes": NOTES.repeat(8) });
                        let body = json!({ "based_on": version, "content": content });
                        version += 1;
                        connection.ask(Method::PUT, "/api/v1/draft", &writer, &body).await;
                    }
                    took.push(begun.elapsed());
                }
            }
            took
        }
    }
}

fn middle(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
