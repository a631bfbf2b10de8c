//! What a store promises, told once and kept on both engines.

mod drafts;
mod gainsight;
mod logs;
mod sessions;
mod views;
mod world;
mod writes;
mod zoom;
