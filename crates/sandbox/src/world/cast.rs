//! Everybody who works for one of the tenants: users of Gainsight, and of Zoom.

use super::salesforce::user_id;
use super::{ALPENRAD, CORVANE_EU, CORVANE_US, Entry, HARBOR, KESTREL, LUMEN, OSTARA, OSTARA_SANDBOX, VENDORS};

/// The password of everybody, in Gainsight's login window.
pub(crate) const PASSWORD: &str = "demo";

/// Somebody who works for a tenant.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// `maya-lindqvist`
    pub(crate) key: String,
    /// Key of the tenant where he works.
    pub(crate) tenant: &'static str,
    /// Keys of other tenants where he has an account too.
    pub(crate) also: &'static [&'static str],
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) email: String,
    pub(crate) title: &'static str,
    /// As the `LicenseType` picklist names it (`gainsight.md` 9); none for somebody who was never given one.
    pub(crate) licence: Option<&'static str>,
    pub(crate) is_active: bool,
    pub(crate) is_super_admin: bool,
    pub(crate) post: Post,
    /// May change other people's Timeline entries (`gainsight.md` 15.3).
    pub(crate) edits_timeline: bool,
    pub(crate) timezone: &'static str,
    /// Id of the Zoom user.
    pub(crate) zoom_user: String,
    /// Id of the Zoom account.
    pub(crate) zoom_account: &'static str,
    /// Id of the Salesforce user, in its 18-character form, for those who open Gainsight from there.
    pub(crate) salesforce_user: Option<String>,
}

impl Member {
    /// First and last name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Whether he is a user of a tenant.
    pub(crate) fn works_in(&self, tenant: &str) -> bool {
        self.tenant == tenant || self.also.contains(&tenant)
    }
}

/// What somebody is there for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Post {
    /// Looks after companies.
    Accounts,
    /// Works beside those who do.
    Beside,
}

/// First name, last name, title, licence, peculiarity, time zone.
type Line = (&'static str, &'static str, &'static str, Option<&'static str>, Is, &'static str);

/// What sets somebody apart from an ordinary user.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Is {
    /// Looks after companies.
    Owner,
    /// Works beside the owners.
    Colleague,
    /// Was a user and is none now.
    Gone,
    /// May do everything.
    SuperAdmin,
}

const LUMEN_PEOPLE: &[Line] = &[
    ("Maya", "Lindqvist", "Senior Customer Success Manager", Some("Full"), Is::Owner, "Europe/Stockholm"),
    ("Tom", "Okafor", "Solutions Engineer", Some("Full"), Is::Colleague, "Europe/London"),
    ("Priya", "Raman", "VP Customer Success", Some("Viewer_Analytics"), Is::Colleague, "America/Chicago"),
    ("Jonas", "Weber", "Support Lead", Some("Viewer"), Is::Colleague, "Europe/Berlin"),
    ("Elena", "Petrova", "Product Manager", Some("Internal_Collaborator"), Is::Colleague, "Europe/Sofia"),
    ("Sofia", "Marino", "Customer Success Manager", Some("Full"), Is::Gone, "Europe/Rome"),
    ("Ruth", "Adeyemi", "Gainsight Administrator", Some("Full"), Is::SuperAdmin, "America/New_York"),
    ("Marcus", "Hale", "Account Executive", None, Is::Colleague, "America/Denver"),
    ("Hannah", "Becker", "Customer Success Manager", Some("Full"), Is::Owner, "Europe/Berlin"),
    ("Oluwaseun", "Balogun", "Customer Success Manager", Some("Full"), Is::Owner, "Africa/Lagos"),
    ("Claire", "Fontaine", "Enterprise Customer Success Manager", Some("Full"), Is::Owner, "Europe/Paris"),
    ("Rahul", "Deshpande", "Customer Success Manager", Some("Full"), Is::Owner, "Asia/Kolkata"),
    ("Nora", "Quinn", "Customer Success Manager", Some("Full"), Is::Owner, "America/New_York"),
    ("Mateo", "Herrera", "Customer Success Manager", Some("Full"), Is::Owner, "America/Mexico_City"),
    ("Yuki", "Shimizu", "Customer Success Manager", Some("Full"), Is::Owner, "Asia/Tokyo"),
    ("Grace", "Mbeki", "Scale Customer Success Manager", Some("Full"), Is::Owner, "Africa/Johannesburg"),
    ("Anders", "Holm", "Renewal Manager", Some("Full"), Is::Owner, "Europe/Copenhagen"),
    ("Leila", "Haddad", "Onboarding Manager", Some("Full"), Is::Owner, "Asia/Dubai"),
    ("Patrick", "Sullivan", "Customer Success Manager", Some("Full"), Is::Owner, "America/Los_Angeles"),
    ("Ines", "Carvalho", "Customer Success Manager", Some("Full"), Is::Owner, "Europe/Lisbon"),
    ("Petra", "Lang", "Partner Consultant", Some("External"), Is::Colleague, "Europe/Vienna"),
];

