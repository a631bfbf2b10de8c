// The list of participants beside the gallery, with what Zoom's rules tell the host's app about each.

import { step } from "./control.mjs";
import { byId, element, face } from "./elements.mjs";
import { roleInWords } from "./roles.mjs";

const DISCLOSED = {
  registered: "Registered",
  calendar_invitation: "On the invitation",
  external_authentication: "External authentication",
  authentication_exception: "Authentication exception",
  breakout_assignment: "Assigned to a breakout room",
};
const STANDING = { unauthenticated: "not signed in", authenticated: "app not added", authorized: "app added" };

/** What the host's app sees of somebody, and why (zoom.md 7.6): the address, and the reason. */
export function disclosureInWords(one) {
  if (one.is_phone) return ["Telephone", ""];
  if (!one.email) return ["No e-mail for the host's app", ""];
  return [one.email, one.is_own_account ? "Same account" : (DISCLOSED[one.disclosure] ?? "")];
}

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** Draws the list and keeps it. */
export class PeopleList {
  #client;

  constructor(client) {
    this.#client = client;
    client.room.addEventListener("change", () => this.draw());
  }

  draw() {
    const { participants } = this.#client.room;
    const waiting = participants.filter((one) => one.is_waiting);
    byId("people-count").textContent = String(participants.length - waiting.length);
    byId("bar-count").textContent = String(participants.length - waiting.length);
    if (byId("people").hidden) return;
    const inside = participants.filter((one) => !one.is_waiting);
    byId("waiting").hidden = waiting.length === 0;
    byId("waiting-list").replaceChildren(...waiting.map((one) => this.#row(one, this.#admission(one))));
    byId("people-list").replaceChildren(...inside.map((one) => this.#row(one, null)));
  }

  #row(one, action) {
    const [address, reason] = disclosureInWords(one);
    const facts = sentence([reason, one.is_phone ? "" : STANDING[one.standing]].filter(Boolean).join(", "));
    const tags = [one.person === this.#client.you?.key ? "You" : "", roleInWords(one.role), this.#roomName(one)];
    return element(
      "li",
      { "data-person": one.person, "data-uuid": one.uuid },
      face(one),
      element(
        "span",
        { class: "who" },
        element(
          "span",
          { class: "line" },
          element("strong", {}, one.name),
          ...tags.filter(Boolean).map((tag) => element("span", { class: "tag" }, tag)),
        ),
        element("span", {}, address),
        facts ? element("span", { class: "quiet" }, facts) : null,
      ),
      action,
    );
  }

  #roomName(one) {
    return this.#client.meeting?.rooms.find((room) => room.uuid === one.room)?.name ?? "";
  }

  #admission(one) {
    const admit = () =>
      step(this.#client.meeting.number, "admit", { person: one.person }).catch((error) =>
        this.#client.notices.problem(error),
      );
    return element("button", { type: "button", class: "small", onclick: admit }, "Admit");
  }
}
