import assert from "node:assert/strict";
import { test } from "node:test";

import { colourOf, initials } from "../../src/simulator/assets/elements.mjs";
import { newcomer } from "../../src/simulator/assets/newcomers.mjs";
import { disclosureInWords } from "../../src/simulator/assets/people.mjs";
import { Room } from "../../src/simulator/assets/room.mjs";
import { columnsFor } from "../../src/simulator/assets/stage.mjs";
import { ANA, LEE, MAYA, TOM, participant, snapshot } from "./stand-ins.mjs";

function room() {
  const made = new Room();
  made.takeSnapshot(snapshot());
  return made;
}

const names = (made) => made.participants.map((one) => one.name).join(" ");
let revision = 1;
const happen = (made, ...happened) => made.takeChange({ revision: (revision += 1), happened });

test("people come and go", () => {
  const made = room();
  happen(made, { kind: "joined", participant: participant("kim", { name: "Kim" }) });
  happen(made, { kind: "left", participant: ANA });
  happen(made, { kind: "stopped_waiting", participant: LEE });
  assert.equal(names(made), "Maya Tom Kim");
});

test("a role change leaves everybody in place", () => {
  const made = room();
  happen(made, {
    kind: "role_changed",
    participant: { ...TOM, uuid: "NEW", role: "attendee" },
    former_uuid: TOM.uuid,
    former_role: "co_host",
  });
  assert.equal(names(made), "Maya Tom Ana Lee");
  assert.equal(made.participants[1].uuid, "NEW");
});

test("what is old news changes nothing", () => {
  const made = room();
  made.takeChange({ revision: 1, happened: [{ kind: "left", participant: ANA }] });
  assert.equal(names(made), "Maya Tom Ana Lee");
});

test("a standing reaches everybody it is shown with", () => {
  const made = room();
  happen(made, { kind: "status", person: "maya", standing: "authenticated" });
  assert.deepEqual(
    [made.you.standing, made.me.standing, made.meeting.is_reported],
    ["authenticated", "authenticated", false],
  );
});

test("the end empties the room and a start begins anew", () => {
  const made = room();
  happen(made, { kind: "ended" });
  assert.deepEqual([made.participants, made.me, made.meeting.status], [[], null, "ended"]);
  happen(made, { kind: "started", uuid: "second", started_at: 5 }, { kind: "joined", participant: MAYA });
  assert.deepEqual([made.meeting.uuid, names(made)], ["second", "Maya"]);
});

test("tiles are as large as the space allows", () => {
  const columns = (count, width, height) => columnsFor(count, width, height).columns;
  assert.deepEqual(
    [columns(1, 1600, 900), columns(4, 1600, 900), columns(9, 1600, 900), columns(9, 500, 900)],
    [1, 2, 3, 2],
  );
  assert.equal(columnsFor(0, 100, 100).columns, 1);
});

test("faces have initials and a colour that stays", () => {
  assert.deepEqual(["Maya Lindqvist", "Sam", "Ana de la Ruiz", "李 雷", ""].map(initials), [
    "ML",
    "S",
    "AR",
    "李雷",
    "",
  ]);
  assert.deepEqual(["maya-lindqvist", "ana-ruiz", "sam", ""].map(colourOf), [4, 7, 8, 7]);
});

test("the list says why an address is shown", () => {
  const guest = { is_phone: false, is_own_account: false, email: "a@x.example", disclosure: "calendar_invitation" };
  assert.deepEqual(disclosureInWords(guest), ["a@x.example", "On the invitation"]);
  assert.deepEqual(disclosureInWords({ ...guest, email: "" }), ["No e-mail for the host's app", ""]);
  assert.deepEqual(disclosureInWords({ ...guest, is_phone: true }), ["Telephone", ""]);
});

test("newcomers work for the customer of the meeting", () => {
  const guests = [MAYA, participant("ana", { email: "Ana@Northwind.example" })];
  assert.equal(newcomer("shared", guests).email, "nina.kovac@northwind.example");
  assert.equal(newcomer("hidden", guests).email, undefined);
  assert.match(newcomer("phone", guests).phone, /^\+1 \(312\) 555-0\d{3}$/u);
  const taken = [...guests, participant("nina", { name: "Nina Kovac" })];
  assert.equal(newcomer("hidden", taken).name, "Hugo Bennett");
});
