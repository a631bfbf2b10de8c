//! How much a server holds while panels ask about a thousand people, beside the mirror of a large tenant (design 7).

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;

use futures_util::future::join_all;
use sidelight::config::Config;
use sidelight_outbound::Method;

use crate::directory::{enlarge, how_many, is_complete, promised};
use crate::latency::{CONNECTIONS, drive, gather, prepare, request, tell_memory};
use crate::measure::{self, Promise};
use crate::outside::Outside;
use crate::process::Server;
use crate::shared::{FIELDS, KEY};

const MAYA: &str = "maya-lindqvist";

#[tokio::test(flavor = "multi_thread")]
async fn a_large_tenant_does_not_stay_in_memory() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outside = Outside::around(address).await;
    let configuration = outside.configuration(&outside.sqlite(), &format!("{KEY}{FIELDS}\ndirectory_mirror = true\n"));
    let often = ("SIDELIGHT_SERVER__REQUESTS_PER_MINUTE", "100000");
    let server = Server::launch_as(&outside, address, &configuration, often);
    server.answers(&outside).await;
    prepare(&outside).await;
    // What only the database knows is no load for the process that serves.
    let config = Config::read(&configuration, &BTreeMap::new()).unwrap();
    let beside = crate::world::open(config, Arc::clone(&outside.clock)).await;
    outside.until("the directory is mirrored", async || is_complete(&beside).await).await;
    let count = how_many();
    enlarge(&beside, count).await;

    let crowd = measure::how_often("SIDELIGHT_CROWD", 50);
    gather(&outside, usize::try_from(crowd).unwrap()).await;
    let panels = join_all((0..CONNECTIONS).map(|_| outside.panel(MAYA))).await;
    let ask = |who: usize, _: usize| request(&panels[who], Method::GET, "/people");
    let requests = usize::try_from(measure::how_often("SIDELIGHT_REQUESTS", 40)).unwrap() / CONNECTIONS / 4;
    let name = format!("GET /people, {crowd} there, {count} mirrored");
    drive(&outside, &name, Promise::NONE, ask, requests.max(1)).await;
    let promise = promised(count, Promise::of(60, 40), Promise::of(150, 100));
    tell_memory(&server, &format!("anonymous memory under load, {count} people mirrored"), promise);
}
