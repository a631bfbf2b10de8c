import assert from "node:assert/strict";
import { test } from "node:test";

import { sdkEvents } from "../../src/simulator/assets/events.mjs";
import { cites } from "./facts.mjs";
import { ANA, MAYA, TOM, opened, participant } from "./stand-ins.mjs";

const viewer = (fields = {}) => ({
  person: "maya",
  name: "Maya",
  role: "host",
  room: null,
  standing: "authorized",
  timestamp: 1_780_000_000,
  roleEvents: "twice",
  renameEvent: "none",
  tellsStatus: true,
  ...fields,
});
const roleChange = {
  kind: "role_changed",
  participant: { ...ANA, uuid: "NEW", role: "co_host" },
  former_uuid: ANA.uuid,
  former_role: "attendee",
};
const seen = (events) =>
  events.map(([name, { participants, action }]) => [
    name,
    participants?.map((one) => `${one.status} ${one.participantUUID} ${one.role}`) ?? action,
  ]);

test("a role change fires twice or once, with the new uuid", () => {
  cites("zm-role-events");
  const [leave, join] = [`leave ${ANA.uuid} attendee`, "join NEW cohost"];
  assert.deepEqual(seen(sdkEvents([roleChange], viewer())), [
    ["onParticipantChange", [leave]],
    ["onParticipantChange", [join]],
  ]);
  assert.deepEqual(seen(sdkEvents([roleChange], viewer({ roleEvents: "once" }))), [["onParticipantChange", [join]]]);
});

test("a new name fires nothing, or a join", () => {
  cites("zm-rename-event");
  const renamed = { kind: "renamed", participant: { ...ANA, name: "Ana R." } };
  assert.deepEqual(sdkEvents([renamed], viewer()), []);
  const [[name, { participants }]] = sdkEvents([renamed], viewer({ renameEvent: "join" }));
  assert.deepEqual([name, participants[0].screenName], ["onParticipantChange", "Ana R."]);
});

test("a crowd comes in one event", () => {
  const crowd = Array.from({ length: 900 }, (_, index) => ({ kind: "joined", participant: participant(`p${index}`) }));
  const events = sdkEvents(crowd, viewer());
  assert.deepEqual([events.length, events[0][1].participants.length], [1, 900]);
});

test("a move to another room is a going, a move between others is nothing", () => {
  const moved = (room, former) => [{ kind: "moved", participant: { ...ANA, room }, former_room: former, rooms: [] }];
  assert.deepEqual(seen(sdkEvents(moved("A", null), viewer())), [
    ["onParticipantChange", [`leave ${ANA.uuid} attendee`]],
  ]);
  assert.deepEqual(seen(sdkEvents(moved(null, "A"), viewer())), [
    ["onParticipantChange", [`join ${ANA.uuid} attendee`]],
  ]);
  assert.deepEqual(sdkEvents(moved("B", "A"), viewer()), []);
});

test("the viewer's own move names the room", () => {
  const moved = (room, former) =>
    sdkEvents([{ kind: "moved", participant: { ...MAYA, room }, former_room: former, rooms: [] }], viewer());
  assert.deepEqual(moved("A", null), [
    ["onBreakoutRoomChange", { timestamp: 1_780_000_000, action: "join", breakoutRoomUUID: "A" }],
  ]);
  assert.deepEqual(moved(null, "A"), [
    ["onBreakoutRoomChange", { timestamp: 1_780_000_000, action: "leave", breakoutRoomUUID: "A" }],
  ]);
});

test("the viewer's own change carries the status, or not", async () => {
  cites("zm-user-change-status");
  const status = { kind: "status", person: "maya", standing: "authorized" };
  assert.deepEqual(sdkEvents([status], viewer()), [
    ["onMyUserContextChange", { timestamp: 1_780_000_000, role: "host", screenName: "Maya", status: "authorized" }],
  ]);
  const [[, bare]] = sdkEvents([status], viewer({ tellsStatus: false }));
  assert.equal(bare.status, undefined);
  assert.deepEqual(sdkEvents([{ ...status, person: "tom" }], viewer()), [], "somebody else's is not the viewer's");
});

test("a demoted host hears of it while he still may", async () => {
  const page = await opened({ you: TOM });
  await page.config(["onMyUserContextChange", "onParticipantChange"]);
  page.change({
    kind: "role_changed",
    participant: { ...TOM, role: "attendee" },
    former_uuid: TOM.uuid,
    former_role: "co_host",
  });
  assert.deepEqual(
    page.events().map(({ name }) => name),
    ["onMyUserContextChange"],
  );
  assert.equal(page.events()[0].data.role, "attendee");
});

test("the end is told", async () => {
  cites("zm-meeting-ended");
  const page = await opened();
  await page.config(["onMeeting"]);
  page.change({ kind: "ended" });
  assert.equal(page.events("onMeeting")[0].data.action, "ended");
});

test("popping out, expanding and another context are told", async () => {
  const page = await opened();
  await page.config(["onAppPopout", "onExpandApp", "onRunningContextChange"]);
  page.dock.dispatchEvent(
    new CustomEvent("popout", { detail: { action: "undock", width: 400, height: 600, orientation: "portrait" } }),
  );
  page.dock.dispatchEvent(new CustomEvent("expand", { detail: { action: "collapse" } }));
  page.client.changeContext("inCollaborate");
  const told = page.events().map(({ name, data }) => [name, data.action ?? data.runningContext]);
  assert.deepEqual(told, [
    ["onAppPopout", "undock"],
    ["onExpandApp", "collapse"],
    ["onRunningContextChange", "inCollaborate"],
  ]);
});
