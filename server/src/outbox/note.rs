//! A note in Gainsight's words, and Gainsight's refusals in ours.

use sidelight_api::FieldError;
use sidelight_api::entity::Entity;
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::words::Word;
use sidelight_domain::{EmailAddress, EntityKind, NotesFormat, notes_from_plain_text};
use sidelight_gainsight::{Content, Context, FieldProblem, FoundIn, NewActivity, Spelling};
use sidelight_store::Write;

use crate::app::App;
use crate::gainsight::{Customers, Turn, at_hand, filled_in, note_for_gainsight};
use crate::http::TenantAccess;

/// The activity as it is sent in this turn.
pub(super) fn activity(
    turn: &Turn,
    access: &TenantAccess,
    write: &Write,
    form: &ActivityForm,
    context: Context,
    customers: Customers,
) -> NewActivity {
    let spelt = |addresses: &[EmailAddress]| addresses.iter().cloned().map(Spelling::from).collect();
    let mut notes_html = html_of(form);
    // A tenant without a column for minutes would drop them in silence.
    if let Some(minutes) = form.duration_minutes.filter(|_| !turn.keeps_duration()) {
        let note = Word::PageNoteDuration.fill(&[("minutes", &minutes.to_string())]);
        notes_html.extend(["<p>", &note, "</p>"]);
    }
    // A tenant that cannot look customers up would refuse the note for their sake: then they stand in it.
    let found_in = match customers {
        Customers::In(object) => object,
        Customers::InTheNotes => {
            let names = form.external_attendees.iter().map(EmailAddress::as_str).collect::<Vec<_>>().join(", ");
            notes_html.push_str(&notes_from_plain_text(&Word::PageNoteCustomers.fill(&[("addresses", &names)])));
            FoundIn::default()
        }
    };
    NewActivity {
        external_id: write.external_id.clone(),
        context,
        // Stamped here: whoever signed in is the author, whatever a browser says.
        author: Spelling::parse(&access.grant.email_spelling).unwrap_or_else(|| access.grant.email.clone().into()),
        content: Content {
            type_name: form.type_name.clone(),
            subject: form.subject.trim().to_owned(),
            notes_html,
            held_at: form.held_at,
            duration_minutes: form.duration_minutes,
            internal_attendees: spelt(&form.internal_attendees),
            external_attendees: if customers == Customers::InTheNotes {
                Vec::new()
            } else {
                spelt(&form.external_attendees)
            },
            found_in,
            custom_fields: filled_in(&access.tenant, turn.schema(), form),
        },
    }
}

/// What was said, as it is sent: cleaned once more, since what is kept may be older than the rules.
fn html_of(form: &ActivityForm) -> String {
    match form.format {
        NotesFormat::Plain => notes_from_plain_text(&form.notes),
        NotesFormat::Html => note_for_gainsight(&form.notes),
    }
}

/// Where it goes; with the company of a relationship where it is at hand.
pub(super) async fn context(app: &App, access: &TenantAccess, form: &ActivityForm) -> Context {
    match form.entity.kind {
        EntityKind::Company => Context::Company(form.entity.id.clone()),
        EntityKind::Relationship => {
            let portfolio = at_hand(app, access).await;
            let entity = portfolio.as_ref().and_then(|portfolio| portfolio.find(&form.entity));
            let company = entity.and_then(Entity::company_id).cloned();
            Context::Relationship { id: form.entity.id.clone(), company }
        }
    }
}

/// Gainsight names its own fields; the form that the author sees has others. What the form does not have keeps Gainsight's name.
pub(super) fn in_our_words(told: FieldError) -> FieldError {
    let name = match told.field.to_ascii_lowercase().as_str() {
        "subject" => "subject",
        "notes" | "content" => "notes",
        "typename" | "typeid" => "type_name",
        "activitydate" => "held_at",
        "duration" | "durationinmins" | "ant__duration__c" => "duration_minutes",
        "internalattendees" => "internal_attendees",
        "externalattendees" => "external_attendees",
        _ => return told,
    };
    FieldError { field: name.to_owned(), ..told }
}

/// Whether a refusal leaves open that it was for the customers' sake.
pub(super) fn may_mean_customers(fields: &[FieldProblem]) -> bool {
    let of_attendees = |field: &String| field.to_ascii_lowercase().contains("attendee");
    fields.iter().all(|problem| problem.field.as_ref().is_none_or(of_attendees))
}
