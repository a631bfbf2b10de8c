// What a note may be made of. Whatever is pasted or dropped becomes this; the server holds to the same list for good
// (server/src/gainsight/notes.rs), so this is for the eye and for the page that shows it meanwhile.

import DOMPurify from "dompurify";

/** The tags that a note keeps, of those that a Timeline shows (gainsight.md 10.4). */
const TAGS = [
  "a", "b", "blockquote", "br", "code", "em", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table",
  "tbody", "td", "th", "thead", "tr", "u", "ul",
  // Where Squire remembers the caret while it works.
  "input",
];
const RULES = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ["href", "id", "type"],
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  RETURN_DOM_FRAGMENT: true,
};
/** Below a panel's own headings, two levels are enough. */
const HEADINGS = { H1: "h3", H2: "h3", H5: "h4", H6: "h4" };
/** Word processors say with a style what a tag would have said. */
const LOOKS = [
  ["b", /font-weight:\s*(?:bold|[6-9]00)/],
  ["i", /font-style:\s*italic/],
  ["s", /text-decoration(?:-line)?:[^;]*line-through/],
];
export const [OPEN_BOX, TICKED_BOX] = ["\u2610", "\u2611"];

/**
 * A fragment of clean nodes. It is parsed in a document that loads and runs nothing; styles and handlers are read under other names,
 * because the page's policy would report each one.
 */
export function clean(html) {
  const parsed = new DOMParser().parseFromString(inert(html), "text/html");
  rework(parsed.body);
  const fragment = DOMPurify.sanitize(parsed.body.innerHTML, RULES);
  for (const node of fragment.querySelectorAll("[id], input")) {
    if (!/^squire-selection-(?:start|end)$/.test(node.id)) {
      node.tagName === "INPUT" ? node.remove() : node.removeAttribute("id");
    }
  }
  return document.importNode(fragment, true);
}

/** Without style sheets, and with each `style` and handler inside a tag under a name that means nothing. */
export function inert(html) {
  return html
    .replace(/<style\b[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)(?=\s*=)/gi, "$1 data-$2"));
}

function rework(body) {
  for (const element of body.querySelectorAll("[data-style]")) {
    const style = element.dataset.style.toLowerCase();
    if (/display:\s*none/.test(style)) {
      element.remove();
    } else if (/^(?:B|STRONG)$/.test(element.tagName) && /font-weight:\s*(?:normal|400)/.test(style)) {
      // Google Docs wraps all that it copies in one of these.
      element.replaceWith(...element.childNodes);
    } else if (element.tagName === "SPAN") {
      LOOKS.filter(([, look]) => look.test(style)).forEach(([tag]) => wrap(element, tag));
    }
  }
  for (const box of body.querySelectorAll("input[type=checkbox]")) {
    const isSpaced = /^\s/.test(box.nextSibling?.data ?? "");
    box.replaceWith((box.hasAttribute("checked") ? TICKED_BOX : OPEN_BOX) + (isSpaced ? "" : " "));
  }
  for (const [from, to] of Object.entries(HEADINGS)) {
    body.querySelectorAll(from).forEach((heading) => rename(heading, to));
  }
}

function wrap(element, tag) {
  const inner = element.ownerDocument.createElement(tag);
  inner.append(...element.childNodes);
  element.append(inner);
}

/** What the editor made, as a note is kept: paragraphs for blocks, no spaces that only the caret needed, nothing empty at the end. */
export function tidy(html) {
  return html
    .replace(/<(\/?)div>/g, "<$1p>")
    .replace(/([^\s>;]|<\/(?:a|b|i|u|s|em|strong)>)&nbsp;(?=(?:<[^>]*>)*[^\s<&])/g, "$1 ")
    .replace(/([^>])<br>(?=<\/(?:p|li|h3|h4)>)/g, "$1")
    .replace(/<\/a><br>(?=<\/(?:p|li)>)/g, "</a>")
    .replace(/(?:<p>(?:<br>)?<\/p>)+$/, "");
}

/** Puts another tag in the place of an element. */
export function rename(element, tag) {
  const renamed = element.ownerDocument.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}
