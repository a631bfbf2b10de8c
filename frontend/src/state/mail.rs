//! An activity as it is pasted into an e-mail.

use sidelight_api::timeline::Activity;
use sidelight_domain::words::Word;
use sidelight_domain::{notes_from_plain_text, plain_text_of_notes};

use crate::state::locale::Locale;

/// As HTML and as plain text: what it was about, when, with whom, and the notes.
#[must_use]
pub fn as_mail(activity: &Activity, locale: &dyn Locale) -> (String, String) {
    let summary = &activity.summary;
    let named =
        |word: Word, names: &[String]| (!names.is_empty()).then(|| format!("{}: {}", word.text(), names.join(", ")));
    let head = [
        Some(summary.subject.clone()),
        Some(format!("{} · {}", locale.exact(summary.held_at), summary.type_name)),
        named(Word::ActivityExternal, &activity.external_attendees),
        named(Word::ActivityInternal, &activity.internal_attendees),
    ];
    let head = head.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let html = [notes_from_plain_text(&head), activity.notes_html.clone()].concat();
    (html, format!("{head}\n\n{}", plain_text_of_notes(&activity.notes_html)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::locale::tests::PlainLocale;
    use crate::state::samples::opened;

    #[test]
    fn names_that_look_like_tags_stay_text_in_an_e_mail() {
        let mut activity = opened("a", "Subject", "<p>One</p><p><b>two</b></p>");
        activity.external_attendees = vec!["<img src=x onerror=alert(1)>".to_owned()];
        let (html, plain) = as_mail(&activity, &PlainLocale);
        assert!(!html.contains("<img") && html.ends_with("<p>One</p><p><b>two</b></p>"), "{html}");
        assert!(plain.contains("<img src=x") && plain.ends_with("One\n\ntwo"), "{plain}");
    }
}
