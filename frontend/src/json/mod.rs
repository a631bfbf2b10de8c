//! JSON with little code: the size of the panel is part of the product (docs/adr/0006-panel-size.md).
//!
//! A generated reader per type brings its own loop over keys, and a way out after each field with half-built values in hand. Here
//! a text becomes a tree once (`tree`), each type takes its fields by name and never stops half-way (`read`), and whether all of
//! them were there is asked once, at the end. Which fields our wire's types have is said in `answers` and `requests`; tests hold
//! these lists to what the server writes and reads.

mod answers;
mod read;
mod requests;
mod tree;
mod write;

pub use read::{FromJson, Unreadable, Value, read};
pub(crate) use write::object;
pub use write::{ToJson, write};
