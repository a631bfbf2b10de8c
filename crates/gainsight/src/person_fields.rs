//! What a tenant asks for when somebody is added (`gainsight.md` 14.4), as far as its objects tell: which fields an administrator put on the
//! form is nowhere public, which of them are required is. And what becomes of what was filled in.

use serde_json::{Value, json};

use crate::Schema;
use crate::metadata::{DataType, FieldDescription, PicklistOption};
use crate::people::{LINK, PERSON};

/// Of which object a field is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AskedOf {
    /// The person.
    Person,
    /// The link to the company.
    Link,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// One of the options.
    Choice,
}

/// What every form has, or what is filled in by itself.
const GIVEN: [&str; 9] =
    ["gsid", "email", "name", "person_id", "company_id", "active", "isprimarycompany", "title", "role"];

impl Schema {
    /// The fields that a new person must have, beyond those that each form has.
    pub fn required_of_people(&self) -> impl Iterator<Item = (AskedOf, Kind, &FieldDescription)> {
        let objects = [(AskedOf::Person, PERSON), (AskedOf::Link, LINK)];
        let fields = objects.into_iter().flat_map(|(of, object)| {
            let fields = self.object(object).map(|object| object.fields.as_slice()).unwrap_or_default();
            fields.iter().map(move |field| (of, field))
        });
        fields.filter_map(|(of, field)| {
            let is_given = GIVEN.contains(&field.name.to_lowercase().as_str());
            let is_asked = !is_given && !field.may_be_empty && !field.is_hidden && field.is_createable();
            Some((of, field.kind()?, field)).filter(|_| is_asked)
        })
    }

    /// Title or role at a company, if the tenant describes it.
    #[must_use]
    pub fn link_field(&self, name: &str) -> Option<&FieldDescription> {
        self.field(LINK, name).filter(|field| !field.is_hidden && field.is_createable())
    }
}

impl FieldDescription {
    /// How somebody fills it in; `None` for what needs a way of its own, such as a look-up.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.data_type {
            DataType::Text | DataType::RichText | DataType::Email | DataType::Url => Some(Kind::Text),
            DataType::Number | DataType::Percentage | DataType::Currency => Some(Kind::Number),
            DataType::Boolean => Some(Kind::Flag),
            DataType::Date | DataType::DateTime => Some(Kind::Date),
            DataType::Picklist => Some(Kind::Choice),
            DataType::MultiSelect | DataType::Lookup | DataType::Gsid | DataType::Other(_) => None,
        }
    }

    /// What is sent for what was filled in; `None` if it cannot be such a value.
    #[must_use]
    pub fn value_of(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self.kind()? {
            Kind::Number => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number)),
            Kind::Flag => text.parse::<bool>().ok().map(Value::Bool),
            Kind::Choice => {
                let is_meant = |option: &&PicklistOption| option.value == text || option.label == text;
                self.options.iter().filter(|option| option.is_active).find(is_meant).map(|option| json!(option.value))
            }
            Kind::Text => {
                let longest = self.length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(usize::MAX));
                (!text.is_empty() && text.chars().count() <= longest).then(|| json!(text))
            }
            // A day is the same in nearly every time zone at noon (`gainsight.md` 5.3).
            Kind::Date if self.data_type == DataType::DateTime && !text.is_empty() && !text.contains('T') => {
                Some(json!(format!("{text}T12:00:00.000+0000")))
            }
            Kind::Date => (!text.is_empty()).then(|| json!(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{ObjectDescription, Writing};

    fn field(name: &str, data_type: DataType) -> FieldDescription {
        FieldDescription {
            name: name.to_owned(),
            label: name.to_owned(),
            data_type,
            options: Vec::new(),
            target: None,
            length: Some(5),
            decimal_places: 0,
            may_be_empty: false,
            writing: Writing::Always,
            is_hidden: false,
        }
    }

    #[test]
    fn only_what_a_person_must_fill_in_is_asked() {
        let fields = vec![
            field("Company_ID", DataType::Lookup),
            field("Seats__gc", DataType::Number),
            field("Sponsor__gc", DataType::Lookup),
            FieldDescription { may_be_empty: true, ..field("Nickname__gc", DataType::Text) },
            FieldDescription { writing: Writing::Never, ..field("Score", DataType::Number) },
            FieldDescription { is_hidden: true, ..field("Secret__gc", DataType::Text) },
        ];
        let object = |name: &str, fields| ObjectDescription { name: name.to_owned(), label: String::new(), fields };
        let person = vec![field("Email", DataType::Email), field("LastName", DataType::Text)];
        let schema = Schema::of([object("Person", person), object("Company_Person", fields)]);
        let asked: Vec<_> =
            schema.required_of_people().map(|(of, kind, field)| (of, kind, field.name.as_str())).collect();
        let expected = [(AskedOf::Person, Kind::Text, "LastName"), (AskedOf::Link, Kind::Number, "Seats__gc")];
        assert_eq!(asked, expected);
        assert_eq!(Schema::default().required_of_people().count(), 0);
    }

    #[test]
    fn what_was_filled_in_becomes_a_value_or_nothing() {
        let option = |value: &str, is_active| PicklistOption {
            value: value.to_owned(),
            label: value.to_uppercase(),
            system_name: None,
            is_active,
        };
        let choice =
            FieldDescription { options: vec![option("a", true), option("b", false)], ..field("C", DataType::Picklist) };
        let cases = [
            (field("T", DataType::Text), " abcde ", Some(json!("abcde"))),
            (field("T", DataType::Text), "abcdef", None),
            (field("T", DataType::Text), "  ", None),
            (field("N", DataType::Number), "3.5", Some(json!(3.5))),
            (field("N", DataType::Number), "NaN", None),
            (field("F", DataType::Boolean), "true", Some(json!(true))),
            (field("D", DataType::Date), "2026-03-02", Some(json!("2026-03-02"))),
            (field("D", DataType::DateTime), "2026-03-02", Some(json!("2026-03-02T12:00:00.000+0000"))),
            (field("L", DataType::Lookup), "x", None),
            (choice.clone(), "a", Some(json!("a"))),
            (choice.clone(), "A", Some(json!("a"))),
            (choice, "b", None),
        ];
        for (field, text, expected) in cases {
            assert_eq!(field.value_of(text), expected, "{} {text}", field.name);
        }
    }
}
