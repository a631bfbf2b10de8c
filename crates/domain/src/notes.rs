//! Notes as Gainsight keeps them: HTML (`gainsight.md` 10.4).

use serde::{Deserialize, Serialize};

/// How a note is written down.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NotesFormat {
    /// As typed.
    #[default]
    Plain,
    /// As the editor wrote it: HTML that the server has cleaned.
    Html,
}

impl NotesFormat {
    /// The note as HTML.
    #[must_use]
    pub fn html(self, notes: &str) -> String {
        match self {
            Self::Plain => notes_from_plain_text(notes),
            Self::Html => notes.to_owned(),
        }
    }

    /// The note as it can be typed.
    #[must_use]
    pub fn plain(self, notes: &str) -> String {
        match self {
            Self::Plain => notes.to_owned(),
            Self::Html => plain_text_of_notes(notes),
        }
    }

    /// Whether nothing is written there.
    #[must_use]
    pub fn is_blank(self, notes: &str) -> bool {
        match self {
            Self::Plain => notes.trim().is_empty(),
            Self::Html => plain_text_of_notes(notes).trim().is_empty(),
        }
    }
}

/// Turns what somebody typed into the HTML that a Timeline shows as typed.
///
/// A blank line starts a paragraph, a single line break stays one, lines that start with `- ` or `* ` become a list. Plain
/// newlines would be shown as one blob. Everything else is escaped: what looks like a tag is text.
#[must_use]
pub fn notes_from_plain_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for block in text.replace("\r\n", "\n").split("\n\n") {
        let mut lines = block.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).peekable();
        while let Some(line) = lines.peek() {
            if bullet(line).is_some() {
                html.push_str("<ul>");
                while let Some(item) = lines.peek().and_then(|line| bullet(line)) {
                    html.push_str("<li>");
                    escape_into(item, &mut html);
                    html.push_str("</li>");
                    lines.next();
                }
                html.push_str("</ul>");
            } else {
                html.push_str("<p>");
                let mut first = true;
                while let Some(line) = lines.next_if(|line| bullet(line).is_none()) {
                    if !first {
                        html.push_str("<br>");
                    }
                    first = false;
                    escape_into(line, &mut html);
                }
                html.push_str("</p>");
            }
        }
    }
    html
}

fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start();
    ["- ", "* ", "• "].into_iter().find_map(|mark| line.strip_prefix(mark))
}

fn escape_into(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\t' => html.push(' '),
            other if other.is_control() => {}
            other => html.push(other),
        }
    }
}

/// The text of a cleaned note, with the lines that a reader sees: the other way of [`notes_from_plain_text`].
#[must_use]
pub fn plain_text_of_notes(html: &str) -> String {
    let mut text = Lines::default();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.write(before);
        let Some((tag, behind)) = after.split_once('>') else { return text.written };
        text.obey(tag);
        rest = behind;
    }
    text.write(rest);
    text.written
}

/// A text that grows line by line.
#[derive(Default)]
struct Lines {
    written: String,
    /// Line breaks that come before whatever is written next.
    pending: usize,
    /// How deep in lists.
    depth: usize,
}

impl Lines {
    fn write(&mut self, escaped: &str) {
        if escaped.trim().is_empty() && self.pending > 0 {
            return;
        }
        self.begin();
        let entities =
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&#39;", "'"), ("&amp;", "&")];
        let plain = entities.iter().fold(escaped.to_owned(), |text, (entity, letter)| text.replace(entity, letter));
        self.written.push_str(&plain);
    }

    /// Breaks the line as often as was asked for; never at the beginning.
    fn begin(&mut self) {
        let breaks = std::mem::take(&mut self.pending);
        if !self.written.is_empty() {
            self.written.extend(std::iter::repeat_n('\n', breaks));
        }
    }

    fn obey(&mut self, tag: &str) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        let is_end = tag.starts_with('/');
        match name {
            "br" => self.pending += 1,
            "li" if !is_end => {
                self.pending = self.pending.max(1);
                self.begin();
                self.written.extend(std::iter::repeat_n("  ", self.depth.saturating_sub(1)));
                self.written.push_str("- ");
            }
            "ul" | "ol" => {
                self.depth = if is_end { self.depth.saturating_sub(1) } else { self.depth + 1 };
                self.pending = self.pending.max(if self.depth + usize::from(is_end) > 1 { 1 } else { 2 });
            }
            "li" | "div" | "tr" => self.pending = self.pending.max(1),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "table" | "hr" => {
                // A paragraph in an item begins right behind its mark.
                let is_marked = self.pending == 0 && self.written.ends_with("- ");
                let breaks = if is_marked {
                    0
                } else if self.depth > 0 {
                    1
                } else {
                    2
                };
                self.pending = self.pending.max(breaks);
            }
            "td" | "th" if is_end => self.written.push(' '),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_text_of_a_note_has_the_lines_that_a_reader_sees() {
        let cases = [
            ("", ""),
            ("<p>One</p>", "One"),
            ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
            (
                "<p>Next:</p><ul><li>call <b>Bo</b></li><li>send</li></ul><p>Done</p>",
                "Next:\n\n- call Bo\n- send\n\nDone",
            ),
            ("<ul><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
            ("<h3>Plan</h3><p>x &lt;y&gt; &amp;amp;</p>", "Plan\n\nx <y> &amp;"),
            ("<p><br></p><p>&nbsp;</p>", " "),
            ("<p>broken <b", "broken "),
        ];
        for (html, text) in cases {
            assert_eq!(plain_text_of_notes(html), text, "{html:?}");
        }
    }

    #[test]
    fn a_note_of_marks_alone_is_blank() {
        for (format, notes, is) in [
            (NotesFormat::Plain, " \n", true),
            (NotesFormat::Html, "<p><br></p>", true),
            (NotesFormat::Html, "<p>&nbsp;</p>", true),
            (NotesFormat::Html, "<p>x</p>", false),
            (NotesFormat::Plain, "<p></p>", false),
        ] {
            assert_eq!(format.is_blank(notes), is, "{notes:?}");
        }
    }

    #[test]
    fn paragraphs_breaks_and_lists_survive() {
        let cases = [
            ("", ""),
            ("One line", "<p>One line</p>"),
            ("One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"),
            (
                "Next:\n- call Bo\n- send deck\nDone",
                "<p>Next:</p><ul><li>call Bo</li><li>send deck</li></ul><p>Done</p>",
            ),
            ("a\r\n\r\nb", "<p>a</p><p>b</p>"),
            ("<script>alert(1)</script> & co", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; co</p>"),
        ];
        for (text, html) in cases {
            assert_eq!(notes_from_plain_text(text), html, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_typed_comes_back_from_its_html(lines in proptest::collection::vec("[a-z<&>\"]{1,9}( [a-z]{1,9}){0,3}", 1..6)) {
            let text = lines.join("\n\n");
            prop_assert_eq!(plain_text_of_notes(&notes_from_plain_text(&text)), text);
        }

        #[test]
        fn no_typed_text_ever_becomes_a_tag(text in "\\PC{0,200}") {
            let html = notes_from_plain_text(&text);
            let bare = ["<p>", "</p>", "<br>", "<ul>", "</ul>", "<li>", "</li>"].iter().fold(html, |html, tag| html.replace(tag, ""));
            prop_assert!(!bare.contains('<') && !bare.contains('>'));
        }
    }
}
