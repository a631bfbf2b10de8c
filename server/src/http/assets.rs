//! The front end, embedded: one file to deploy. Debug builds read it from disk, release builds refuse to be made without it.

use axum::extract::{Path, Request};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};
use sidelight_api::ErrorCode;

use super::Refusal;

/// What `cargo xtask build` put into the dist folder of the panel.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../frontend/dist/panel"]
#[allow_missing = true]
struct Panel;

/// Style sheet and icon of the pages in the system browser.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../assets/pages"]
struct Pages;

/// The panel's page as Trunk wrote it; `None` if the front end was not built.
#[must_use]
pub fn panel_page() -> Option<String> {
    let file = Panel::get("panel.html").or_else(|| Panel::get("index.html"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// `GET /assets/{file}`: a hashed file, in the best encoding that the browser takes.
pub async fn serve(Path(name): Path<String>, request: Request) -> Response {
    match Panel::get(&name).filter(|_| !is_page(&name)) {
        Some(file) => answer(&name, file, request.headers()),
        None => match Pages::get(&name) {
            Some(file) => answer(&name, file, request.headers()),
            None => Refusal::new(ErrorCode::NotFound).into_response(),
        },
    }
}

fn answer(name: &str, plain: EmbeddedFile, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let (suffix, encoding) = encoding(asked);
    let packed = suffix.and_then(|suffix| Panel::get(&format!("{name}.{suffix}")));
    if let (Some(_), Some(encoding)) = (&packed, encoding) {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&plain.metadata.sha256_hash()[..12]));
    // Only a name that changes with its content may be kept for good (toolchain: snippets keep their names).
    let lifetime = if has_hash(name) { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(lifetime));
    let is_known =
        asked.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known.contains(&etag));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, packed.unwrap_or(plain).data.into_owned()).into_response()
}

fn encoding(asked: &HeaderMap) -> (Option<&'static str>, Option<&'static str>) {
    let accepted = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes =
        |name: &str| accepted.split(',').any(|part| part.split(';').next().is_some_and(|coding| coding.trim() == name));
    if takes("br") {
        (Some("br"), Some("br"))
    } else if takes("gzip") {
        (Some("gz"), Some("gzip"))
    } else {
        (None, None)
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Pages are served by their own routes, with the headers that Zoom asks for.
fn is_page(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html"))
}

/// Trunk writes `name-<16 hex digits>.ext`, with `_bg` behind the hash for WebAssembly.
fn has_hash(name: &str) -> bool {
    name.split(['-', '.', '_']).any(|part| part.len() == 16 && part.chars().all(|c| c.is_ascii_hexdigit()))
}

// The build script's, tested here.
#[cfg(test)]
#[path = "../../front_end.rs"]
mod front_end;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_good() {
        assert!(has_hash("panel-0123456789abcdef.js"));
        assert!(has_hash("panel-0123456789abcdef_bg.wasm"));
        for name in ["panel.js", "zoom-sdk.js", "panel-0123456789abcdeg.js"] {
            assert!(!has_hash(name), "{name}");
        }
    }

    #[test]
    fn the_browser_gets_an_encoding_that_it_asked_for() {
        for (accepted, suffix) in
            [("gzip, deflate, br", Some("br")), ("gzip;q=0.5", Some("gz")), ("identity", None), ("brotli", None)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(encoding(&headers).0, suffix, "{accepted}");
        }
    }
}
