// The main client: no meeting, the same panel (design 4.1).

import { Client } from "./client.mjs";
import { follow } from "./control.mjs";
import { Dialogs } from "./dialogs.mjs";
import { Dock, USUAL } from "./dock.mjs";
import { Drawer } from "./drawer.mjs";
import { byId, element, icon } from "./elements.mjs";
import { Notices } from "./notices.mjs";
import { Room } from "./room.mjs";
import { settingsFrom } from "./settings.mjs";
import { showTraffic } from "./traffic.mjs";

const { person, home, native } = document.body.dataset;
const parameters = new URLSearchParams(location.search);
const room = new Room();
const settings = settingsFrom(parameters);
const dock = new Dock({
  // The native client sends the app context with the Home URL, the web client does not (zoom.md 5.1).
  home: parameters.get("client") === "native" ? native : home,
  title: "Sidelight",
  width: Number(parameters.get("width")) || USUAL,
  keepsPage: () => (settings.popOut ?? room.switches["zoom.popout"]) === "keeps_page",
});
const client = new Client({
  room,
  settings,
  dock,
  notices: new Notices(),
  dialogs: new Dialogs(),
  home,
  joinUrl: "",
  runningContext: "inMainClient",
});
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const STATUS = { started: "running now", waiting: "not started", ended: "ended" };

function card(meeting) {
  const people = meeting.count ? ` · ${meeting.count} people` : "";
  const words = `${time.format(meeting.starts_at)} · ${STATUS[meeting.status]}${people}`;
  return element(
    "li",
    {},
    icon("video"),
    element("span", { class: "who" }, element("strong", {}, meeting.topic), element("span", { class: "quiet" }, words)),
    element(
      "a",
      { class: "button small", href: `/meeting/${meeting.number}?as=${encodeURIComponent(person)}` },
      meeting.status === "started" ? "Join" : "Open",
    ),
  );
}

showTraffic(client);
new Drawer(client);
room.addEventListener("change", () => {
  byId("you").textContent = room.you?.name ?? "";
  byId("meetings").replaceChildren(...room.meetings.map(card));
});
room.addEventListener("change", () => dock.open(), { once: true });

const toggleDrawer = () => {
  byId("drawer").hidden = !byId("drawer").hidden;
  byId("simulate").setAttribute("aria-expanded", String(!byId("drawer").hidden));
};
byId("simulate").addEventListener("click", toggleDrawer);
byId("close-drawer").addEventListener("click", toggleDrawer);
byId("apps").addEventListener("click", () => (dock.isOpen ? dock.close() : dock.open()));
dock.addEventListener("change", () => byId("apps").setAttribute("aria-pressed", String(dock.isOpen)));
follow(room, null, person);
