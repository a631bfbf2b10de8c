//! The side panel's entry point.

fn main() {
    wasm_bindgen_futures::spawn_local(sidelight_frontend::app::run());
}
