//! Ports and connections.
//!
//! Connections are served by hyper directly rather than by `axum::serve`: a fault may have to close one without an answer, which
//! only a service that is allowed to fail can do.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::options::Ports;
use crate::world::Centre;

/// How long open requests get to finish when the sandbox stops. Event streams never finish by themselves.
const DRAIN: Duration = Duration::from_millis(300);

const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else has the port.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Port {
        /// The port; 0 is any free one.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The shipped data set is unreadable.
    #[error("the sandbox's own data file {file} cannot be read")]
    Data {
        /// Which file.
        file: &'static str,
        /// Where and why.
        source: toml::de::Error,
    },
}

/// Where the stand-ins listen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Addresses {
    /// Zoom: OAuth, `/v2`, and the meeting simulator.
    pub zoom: SocketAddr,
    /// Gainsight US1; tenants are told apart by host name.
    pub us1: SocketAddr,
    /// Gainsight US2.
    pub us2: SocketAddr,
    /// Gainsight EU.
    pub eu: SocketAddr,
    /// Salesforce; organisations are told apart by host name too.
    pub salesforce: SocketAddr,
    /// The native client's way to the panel.
    pub native: SocketAddr,
}

impl Addresses {
    /// Where a data centre listens.
    pub(crate) const fn of(&self, centre: Centre) -> SocketAddr {
        match centre {
            Centre::Us1 => self.us1,
            Centre::Us2 => self.us2,
            Centre::Eu => self.eu,
        }
    }
}

/// A running sandbox.
#[derive(Debug)]
pub struct Running {
    addresses: Addresses,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
}

impl Running {
    /// Where the stand-ins listen.
    #[must_use]
    pub const fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Takes no more connections, lets open requests finish for a moment, and closes everything.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.listeners.join_next().await.is_some() {}
    }
}

/// The bound ports, before anything answers on them.
pub(crate) struct Bound {
    zoom: Port,
    us1: Port,
    us2: Port,
    eu: Port,
    salesforce: Port,
    native: Port,
}

/// What answers on each port.
pub(crate) struct Routers {
    pub(crate) zoom: Router,
    pub(crate) us1: Router,
    pub(crate) us2: Router,
    pub(crate) eu: Router,
    pub(crate) salesforce: Router,
    pub(crate) native: Router,
}

struct Port {
    address: SocketAddr,
    listeners: Vec<TcpListener>,
}

/// Takes the ports.
pub(crate) async fn bind(ports: Ports) -> Result<Bound, StartError> {
    let port = |offset| match ports {
        Ports::Base(base) => Port::bind(base.saturating_add(offset)),
        Ports::Free => Port::bind(0),
    };
    Ok(Bound {
        zoom: port(0).await?,
        us1: port(1).await?,
        us2: port(2).await?,
        eu: port(3).await?,
        salesforce: port(6).await?,
        native: port(7).await?,
    })
}

impl Port {
    async fn bind(port: u16) -> Result<Self, StartError> {
        let refused = |source| StartError::Port { port, source };
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let address = first.local_addr().map_err(refused)?;
        let mut listeners = vec![first];
        // Some systems resolve `*.localhost` to ::1 first; a machine without IPv6 does without.
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await.ok());
        Ok(Self { address, listeners })
    }
}

impl Bound {
    pub(crate) const fn addresses(&self) -> Addresses {
        Addresses {
            zoom: self.zoom.address,
            us1: self.us1.address,
            us2: self.us2.address,
            eu: self.eu.address,
            salesforce: self.salesforce.address,
            native: self.native.address,
        }
    }

    /// Begins to answer.
    pub(crate) fn serve(self, routers: Routers) -> Running {
        let addresses = self.addresses();
        let (stop, stopped) = watch::channel(false);
        let mut listeners = JoinSet::new();
        let served = [
            (self.zoom, routers.zoom),
            (self.us1, routers.us1),
            (self.us2, routers.us2),
            (self.eu, routers.eu),
            (self.salesforce, routers.salesforce),
            (self.native, routers.native),
        ];
        for (port, router) in served {
            for listener in port.listeners {
                listeners.spawn(accept(listener, router.clone(), stopped.clone()));
            }
        }
        Running { addresses, stop, listeners }
    }
}

async fn accept(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                match accepted {
                    Ok((stream, peer)) => {
                        connections.spawn(converse(stream, peer, router.clone(), stop.clone()));
                    }
                    // Out of file handles, most likely: the next try would fail at once, too.
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                }
            }
            Some(_) = connections.join_next() => {}
            () = asked_to(&mut stop) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Waits for the end, which also comes when nobody holds the sandbox any more.
async fn asked_to(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// One connection, until either side ends it.
async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, mut stop: watch::Receiver<bool>) {
    // Without this, small answers wait for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), peer, request));
    let mut connection =
        pin!(http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(error) = ended {
                tracing::debug!(%error, "connection ended early");
            }
        }
        () = asked_to(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(DRAIN, connection).await;
        }
    }
}

async fn answer(router: Router, peer: SocketAddr, request: Request<Incoming>) -> Result<Response<Body>, HungUp> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    let response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.extensions().get::<HungUp>().is_some() { Err(HungUp) } else { Ok(response) }
}

/// Who is on the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// As an extension of an answer: close the connection instead of sending it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("closed without an answer, as a fault asked")]
pub(crate) struct HungUp;

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn ask(address: SocketAddr) -> io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        Ok(text)
    }

    #[tokio::test]
    async fn every_port_answers_until_stopped() {
        let bound = bind(Ports::Free).await.unwrap();
        let saying = |text: &'static str| Router::new().route("/", get(move || async move { text }));
        let running = bound.serve(Routers {
            zoom: saying("zoom"),
            us1: saying("us1"),
            us2: saying("us2"),
            eu: saying("eu"),
            salesforce: saying("salesforce"),
            native: saying("native"),
        });
        let addresses = *running.addresses();
        let Addresses { zoom, us1, us2, eu, salesforce, native } = addresses;
        let further = [(us2, "us2"), (eu, "eu"), (salesforce, "salesforce"), (native, "native")];
        for (address, text) in [(zoom, "zoom"), (us1, "us1")].into_iter().chain(further) {
            assert!(ask(address).await.unwrap().ends_with(text), "{text}");
        }
        running.stop().await;
        assert!(ask(addresses.zoom).await.is_err());
    }

    #[tokio::test]
    async fn stopping_ends_streams_that_would_never_end() {
        let endless = get(|| async { Body::from_stream(futures_util::stream::pending::<Result<&str, Infallible>>()) });
        let zoom = Router::new().route("/", endless);
        let [us1, us2, eu, salesforce, native] = std::array::from_fn(|_| Router::new());
        let routers = Routers { zoom, us1, us2, eu, salesforce, native };
        let running = bind(Ports::Free).await.unwrap().serve(routers);
        let asked = tokio::spawn(ask(running.addresses().zoom));
        running.stop().await;
        // Whether the request got in before the end or not: the connection is over.
        let _ = asked.await.unwrap();
    }

    #[tokio::test]
    async fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let refused = bind(Ports::Base(port)).await.err().unwrap();
        assert!(matches!(refused, StartError::Port { port: named, .. } if named == port), "{refused}");
    }
}
