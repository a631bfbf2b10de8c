//! `[[tenants.activity_forms]]`: what the types of a tenant ask for. Which form has which fields, and which of them it demands, no
//! documented call tells (`gainsight.md` 10.5); what a field is called and holds, the tenant describes itself.

use std::collections::BTreeSet;

use sidelight_domain::activity::{DURATION_FIELD, MOST_FORM_FIELDS};
use sidelight_gainsight::{Kind, is_custom};

use super::reader::Section;

/// What one type asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormSettings {
    /// The type.
    pub type_name: String,
    /// In the order of the form.
    pub fields: Vec<FormField>,
}

/// A field of a form, as far as the operator said what it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FormField {
    /// `Ant__…__c`, or our own name of the duration.
    pub name: String,
    /// Name on the screen; the tenant's own without it.
    pub label: Option<String>,
    /// How it is filled in; as the tenant describes it without.
    pub kind: Option<Kind>,
    /// Whether the type demands it.
    pub is_required: bool,
    /// The choices on offer, by their labels; all that are active without.
    pub options: Vec<String>,
    /// What stands in it from the beginning.
    pub preset: Option<String>,
}

/// How the documentation calls the column of minutes (`gainsight.md` 10.3).
const DURATION: &str = "Duration";

const KINDS: [(&str, Kind); 5] = [
    ("text", Kind::Text),
    ("number", Kind::Number),
    ("flag", Kind::Flag),
    ("date", Kind::Date),
    ("choice", Kind::Choice),
];

/// The setting's name of a kind.
pub(super) fn kind_name(kind: Kind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("text", |(name, _)| *name)
}

/// The setting's name of a field.
pub(super) fn field_name(field: &FormField) -> &str {
    if field.name == DURATION_FIELD { DURATION } else { &field.name }
}

pub(super) fn read_forms(section: &mut Section<'_>, types: &[String]) -> Vec<FormSettings> {
    let mut forms: Vec<FormSettings> = Vec::new();
    section.each("activity_forms", |section| {
        let type_name = section.required("type");
        if let Some(name) = &type_name {
            if !types.contains(name) {
                section.mistake("type", "is none of activity_types");
            }
            if forms.iter().any(|form| form.type_name == *name) {
                section.mistake("type", "has a form already");
            }
        }
        let fields = read_fields(section);
        forms.extend(type_name.map(|type_name| FormSettings { type_name, fields }));
    });
    forms
}

fn read_fields(section: &mut Section<'_>) -> Vec<FormField> {
    let (mut fields, mut names) = (Vec::new(), BTreeSet::new());
    section.each("fields", |section| {
        let Some(field) = read_field(section) else { return };
        if !names.insert(field.name.to_lowercase()) {
            section.mistake("name", "stands in this form already");
        }
        fields.push(field);
    });
    if fields.len() > MOST_FORM_FIELDS {
        section
            .mistake("fields", format!("holds more than {MOST_FORM_FIELDS} fields, which no form of Gainsight does"));
    }
    fields
}

