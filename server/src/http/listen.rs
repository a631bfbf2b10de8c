//! Connections of the public listener. `axum::serve` sets no timer, so that a client that never finishes its headers would hold its
//! connection for ever; here hyper gets one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How long a client may take for its headers, and a silent HTTP/2 one to show that it is there.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(20);
/// Out of file handles, most likely: the next try would fail at once, too.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop`, then lets open requests finish.
pub async fn listen(listener: TcpListener, router: Router, headers_within: Duration, stop: CancellationToken) {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(headers_within);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(headers_within).keep_alive_timeout(headers_within);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let connection = connections.watch(converse(&server, stream, peer, router.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %error, "A connection ended early.");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

fn converse(
    server: &auto::Builder<TokioExecutor>,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = Box<dyn std::error::Error + Send + Sync>> + Send + 'static
{
    // Without this, small answers wait for the peer's delayed acknowledgement; it fails only on a connection that is gone.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), peer, request));
    server.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned()
}

async fn answer(router: Router, peer: SocketAddr, request: Request<Incoming>) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn server(headers_within: Duration) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let router = Router::new().route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()));
        tokio::spawn(listen(listener, router, headers_within, stop.clone()));
        (address, stop)
    }

    #[tokio::test]
    async fn who_never_finishes_the_headers_is_cut_off() {
        let (address, _stop) = server(Duration::from_millis(50)).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
        let mut rest = Vec::new();
        // Ends only when the server closes.
        client.read_to_end(&mut rest).await.unwrap();
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
    }

    #[tokio::test]
    async fn a_request_knows_its_peer_and_the_shutdown_ends_idle_connections() {
        let (address, stop) = server(HEADERS_WITHIN).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let own = client.local_addr().unwrap().to_string();
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut answer = vec![0; 4_096];
        let mut length = 0;
        while !String::from_utf8_lossy(&answer[..length]).ends_with(&own) {
            length += client.read(&mut answer[length..]).await.unwrap();
        }
        stop.cancel();
        assert_eq!(client.read(&mut answer).await.unwrap(), 0);
    }
}
