//! Whom an invitation names: an iCalendar file (RFC 5545), or the list of people as calendars copy it.
//!
//! Of the file only the lines about people are read, one by one. Parsers of whole calendars follow its nesting, which whoever sent the
//! invitation may have made as deep as he likes.

use sidelight_domain::EmailAddress;
use sidelight_domain::recognition::Expected;

/// Nobody invites more to a call with a customer.
pub(crate) const MOST_NAMED: usize = 500;

/// Everybody whom the text names with an address, each once: not those who declined, nor rooms and other things.
#[must_use]
pub(crate) fn named(text: &str) -> Vec<Expected> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_calendar = text.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    let people: Vec<_> = if is_calendar { attendees(text) } else { listed(text) };
    let mut named: Vec<Expected> = Vec::new();
    for person in people {
        let count = named.len();
        match named.iter_mut().find(|known| known.email == person.email) {
            // The organiser is often an attendee as well, and only one of the two lines has his name.
            Some(known) => known.name = known.name.take().or(person.name),
            None if count < MOST_NAMED => named.push(person),
            None => break,
        }
    }
    named
}

fn attendees(calendar: &str) -> Vec<Expected> {
    unfolded(calendar).lines().filter_map(attendee).collect()
}

/// Long lines go on behind a line break and a blank (RFC 5545, 3.1).
fn unfolded(calendar: &str) -> String {
    let mut text = String::with_capacity(calendar.len());
    for line in calendar.lines() {
        match line.strip_prefix([' ', '\t']) {
            Some(rest) => text.push_str(rest),
            None => text.extend(["\n", line]),
        }
    }
    text
}

/// `ATTENDEE;CN="Ruiz, Ana";PARTSTAT=ACCEPTED:mailto:ana@northwind.example` (RFC 5545, 3.8.4.1).
fn attendee(line: &str) -> Option<Expected> {
    let mut parts = split(line, &[';', ':']).into_iter();
    let property = parts.next()?;
    if !["ATTENDEE", "ORGANIZER"].iter().any(|known| property.eq_ignore_ascii_case(known)) {
        return None;
    }
    let parts: Vec<&str> = parts.collect();
    let parameter = |name: &str| {
        let mut named = parts.iter().filter_map(|part| part.split_once('='));
        named.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let is = |name: &str, values: &[&str]| {
        parameter(name).is_some_and(|value| values.iter().any(|known| value.eq_ignore_ascii_case(known)))
    };
    if is("PARTSTAT", &["DECLINED"]) || is("CUTYPE", &["ROOM", "RESOURCE"]) {
        return None;
    }
    let email = EmailAddress::parse(parts.last()?.trim()).ok()?;
    Some(person(parameter("CN").unwrap_or_default(), email))
}

/// `Ana Ruiz <ana@northwind.example>; "Ek, Bo" <bo@northwind.example>, kim@lumen.example`
fn listed(text: &str) -> Vec<Expected> {
    let mut people = Vec::new();
    let mut name = String::new();
    for part in split(text, &[',', ';', '\n', '\r']).into_iter().map(str::trim) {
        // "Ruiz, Ana <ana@northwind.example>" is one person.
        let whole = if name.is_empty() { part.to_owned() } else { format!("{name}, {part}") };
        let (before, address) = whole.rsplit_once('<').unwrap_or(("", &whole));
        match EmailAddress::parse(address.trim().trim_end_matches('>').trim()) {
            Ok(email) => people.push(person(before, email)),
            Err(_) if part.contains('@') => {}
            Err(_) => {
                part.clone_into(&mut name);
                continue;
            }
        }
        name.clear();
    }
    people
}

fn person(name: &str, email: EmailAddress) -> Expected {
    let name = name.trim().trim_matches(['"', '\'']).trim();
    // Where there is no name, many calendars write the address in its place.
    let name = Some(name).filter(|name| !name.is_empty() && !name.contains('@')).map(str::to_owned);
    Expected { email, name, registrant: None }
}

/// Between separators that stand in no quotes.
fn split<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let mut is_quoted = false;
    let is_end = |c: char| {
        is_quoted ^= c == '"';
        !is_quoted && separators.contains(&c)
    };
    text.split(is_end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, Option<String>)> {
        named(text).into_iter().map(|one| (one.email.to_string(), one.name)).collect()
    }

    fn someone(email: &str, name: &str) -> (String, Option<String>) {
        (email.to_owned(), Some(name).filter(|name| !name.is_empty()).map(str::to_owned))
    }

    #[test]
    fn a_calendar_file_names_those_who_did_not_decline_and_no_rooms() {
        let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Review; ATTENDEE:mailto:no@no.example\r\n\
            ORGANIZER:mailto:maya@lumen.example\r\n\
            ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=\"Ruiz, Ana: CTO\";X-NUM-\r\n GUESTS=0:\
            mailto:ana@north\r\n\twind.example\r\n\
            attendee;cn=Bo Ek;partstat=needs-action:MAILTO:Bo@northwind.example\r\n\
            ATTENDEE;PARTSTAT=DECLINED;CN=Cy:mailto:cy@northwind.example\r\n\
            ATTENDEE;CUTYPE=ROOM;CN=Room 4:mailto:room4@lumen.example\r\n\
            ATTENDEE;CN=maya@lumen.example:mailto:maya@lumen.example\r\n\
            ATTENDEE;CN=Nobody:urn:uuid:1\r\nATTENDEE:\r\nATTENDEE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let expected = [
            someone("maya@lumen.example", ""),
            someone("ana@northwind.example", "Ruiz, Ana: CTO"),
            someone("bo@northwind.example", "Bo Ek"),
        ];
        assert_eq!(told(file), expected);
        assert_eq!(told(&format!("\u{feff} {file}")), expected, "with a mark of its byte order");
    }

    #[test]
    fn a_copied_list_is_read_in_the_spellings_of_calendars() {
        let cases = [
            ("ana@n.example", vec![someone("ana@n.example", "")]),
            (
                "Ana Ruiz <ana@n.example>; bo@n.example,\n",
                vec![someone("ana@n.example", "Ana Ruiz"), someone("bo@n.example", "")],
            ),
            (
                "Ruiz, Ana <ana@n.example>; \"Ek, Bo\" <bo@n.example>",
                vec![someone("ana@n.example", "Ruiz, Ana"), someone("bo@n.example", "Ek, Bo")],
            ),
            (
                "'Ana' <ana@n.example>\r\nANA@n.example\r\nno@\r\nBo <bo@n.example>",
                vec![someone("ana@n.example", "Ana"), someone("bo@n.example", "Bo")],
            ),
            ("We meet at noon.", vec![]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn however_long_or_deep_it_is_it_ends() {
        assert_eq!(named(&format!("BEGIN:VCALENDAR\n{}", "BEGIN:A\n".repeat(100_000))), []);
        let many: Vec<_> = (0..2_000).map(|n| format!("p{n}@n.example")).collect();
        assert_eq!(named(&many.join(";")).len(), MOST_NAMED);
        assert_eq!(named(&"\"".repeat(100_001)), []);
    }
}