fn read_field(section: &mut Section<'_>) -> Option<FormField> {
    let name = section.required("name");
    let kind = section.text("kind");
    let known = kind.as_ref().map(|kind| KINDS.iter().find(|(name, _)| name == kind));
    if known == Some(None) {
        section.mistake("kind", format!("must be one of {}", KINDS.map(|(name, _)| name).join(", ")));
    }
    let mut field = FormField {
        name: name.clone().unwrap_or_default(),
        label: section.text("label"),
        kind: known.flatten().map(|(_, kind)| *kind),
        is_required: section.parsed("required", "true or false").unwrap_or(false),
        options: section.list("options"),
        preset: section.text("preset"),
    };
    if !field.options.is_empty() && !matches!(field.kind, None | Some(Kind::Choice)) {
        section.mistake("options", "belong to a choice");
    }
    if field.preset.as_ref().is_some_and(|preset| !field.options.is_empty() && !field.options.contains(preset)) {
        section.mistake("preset", "is none of options");
    }
    if field.name.eq_ignore_ascii_case(DURATION) {
        // It has a place of its own, and is filled in from the meeting.
        if kind.is_some() || !field.options.is_empty() || field.preset.is_some() {
            section.mistake("name", "Duration takes nothing but required and label");
        }
        DURATION_FIELD.clone_into(&mut field.name);
    } else if name.is_some() && !is_custom(&field.name) {
        section.mistake("name", "must be the API name of a custom field of the Timeline, Ant__…__c, or Duration");
    }
    name.map(|_| field)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::config::{Config, show};

    fn read(settings: &str) -> Result<Config, Vec<String>> {
        let file = format!(
            "[security]\nmaster_key = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"\n\
             [database]\nurl = \"sqlite::memory:\"\n[zoom]\nclient_id = \"c\"\nclient_secret = \"s\"\nwebhook_secret = \"w\"\n[server]\npublic_url = \"https://sidelight.test\"\n\
             [[tenants]]\nkey = \"a\"\nclient_id = \"i\"\nclient_secret = \"s\"\nhost = \"acme.gainsightcloud.com\"\n\
             data_centre = \"US1\"\n{settings}"
        );
        let read = Config::read(&file, &BTreeMap::new());
        read.map_err(|invalid| invalid.mistakes.into_iter().map(|mistake| mistake.key).collect())
    }

    #[test]
    fn a_form_is_read_and_shown_as_it_was_written() {
        let form = "[[tenants.activity_forms]]\ntype = \"Meeting\"\n[[tenants.activity_forms.fields]]\nname = \"duration\"\nrequired = true\n\
            [[tenants.activity_forms.fields]]\nname = \"Ant__Outcome__c\"\nlabel = \"Outcome\"\nkind = \"choice\"\n\
            options = [\"Good\", \"Bad\"]\npreset = \"Good\"\n";
        let config = read(form).unwrap();
        let [duration, outcome] = config.tenants[0].activity_forms[0].fields.as_slice() else { panic!("two fields") };
        assert_eq!((duration.name.as_str(), duration.is_required), ("duration_minutes", true));
        assert_eq!((outcome.is_required, outcome.preset.as_deref()), (false, Some("Good")));
        let shown = show(&config);
        for line in ["[tenants.activity_forms]", "type = \"Meeting\"", "name = \"Duration\"", "preset = \"Good\""] {
            assert!(shown.contains(line), "{line}: {shown}");
        }
    }

    #[test]
    fn all_mistakes_of_a_form_come_together() {
        let field = |settings: &str| format!("[[tenants.activity_forms.fields]]\n{settings}\n");
        let fields = [
            "label = \"No name\"",
            "name = \"AuthorId\"",
            "name = \"Ant__A__c\"\nkind = \"colour\"",
            "name = \"Ant__B__c\"\noptions = [\"x\"]\npreset = \"y\"",
            "name = \"Ant__C__c\"\nkind = \"date\"\noptions = [\"x\"]",
            "name = \"Duration\"\nkind = \"number\"",
            "name = \"ant__a__c\"",
            "name = \"Ant__D__c\"\nrequired = \"perhaps\"",
        ];
        let form = format!("[[tenants.activity_forms]]\ntype = \"Séance\"\n{}", fields.map(field).concat());
        let found = read(&form).err().unwrap_or_default();
        let at = |place: &str| format!("tenants[0].activity_forms[0].{place}");
        let expected = [
            "type",
            "fields[0].name",
            "fields[1].name",
            "fields[2].kind",
            "fields[3].preset",
            "fields[4].options",
            "fields[5].name",
            "fields[6].name",
            "fields[7].required",
        ];
        assert_eq!(found, expected.map(at));
        let twice = "[[tenants.activity_forms]]\ntype = \"Call\"\n".repeat(2);
        assert_eq!(read(&twice).err().unwrap_or_default(), ["tenants[0].activity_forms[1].type"]);
        let many: String = (0..16).map(|number| field(&format!("name = \"Ant__F{number}__c\""))).collect();
        let found = read(&format!("[[tenants.activity_forms]]\ntype = \"Call\"\n{many}")).err().unwrap_or_default();
        assert_eq!(found, [at("fields")]);
    }
}
