//! The page that the server sends before any script runs says what the message catalogue says.

use sidelight_domain::words::Word;

const PAGE: &str = include_str!("../panel.html");
const CATALOGUE: &str = include_str!("../../assets/messages/en.txt");

/// The sentence of a key, read from the catalogue as the build does.
fn sentence(key: &str) -> Option<&'static str> {
    let text = CATALOGUE.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
    Word::ALL.iter().map(|word| word.text()).find(|known| *known == text)
}

/// The keys that the page names in an attribute, each with what stands behind it up to `end`.
fn marked<'a>(attribute: &'a str, end: &'a str) -> impl Iterator<Item = (&'static str, &'static str)> + 'a {
    PAGE.split(attribute).skip(1).filter_map(move |rest| {
        let (key, rest) = rest.strip_prefix("=\"")?.split_once('"')?;
        let (_, rest) = rest.split_once('>')?;
        Some((key, rest.split_once(end)?.0))
    })
}

#[test]
fn every_text_of_the_page_is_in_the_catalogue() {
    let texts: Vec<_> = marked("data-word", "<").collect();
    assert!(texts.len() >= 8, "{texts:?}");
    for (key, text) in texts {
        assert_eq!(sentence(key), Some(text), "{key}");
    }
}

#[test]
fn the_placeholder_of_the_page_is_in_the_catalogue() {
    let hint = sentence("composer.hint").unwrap();
    assert!(PAGE.contains(&format!("placeholder=\"{hint}\" data-word-placeholder=\"composer.hint\"")));
}

#[test]
fn the_page_obeys_its_policy() {
    for forbidden in ["style=", "onclick", "<style", "data:image", "http://", "https://"] {
        assert!(!PAGE.contains(forbidden), "{forbidden}");
    }
    let inline =
        PAGE.split("<script").skip(1).filter(|rest| !rest.split('>').next().unwrap_or_default().contains("src="));
    assert_eq!(inline.count(), 0);
}
