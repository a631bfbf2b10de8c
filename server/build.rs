//! A release without its front end would start and show nothing: refuse to build it.

mod front_end;

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts the profile by environment only")]
fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=../frontend/dist/panel");
    println!("cargo::rerun-if-changed=front_end.rs");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile != "release") {
        return Ok(());
    }
    let missing = front_end::missing(Path::new("../frontend/dist/panel"));
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    Err(format!("frontend/dist/panel lacks {missing}: build with `cargo xtask build --release`"))
}
