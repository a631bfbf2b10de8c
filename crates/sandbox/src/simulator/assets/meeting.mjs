// The meeting window: puts the parts together.

import { connectBar } from "./bar.mjs";
import { Client } from "./client.mjs";
import { follow, post, step } from "./control.mjs";
import { Dialogs } from "./dialogs.mjs";
import { Dock, USUAL } from "./dock.mjs";
import { Drawer } from "./drawer.mjs";
import { byId } from "./elements.mjs";
import { Notices } from "./notices.mjs";
import { PeopleList } from "./people.mjs";
import { Room } from "./room.mjs";
import { settingsFrom } from "./settings.mjs";
import { Stage } from "./stage.mjs";
import { showTraffic } from "./traffic.mjs";

const { number, person, home, native } = document.body.dataset;
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
const notices = new Notices();
const dialogs = new Dialogs();
const joinUrl = new URL(`/meeting/${number}`, location.href).href;
const client = new Client({ room, settings, dock, notices, dialogs, home, joinUrl, runningContext: "inMeeting" });
const people = new PeopleList(client);
const stage = new Stage(client);

connectBar(client, { stage, people });
showTraffic(client);
new Drawer(client);

/** The in-meeting panel lives as long as its viewer is in the meeting (zoom.md 11). */
const CLOSES_AFTER_MILLIS = 600;
let wasInside = false;

function drawWindow() {
  const { me, meeting } = client;
  const isInside = me !== null && !me.is_waiting;
  if (isInside && !wasInside && parameters.get("panel") !== "closed") dock.open();
  // A moment later, so that the last event reaches the panel.
  if (!isInside && wasInside) setTimeout(() => dock.close(), CLOSES_AFTER_MILLIS);
  wasInside = isInside;
  byId("topic").textContent = meeting.topic;
  byId("outside").hidden = isInside;
  for (const id of ["apps", "share", "leave"]) byId(id).disabled = !isInside;
  byId("outside-words").textContent = outsideWords();
  byId("join").hidden = me !== null;
  byId("join").textContent = meeting.status === "started" ? `Join as ${room.you?.name}` : "Start the meeting";
  byId("you").textContent = room.you?.name ?? "";
}

function outsideWords() {
  if (client.me?.is_waiting) return "You are in the waiting room. The host will let you in.";
  if (client.meeting.status === "ended") return "The meeting has ended.";
  if (client.meeting.status === "waiting") return "The meeting has not started yet.";
  return "You are not in this meeting.";
}

async function enter() {
  try {
    const starts = client.meeting.status !== "started";
    if (starts) await step(number, "start");
    // The owner is in as soon as it starts.
    if (!starts || person !== client.meeting.host) await step(number, "join", { person });
  } catch (error) {
    notices.problem(error);
  }
}

/** Somebody in the meeting asks the viewer to open the app. */
async function beInvited({ by, people: asked, invitation, text }) {
  if (!asked.includes(person)) return;
  const sender = room.participants.find((one) => one.person === by);
  if (!(await dialogs.invited(sender?.name ?? "Somebody", text))) return;
  await post(`/_control/people/${person}/opening`, { invitation }).catch((error) => notices.problem(error));
  if (dock.isOpen) dock.reload();
  else dock.open();
}

function tick() {
  const { started_at: startedAt, status } = client.meeting ?? {};
  if (status !== "started") return;
  const seconds = Math.max(0, Math.floor((room.now() - startedAt) / 1000));
  const minutes = String(Math.floor(seconds / 60)).padStart(2, "0");
  byId("elapsed").textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

room.addEventListener("change", ({ detail }) => {
  drawWindow();
  tick();
  for (const one of detail) if (one.kind === "invited") beInvited(one);
});
byId("join").addEventListener("click", enter);
setInterval(tick, 1000);
follow(room, number, person);
