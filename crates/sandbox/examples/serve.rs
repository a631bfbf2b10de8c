//! The stand-in world alone: `cargo run -p sidelight-sandbox --example serve -- [port] [public URL of the app] [home URL]`.
//!
//! Port 0 takes any free ones. Prints one JSON line with the addresses once everything answers, and runs until interrupted or
//! until its standard input ends, so that a test that dies takes it along.

#![expect(clippy::print_stdout, reason = "a command line tool speaks on its standard output")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use sidelight_domain::{Clock, CountingIds, Timestamp};
use sidelight_sandbox::{AppRegistration, Options, Ports};
use url::Url;

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "an example has no `main` of the product to take the clock from")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp::from_millis(0).after(since)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().map_or(Ok(Options::DEMO_PORT), |port| port.parse())?;
    let public_url = Url::parse(&arguments.next().unwrap_or_else(|| "http://localhost:8080".to_owned()))?;
    let mut app = AppRegistration::demo(&public_url);
    if let Some(home_url) = arguments.next() {
        app.home_url = Url::parse(&home_url)?;
    }
    let running = sidelight_sandbox::start(Options {
        ports: if port == 0 { Ports::Free } else { Ports::Base(port) },
        app,
        scale: 1,
        seed: Options::DEMO_SEED,
        clock: Arc::new(SystemClock),
        ids: Arc::new(CountingIds::default()),
    })
    .await?;
    let addresses = running.addresses();
    println!(
        r#"{{"zoom":"http://localhost:{}","us1":"{}","us2":"{}","eu":"{}","salesforce":"http://localhost:{}"}}"#,
        addresses.zoom.port(),
        addresses.us1,
        addresses.us2,
        addresses.eu,
        addresses.salesforce.port()
    );
    let (ended, input_ended) = tokio::sync::oneshot::channel();
    // A thread of its own: a read that blocks would keep the runtime from ending.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        ended.send(())
    });
    tokio::select! {
        _ = input_ended => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    running.stop().await;
    Ok(())
}
