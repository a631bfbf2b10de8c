//! Filling in a text: `[this|or that]` is one of several wordings, `{name}` is a person, place or number.
//!
//! A name that ends in `_cap` or `_low` is the same in upper or lower case at its beginning.

use std::collections::BTreeMap;

use crate::chance::Chance;

/// What the names stand for.
pub(super) type Slots = BTreeMap<String, String>;

/// Chooses wordings and fills in names. A name that stands for nothing stays visible, which a test notices.
pub(super) fn fill(text: &str, slots: &Slots, chance: &mut Chance) -> String {
    let chosen = choose(text, chance);
    let mut filled = String::with_capacity(chosen.len() * 2);
    let mut rest = chosen.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match value(name, slots) {
            Some(value) => filled.push_str(&value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

fn value(name: &str, slots: &Slots) -> Option<String> {
    if let Some(value) = slots.get(name) {
        return Some(value.clone());
    }
    if let Some(base) = name.strip_suffix("_cap") {
        return slots.get(base).map(|value| recased(value, char::to_uppercase));
    }
    let base = name.strip_suffix("_low")?;
    slots.get(base).map(|value| recased(value, char::to_lowercase))
}

fn recased<I: Iterator<Item = char>>(text: &str, recase: impl Fn(char) -> I) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| recase(first).chain(letters).collect())
}

/// Keeps one alternative of each bracket; brackets may stand inside each other.
fn choose(text: &str, chance: &mut Chance) -> String {
    let mut chosen = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        chosen.push_str(before);
        let Some((alternatives, tail)) = bracket(&after[1..]) else {
            chosen.push('[');
            rest = &after[1..];
            continue;
        };
        let picked = chance.pick(&alternatives).copied().unwrap_or_default();
        chosen.push_str(&choose(picked, chance));
        rest = tail;
    }
    chosen.push_str(rest);
    chosen
}

/// Splits what follows an opening bracket into its alternatives and what comes after the closing one.
fn bracket(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut depth = 0_usize;
    let mut alternatives = Vec::new();
    let mut begin = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            '|' if depth == 0 => {
                alternatives.push(&text[begin..at]);
                begin = at + 1;
            }
            ']' if depth == 0 => {
                alternatives.push(&text[begin..at]);
                return Some((alternatives, &text[at + 1..]));
            }
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let slots = Slots::from([("site".to_owned(), "the yard".to_owned()), ("n".to_owned(), "3".to_owned())]);
        fill(text, &slots, &mut Chance::new(1, "fill"))
    }

    #[test]
    fn names_are_filled_in_and_recased() {
        assert_eq!(filled("{site_cap}: {n} at {site}"), "The yard: 3 at the yard");
        assert_eq!(filled("{nobody} and {open"), "{nobody} and {open");
    }

    #[test]
    fn one_wording_is_kept_also_inside_another() {
        for _ in 0..20 {
            let text = filled("[a|b[1|2]|]!");
            assert!(["a!", "b1!", "b2!", "!"].contains(&text.as_str()), "{text}");
        }
        assert_eq!(filled("open [a|b"), "open [a|b");
    }
}
