// What the panel asked and what it was told, newest first: a look at the wire.

import { byId, element } from "./elements.mjs";

const MOST = 80;

/** Writes the log into the drawer. */
export function showTraffic(client) {
  const list = byId("traffic");
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
  client.addEventListener("traffic", ({ detail: { what, name, detail } }) => {
    const words = [
      element("time", {}, time.format(client.room.now())),
      element("code", {}, name),
      element("span", { class: "quiet" }, what),
    ];
    list.prepend(element("li", { "data-call": name, "data-what": what, title: detail || null }, ...words));
    while (list.childElementCount > MOST) list.lastElementChild.remove();
  });
}
