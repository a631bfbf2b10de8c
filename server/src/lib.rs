//! The Sidelight server: axum routes, sessions, access rules, jobs.
//!
//! A library beside the binary, so that tests drive the real router in their own process. Read `routes` for what the panel may
//! ask, `http` for what every request goes through, and `docs/architecture.md` for a walk through one action.

pub mod app;
mod audit;
mod calendar;
pub mod chance;
pub mod commands;
pub mod config;
pub mod gainsight;
pub mod home;
pub mod http;
pub mod jobs;
mod logging;
pub mod outbox;
pub mod pages;
mod patience;
pub mod record;
pub mod routes;
pub mod series;
pub mod serve;
pub mod session;
pub mod sign_in;
pub mod view;
pub mod zoom;

#[cfg(feature = "sandbox")]
pub mod demo;
