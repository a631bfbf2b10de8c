//! Notes as Gainsight keeps them: HTML (`gainsight.md` 10.4).

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        fn no_typed_text_ever_becomes_a_tag(text in "\\PC{0,200}") {
            let html = notes_from_plain_text(&text);
            let bare = ["<p>", "</p>", "<br>", "<ul>", "</ul>", "<li>", "</li>"].iter().fold(html, |html, tag| html.replace(tag, ""));
            prop_assert!(!bare.contains('<') && !bare.contains('>'));
        }
    }
}
