//! Whole stories against the real router, a real database and the sandbox, in one process.

mod access;
mod browser;
mod main_job;
mod panel;
mod sessions;
mod sign_in;
mod world;
