//! A caret's way from the plain field into the editor.

/// A letter of nobody's, which the editor takes out again (`frontend/js/editor/editor.js`).
const MARK: char = '\u{e000}';

/// The text with a mark where the caret is, counted as browsers count. Also at the end: a space that was just typed would not survive there.
#[must_use]
pub fn marked(text: &str, caret: u32) -> String {
    let mut before = 0;
    for (at, letter) in text.char_indices() {
        if before >= caret {
            return format!("{}{MARK}{}", &text[..at], &text[at..]);
        }
        before += u32::try_from(letter.len_utf16()).unwrap_or(2);
    }
    if text.is_empty() { String::new() } else { format!("{text}{MARK}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_where_the_caret_was() {
        let cases = [
            ("", 0, ""),
            ("ab", 0, "\u{e000}ab"),
            ("ab", 1, "a\u{e000}b"),
            ("ab", 2, "ab\u{e000}"),
            ("ab ", u32::MAX, "ab \u{e000}"),
            ("😀b", 2, "😀\u{e000}b"),
        ];
        for (text, caret, expected) in cases {
            assert_eq!(marked(text, caret), expected, "{text:?} {caret}");
        }
    }
}
