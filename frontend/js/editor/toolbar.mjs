// The buttons above the note: one stop for the Tab key, arrows between them.

/* global EDITOR_WORDS, EDITOR_ICONS */

/** A toolbar with these tools: `{ name, shortcut, press, isOn }`. */
export function toolbar(tools, area) {
  const bar = document.createElement("div");
  bar.className = "rich-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", EDITOR_WORDS.tools);
  bar.setAttribute("aria-controls", area.id);
  const buttons = tools.map((tool, index) => button(tool, index));
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (document.dir === "rtl" ? -1 : 1);
    const at = buttons.indexOf(document.activeElement);
    if (step && at >= 0) {
      event.preventDefault();
      rest(buttons, (at + step + buttons.length) % buttons.length).focus();
    }
  });
  return {
    bar,
    /** Shows which tools apply where the caret is. */
    show: () => tools.forEach(({ isOn }, index) => buttons[index].setAttribute("aria-pressed", String(isOn()))),
    lock: (is) => buttons.forEach((one) => (one.disabled = is)),
  };
}

function button({ name, shortcut, press }, index) {
  const made = document.createElement("button");
  made.type = "button";
  made.tabIndex = index === 0 ? 0 : -1;
  made.title = shortcut ? `${EDITOR_WORDS[name]} (${shortcut})` : EDITOR_WORDS[name];
  made.setAttribute("aria-label", EDITOR_WORDS[name]);
  made.innerHTML = EDITOR_ICONS[name];
  // The selection stays where it is while a button is pressed.
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", press);
  return made;
}

function rest(buttons, at) {
  buttons.forEach((one, index) => (one.tabIndex = index === at ? 0 : -1));
  return buttons[at];
}
