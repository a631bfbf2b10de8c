// A note on its way to Gainsight: whatever fails, the panel says where it is, and it arrives once.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { World } from "./world.mjs";

const ACTIVITY = { method: "POST", path: "/v1/ant/es/activity" };
const CALL = "POST /v1/ant/es/activity";

let world;
let killInBetween;
before(async () => {
  killInBetween = playKillInBetween();
  // Its verdict is heard in its test; until then it is nobody's unhandled failure.
  killInBetween.catch(() => {});
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

/** A meeting window with a note that is saved as a draft. */
async function written(notes, where = world) {
  const window = await where.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await window.note.fill(notes);
  await window.status.getByText(/^Saved/u).waitFor();
  return window;
}

const log = (window) => window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
const waiting = (window) => window.panel.getByRole("button", { name: /On the way to Gainsight/u });

async function arrivedOnce(notes, where = world) {
  await where.until("it is in Gainsight", async () => (await where.logged()).length > 0);
  assert.deepEqual((await where.logged()).map(({ NotesPlainText }) => NotesPlainText), [notes]);
}

/** Waits for another sender to take over, which takes half a minute: so it is played in a world of its own beside the other tests. */
async function playKillInBetween() {
  const own = await World.start();
  try {
    await own.signedIn();
    const window = await written("Killed in between", own);
    window.tolerateOutage();
    await own.fault({ kind: "latency", millis: 2500, moment: "after" }, ACTIVITY, 1);
    await log(window);
    await arrivedOnce("Killed in between", own);
    await own.server.kill();
    await window.status.getByText("No answer from Sidelight. Your note is kept and will be sent again, never twice.").waitFor();
    assert.equal(await window.written(), "Killed in between");
    await own.server.start();
    await window.status.getByText("Saved here, will reach Gainsight").waitFor();
    assert.equal(await window.written(), "");
    // Another sender takes over once the first one's claim has run out: after a minute.
    await waiting(window).click();
    // Until then, asking for it changes nothing and is no mistake.
    await window.button("Try now").click();
    await waiting(window).waitFor({ state: "detached", timeout: 90_000 });
    await arrivedOnce("Killed in between", own);
    await window.button("Refresh").click();
    await window.panel.locator("#tab-panel").getByText("Killed in between").waitFor();
    await window.close();
  } finally {
    await own.stop();
  }
}

test("a server killed before Gainsight has written sends again what it had stored", async () => {
  const window = await written("Killed before");
  window.tolerateOutage();
  await world.fault({ kind: "drop_before_apply" }, ACTIVITY, 1);
  await log(window);
  await window.status.getByText("Saved here, will reach Gainsight").waitFor();
  await world.server.kill();
  assert.deepEqual(await world.logged(), []);
  await world.server.start();
  await waiting(window).waitFor({ state: "detached" });
  await arrivedOnce("Killed before");
  await window.close();
});

for (const [name, fault] of [
  ["is slow for ten seconds", { kind: "latency", millis: 10_000, moment: "after" }],
  ["is busy", { kind: "status", status: 429, retry_after: 2 }],
  ["is broken", { kind: "status", status: 500 }],
  ["answers with a proxy's page", { kind: "html" }],
  ["hangs up after it has written", { kind: "drop_after_apply" }],
]) {
  test(`where Gainsight ${name}, the note is saved here and tried again, and arrives once`, async () => {
    const window = await written(name);
    await world.fault(fault, ACTIVITY, 1);
    await log(window);
    await window.status.getByText("Saved here, will reach Gainsight").waitFor();
    assert.equal(await window.written(), "");
    await waiting(window).click();
    await window.text(/^Saved here\. (Gainsight is tried again in|On its way to Gainsight now)/u).waitFor();
    // Whoever is slow or busy is left alone for as long as he asked.
    if (fault.kind !== "latency" && fault.status !== 429) await window.button("Try now").click();
    await waiting(window).waitFor({ state: "detached" });
    await arrivedOnce(name);
    await window.close();
  });
}

/** Gainsight's answer to an activity with mistakes in it (gainsight.md 5.1). */
function refusal(mistakes) {
  const errors = mistakes.map(([fieldName, errorMessage]) => ({ errorMessage, errorCode: "GSOBJ_1001", fieldName }));
  const data = { count: 0, records: null, errors: [[{ success: false, errors }]] };
  return { result: false, errorCode: "GSOBJ_1001", errorDesc: "refused", requestId: "r", data };
}

test("a refusal leaves the text as it was and stands at its fields; mended, it goes through", async () => {
  const window = await written("My words");
  window.tolerate(/status of 422/u);
  const body = refusal([["Subject", "Not these words"], ["Ant__Gone__c", "Choose one"]]);
  await world.fault({ kind: "status", status: 400, body }, ACTIVITY);
  await log(window);
  const alert = window.panel.getByRole("alert");
  await alert.getByText("Not these words", { exact: true }).waitFor();
  // The tenant describes no such field, so that the form cannot have it.
  await alert.getByText("Gainsight refused this. Ant__Gone__c: Choose one").waitFor();
  assert.equal(await window.written(), "My words");
  assert.deepEqual(await world.logged(), []);
  await world.mend();
  await window.panel.getByLabel("Subject").fill("Better words");
  await log(window);
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  await arrivedOnce("My words");
  await window.close();
});

test("a note too long for Gainsight is said to be so before it is sent", async () => {
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await window.note.fill("x".repeat(30_007));
  await window.status.getByText(/^\d+ characters too many$/u).waitFor();
  await log(window);
  await window.panel.getByRole("alert").getByText(/At most 30,?000 characters/u).waitFor();
  assert.equal(await world.calls(CALL), 0);
  await window.close();
});

test("a refusal that comes later needs its author, and reopens as a note", async () => {
  const window = await written("Refused later");
  await world.fault({ kind: "status", status: 500 }, ACTIVITY, 1);
  await log(window);
  await waiting(window).click();
  await world.fault({ kind: "status", status: 400 }, ACTIVITY);
  await window.button("Try now").click();
  await window.panel.getByRole("button", { name: /Needs your attention/u }).waitFor();
  await window.button("Reopen as note").click();
  await world.until("it is a note again", async () => (await window.written()) === "Refused later");
  await world.mend();
  await log(window);
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  await arrivedOnce("Refused later");
  await window.close();
});

test("a server killed after Gainsight has written, before anybody knows, loses and doubles nothing", () => killInBetween);
