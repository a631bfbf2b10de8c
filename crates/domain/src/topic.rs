//! What a meeting's topic names. A topic is a guess: somebody typed it, perhaps for last year's meeting.

use crate::ids::Gsid;

/// Words that say how a company is founded, which nobody types into a topic.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "asa",
    "bv",
    "co",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "se",
    "spa",
    "srl",
];

/// The companies that a topic names in full, but for their legal form. "Northwind Retail weekly" names "Northwind Retail Ltd" and not
/// "Northwind".
#[must_use]
pub fn companies_in_topic<'a>(
    topic: &str,
    companies: impl IntoIterator<Item = (&'a Gsid, &'a str)>,
) -> Vec<(&'a Gsid, &'a str)> {
    let topic = words(topic);
    let is_begun = |name: &str| {
        let first = parts(name).next();
        first.is_some_and(|first| topic.iter().any(|word| is_same(word, first)))
    };
    // Most names fail at their first word, without a copy of anything.
    let possible = companies.into_iter().filter(|(_, name)| !topic.is_empty() && is_begun(name));
    let named: Vec<_> = possible.filter(|(_, name)| has_phrase(&topic, &name_words(name))).collect();
    let is_longest =
        |name: &str| !named.iter().any(|(_, other)| contains_name(other, name) && !contains_name(name, other));
    named.iter().filter(|(_, name)| is_longest(name)).copied().collect()
}

/// The relationship that a meeting's topic names, if it names exactly one.
///
/// A relationship is named when the words of its name that the company's name does not have stand in the topic, side by side:
/// "Northwind: Warehouse Suite sync" names "Northwind Warehouse Suite", and "Northwind weekly" names none.
#[must_use]
pub fn relationship_in_topic<'a>(
    topic: &str,
    company: &str,
    relationships: impl IntoIterator<Item = (&'a Gsid, &'a str)>,
) -> Option<&'a Gsid> {
    let (topic, company) = (words(topic), words(company));
    let telling =
        |name: &str| -> Vec<String> { words(name).into_iter().filter(|word| !company.contains(word)).collect() };
    let named = relationships.into_iter().filter_map(|(id, name)| {
        let telling = telling(name);
        has_phrase(&topic, &telling).then_some((telling.len(), id))
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by(|(a, _), (b, _)| b.cmp(a));
    match named.as_slice() {
        [(_, only)] => Some(only),
        // The longer name wins: "Analytics pilot" and not "Analytics".
        [(most, best), (second, _), ..] if most > second => Some(best),
        _ => None,
    }
}

/// Whether one company's name holds all of another's, as "Northwind Retail" holds "Northwind".
pub(crate) fn contains_name(name: &str, other: &str) -> bool {
    has_phrase(&name_words(name), &name_words(other))
}

/// Whether a domain bears a company's name, as `northwind.example` does that of "Northwind Traders".
pub(crate) fn is_named_after(domain: &str, company: &str) -> bool {
    /// Shorter labels are regions and departments.
    const TELLING: usize = 4;
    let name = name_words(company).concat();
    let labels = domain.rsplit('.').skip(1).map(|label| label.replace('-', ""));
    labels.filter(|label| label.len() >= TELLING).any(|label| name.starts_with(&label))
}

fn has_phrase(text: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && text.windows(phrase.len()).any(|part| part == phrase)
}

fn name_words(name: &str) -> Vec<String> {
    let mut words = words(name);
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(&word.as_str())) {
        words.pop();
    }
    words
}

fn words(text: &str) -> Vec<String> {
    parts(text).map(str::to_lowercase).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().nth(1).is_some())
}

fn is_same(lower: &str, part: &str) -> bool {
    if part.is_ascii() { lower.eq_ignore_ascii_case(part) } else { lower == part.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_names_a_company_by_its_whole_name_and_the_longest_one_counts() {
        let ids = ["1", "2", "3", "4"].map(Gsid::new);
        let companies = ["Northwind", "Northwind Retail Ltd", "Éclair Foods S.A.", "Summit Health"];
        let cases: [(&str, &[&str]); 8] = [
            ("Northwind weekly", &["Northwind"]),
            ("NORTHWIND RETAIL: kick-off", &["Northwind Retail Ltd"]),
            ("éclair foods / Northwind", &["Northwind", "Éclair Foods S.A."]),
            ("Health summit", &[]),
            ("Summit of mental health", &[]),
            ("Northwinds", &[]),
            ("- / -", &[]),
            ("", &[]),
        ];
        for (topic, expected) in cases {
            let named = companies_in_topic(topic, ids.iter().zip(companies));
            assert_eq!(named.iter().map(|(_, name)| *name).collect::<Vec<_>>(), expected, "{topic}");
        }
    }

    #[test]
    fn a_domain_bears_a_name_only_from_its_beginning() {
        let cases = [
            ("northwind.example", "Northwind Traders", true),
            ("mail.northwind-traders.example", "Northwind Traders Inc", true),
            ("wind.example", "Northwind Traders", false),
            ("nor.example", "Northwind Traders", false),
            ("northwindow.example", "Northwind", false),
            ("brightpath.example", "Northwind", false),
            ("", "", false),
        ];
        for (domain, company, expected) in cases {
            assert_eq!(is_named_after(domain, company), expected, "{domain}");
        }
    }

    #[test]
    fn a_topic_names_a_relationship_only_by_its_own_words() {
        let (suite, pilot, analytics) = (Gsid::new("r1"), Gsid::new("r2"), Gsid::new("r3"));
        let relationships =
            [(&suite, "Northwind: Warehouse Suite"), (&pilot, "Analytics pilot"), (&analytics, "Analytics")];
        let cases = [
            ("Northwind: warehouse suite, sprint review", Some(&suite)),
            ("Northwind weekly sync", None),
            ("Analytics pilot kick-off", Some(&pilot)),
            ("Analytics check-in", Some(&analytics)),
            ("Warehouse Suite meets Analytics pilot", None),
            ("A new suite for the warehouse", None),
            ("", None),
        ];
        for (topic, named) in cases {
            assert_eq!(relationship_in_topic(topic, "Northwind Traders", relationships), named, "{topic}");
        }
    }
}
