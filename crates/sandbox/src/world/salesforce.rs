//! Salesforce organisations and their users (`salesforce.md`).

use crate::chance::Chance;

/// The organisation from which Kestrel's people open Gainsight.
pub(crate) const KESTREL_ORGANISATION: &str = "00D5g000004KestEAC";
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
        assert_eq!(long(&KESTREL_ORGANISATION[..15]), KESTREL_ORGANISATION);
        let user = user_id("somebody");
        assert!(user.len() == 18 && user.starts_with("005") && user_id("somebody") == user && user_id("other") != user);
    }
}
