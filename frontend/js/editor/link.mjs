// The line in which a link's address is typed.

/* global EDITOR_WORDS */

/** An address that a note may hold, or nothing. */
export function address(typed) {
  const text = typed.trim();
  if (text === "" || /\s/.test(text)) {
    return undefined;
  }
  const isMail = /^[^@/:]+@[^@/:]+\.[a-z]{2,}$/i.test(text);
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]*:\d+(?:\/|$)/.test(text) ? text : isMail ? `mailto:${text}` : `https://${text}`;
  return URL.canParse(whole) && /^(?:https?|mailto|tel):/i.test(whole) ? whole : undefined;
}

/** The line; `done` gets an address, an empty text to take the link away, or nothing to leave it. */
export function linkLine(done) {
  const line = document.createElement("div");
  line.className = "rich-link";
  line.hidden = true;
  const field = document.createElement("input");
  field.type = "url";
  field.placeholder = "https://";
  field.setAttribute("aria-label", EDITOR_WORDS.address);
  const end = (answer) => {
    line.hidden = true;
    done(answer);
  };
  const set = () => {
    const whole = address(field.value);
    field.setAttribute("aria-invalid", String(whole === undefined));
    whole === undefined ? field.focus() : end(whole);
  };
  const button = (word, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button small";
    made.textContent = word;
    made.addEventListener("click", press);
    return made;
  };
  const remove = button(EDITOR_WORDS.unlink, () => end(""));
  line.append(field, button(EDITOR_WORDS.set, set), remove);
  line.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      set();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      end();
    }
  });
  return {
    line,
    open(current) {
      field.value = current;
      field.removeAttribute("aria-invalid");
      remove.hidden = current === "";
      line.hidden = false;
      field.focus();
    },
  };
}
