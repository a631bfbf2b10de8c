//! Whom an activity can name: the company's people and the tenant's users.

use sidelight_api::activity::{FindAttendees, OtherAttendee};
use sidelight_api::people::Contact;
use sidelight_domain::Licence;
use sidelight_gainsight::User;

use super::contacts::contacts;
use super::users::users_of_reader;
use crate::app::App;
use crate::http::{Answered, TenantAccess};

/// A shorter query finds everybody.
const SHORTEST: usize = 2;
/// More are found by typing on.
const MOST: usize = 8;

/// Those whose name or address has what is looked for: the company's people first, then colleagues. Both lists are kept, so that typing
/// costs no calls (`gainsight.md` 4.3).
///
/// # Errors
/// `entity_unknown` for a company that the viewer may not see; what a call may meet, if neither list can be had.
pub async fn attendees(app: &App, access: &TenantAccess, sought: &FindAttendees) -> Answered<Vec<OtherAttendee>> {
    let (people, users) = tokio::join!(contacts(app, access, &sought.entity), users_of_reader(app, access));
    let query = sought.query.trim().to_lowercase();
    let users = users.map(|held| held.value);
    let people = match people {
        Ok(contacts) => contacts.people,
        // Without the company's people, colleagues are still found; a company that is not the viewer's business is none.
        Err(refusal) if refusal.code().status() < 500 || users.is_err() => return Err(refusal),
        Err(_) => Vec::new(),
    };
    if query.chars().count() < SHORTEST {
        return Ok(Vec::new());
    }
    let has = |text: &str| text.to_lowercase().contains(&query);
    let is_person = |person: &&Contact| has(&person.name) || has(person.email.as_str());
    let of_company = people.iter().filter(is_person).map(|person| OtherAttendee {
        email: person.email.clone(),
        name: person.name.clone(),
        is_internal: false,
    });
    let colleagues = users.iter().flat_map(|users| users.all()).filter(|user| is_colleague(user));
    let of_tenant = colleagues.filter_map(|user| {
        let email = user.email.as_ref()?.address().clone();
        (has(&user.name) || has(email.as_str())).then(|| OtherAttendee {
            email,
            name: user.name.clone(),
            is_internal: true,
        })
    });
    Ok(of_company.take(MOST).chain(of_tenant.take(MOST)).collect())
}

/// Outsiders with an account see what is shared with them; they are no colleagues.
fn is_colleague(user: &User) -> bool {
    user.is_active && user.licence != Some(Licence::External)
}
