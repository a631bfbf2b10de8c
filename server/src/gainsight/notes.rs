//! Notes on their way to a screen: one sanitiser for everything that anybody ever pasted into a Timeline (`gainsight.md` 10.4).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

/// Longest preview; two lines of the panel are about half of it.
const PREVIEW: usize = 240;

/// What is shown: links say that they lead elsewhere.
static SHOWN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = rules();
    builder.link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// What is kept and sent: the same, but for what a browser would have to be told, so that cleaning twice changes nothing.
static KEPT: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = rules();
    builder.link_rel(None);
    builder
});

fn rules() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "div",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "li",
            "ol",
            "p",
            "pre",
            "s",
            "span",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "u",
            "ul",
        ]))
        // Neither `style` (our policy drops it), nor `class` and `id` (they could dress a note up as our own controls).
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .clean_content_tags(HashSet::from(["script", "style", "template", "noscript", "title"]));
    builder
}

/// HTML in which nothing runs, loads or leads to a script. Pictures are left out: our policy loads none from elsewhere.
#[must_use]
pub(super) fn safe_html(html: &str) -> String {
    SHOWN.clean(html).to_string()
}

/// A note from the editor, as it is kept: the same rules as for what is shown, before anybody counts its letters.
#[must_use]
pub fn cleaned_note(html: &str) -> String {
    KEPT.clean(html).to_string()
}

/// A note from the editor, as it is sent: in the tags that Gainsight is known to render (`gainsight.md` 10.4).
#[must_use]
pub fn note_for_gainsight(html: &str) -> String {
    let names = [("b", "strong"), ("i", "em")];
    // Neither has attributes once it is clean.
    names.iter().fold(cleaned_note(html), |html, (from, to)| {
        html.replace(&format!("<{from}>"), &format!("<{to}>")).replace(&format!("</{from}>"), &format!("</{to}>"))
    })
}

/// The beginning of a note as plain text. Gainsight's own plain text is preferred, where it gives one.
#[must_use]
pub(super) fn preview(plain: Option<&str>, html: &str) -> String {
    let text = match plain.map(str::trim) {
        Some(plain) if !plain.is_empty() => plain.to_owned(),
        _ => plain_text(html),
    };
    let mut words = String::with_capacity(PREVIEW + 4);
    for word in text.split_whitespace() {
        if words.chars().count() + word.chars().count() >= PREVIEW {
            let room = PREVIEW.saturating_sub(words.chars().count());
            // One endless word is cut; otherwise the last whole word ends the line.
            if words.is_empty() {
                words.extend(word.chars().take(room));
            }
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// The text of a note: blocks end words, entities become characters.
fn plain_text(html: &str) -> String {
    static STRIPPER: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = Builder::empty();
        builder.clean_content_tags(HashSet::from(["script", "style", "template", "noscript", "title"]));
        builder
    });
    let spaced = ["</p>", "<br", "</li>", "</div>", "</tr>", "</td>"]
        .iter()
        .fold(html.to_owned(), |text, end| text.replace(end, &format!(" {end}")));
    let stripped = STRIPPER.clean(&spaced).to_string();
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")]
        .iter()
        .fold(stripped, |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_or_loads_survives() {
        let hostile = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"  JaVaScRiPt:alert(1)\">x</a>",
            "<a href=\"data:text/html,x\">x</a>",
            "<p onclick=alert(1) style=\"position:fixed\" class=\"button\" id=\"app\">x</p>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<form action=//evil><button>x</button></form>",
            "<style>@import 'x'</style>",
        ];
        for html in hostile {
            let safe = [safe_html(html), cleaned_note(html), note_for_gainsight(html)].concat().to_lowercase();
            for danger in [
                "<script",
                "onerror",
                "onclick",
                "javascript:",
                "data:",
                "<img",
                "<iframe",
                "<form",
                "style",
                "class=",
                "id=",
                "<svg",
            ] {
                assert!(!safe.contains(danger), "{html} -> {safe}");
            }
        }
    }

    #[test]
    fn formatting_and_links_survive() {
        let html = "<p>A <strong>b</strong><br><a href=\"https://x.example/y\">c</a></p><ul><li>d</li></ul>";
        let safe = safe_html(html);
        assert!(safe.contains("<strong>b</strong>") && safe.contains("<li>d</li>"));
        assert!(safe.contains("rel=\"noopener noreferrer nofollow\""));
    }

    #[test]
    fn what_was_cleaned_stays_as_it_is() {
        for html in [
            "<p>A <b>b</b> &amp; <a href=\"https://x.example/?a=1&amp;b=2\">c</a>&nbsp;d</p>",
            "<ul><li>\u{2610} e</li></ul><h3>f</h3>",
        ] {
            assert_eq!(cleaned_note(html), html);
        }
    }

    #[test]
    fn a_note_is_sent_in_the_tags_that_gainsight_renders() {
        assert_eq!(note_for_gainsight("<p><b>a</b> <i>b</i><br></p>"), "<p><strong>a</strong> <em>b</em><br></p>");
    }

    #[test]
    fn previews_are_text_with_spaces_between_blocks() {
        assert_eq!(
            preview(None, "<p>One</p><p>two&nbsp;&amp; three &lt;b&gt;</p><script>x</script>"),
            "One two & three <b>"
        );
        assert_eq!(preview(Some(" plain  text "), "<p>html</p>"), "plain text");
        assert_eq!(preview(Some("  "), "<p>html</p>"), "html");
    }

    #[test]
    fn long_previews_end_with_a_whole_word() {
        let cut = preview(Some(&"word ".repeat(200)), "");
        assert!(cut.ends_with("word…") && cut.chars().count() <= PREVIEW + 1, "{cut}");
        assert_eq!(preview(Some(&"x".repeat(10_000)), "").chars().count(), PREVIEW + 1);
    }
}
