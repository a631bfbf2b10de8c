//! E-mail addresses as they are asked for (`gainsight.md` 5.2, 19.6).

use std::collections::BTreeSet;

use sidelight_domain::EmailAddress;

use crate::print::print_only;
use crate::query::{Filter, Operator};

/// The most addresses of one call with `IN` (design 4.4).
pub const MOST_ADDRESSES: usize = 500;
/// The most terms of one call with `OR`, so that each alias stays the single letter of the documentation.
const MOST_TERMS: usize = 25;

/// An address in somebody's own spelling. Gainsight keeps addresses as they were typed, and may compare them letter by letter,
/// so the spelling that is stored there is worth keeping.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Spelling {
    text: String,
    address: EmailAddress,
}
print_only!(Spelling:);

impl Spelling {
    /// Reads an address without changing its case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self { text: text.trim().to_owned(), address: EmailAddress::parse(text).ok()? })
    }

    /// The way in which people write the names in an address: `Ana.Ruiz@x.example`. A tenant that compares letter by letter holds
    /// most of those that are not in lower case in this spelling.
    #[must_use]
    pub fn capitalised(address: EmailAddress) -> Self {
        let (names, domain) = address.as_str().split_once('@').unwrap_or((address.as_str(), ""));
        let mut text = String::with_capacity(address.as_str().len());
        let mut is_first = true;
        for letter in names.chars() {
            text.push(if is_first { letter.to_ascii_uppercase() } else { letter });
            is_first = !letter.is_alphanumeric();
        }
        text.extend(["@", domain]);
        Self { text, address }
    }

    /// As spelt.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// In the form in which we compare.
    #[must_use]
    pub const fn address(&self) -> &EmailAddress {
        &self.address
    }
}

impl From<EmailAddress> for Spelling {
    fn from(address: EmailAddress) -> Self {
        Self { text: address.as_str().to_owned(), address }
    }
}

/// How a tenant lets itself be asked for several addresses. Found out once, by [`crate::Gainsight::probe_address_filter`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AddressFilter {
    /// By `IN`, which general lists of operators name.
    #[default]
    In,
    /// By `EQ` terms joined with `OR`, where a tenant refuses `IN` on addresses.
    Chain,
}

/// As many addresses as one call carries. Prints none of them.
#[derive(Clone, Eq, PartialEq)]
pub struct Addresses {
    spellings: BTreeSet<String>,
    wanted: BTreeSet<EmailAddress>,
    how: AddressFilter,
}
print_only!(Addresses: how);

impl Addresses {
    /// Cuts addresses into calls, each address in lower case and, where it differs, in its own spelling too.
    #[must_use]
    pub fn of(spellings: impl IntoIterator<Item = Spelling>, how: AddressFilter) -> Vec<Self> {
        let (mut calls, mut seen): (Vec<Self>, _) = (Vec::new(), BTreeSet::new());
        for spelling in spellings {
            let both = BTreeSet::from([spelling.address.as_str().to_owned(), spelling.text]);
            if both.is_subset(&seen) {
                continue;
            }
            seen.extend(both.iter().cloned());
            let has_room = |call: &&mut Self| match how {
                AddressFilter::In => call.wanted.len() < MOST_ADDRESSES,
                AddressFilter::Chain => call.spellings.len() + both.len() <= MOST_TERMS,
            };
            match calls.last_mut().filter(has_room) {
                Some(call) => {
                    call.spellings.extend(both);
                    call.wanted.insert(spelling.address);
                }
                None => {
                    calls.push(Self { spellings: both, wanted: BTreeSet::from([spelling.address]), how });
                }
            }
        }
        calls
    }

    /// A single address, which needs no `IN`.
    #[must_use]
    pub fn one(address: &EmailAddress) -> Self {
        Self {
            spellings: BTreeSet::from([address.as_str().to_owned()]),
            wanted: BTreeSet::from([address.clone()]),
            how: AddressFilter::Chain,
        }
    }

    /// Whether this address was asked for, in whatever spelling.
    #[must_use]
    pub fn has(&self, spelling: &Spelling) -> bool {
        self.wanted.contains(&spelling.address)
    }

