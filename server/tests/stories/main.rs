//! Whole stories against the real router, a real database and the sandbox, in one process.

mod access;
mod browser;
mod gainsight;
mod hostile;
mod main_job;
mod outbox;
mod panel;
mod sessions;
mod sign_in;
mod webhooks;
mod world;
