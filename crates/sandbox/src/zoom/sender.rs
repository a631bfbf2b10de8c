//! One signed POST to the app.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use url::Url;

/// How long the app may take (`zoom.md` 6.3).
pub(crate) const LIMIT: Duration = Duration::from_secs(3);

/// The two headers of a signature; none of them for an unsigned body.
pub(crate) type Signature = Option<(String, String)>;

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("the address is not plain http")]
    Address,
    #[error("the app did not answer within three seconds")]
    TooSlow,
    #[error("the app could not be reached")]
    Connect(#[source] std::io::Error),
    #[error("the connection broke")]
    Broken(#[source] hyper::Error),
    #[error("the request could not be made")]
    Unbuildable(#[source] http::Error),
}

/// Sends `body` to `url`. Plain http only: the app beside a sandbox is on this machine.
pub(crate) async fn post(url: &Url, signature: &Signature, body: Bytes) -> Result<(StatusCode, Bytes), SendError> {
    tokio::time::timeout(LIMIT, exchange(url, signature, body)).await.unwrap_or(Err(SendError::TooSlow))
}

async fn exchange(url: &Url, signature: &Signature, body: Bytes) -> Result<(StatusCode, Bytes), SendError> {
    let (mut sender, connection) = connect(url).await?;
    let mut request = Request::post(url.path())
        .header(HOST, url.authority())
        .header(USER_AGENT, "Zoom Marketplace/1.0a")
        .header(CONTENT_TYPE, "application/json; charset=utf-8");
    if let Some((timestamp, signature)) = signature {
        request = request.header("x-zm-request-timestamp", timestamp).header("x-zm-signature", signature);
    }
    let request = request.body(Full::new(body)).map_err(SendError::Unbuildable)?;
    let answer = sender.send_request(request).await.map_err(SendError::Broken)?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(SendError::Broken)?.to_bytes();
    connection.abort();
    Ok((status, body))
}

/// A connection to the app, and the task that drives it.
pub(crate) async fn connect<B>(url: &Url) -> Result<(SendRequest<B>, JoinHandle<hyper::Result<()>>), SendError>
where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let host = url.host_str().filter(|_| url.scheme() == "http").ok_or(SendError::Address)?;
    let port = url.port_or_known_default().ok_or(SendError::Address)?;
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(SendError::Connect)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(SendError::Broken)?;
    Ok((sender, tokio::spawn(connection)))
}
