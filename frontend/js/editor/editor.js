// The note's rich editor: loaded when somebody begins to write, apart from what opens the panel (docs/adr/0006-panel-size.md).
//
// It speaks HTML with the program. What is pasted is cleaned here for the eye, and by the server for good.

import Squire from "squire-rte";
import { OPEN_BOX, TICKED_BOX, clean, rename, tidy } from "./clean.mjs";
import { linkLine } from "./link.mjs";
import { htmlOf } from "./markdown.mjs";
import { toolbar } from "./toolbar.mjs";

/* global EDITOR_WORDS */

/** What the program puts where the caret was in the plain field. */
const CARET = "\uE000";
/** A document of this many characters is no note, and cleaning it would hold up the panel. */
const LONGEST_PASTE = 1_000_000;
const BOX = /^[\u2610\u2611][ \u00A0]?/;
/** A space at the end of a line would not be seen, nor kept. */
const NEW_BOX = `${OPEN_BOX}\u00A0`;
const isMac = /Mac|iP(?:hone|ad)/.test(navigator.platform);
const KEY = isMac ? "⌘" : "Ctrl+";

/**
 * Puts an editor into `host`. `changed` hears what the note says after each change; `refused` hears why something was not taken in,
 * with the length that a note may have in `longest`.
 */
export function mount(host, html, longest, changed, refused) {
  const area = document.createElement("div");
  Object.assign(area, { id: "composer-rich", className: "rich-area prose" });
  const attributes = {
    role: "textbox", "aria-multiline": "true", "aria-label": EDITOR_WORDS.note, "aria-describedby": "composer-notes-error",
    "data-placeholder": EDITOR_WORDS.hint, spellcheck: "true",
  };
  Object.entries(attributes).forEach(([name, value]) => area.setAttribute(name, value));
  const squire = new Squire(area, { blockTag: "P", sanitizeToDOMFragment: clean, addLinks: true, didError: report });
  const links = linkLine((answer) => setLink(squire, answer));
  const tools = toolbar(toolsOf(squire, links), area);
  host.replaceChildren(tools.bar, links.line, area);
  keys(squire, host, links);
  paste(squire, host, longest, refused);
  tickBoxes(squire, area);

  let said;
  const show = (text) => {
    squire.setHTML(text);
    said = tidy(squire.getHTML());
    area.classList.toggle("is-empty", isEmpty(area));
  };
  show(html);
  takeCaret(squire, area);
  said = tidy(squire.getHTML());
  tools.show();
  squire.addEventListener("input", () => {
    const is = isEmpty(area);
    area.classList.toggle("is-empty", is);
    tools.show();
    const now = tidy(squire.getHTML());
    // Looks alone, such as being locked, are no change.
    if (now !== said) {
      said = now;
      changed(is ? "" : now);
    }
  });
  ["pathChange", "select", "cursor"].forEach((event) => squire.addEventListener(event, tools.show));
  return {
    show,
    focus: () => squire.focus(),
    lock(is) {
      area.contentEditable = String(!is);
      area.setAttribute("aria-readonly", String(is));
      tools.lock(is);
    },
  };
}

function report(error) {
  console.warn("Sidelight: the editor could not do that.", error?.name);
}

function isEmpty(area) {
  return area.textContent.replace(/\u200B/g, "").trim() === "" && !area.querySelector("li, hr, table");
}

/** Puts the caret where the program marked it, else at the end. */
function takeCaret(squire, area) {
  const walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const at = text.data.indexOf(CARET);
    if (at >= 0) {
      text.deleteData(at, CARET.length);
      // A space at the end of a line that somebody is typing would not be seen, nor kept.
      if (at > 0 && at === text.length && text.data.endsWith(" ")) text.replaceData(at - 1, 1, "\u00A0");
      // Nor would a line that has just begun.
      if (text.data === "") text.after(document.createElement("br"));
      const range = document.createRange();
      range.setStart(text, at);
      // What is undone later must not bring the mark back.
      squire.setSelection(range);
      return;
    }
  }
  squire.moveCursorToEnd();
}

function toolsOf(squire, links) {
  const format = (name, tag, key, on, off) => ({
    name,
    shortcut: KEY + key,
    isOn: () => squire.hasFormat(tag),
    press: () => (squire.hasFormat(tag) ? squire[off]() : squire[on]()),
  });
  const list = (name, tag, key, on, isChecklist = false) => {
    const isOn = () => squire.hasFormat(tag) && BOX.test(itemOf(squire)?.textContent ?? "") === isChecklist;
    return { name, shortcut: key && KEY + key, isOn, press: () => (isOn() ? squire.removeList() : on()) };
  };
  return [
    format("bold", "B", "B", "bold", "removeBold"),
    format("italic", "I", "I", "italic", "removeItalic"),
    { name: "heading", isOn: () => isHeading(squire), press: () => toggleHeading(squire) },
    list("list", "UL", "Shift+8", () => squire.makeUnorderedList()),
    list("numbers", "OL", "Shift+9", () => squire.makeOrderedList()),
    list("checks", "UL", "", () => makeChecklist(squire), true),
    { name: "link", shortcut: `${KEY}K`, isOn: () => squire.hasFormat("A"), press: () => openLink(squire, links) },
  ];
}

const isHeading = (squire) => ["H3", "H4"].some((tag) => squire.hasFormat(tag));

function toggleHeading(squire) {
  const is = isHeading(squire);
  squire.modifyBlocks((fragment) => {
    fragment.querySelectorAll(is ? "h3, h4" : "p").forEach((block) => rename(block, is ? "p" : "h3"));
    return fragment;
  });
  squire.focus();
}

