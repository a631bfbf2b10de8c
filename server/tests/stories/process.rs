//! The real server in a process of its own: what it writes to its log, and how it ends.

use std::fs::{File, read_to_string};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus};

use serde_json::json;
use sidelight_outbound::{Method, Request};

use crate::browser::Browser;
use crate::outside::{NORTHWIND, Outside};

/// A server that a signal ends.
pub(crate) struct Server {
    process: Child,
}

impl Server {
    /// Starts it with the log of everything, and waits until it answers.
    pub(crate) async fn start(outside: &Outside, address: SocketAddr, database: &str) -> Self {
        let server = Self::launch(outside, address, database, ("SIDELIGHT_SERVER__LOG_FILTER", "debug"));
        server.answers(outside).await;
        server
    }

    /// Starts it with another setting, and waits for nothing. Its log goes into the folder of the world.
    pub(crate) fn launch(outside: &Outside, address: SocketAddr, database: &str, setting: (&str, &str)) -> Self {
        Self::launch_as(outside, address, &outside.configuration(database, ""), setting)
    }

    /// The same, with a configuration of its own.
    pub(crate) fn launch_as(
        outside: &Outside,
        address: SocketAddr,
        configuration: &str,
        setting: (&str, &str),
    ) -> Self {
        let file = outside.folder.path().join("sidelight.toml");
        std::fs::write(&file, configuration).unwrap();
        let log = File::options().append(true).create(true).open(outside.folder.path().join("log")).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_sidelight"))
            .arg("--config")
            .arg(file)
            .arg("serve")
            .env("SIDELIGHT_SERVER__BIND", address.to_string())
            .env("SIDELIGHT_SERVER__OPS_BIND", "127.0.0.1:0")
            .env(setting.0, setting.1)
            .stderr(log)
            .spawn()
            .unwrap();
        Self { process }
    }

    /// Waits until it answers.
    pub(crate) async fn answers(&self, outside: &Outside) {
        let health = outside.base.join("/healthz").unwrap();
        let is_up =
            async || outside.gate.send(Request::get(health.clone())).await.is_ok_and(|answer| answer.status == 200);
        outside.until("the server is up", is_up).await;
    }

    /// Its number among the machine's processes.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// SIGKILL: the process runs no line of its own any more.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM, as a service manager sends it.
    fn terminate(&self) {
        let status = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(status.success());
    }

    async fn ended(mut self, outside: &Outside) -> ExitStatus {
        let mut ended = None;
        outside
            .until("the process ended", async || {
                ended = self.process.try_wait().unwrap();
                ended.is_some()
            })
            .await;
        ended.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the main job puts through the server and no log may hold, in lower case.
const PERSONAL: [&str; 9] = [
    "maya",
    "lindqvist",
    "ana.ruiz",
    "ruiz",
    "@lumenworks",
    "northwind",
    "agreed on the next steps",
    "told nobody",
    "bearer ",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_what_happened_and_about_nobody() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outside = Outside::around(address).await;
    let server = Server::start(&outside, address, &outside.sqlite()).await;
    let page = Browser::new(&outside).install("maya-lindqvist").await;
    assert!(page.contains("Sidelight is added"), "{page}");
    outside.zoom_control(&format!("meetings/{NORTHWIND}/replay"), json!({})).await;
    let is_known = async || outside.panel("maya-lindqvist").await.meeting_is_reported();
    outside.until("the meeting is known", is_known).await;
    let panel = outside.signed_in("maya-lindqvist").await;
    panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Told nobody" } })).await;
    let form = panel.form("Told nobody but Gainsight").await;
    assert_eq!(panel.post("/activities", &json!({ "key": "k", "form": form })).await.0, 201);
    // Refusals and faults log most.
    panel.refused("/timeline?tenant=lumen&kind=company&id=1P02NONE").await;
    outside.fault("POST", "/v1/*", json!({ "kind": "status", "status": 500 }), None).await;
    panel.post("/activities", &json!({ "key": "k2", "form": form })).await;
    let token = panel.token.clone();
    server.terminate();
    assert!(server.ended(&outside).await.success());
    let log = read_to_string(outside.folder.path().join("log")).unwrap();
    assert!(log.contains("Answered.") && log.contains("Stopping.") && log.contains("Head of the audit log."), "{log}");
    let lower = log.to_lowercase();
    for word in PERSONAL {
        let line = lower.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word} is in the log");
    }
    assert!(!log.contains(&token), "the token is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_finishes_what_it_began_and_ends_its_streams() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outside = Outside::around(address).await;
    let server = Server::start(&outside, address, &outside.sqlite()).await;
    Browser::new(&outside).install("maya-lindqvist").await;
    outside.zoom_control(&format!("meetings/{NORTHWIND}/replay"), json!({})).await;
    let is_known = async || outside.panel("maya-lindqvist").await.meeting_is_reported();
    outside.until("the meeting is known", is_known).await;
    let panel = outside.signed_in("maya-lindqvist").await;
    let form = panel.form("While it stops").await;
    let slow = json!({ "kind": "latency", "millis": 1_000, "moment": "before" });
    outside.fault("POST", "/v1/*", slow, None).await;
    outside.reset_calls().await;
    let stream = panel.send(Method::GET, "/events", None);
    let body = json!({ "key": "k", "form": form });
    let logging = panel.attempt(Method::POST, "/activities", &body);
    let stopping = async {
        outside.until("the write is on its way", async || outside.data_calls().await > 0).await;
        server.terminate();
    };
    let (stream, logged, ()) = tokio::join!(stream, logging, stopping);
    assert_eq!((stream.status.as_u16(), logged.unwrap().status.as_u16()), (200, 201));
    assert!(server.ended(&outside).await.success());
    assert_eq!(outside.our_activities().await.len(), 1);
}
