//! What a store promises, told once and kept on both engines.

mod sessions;
mod world;
