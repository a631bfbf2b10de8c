//! The Zoom stand-in, over real HTTP, fact by fact.

#[cfg(test)]
#[path = "zoom/contexts.rs"]
mod contexts;
#[cfg(test)]
#[path = "zoom/delivery.rs"]
mod delivery;
#[cfg(test)]
#[path = "zoom/limits.rs"]
mod limits;
#[cfg(test)]
#[path = "zoom/meetings.rs"]
mod meetings;
#[cfg(test)]
#[path = "zoom/native.rs"]
mod native;
#[cfg(test)]
#[path = "zoom/oauth.rs"]
mod oauth;
#[cfg(test)]
#[path = "zoom/pages.rs"]
mod pages;
#[cfg(test)]
#[path = "zoom/rest.rs"]
mod rest;
#[cfg(test)]
#[path = "zoom/tokens.rs"]
mod tokens;
#[cfg(test)]
#[path = "zoom/town.rs"]
mod town;
#[cfg(test)]
#[path = "zoom/webhooks.rs"]
mod webhooks;