    pub(crate) fn filter(&self, field: &str) -> Filter {
        let values = self.spellings.iter().map(String::as_str);
        match self.how {
            AddressFilter::In => Filter::is_in(field, values),
            AddressFilter::Chain => {
                Filter::Any(values.map(|value| Filter::field(field, Operator::Equal, value)).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;
    use proptest::prelude::*;

    fn spellings(texts: &[&str]) -> Vec<Spelling> {
        texts.iter().map(|text| Spelling::parse(text).unwrap()).collect()
    }

    fn written(addresses: &Addresses) -> serde_json::Value {
        serde_json::to_value(Query::select(["Gsid"]).only(addresses.filter("Email"))).unwrap()["where"].clone()
    }

    #[test]
    fn an_odd_spelling_is_asked_for_beside_the_lower_case() {
        let calls = Addresses::of(spellings(&["Ben.Carter@X.example", "ana@x.example"]), AddressFilter::In);
        let expected = serde_json::json!(["Ben.Carter@X.example", "ana@x.example", "ben.carter@x.example"]);
        assert_eq!((calls.len(), &written(&calls[0])["conditions"][0]["value"]), (1, &expected));
        assert!(calls[0].has(&Spelling::parse("BEN.carter@x.example").unwrap()));
        assert!(!calls[0].has(&Spelling::parse("dan@x.example").unwrap()));
    }

    #[test]
    fn a_capitalised_spelling_goes_along_in_the_same_call() {
        let address: EmailAddress = "mary-ann.o'neil2@x.example".parse().unwrap();
        let calls = Addresses::of([Spelling::from(address.clone()), Spelling::capitalised(address)], AddressFilter::In);
        let expected = serde_json::json!(["Mary-Ann.O'Neil2@x.example", "mary-ann.o'neil2@x.example"]);
        assert_eq!((calls.len(), &written(&calls[0])["conditions"][0]["value"]), (1, &expected));
    }

    #[test]
    fn a_tenant_without_in_gets_a_chain_of_single_letters() {
        let many: Vec<_> = (0..60).map(|n| Spelling::parse(&format!("p{n}@x.example")).unwrap()).collect();
        let calls = Addresses::of(many, AddressFilter::Chain);
        assert_eq!(calls.len(), 3);
        let expression = written(&calls[0])["expression"].as_str().unwrap().to_owned();
        assert!(expression.starts_with("A OR B OR C") && expression.ends_with("X OR Y"), "{expression}");
        assert_eq!(written(&Addresses::one(&"ana@x.example".parse().unwrap()))["expression"], "A");
    }

    #[test]
    fn repeated_addresses_are_asked_for_once() {
        let repeated = spellings(&["ana@x.example", " ANA@x.example", "ana@x.example", "ANA@x.example"]);
        let calls = Addresses::of(repeated, AddressFilter::In);
        assert_eq!((calls.len(), calls[0].spellings.len(), calls[0].wanted.len()), (1, 2, 1));
        assert!(Addresses::of([], AddressFilter::In).is_empty());
    }

    #[test]
    fn debug_output_shows_no_address() {
        let calls = Addresses::of(spellings(&["ana@x.example"]), AddressFilter::In);
        let shown = format!("{calls:?} {:?}", spellings(&["ana@x.example"]));
        assert!(!shown.contains("ana"), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn no_call_carries_too_many_and_none_is_lost(numbers in prop::collection::vec(0..900_u32, 0..1_200)) {
            let all: Vec<_> = numbers.iter().map(|n| Spelling::parse(&format!("P{n}@x.example")).unwrap()).collect();
            for how in [AddressFilter::In, AddressFilter::Chain] {
                let calls = Addresses::of(all.clone(), how);
                let is_small = |call: &Addresses| match how {
                    AddressFilter::In => call.wanted.len() <= MOST_ADDRESSES,
                    AddressFilter::Chain => call.spellings.len() <= MOST_TERMS,
                };
                prop_assert!(calls.iter().all(is_small));
                prop_assert!(all.iter().all(|spelling| calls.iter().any(|call| call.has(spelling))));
            }
        }
    }
}
