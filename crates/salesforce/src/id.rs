//! Record ids, which exist in two forms (`salesforce.md`, id forms).

use std::fmt;
use std::str::FromStr;

/// The id of a record, compared in its 18-character form.
///
/// The short form has 15 characters and tells upper from lower case. The long one has three more, each of which says which of five
/// characters are upper case, so that it survives whatever ignores that.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RecordId(String);

/// A text that is no record id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a record id of 15 or 18 characters")]
pub struct InvalidRecordId;

const SHORT: usize = 15;
const LONG: usize = 18;
/// How many characters one of the last three speaks of.
const CHUNK: usize = 5;
const SUFFIX: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

impl RecordId {
    /// The prefix that organisations have.
    pub const ORGANISATION: &'static str = "00D";

    /// The 18-character form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an organisation's.
    #[must_use]
    pub fn is_organisation(&self) -> bool {
        self.0.starts_with(Self::ORGANISATION)
    }
}

impl FromStr for RecordId {
    type Err = InvalidRecordId;

    fn from_str(text: &str) -> Result<Self, InvalidRecordId> {
        if !text.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
            return Err(InvalidRecordId);
        }
        match text.len() {
            SHORT => Ok(Self(lengthened(text))),
            LONG => restored(text).map(|short| Self(lengthened(&short))).ok_or(InvalidRecordId),
            _ => Err(InvalidRecordId),
        }
    }
}

/// A short id with its three characters.
fn lengthened(short: &str) -> String {
    let said = short.as_bytes().chunks(CHUNK).filter_map(|chunk| {
        let upper =
            chunk.iter().rev().fold(0_usize, |bits, letter| bits * 2 + usize::from(letter.is_ascii_uppercase()));
        SUFFIX.get(upper).copied().map(char::from)
    });
    short.chars().chain(said).collect()
}

/// The short id that a long one stands for, whatever happened to its upper and lower case; `None` if the two parts contradict each other.
fn restored(long: &str) -> Option<String> {
    let (body, suffix) = long.as_bytes().split_at_checked(SHORT)?;
    let mut short = String::with_capacity(SHORT);
    for (chunk, said) in body.chunks(CHUNK).zip(suffix) {
        let upper = SUFFIX.iter().position(|letter| *letter == said.to_ascii_uppercase())?;
        for (at, letter) in chunk.iter().enumerate() {
            let is_upper = upper >> at & 1 == 1;
            if is_upper && !letter.is_ascii_alphabetic() {
                return None;
            }
            short.push(char::from(if is_upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }));
        }
    }
    Some(short)
}

impl fmt::Debug for RecordId {
    /// Whose record it is says nothing about the person to whoever cannot read Salesforce, but it is his all the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_an_id_are_one() {
        // An example of the vendor's documentation, and a long form whose case got lost.
        let long: RecordId = "001A0000006Vm9rIAC".parse().unwrap();
        for form in ["001A0000006Vm9r", "001a0000006vm9riac", "001A0000006VM9RIAC"] {
            assert_eq!(form.parse(), Ok(long.clone()), "{form}");
        }
        assert_eq!(long.as_str(), "001A0000006Vm9rIAC");
    }

    #[test]
    fn short_ids_that_differ_in_case_are_two() {
        assert_ne!("001A0000006Vm9r".parse::<RecordId>(), "001a0000006Vm9r".parse());
    }

    #[test]
    fn anything_else_is_no_id() {
        for text in [
            "",
            "001",
            "001A0000006Vm9",
            "001A0000006Vm9rI",
            "001A0000006Vm9rIA-",
            "001A0000006Vm9rIA9",
            "0010000000000000AB",
        ] {
            assert_eq!(text.parse::<RecordId>(), Err(InvalidRecordId), "{text}");
        }
    }

    #[test]
    fn only_organisations_are_organisations() {
        for (text, expected) in [("00D5g000004KestEAC", true), ("0055g00000ABCDE", false)] {
            assert_eq!(text.parse::<RecordId>().unwrap().is_organisation(), expected, "{text}");
        }
    }
}
