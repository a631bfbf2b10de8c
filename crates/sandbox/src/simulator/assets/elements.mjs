// Elements without parsing HTML, so that a name may hold anything.

/** Makes an element. `on…` attributes are listeners, `true` is a bare attribute, null and false are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** An icon of the sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/simulator/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** First and last initial. */
export function initials(name) {
  const letters = name
    .split(/\s+/u)
    .map((word) => word.match(/[\p{L}\p{N}]/u)?.[0])
    .filter(Boolean);
  const [first] = letters;
  return [first, letters.length > 1 ? letters.at(-1) : ""].join("").toLocaleUpperCase();
}

/** One of twelve colours, the same for the same person each time. */
export function colourOf(key) {
  let hash = 7;
  for (const letter of key) hash = (hash * 31 + letter.codePointAt(0)) % 9973;
  return hash % 12;
}

/** The circle that stands for somebody. */
export function avatar(person, name) {
  return element("span", { class: `avatar colour-${colourOf(person)}`, "aria-hidden": "true" }, initials(name));
}

/** The circle of a participant: initials, or a telephone. */
export function face(one) {
  if (!one.is_phone) return avatar(one.person, one.name);
  return element("span", { class: `avatar colour-${colourOf(one.person)}`, "aria-hidden": "true" }, icon("phone"));
}
