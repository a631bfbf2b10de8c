//! Everybody who works for one of the tenants: users of Gainsight, and of Zoom.

use super::{HARBOR, LUMEN};

/// The password of everybody, in Gainsight's login window.
pub(crate) const PASSWORD: &str = "demo";

/// Somebody who works for a tenant.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// `maya-lindqvist`
    pub(crate) key: String,
    /// Key of the tenant.
    pub(crate) tenant: &'static str,
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
}

impl Member {
    /// First and last name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
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

/// Everybody, in a fixed order.
pub(crate) fn members() -> Vec<Member> {
    let lumen = LUMEN_PEOPLE.iter().map(|line| member(line, LUMEN, "lumenworks.example", "acc-lumen"));
    let harbor = HARBOR_PEOPLE.iter().map(|line| member(line, HARBOR, "harborcloud.example", "acc-harbor"));
    lumen.chain(harbor).collect()
}

fn member(line: &Line, tenant: &'static str, domain: &str, zoom_account: &'static str) -> Member {
    let &(first_name, last_name, title, licence, is, timezone) = line;
    let key = format!("{}-{}", plain(first_name), plain(last_name));
    Member {
        tenant,
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
        assert_eq!(members.iter().filter(|member| member.is_super_admin).count(), 2);
    }

    #[test]
    fn names_become_plain_addresses() {
        assert_eq!(plain("Nyström"), "nystrom");
        assert_eq!(plain("O'Neil Łukasz"), "oneil-lukasz");
    }
}
