//! Salesforce.

mod identity;
mod sign_in;
mod strangers;
mod visitor;
