//! E-mail addresses: the one key that Zoom, Gainsight and communities share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that cannot be an e-mail address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

/// An address in the form in which we compare: trimmed and lower-case (`gainsight.md` 19.6).
///
/// The local part is case-sensitive by RFC 5321, 2.4, but no mail system that our users have treats it so, and both Zoom
/// and Gainsight hand out the same address in different spellings.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Email, example = "ana@northwind.example"))]
pub struct EmailAddress(String);

/// RFC 5321, 4.5.3.1.3: a path is at most 256 octets, two of them angle brackets.
const LONGEST: usize = 254;

/// Domains at which anybody can have an address, so that sharing one says nothing about an employer.
const CONSUMER_DOMAINS: &[&str] = &[
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "t-online.de",
    "web.de",
    "yahoo.com",
    "yandex.com",
    "ymail.com",
    "zoho.com",
    "163.com",
];

impl EmailAddress {
    /// Reads an address, forgiving surrounding blanks and upper case.
    ///
    /// # Errors
    /// [`InvalidEmail`] if the text has no local part, no dotted domain, a blank inside, or more than 254 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let plausible = !local.is_empty()
            && text.len() <= LONGEST
            && domain.split('.').count() >= 2
            && domain.split('.').all(|label| !label.is_empty())
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';'))
            && !local.contains('@');
        if plausible { Ok(Self(text.to_lowercase())) } else { Err(InvalidEmail) }
    }

    /// Takes an address that `parse` accepted before, such as one that our own server wrote. The panel reads addresses in this way
    /// and so carries none of Unicode's tables.
    #[must_use]
    pub fn from_checked(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The comparable form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether anybody can get an address at this domain.
    #[must_use]
    pub fn is_consumer(&self) -> bool {
        CONSUMER_DOMAINS.contains(&self.domain())
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;
    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_compared_without_case_and_blanks() {
        let cases = [
            ("  Ana.Ruiz@NorthWind.Example ", Some("ana.ruiz@northwind.example")),
            ("o'neil+zoom@x.co", Some("o'neil+zoom@x.co")),
            ("ÄNNE@bücher.example", Some("änne@bücher.example")),
            ("", None),
            ("ana", None),
            ("@x.co", None),
            ("ana@localhost", None),
            ("ana@x..co", None),
            ("a@b@x.co", None),
            ("ana ruiz@x.co", None),
            ("\"ana\"@x.co", None),
            ("ana@x.co,bob@x.co", None),
        ];
        for (text, expected) in cases {
            assert_eq!(EmailAddress::parse(text).ok().as_ref().map(EmailAddress::as_str), expected, "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@x.co", "a".repeat(250))).is_err());
    }

    #[test]
    fn consumer_domains_say_nothing_about_an_employer() {
        assert!(EmailAddress::parse("ana@GMail.com").unwrap().is_consumer());
        assert!(!EmailAddress::parse("ana@northwind.example").unwrap().is_consumer());
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(text in ".{0,40}@.{0,40}") {
            if let Ok(once) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(once.as_str()), Ok(once));
            }
        }
    }
}
