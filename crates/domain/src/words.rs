//! The message catalogue: all that a person reads comes from `assets/messages/en.txt` (design 4.10).
//!
//! ```
//! use sidelight_domain::words::Word;
//! assert_eq!(Word::FieldTooMany.fill(&[("most", "500")]), "At most 500.");
//! ```

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl Word {
    /// The sentence, with its gaps unfilled.
    #[must_use]
    pub const fn text(self) -> &'static str {
        TEXTS[self as usize]
    }

    /// The sentence with its gaps filled. A gap without a value stays visible, which a test of the screen will notice.
    #[must_use]
    pub fn fill(self, values: &[(&str, &str)]) -> String {
        let mut filled = String::with_capacity(self.text().len() + 32);
        let mut rest = self.text();
        // One pass over the template only: a value that happens to contain `{…}` is never filled again.
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                rest = after;
                break;
            };
            if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
                filled.push_str(value);
            } else {
                filled.extend(["{", name, "}"]);
            }
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_once() {
        let filled = Word::FieldUnknownUser.fill(&[("email", "{tenant}"), ("tenant", "Lumen")]);
        assert_eq!(filled, "{tenant} is no user of Lumen.");
    }

    #[test]
    fn every_sentence_is_plain_and_complete() {
        for word in Word::ALL {
            let text = word.text();
            assert!(!text.trim().is_empty(), "{word:?} is empty");
            assert!(!text.contains("Oops") && !text.contains("!!"), "{word:?}: {text}");
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{word:?}: {text}");
        }
    }
}
