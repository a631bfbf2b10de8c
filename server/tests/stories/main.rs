//! Whole stories against the real router, a real database and the sandbox, in one process.

mod browser;
mod main_job;
mod panel;
mod world;
