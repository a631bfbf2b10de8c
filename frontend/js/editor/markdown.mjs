// Text that was pasted: Markdown where it is, otherwise as it stands.

import { Marked } from "marked";

/** What looks like a tag in a text is text. */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const markdown = new Marked({ gfm: true, breaks: true, renderer: { html: ({ text }) => escaped(text) } });

/** What begins a line of Markdown, and hardly a line of anything else. */
const LINES = /^(?:#{1,6} \S|\s{0,3}[-*+] \S|\s{0,3}\d{1,3}[.)] \S|> \S|```)/m;
const SPANS = /\*\*\S[^*\n]*\*\*|(?<![\w!])\[[^\]\n]+\]\(https?:\/\/[^)\s]+\)/;

/** Whether somebody meant Markdown. A star or an underscore alone does not say so. */
export function isMarkdown(text) {
  return LINES.test(text) || SPANS.test(text);
}

/** The text as HTML, not cleaned yet. */
export function htmlOf(text) {
  const lines = text.replace(/\r\n?/g, "\n");
  return isMarkdown(lines) ? markdown.parse(lines) : plain(lines);
}

function plain(text) {
  const [first, ...more] = escaped(text).split(/\n(?:[ \t]*\n)+/).map((block) => block.replace(/\n/g, "<br>"));
  // A text without a blank line goes on in the line where it is pasted.
  return more.length === 0 ? first : [first, ...more].map((block) => `<p>${block}</p>`).join("");
}
