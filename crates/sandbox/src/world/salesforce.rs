//! Salesforce organisations and their users (`salesforce.md`).

use super::cast::Member;
use super::vendors::{Entry, VENDORS};
use crate::chance::Chance;

/// The organisation from which Kestrel's people open Gainsight.
pub(crate) const KESTREL_ORGANISATION: &str = "00D5g000004KestEAC";
/// An organisation that anybody could have made.
pub(crate) const STRANGER_ORGANISATION: &str = "00D7Q00000BogusUAB";

/// A Salesforce organisation.
#[derive(Clone, Debug)]
pub(crate) struct Organisation {
    /// 18 characters, `00D…`.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// The first label of its My Domain host.
    pub(crate) domain: &'static str,
    pub(crate) users: Vec<SalesforceUser>,
}

/// A user of an organisation.
#[derive(Clone, Debug)]
pub(crate) struct SalesforceUser {
    /// 18 characters, `005…`.
    pub(crate) id: String,
    /// Unique over all organisations, and shaped like an address.
    pub(crate) username: String,
    pub(crate) name: String,
    /// Whatever somebody wrote there.
    pub(crate) email: String,
    pub(crate) email_is_verified: bool,
    pub(crate) is_active: bool,
    pub(crate) timezone: &'static str,
}

/// All organisations.
pub(super) fn organisations(members: &[Member]) -> Vec<Organisation> {
    let owner = VENDORS.iter().find(|vendor| vendor.entry == Entry::Salesforce(KESTREL_ORGANISATION));
    let key = owner.map_or("", |vendor| vendor.key);
    let of_kestrel: Vec<_> = members.iter().filter(|member| member.works_in(key)).collect();
    let own = of_kestrel.iter().map(|member| SalesforceUser {
        id: member.salesforce_user.clone().unwrap_or_default(),
        username: member.email.replace("@kestrelpay.", "@crm.kestrelpay."),
        name: member.name(),
        email: member.email.clone(),
        email_is_verified: true,
        is_active: member.is_active,
        timezone: member.timezone,
    });
    // Anybody can create an organisation and write any address into it; Salesforce verifies none of them at first.
    let planted = of_kestrel.iter().take(1).map(|victim| SalesforceUser {
        id: user_id("mallory of another organisation"),
        username: "mallory@bogus-consulting.example".to_owned(),
        name: victim.name(),
        email: victim.email.clone(),
        email_is_verified: false,
        is_active: true,
        timezone: "Europe/London",
    });
    vec![
        Organisation { id: KESTREL_ORGANISATION, name: "Kestrel Pay", domain: "kestrelpay", users: own.collect() },
        Organisation {
            id: STRANGER_ORGANISATION,
            name: "Bogus Consulting",
            domain: "bogus-consulting",
            users: planted.collect(),
        },
    ]
}

/// The id of a user, in its 18-character form.
pub(super) fn user_id(purpose: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut chance = Chance::new(0, purpose);
    let mut id = "0055g00000".to_owned();
    id.extend((0..5).filter_map(|_| chance.pick(LETTERS).copied().map(char::from)));
    long(&id)
}

/// The 18-character form of a 15-character id: each of the three last characters tells which of five letters are upper case.
fn long(short: &str) -> String {
    const SUFFIX: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let suffix = short.as_bytes().chunks(5).filter_map(|five| {
        let bits = five.iter().rev().fold(0_usize, |bits, letter| bits * 2 + usize::from(letter.is_ascii_uppercase()));
        SUFFIX.get(bits).copied().map(char::from)
    });
    short.chars().chain(suffix).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_form_of_an_id_says_which_letters_are_upper_case() {
        assert_eq!(long("001A0000006Vm9r"), "001A0000006Vm9rIAC", "an example of the vendor's documentation");
        for id in [KESTREL_ORGANISATION, STRANGER_ORGANISATION] {
            assert_eq!(long(&id[..15]), id);
        }
        let user = user_id("somebody");
        assert!(user.len() == 18 && user.starts_with("005") && user_id("somebody") == user && user_id("other") != user);
    }
}