const HARBOR_PEOPLE: &[Line] = &[
    ("Dana", "Whitfield", "Customer Success Director", Some("Full"), Is::Owner, "America/New_York"),
    ("Noor", "Vermeulen", "Solutions Architect", Some("Full"), Is::Colleague, "Europe/Amsterdam"),
    ("Luis", "Ortega", "Implementation Consultant", Some("Viewer"), Is::Colleague, "America/Bogota"),
    ("Aiko", "Tanaka", "Head of Customer Operations", Some("Full"), Is::SuperAdmin, "Asia/Tokyo"),
    ("Femi", "Adebayo", "Customer Success Manager", Some("Full"), Is::Owner, "Europe/London"),
    ("Greta", "Nyström", "Customer Success Manager", Some("Full"), Is::Owner, "Europe/Helsinki"),
    ("Sam", "Kowalski", "Support Engineer", Some("Viewer_Analytics"), Is::Colleague, "America/Toronto"),
];

const OSTARA_PEOPLE: &[Line] = &[
    ("Freya", "Nilsen", "Customer Success Manager", Some("Full"), Is::Owner, "America/Chicago"),
    ("Caleb", "Turner", "Solutions Engineer", Some("Full"), Is::Colleague, "America/Los_Angeles"),
    ("Mina", "Park", "Gainsight Administrator", Some("Full"), Is::SuperAdmin, "America/New_York"),
];
/// Those without an account in the sandbox.
const OSTARA_PRODUCTION_PEOPLE: &[Line] =
    &[("Rohan", "Mehta", "Support Lead", Some("Viewer"), Is::Colleague, "Asia/Kolkata")];

const CORVANE_EU_PEOPLE: &[Line] = &[
    ("Stefan", "Brandt", "Customer Success Manager", Some("Full"), Is::Owner, "Europe/Berlin"),
    ("Elise", "Moreau", "Solutions Engineer", Some("Full"), Is::Colleague, "Europe/Paris"),
    ("Henrik", "Dahl", "Gainsight Administrator", Some("Full"), Is::SuperAdmin, "Europe/Copenhagen"),
];
/// Those with accounts on both sides of the ocean.
const CORVANE_EVERYWHERE_PEOPLE: &[Line] =
    &[("Nadia", "Ferreira", "Global Account Director", Some("Full"), Is::Owner, "Europe/Lisbon")];
const CORVANE_US_PEOPLE: &[Line] = &[
    ("Jordan", "Pike", "Customer Success Manager", Some("Full"), Is::Owner, "America/New_York"),
    ("Talia", "Brooks", "Solutions Engineer", Some("Full"), Is::Colleague, "America/Denver"),
    ("Victor", "Nguyen", "Gainsight Administrator", Some("Full"), Is::SuperAdmin, "America/Los_Angeles"),
];

const ALPENRAD_PEOPLE: &[Line] = &[
    ("Lukas", "Steiner", "Customer Success Manager", Some("Full"), Is::Owner, "Europe/Vienna"),
    ("Annika", "Vogel", "Implementation Consultant", Some("Full"), Is::Colleague, "Europe/Berlin"),
    ("Beat", "Zürcher", "Head of Operations", Some("Full"), Is::SuperAdmin, "Europe/Zurich"),
    ("Chiara", "Conti", "Analyst", Some("Viewer_Analytics"), Is::Colleague, "Europe/Rome"),
];

const KESTREL_PEOPLE: &[Line] = &[
    ("Olivia", "Grant", "Customer Success Manager", Some("Full"), Is::Owner, "America/New_York"),
    ("Ethan", "Cole", "Solutions Engineer", Some("Full"), Is::Colleague, "America/Chicago"),
    ("Sana", "Qureshi", "Revenue Operations Lead", Some("Full"), Is::SuperAdmin, "America/New_York"),
    ("Miles", "Thornton", "Account Executive", Some("Viewer"), Is::Colleague, "America/Denver"),
];

