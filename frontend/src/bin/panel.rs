//! The side panel's entry point.

fn main() {}