/** The item of a list that the caret is in. */
function itemOf(squire) {
  const { startContainer: at } = squire.getSelection();
  return (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement)?.closest("li");
}

/** A list whose items begin with a box: Gainsight keeps text, not fields. */
function makeChecklist(squire) {
  squire.makeUnorderedList();
  const { startContainer, endContainer, commonAncestorContainer: within } = squire.getSelection();
  const inside = within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement;
  const list = inside.closest("ul") ?? inside;
  const range = document.createRange();
  range.setStart(startContainer, 0);
  range.setEnd(endContainer, endContainer.textContent.length && endContainer.nodeType === Node.TEXT_NODE ? endContainer.length : endContainer.childNodes.length);
  for (const item of list.querySelectorAll("li")) {
    if (range.intersectsNode(item) && !BOX.test(item.textContent)) {
      const place = item.querySelector("p, h3, h4") ?? item;
      place.prepend(NEW_BOX);
    }
  }
  const item = itemOf(squire);
  if (item && item.textContent === NEW_BOX) {
    caretAtEnd(squire, item);
  }
  squire.focus();
}

function caretAtEnd(squire, item) {
  const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) last = text;
  if (last) {
    const range = document.createRange();
    range.setStart(last, last.length);
    squire.setSelection(range);
  }
}

/** A press on a box ticks it; Enter goes on with a box of its own, and leaves the list where nothing was written. */
function tickBoxes(squire, area) {
  area.addEventListener("click", ({ target, clientX, clientY }) => {
    const text = document.createTreeWalker(target, NodeFilter.SHOW_TEXT).nextNode();
    if (area.contentEditable !== "true" || !target.closest("li") || !text || !BOX.test(text.data)) return;
    const box = document.createRange();
    box.setStart(text, 0);
    box.setEnd(text, 1);
    const { left, right, top, bottom } = box.getBoundingClientRect();
    if (clientX >= left - 4 && clientX <= right + 4 && clientY >= top && clientY <= bottom) {
      squire.saveUndoState();
      text.replaceData(0, 1, text.data[0] === OPEN_BOX ? TICKED_BOX : OPEN_BOX);
    }
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const before = itemOf(squire);
    if (!before || !BOX.test(before.textContent)) return;
    if (before.textContent.replace(BOX, "").trim() === "") {
      event.preventDefault();
      before.replaceChildren(document.createElement("br"));
      const range = document.createRange();
      range.setStart(before, 0);
      squire.setSelection(range);
      squire.removeList();
      return;
    }
    // Squire splits the item first.
    setTimeout(() => {
      const item = itemOf(squire);
      if (item && item !== before && !BOX.test(item.textContent)) {
        (item.querySelector("p") ?? item).prepend(NEW_BOX);
        if (item.textContent === NEW_BOX) caretAtEnd(squire, item);
      }
    });
  });
}

function keys(squire, host, links) {
  // A dash begins a list as a star does.
  host.addEventListener("keydown", ({ key }) => {
    const { startContainer: at, startOffset, collapsed } = squire.getSelection();
    const block = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement)?.closest("p, li");
    if (key === " " && collapsed && startOffset === 1 && at.data === "-" && block?.textContent === "-") {
      at.data = "*";
      const range = document.createRange();
      range.setStart(at, 1);
      squire.setSelection(range);
    }
  }, true);
  // Tab leads out, as everywhere; Ctrl+] and Ctrl+[ indent.
  squire.setKeyHandler("Tab", null).setKeyHandler("Shift-Tab", null);
  squire.setKeyHandler(isMac ? "Meta-k" : "Ctrl-k", (_, event) => {
    event.preventDefault();
    openLink(squire, links);
  });
}

function openLink(squire, links) {
  const { startContainer: at } = squire.getSelection();
  const link = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement)?.closest("a");
  links.open(link?.getAttribute("href") ?? "");
}

function setLink(squire, answer) {
  squire.focus();
  if (answer === "") {
    squire.removeLink();
  } else if (answer !== undefined) {
    squire.makeLink(answer);
  }
}

/** Takes over from the browser and from Squire what is pasted or dropped: cleaned, or refused with words and nothing changed. */
function paste(squire, host, longest, refused) {
  const inNote = ({ target }) => squire.getRoot().contains(target);
  let [isPlain, isMoved] = [false, false];
  host.addEventListener("keydown", ({ shiftKey }) => (isPlain = shiftKey), true);
  host.addEventListener("dragstart", () => (isMoved = true));
  host.addEventListener("dragend", () => (isMoved = false));
  const take = (event, data) => {
    if (!inNote(event)) {
      return undefined;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const [html, text] = [data.getData("text/html"), data.getData("text/plain")];
    if (html === "" && text === "") {
      return refused(EDITOR_WORDS.no_pictures);
    }
    const isHtml = html !== "" && !(isPlain && text !== "");
    if ((isHtml ? html : text).length > LONGEST_PASTE) {
      return refused(EDITOR_WORDS.too_much);
    }
    const cleaned = document.createElement("div");
    cleaned.append(clean(isHtml ? html : htmlOf(text)));
    if (cleaned.innerHTML.length + squire.getHTML().length > longest) {
      return refused(EDITOR_WORDS.too_much);
    }
    return squire.insertHTML(cleaned.innerHTML);
  };
  host.addEventListener("paste", (event) => take(event, event.clipboardData), true);
  // What is moved about within the note is Squire's.
  host.addEventListener("drop", (event) => isMoved || take(event, event.dataTransfer), true);
}