/// Who works where, and has an account where else.
const STAFF: &[(&[Line], &str, &[&str], &str)] = &[
    (LUMEN_PEOPLE, LUMEN, &[], "acc-lumen"),
    (HARBOR_PEOPLE, HARBOR, &[], "acc-harbor"),
    (KESTREL_PEOPLE, KESTREL, &[], "acc-kestrel"),
    (OSTARA_PEOPLE, OSTARA, &[OSTARA_SANDBOX], "acc-ostara"),
    (OSTARA_PRODUCTION_PEOPLE, OSTARA, &[], "acc-ostara"),
    (CORVANE_EU_PEOPLE, CORVANE_EU, &[], "acc-corvane"),
    (CORVANE_EVERYWHERE_PEOPLE, CORVANE_EU, &[CORVANE_US], "acc-corvane"),
    (CORVANE_US_PEOPLE, CORVANE_US, &[], "acc-corvane"),
    (ALPENRAD_PEOPLE, ALPENRAD, &[], "acc-alpenrad"),
];

/// Everybody, in a fixed order.
pub(crate) fn members() -> Vec<Member> {
    STAFF
        .iter()
        .flat_map(|&(lines, tenant, also, account)| lines.iter().map(move |line| member(line, tenant, also, account)))
        .collect()
}

fn member(line: &Line, tenant: &'static str, also: &'static [&'static str], zoom_account: &'static str) -> Member {
    let &(first_name, last_name, title, licence, is, timezone) = line;
    let vendor = VENDORS.iter().find(|vendor| vendor.key == tenant);
    let domain = vendor.map_or("", |vendor| vendor.email_domain);
    let from_salesforce = vendor.is_some_and(|vendor| matches!(vendor.entry, Entry::Salesforce(_)));
    let key = format!("{}-{}", plain(first_name), plain(last_name));
    Member {
        tenant,
        also,
        first_name,
        last_name,
        email: format!("{}.{}@{domain}", plain(first_name), plain(last_name)),
        title,
        licence,
        is_active: is != Is::Gone,
        is_super_admin: is == Is::SuperAdmin,
        post: if is == Is::Owner { Post::Accounts } else { Post::Beside },
        edits_timeline: key == "priya-raman",
        timezone,
        zoom_user: format!("u-{key}"),
        zoom_account,
        salesforce_user: from_salesforce.then(|| user_id(&key)),
        key,
    }
}

/// The letters of a name that fit into an address: `Nyström` becomes `nystrom`.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|letter| match letter.to_lowercase().next().unwrap_or(letter) {
            'à'..='å' => Some('a'),
            'ç' | 'č' | 'ć' => Some('c'),
            'è'..='ë' | 'ę' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ñ' | 'ń' => Some('n'),
            'ò'..='ö' | 'ø' => Some('o'),
            'š' | 'ş' | 'ś' => Some('s'),
            'ù'..='ü' => Some('u'),
            'ý' => Some('y'),
            'ł' => Some('l'),
            'ğ' => Some('g'),
            'ž' | 'ź' | 'ż' => Some('z'),
            ' ' => Some('-'),
            letter if letter.is_ascii_alphanumeric() || letter == '-' => Some(letter),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everybody_has_a_key_an_address_and_a_zoom_user_of_their_own() {
        let members = members();
        let keys: HashSet<_> = members.iter().map(|member| member.key.as_str()).collect();
        let emails: HashSet<_> = members.iter().map(|member| member.email.as_str()).collect();
        assert_eq!((keys.len(), emails.len()), (members.len(), members.len()));
        assert!(members.iter().all(|member| member.email.is_ascii() && member.zoom_user.is_ascii()));
    }

    #[test]
    fn every_licence_is_held_by_somebody() {
        let members = members();
        let licences = ["Full", "Viewer", "Viewer_Analytics", "Internal_Collaborator", "External"];
        for licence in licences.map(Some).into_iter().chain([None]) {
            assert!(members.iter().any(|member| member.licence == licence), "{licence:?}");
        }
        assert!(members.iter().any(|member| !member.is_active));
        for vendor in VENDORS {
            assert!(
                members.iter().any(|member| member.is_super_admin && member.works_in(vendor.key)),
                "{}",
                vendor.key
            );
        }
    }

    #[test]
    fn names_become_plain_addresses() {
        assert_eq!(plain("Nyström"), "nystrom");
        assert_eq!(plain("O'Neil Łukasz"), "oneil-lukasz");
    }
}
