// The gallery: one tile for each person in the viewer's room.

import { byId, colourOf, element, face, icon } from "./elements.mjs";
import { roleInWords } from "./roles.mjs";

/** Tiles on one page of the gallery; more would be too small to read. */
const MOST = 25;
const RATIO = 16 / 9;
const GAP = 10;
const SPEAKS_MILLIS = 4200;

/** The columns with which `count` tiles of 16:9 become largest in the given space. */
export function columnsFor(count, width, height) {
  let best = { columns: 1, size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const wide = (width - GAP * (columns - 1)) / columns;
    const high = (height - GAP * (rows - 1)) / rows;
    const size = Math.min(wide, high * RATIO);
    if (size > best.size) best = { columns, size };
  }
  return best;
}

/** Who is muted until he speaks; the same people each time. Phones cannot be seen to mute. */
export const isMuted = (one) => colourOf(one.person) % 3 === 1 && !one.is_phone;

const voice = () =>
  element("span", { class: "voice", "aria-hidden": "true" }, element("i"), element("i"), element("i"));

/** Draws the gallery and keeps it. */
export class Stage {
  #client;
  #list = byId("tiles");
  #pager = byId("pager");
  #page = 0;
  #speaker = null;

  constructor(client) {
    this.#client = client;
    client.room.addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.#fit()).observe(byId("stage"));
    byId("page-back").addEventListener("click", () => this.#turn(-1));
    byId("page-on").addEventListener("click", () => this.#turn(1));
    if (!client.settings.isStill) setInterval(() => this.#nextSpeaker(), SPEAKS_MILLIS);
  }

  draw() {
    const people = this.#client.roommates();
    const pages = Math.max(1, Math.ceil(people.length / MOST));
    this.#page = Math.min(this.#page, pages - 1);
    const shown = people.slice(this.#page * MOST, (this.#page + 1) * MOST);
    if (!shown.some((one) => one.uuid === this.#speaker)) this.#speaker = this.#firstSpeaker(shown);
    this.#list.replaceChildren(...shown.map((one) => this.#tile(one)));
    this.#pager.hidden = pages === 1;
    byId("page-number").textContent = `${this.#page + 1}/${pages}`;
    byId("page-back").disabled = this.#page === 0;
    byId("page-on").disabled = this.#page === pages - 1;
    this.#fit();
  }

  #tile(one) {
    const isMe = one.person === this.#client.you?.key;
    const muted = isMe ? this.#client.settings.isMuted : isMuted(one);
    const speaks = one.uuid === this.#speaker;
    const marks = [muted ? icon("mic-off") : null, one.is_phone ? icon("phone") : null, speaks ? voice() : null];
    const role = roleInWords(one.role);
    const words = [one.name, isMe ? "you" : "", role, muted ? "muted" : ""].filter(Boolean).join(", ");
    return element(
      "li",
      {
        class: `tile colour-${colourOf(one.person)}`,
        "data-uuid": one.uuid,
        "data-person": one.person,
        "aria-label": words,
      },
      face(one),
      role ? element("span", { class: "badge" }, role) : null,
      element(
        "span",
        { class: "plate" },
        ...marks,
        element("span", { class: "name" }, isMe ? `${one.name} (you)` : one.name),
      ),
      speaks ? element("span", { class: "ring" }) : null,
    );
  }

  #fit() {
    const stage = byId("stage");
    const count = Math.max(1, this.#list.childElementCount);
    const { columns, size } = columnsFor(count, stage.clientWidth - 2 * GAP, stage.clientHeight - 2 * GAP);
    this.#list.style.setProperty("--columns", String(columns));
    this.#list.style.setProperty("--size", `${Math.floor(size)}px`);
  }

  #turn(pages) {
    this.#page += pages;
    this.draw();
  }

  #firstSpeaker(shown) {
    return shown.find((one) => !isMuted(one) && one.person !== this.#client.you?.key)?.uuid ?? null;
  }

  /** The ring goes round among those whose microphone is on. */
  #nextSpeaker() {
    const tiles = [...this.#list.children].filter((tile) => !tile.querySelector('use[href$="#mic-off"]'));
    if (tiles.length < 2) return;
    const index = tiles.findIndex((tile) => tile.dataset.uuid === this.#speaker);
    // Skipping some makes it look less like a clock.
    const next = tiles[(index + 1 + (tiles.length > 3 ? Math.floor(performance.now()) % 3 : 0)) % tiles.length];
    this.#speaker = next.dataset.uuid;
    for (const mark of this.#list.querySelectorAll(".ring, .voice")) mark.remove();
    next.append(element("span", { class: "ring" }));
    next.querySelector(".plate").prepend(voice());
  }
}
