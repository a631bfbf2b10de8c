//! Notes as different people leave them behind: clean, pasted from a mail program, without any mark-up.

/// How somebody's notes look like in HTML.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hand {
    /// Written in the editor.
    Clean,
    /// Pasted from a mail program, with its styles.
    Pasted,
    /// One block with line breaks.
    Breaks,
    /// Sent by a script: newlines only, which show as one blob (`gainsight.md` 10.4).
    Blob,
    /// Divisions and non-breaking blanks.
    Divisions,
}

impl Hand {
    /// Everybody keeps to one way, most to the clean one.
    pub(super) fn of(author: &str) -> Self {
        let sum = author.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
        match sum % 10 {
            0..=4 => Self::Clean,
            5 | 6 => Self::Pasted,
            7 => Self::Breaks,
            8 => Self::Divisions,
            _ => Self::Blob,
        }
    }

    /// Turns a text of paragraphs, `- ` lists and `**strong**` words into HTML.
    pub(super) fn write(self, text: &str) -> String {
        let text = text.trim();
        match self {
            Self::Clean => blocks(text, "<p>", "</p>", "<ul>", "<li>"),
            Self::Pasted => {
                let style = "font-family:Calibri,sans-serif;font-size:11pt;margin:0cm";
                let paragraph =
                    format!(r#"<p class="MsoNormal" style="{style}"><span lang="EN-US" style="color:#1F497D">"#);
                blocks(
                    text,
                    &paragraph,
                    "</span></p>",
                    r#"<ul style="margin-top:0cm" type="disc">"#,
                    r#"<li class="MsoListParagraph" style="margin-left:0cm">"#,
                )
            }
            Self::Breaks => strong(&escape(text)).replace("\n\n", "<br><br>").replace('\n', "<br>"),
            Self::Divisions => blocks(text, "<div>", "</div><div>&nbsp;</div>", "<ul>", "<li>"),
            Self::Blob => escape(&text.replace("**", "")),
        }
    }
}

fn blocks(text: &str, open: &str, close: &str, list: &str, item: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    for block in text.split("\n\n") {
        let mut lines = block.lines().filter(|line| !line.trim().is_empty()).peekable();
        while let Some(line) = lines.next() {
            if let Some(first) = line.strip_prefix("- ") {
                html.push_str(list);
                html.extend([item, &strong(&escape(first)), "</li>"]);
                while let Some(next) = lines.next_if(|line| line.starts_with("- ")) {
                    html.extend([item, &strong(&escape(&next[2..])), "</li>"]);
                }
                html.push_str("</ul>");
            } else {
                html.extend([open, &strong(&escape(line)), close]);
            }
        }
    }
    html
}

fn strong(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for (number, part) in text.split("**").enumerate() {
        if number > 0 {
            html.push_str(if number % 2 == 1 { "<strong>" } else { "</strong>" });
        }
        html.push_str(part);
    }
    html
}

/// Makes a text safe inside an element.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter => html.push(letter),
        }
    }
    html
}

/// The text of an HTML note, as `NotesPlainText` has it (`gainsight.md` 10.3).
pub(crate) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else {
            rest = "";
            break;
        };
        let tag = rest[open + 1..open + close].trim_start_matches('/').to_ascii_lowercase();
        let name = tag.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        if matches!(name, "p" | "br" | "li" | "div" | "ul" | "ol" | "tr" | "hr" | "h1" | "h2" | "h3")
            && !text.ends_with('\n')
        {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    unescaped(text.trim())
}

fn unescaped(text: &str) -> String {
    const ENTITIES: &[(&str, &str)] =
        &[("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, _)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = &rest[before.len()..];
        let known = ENTITIES.iter().find(|(name, _)| entity.starts_with(name)).unwrap_or(&("&", "&"));
        plain.push_str(known.1);
        rest = &entity[known.0.len()..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "We **agreed**:\n\n- first & <second>\n- third\n\nBye.";

    #[test]
    fn every_hand_writes_the_same_text() {
        for hand in [Hand::Clean, Hand::Pasted, Hand::Divisions] {
            let text = plain_text(&hand.write(TEXT));
            let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            assert_eq!(lines, ["We agreed:", "first & <second>", "third", "Bye."], "{hand:?}");
        }
    }

    #[test]
    fn the_editor_writes_plain_elements() {
        let html = Hand::Clean.write(TEXT);
        assert_eq!(
            html,
            "<p>We <strong>agreed</strong>:</p><ul><li>first &amp; &lt;second&gt;</li><li>third</li></ul><p>Bye.</p>"
        );
        assert_eq!(Hand::Blob.write("a\n**b**"), "a\nb");
        assert_eq!(Hand::Breaks.write("a\nb\n\nc"), "a<br>b<br><br>c");
    }

    #[test]
    fn broken_markup_does_not_swallow_what_came_before() {
        assert_eq!(plain_text("kept <b"), "kept");
        assert_eq!(plain_text("a<br/>b"), "a\nb");
    }
}
