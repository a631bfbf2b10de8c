//! `sidelight demo`, as a newcomer starts it: a process of its own, the addresses that it prints, and a clean end.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sidelight_outbound::{Gate, Origin, Request, Rules};
use url::Url;

/// The demo's process; gone with the test, however that ends.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port for the server and, behind it, as many in a row as the stand-ins may take.
fn free_ports() -> (u16, u16) {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    // Below the ports that the system gives out by itself.
    let first = (0..).map(|step| 18_000 + u16::try_from(std::process::id() % 700).unwrap() * 10 + step * 10);
    let base = first.take(1_000).find(|base| (0..9).all(|offset| is_free(base + offset))).unwrap();
    (base, base + 1)
}

async fn until<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let waited = tokio::time::timeout(Duration::from_mins(2), async {
        loop {
            match found().await {
                Some(found) => return found,
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    });
    waited.await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_prints_where_it_is_and_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let said = folder.path().join("said");
    let (port, sandbox) = free_ports();
    let mut demo = Demo(
        Command::new(env!("CARGO_BIN_EXE_sidelight"))
            .args(["demo", "--no-browser", "--port", &port.to_string(), "--sandbox-port", &sandbox.to_string()])
            .arg("--data")
            .arg(folder.path().join("data"))
            .stdout(std::fs::File::create(&said).unwrap())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap(),
    );
    let text = until("the demo says that it is up", async || {
        std::fs::read_to_string(&said).ok().filter(|text| text.contains("Stop with Ctrl-C."))
    })
    .await;
    let addresses: Vec<Url> = text
        .split_whitespace()
        .filter(|word| word.starts_with("http://"))
        .map(|word| Url::parse(word.trim_end_matches(',')).unwrap())
        .collect();
    assert!(addresses.len() >= 10, "server, meeting, description, operations, tenants: {text}");
    let origins = addresses.iter().map(|address| Origin::of(address).unwrap()).collect();
    let gate = Gate::new(Rules { origins, ..Rules::default() }).unwrap();
    for address in &addresses {
        let answer = gate.send(Request::get(address.clone())).await.unwrap();
        // The tenant that is entered from Salesforce refuses its own login window, and says so.
        let is_refused = address.host_str().is_some_and(|host| host.starts_with("kestrel."));
        assert_eq!(answer.status.as_u16() >= 400, is_refused, "{address}: {}", answer.status);
    }
    // The host has the app already: its meeting's people are on their way into the roster.
    let meeting = Url::parse(&format!("http://localhost:{sandbox}/_control/people")).unwrap();
    let people = gate.send(Request::get(meeting)).await.unwrap();
    let people = String::from_utf8_lossy(&people.body).into_owned();
    assert!(people.contains("maya-lindqvist"), "{people}");

    let told = Command::new("kill").args(["-INT", &demo.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = until("the demo ends", async || demo.0.try_wait().unwrap()).await;
    assert!(ended.success(), "{ended}");
}
