//! Whole stories against the real router, a real database and the sandbox, in one process.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story whose world is not as told has to fail")]

mod abroad;
mod access;
mod adding;
mod browser;
mod calls;
mod changes;
mod crash;
mod data_centres;
mod database;
mod demo;
mod directory;
mod farewells;
mod foresight;
mod forms;
mod gainsight;
mod home;
mod hostile;
mod hour;
mod latency;
mod main_job;
mod measure;
mod news;
mod outbox;
mod outside;
mod panel;
mod peers;
mod process;
mod recognition;
mod repeats;
mod rich_notes;
mod rooms;
mod routing;
mod salesforce;
mod series;
mod sessions;
mod shared;
mod sign_in;
mod streams;
mod timeline;
mod two_servers;
mod webhooks;
mod world;
mod zoom_doors;
mod zoom_token;
