//! A person before he is sent to Gainsight: the form, and what makes it acceptable (`gainsight.md` 8.3, 14.4).

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, EntityRef};

/// Gainsight's STRING fields hold 255 characters unless describe says otherwise (`gainsight.md` 6).
pub const LONGEST_TEXT: usize = 255;
/// More fields than any form asks for.
pub const MOST_FIELDS: usize = 50;

/// What somebody filled into the "add" form.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonForm {
    /// The company that he shall belong to, or a relationship of it.
    pub entity: EntityRef,
    /// The address, as typed. It decides who it is.
    pub email: String,
    /// Full name of somebody who is new to Gainsight. `None` for somebody who is there: then nothing about him is changed, he is only
    /// linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Job title at this company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Role at this company, such as "Champion".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What the tenant asks for besides.
    #[serde(default)]
    pub fields: Vec<FilledField>,
}

/// A field of the tenant's own, with what was filled in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilledField {
    /// Its name in Gainsight.
    pub name: String,
    /// What was filled in: a text, a number, `true`, or the value of a choice.
    pub value: String,
}

/// A field of the form that is the same in every tenant.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PersonField {
    /// `email`
    Email,
    /// `name`
    Name,
    /// `title`
    Title,
    /// `role`
    Role,
}

impl PersonField {
    /// The name in our JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Title => "title",
            Self::Role => "role",
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PersonProblem {
    /// It has to be filled in.
    Missing,
    /// It holds more than this many characters.
    TooLong(usize),
    /// It is no e-mail address.
    NoAddress,
}

impl PersonForm {
    /// The address in the form in which we compare; `None` if it is none.
    #[must_use]
    pub fn address(&self) -> Option<EmailAddress> {
        EmailAddress::parse(&self.email).ok()
    }

    /// Lists everything that keeps this form from being sent; empty when it may go. What the tenant asks for besides is the tenant's to say.
    #[must_use]
    pub fn problems(&self) -> Vec<(PersonField, PersonProblem)> {
        let mut problems = Vec::new();
        if self.email.trim().is_empty() {
            problems.push((PersonField::Email, PersonProblem::Missing));
        } else if self.address().is_none() {
            problems.push((PersonField::Email, PersonProblem::NoAddress));
        }
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            problems.push((PersonField::Name, PersonProblem::Missing));
        }
        for (field, text) in
            [(PersonField::Name, &self.name), (PersonField::Title, &self.title), (PersonField::Role, &self.role)]
        {
            if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
                problems.push((field, PersonProblem::TooLong(LONGEST_TEXT)));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntityKind;
    use crate::ids::{Gsid, TenantKey};

    fn problems(change: impl FnOnce(&mut PersonForm)) -> Vec<(PersonField, PersonProblem)> {
        let mut form = PersonForm {
            entity: EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Company, id: Gsid::new("1P02") },
            email: " Erin.Walsh@northwind.example ".to_owned(),
            name: Some("Erin Walsh".to_owned()),
            title: None,
            role: Some("Champion".to_owned()),
            fields: Vec::new(),
        };
        change(&mut form);
        form.problems()
    }

    #[test]
    fn address_and_name_are_enough_and_somebody_known_needs_no_name() {
        assert_eq!(problems(|_| {}), []);
        assert_eq!(problems(|form| form.name = None), []);
    }

    #[test]
    fn every_problem_names_its_field() {
        type Case = (fn(&mut PersonForm), PersonField, PersonProblem);
        let cases: [Case; 6] = [
            (|form| form.email = "  ".to_owned(), PersonField::Email, PersonProblem::Missing),
            (|form| form.email = "erin at northwind".to_owned(), PersonField::Email, PersonProblem::NoAddress),
            (|form| form.name = Some(" ".to_owned()), PersonField::Name, PersonProblem::Missing),
            (|form| form.name = Some("ä".repeat(256)), PersonField::Name, PersonProblem::TooLong(255)),
            (|form| form.title = Some("x".repeat(256)), PersonField::Title, PersonProblem::TooLong(255)),
            (|form| form.role = Some("x".repeat(256)), PersonField::Role, PersonProblem::TooLong(255)),
        ];
        for (change, field, problem) in cases {
            assert_eq!(problems(change), [(field, problem)]);
        }
    }
}
