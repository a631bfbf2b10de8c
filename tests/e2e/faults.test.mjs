// Gainsight in trouble while somebody reads: what was there stays, with its age, and nothing that is not there is a dead end.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { World } from "./world.mjs";

const QUERIES = { method: "POST", path: "/v1/data/objects/query/*" };
const TIMELINE = "POST /v1/data/objects/query/activity_timeline";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

const entries = (window) => window.panel.locator("#tab-panel .entry");
const stale = (window) => window.text(/^From .+\. Gainsight is slow to answer\.$/u);

for (const [name, fault] of [
  ["is broken", { kind: "status", status: 500 }],
  ["is busy", { kind: "status", status: 429, retry_after: 1 }],
  ["answers with a proxy's page", { kind: "html" }],
]) {
  test(`where Gainsight ${name}, the Timeline stays as it was and says how old it is`, async () => {
    const window = await world.meeting();
    window.tolerate(/status of 50\d/u, /status of 429/u);
    await entries(window).first().waitFor();
    const before = await entries(window).allTextContents();
    await world.fault(fault, QUERIES);
    // Whoever has just looked is not asked again, so it may take a second press.
    await world.until("the age is said", async () => {
      await window.button("Refresh").click();
      return stale(window).isVisible();
    });
    assert.deepEqual(await entries(window).allTextContents(), before);
    await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
    await world.mend();
    await world.until("it is new again", async () => {
      await window.button("Refresh").click();
      return !(await stale(window).isVisible());
    });
    await window.close();
  });
}

test("where Gainsight is broken from the start, the panel says so and can be asked again", async () => {
  await world.fault({ kind: "status", status: 500 }, QUERIES);
  const window = await world.meeting();
  window.tolerate(/status of 50\d/u);
  await window.ready();
  await window.tab("People").click();
  await window.text("Lumen Works did not answer. Names may be missing.").waitFor();
  // Of whom nobody could be asked, nobody says that Gainsight does not know them.
  const open = window.panel.locator("section.group", { has: window.panel.getByRole("heading", { name: "Not looked up yet" }) });
  await open.getByRole("listitem").filter({ hasText: "Ana Ruiz" }).waitFor();
  await open.getByText("Waiting for Lumen Works to say who they are.").waitFor();
  assert.equal(await window.panel.getByRole("heading", { name: "Not in Gainsight yet" }).count(), 0);
  await window.note.fill("Written all the same");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.page.keyboard.press("Escape");
  await world.mend();
  await world.until("Gainsight is asked again", async () => {
    await window.button("Refresh people").click();
    return window.text("4 of 6 attendees work at Northwind Traders").isVisible();
  });
  await window.tab("Timeline").click();
  await entries(window).first().waitFor();
  assert.equal(await window.written(), "Written all the same");
  await window.close();
});

test("while the company of the meeting is looked up slowly, the panel does not say that it found none", async () => {
  await world.fault({ kind: "latency", millis: 3000 }, QUERIES);
  const window = await world.meeting();
  await window.ready();
  await window.panel.getByTitle("Switch company or relationship").getByText("Loading…").waitFor();
  assert.equal(await window.text("We could not tell which company this meeting is about.").count(), 0);
  // Who is there is shown all the same, and that somebody is being asked is not called silence.
  await window.tab("People").click();
  await window.text("Still asking Lumen Works.").waitFor();
  await window.panel.getByRole("heading", { name: "Not looked up yet" }).waitFor();
  assert.equal(await window.text(/did not answer/u).count(), 0);
  await world.mend();
  await window.panel.getByTitle("Switch company or relationship").getByText("Northwind Traders").waitFor();
  await window.panel.getByRole("heading", { name: "Not looked up yet" }).waitFor({ state: "detached" });
  await window.panel.getByRole("heading", { name: "Northwind Traders", level: 2 }).waitFor();
  assert.equal(await window.text("Still asking Lumen Works.").count(), 0);
  await window.close();
});

test("where Sidelight cannot be reached, Gainsight is not blamed", async () => {
  const window = await world.meeting();
  await entries(window).first().waitFor();
  window.tolerate(/net::ERR_|status of 50\d/u);
  await window.context.route("**/api/v1/timeline*", (route) => route.abort("connectionrefused"));
  const asked = window.context.waitForEvent("requestfailed");
  await window.button("Refresh").click();
  await asked;
  await window.text(/^Updated /u).waitFor();
  assert.equal(await stale(window).count(), 0);
  await window.close();
});

test("where Gainsight takes ten seconds, what was there stays until the answer comes", async () => {
  const window = await world.meeting();
  await entries(window).first().waitFor();
  await world.fault({ kind: "latency", millis: 10_000 }, QUERIES, 4);
  const asked = await world.calls(TIMELINE);
  const isAsked = async () => Object.values(await world.ask("faults")).some(({ times }) => times < 4);
  await world.until("Gainsight is asked", async () => {
    await window.button("Refresh").click();
    return isAsked();
  });
  await entries(window).first().click();
  await window.panel.locator("#tab-panel").getByRole("button", { name: "Timeline" }).click();
  assert.ok((await entries(window).count()) > 10);
  await window.note.fill("Not held up");
  await window.status.getByText(/^Saved/u).waitFor();
  await world.until("it answered", async () => (await world.calls(TIMELINE)) > asked);
  await entries(window).first().waitFor();
  await window.close();
});
