//! The stand-ins of Gainsight and of Salesforce, from which some people enter it, over real HTTP, fact by fact.

#[cfg(test)]
#[path = "gainsight/access.rs"]
mod access;
#[cfg(test)]
#[path = "gainsight/control.rs"]
mod control;
#[cfg(test)]
#[path = "gainsight/data_centres.rs"]
mod data_centres;
#[cfg(test)]
#[path = "gainsight/faults.rs"]
mod faults;
#[cfg(test)]
#[path = "gainsight/metadata.rs"]
mod metadata;
#[cfg(test)]
#[path = "gainsight/operators.rs"]
mod operators;
#[cfg(test)]
#[path = "gainsight/people.rs"]
mod people;
#[cfg(test)]
#[path = "gainsight/permissions.rs"]
mod permissions;
#[cfg(test)]
#[path = "gainsight/query.rs"]
mod query;
#[cfg(test)]
#[path = "gainsight/records.rs"]
mod records;
#[cfg(test)]
mod salesforce;
#[cfg(test)]
#[path = "gainsight/sign_in.rs"]
mod sign_in;
#[cfg(test)]
#[path = "gainsight/single_sign_on.rs"]
mod single_sign_on;
#[cfg(test)]
mod support;
#[cfg(test)]
#[path = "gainsight/timeline.rs"]
mod timeline;
#[cfg(test)]
#[path = "gainsight/users.rs"]
mod users;
