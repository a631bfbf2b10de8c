//! A release without its front end would start and show nothing: refuse to build it.

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts the profile by environment only")]
fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=../frontend/dist/panel");
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let is_built = Path::new("../frontend/dist/panel/panel.html").exists()
        || Path::new("../frontend/dist/panel/index.html").exists();
    if is_release && !is_built {
        return Err("frontend/dist/panel is empty: build with `cargo xtask build --release`".to_owned());
    }
    Ok(())
}
