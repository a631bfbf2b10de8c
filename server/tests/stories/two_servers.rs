//! Two server processes on one database: what happens at one is told by the other, and a panel may go on at either.

use std::net::{SocketAddr, TcpListener};

use serde_json::{Value, json};
use sidelight_outbound::{Gate, Method, Origin, Request, Rules};
use sidelight_store::testing::Postgres;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use crate::browser::Browser;
use crate::outside::Outside;
use crate::panel::Panel;
use crate::process::Server;

const MAYA: &str = "maya-lindqvist";

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// An open stream, read as it comes.
struct Stream {
    socket: TcpStream,
    text: String,
}

impl Stream {
    async fn open(address: SocketAddr, panel: &Panel<'_>, seen: Option<u64>) -> Self {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let resume = seen.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n{resume}\r\n",
            panel.token
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        Self { socket, text: String::new() }
    }

    /// Reads on until the text is told, or the stream ends.
    async fn until(&mut self, outside: &Outside, text: &str) {
        let Self { socket, text: told } = self;
        let mut buffer = [0; 4_096];
        let is_told = async || {
            let count = socket.read(&mut buffer).await.unwrap_or(0);
            told.push_str(&String::from_utf8_lossy(&buffer[..count]));
            told.contains(text)
        };
        outside.until(text, is_told).await;
    }

    /// The numbers of the events that came, in their order.
    fn ids(&self) -> Vec<u64> {
        self.text.lines().filter_map(|line| line.strip_prefix("id: ")?.trim().parse().ok()).collect()
    }

    fn count(&self, kind: &str) -> usize {
        self.text.matches(&format!("{{\"type\":\"{kind}\"")).count()
    }
}

/// The same panel, at another server.
async fn asked_at(address: SocketAddr, panel: &Panel<'_>, method: Method, path: &str, body: &Value) -> u16 {
    let base = Url::parse(&format!("http://{address}")).unwrap();
    let gate = Gate::new(Rules { origins: [Origin::of(&base).unwrap()].into(), ..Rules::default() }).unwrap();
    let url = base.join(&format!("/api/v1{path}")).unwrap();
    gate.send(Request::new(method, url).bearer(&panel.token).json(body).unwrap()).await.unwrap().status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_one_server_is_told_by_the_other_and_a_stream_goes_on_there() {
    let (first, second) = (free(), free());
    let outside = Outside::around(first).await;
    let database = Postgres::shared().unwrap().database().await.unwrap();
    let one = Server::start(&outside, first, &database).await;
    let two = Server::launch(&outside, second, &database, ("SIDELIGHT_SERVER__LOG_FILTER", "debug"));
    Browser::new(&outside).install(MAYA).await;
    let (desk, phone) = (outside.panel(MAYA).await, outside.panel(MAYA).await);
    outside.until("the second server is up", async || TcpStream::connect(second).await.is_ok()).await;

    // What the desk does at the first server, the phone's stream at the second tells.
    let mut stream = Stream::open(second, &phone, None).await;
    let view = |tab: &str| json!({ "tab": tab });
    assert_eq!(asked_at(first, &desk, Method::PUT, "/view", &view("people")).await, 200);
    stream.until(&outside, "\"type\":\"view\"").await;
    let seen = stream.ids();

    // The phone's server dies. What was missed meanwhile is told by the other one, once and in order.
    two.kill();
    assert_eq!(asked_at(first, &desk, Method::PUT, "/view", &view("timeline")).await, 200);
    assert_eq!(asked_at(first, &desk, Method::PUT, "/view", &view("people")).await, 200);
    let mut resumed = Stream::open(first, &phone, seen.last().copied()).await;
    assert_eq!(asked_at(first, &desk, Method::POST, "/logout", &json!({ "waiting_writes": "discard" })).await, 200);
    resumed.until(&outside, "session_ended").await;
    assert_eq!((stream.count("view"), resumed.count("view")), (1, 2), "{}\n{}", stream.text, resumed.text);
    let all = [seen, resumed.ids()].concat();
    assert!(all.is_sorted_by(|one, next| one < next), "{all:?}");
    drop(one);
}
