// What is in Gainsight already: changed and deleted by its author, never over what somebody else wrote unseen.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { faults } from "./axe.mjs";
import { overflowing, setWidth } from "./layout.mjs";
import { send } from "./requests.mjs";
import { World } from "./world.mjs";

const ACTIVITY = { method: "PUT", path: "/v1/ant/es/activity" };

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

/** A meeting window with an own activity that lies open. */
async function opened(notes) {
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await window.note.fill(notes);
  await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  await window.tab("Timeline").click();
  await window.panel.locator("#tab-panel .entry").first().click();
  await window.panel.locator(".notes").getByText(notes).waitFor();
  return window;
}

/** Somebody changes it in Gainsight itself. */
async function changedElsewhere(subject) {
  const [{ Gsid }] = await world.logged();
  const answer = await send(`http://lumen.us1.localhost:${world.sandboxPort + 1}/v1/ant/es/activity?identifier=gsid`, {
    method: "PUT",
    headers: { accesskey: "lumen-access-key", "content-type": "application/json" },
    body: JSON.stringify({ records: [{ Gsid, Subject: subject }] }),
  });
  assert.equal(answer.status, 200, answer.text);
}

test("the author changes what he logged, where he reads it", async () => {
  const window = await opened("Before");
  await window.button("Edit").click();
  const form = window.panel.getByRole("region", { name: "Edit" });
  await form.getByLabel("Subject").fill("A better subject");
  const editor = form.getByRole("textbox", { name: "Note" });
  await editor.click();
  await window.page.keyboard.press("Control+a");
  await window.page.keyboard.type("After");
  const frame = await window.frame();
  for (const width of [320, 400]) {
    await setWidth(window.page, width);
    assert.deepEqual(await overflowing(frame), []);
  }
  for (const colorScheme of ["light", "dark"]) {
    await window.page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(frame), []);
  }
  await form.getByRole("button", { name: "Save in Gainsight" }).click();
  await window.panel.getByRole("heading", { name: "A better subject" }).waitFor();
  await window.panel.locator(".notes").getByText("After", { exact: true }).waitFor();
  const [{ Subject, Notes }, ...more] = await world.logged();
  assert.deepEqual([Subject, Notes, more.length], ["A better subject", "<p>After</p>", 0]);
  await window.close();
});

test("where somebody else was faster, both texts are shown and the author decides", async () => {
  const window = await opened("Mine");
  window.tolerate(/status of 409/u);
  await window.button("Edit").click();
  const form = window.panel.getByRole("region", { name: "Edit" });
  await form.getByLabel("Subject").fill("My subject");
  await changedElsewhere("Their subject");
  await form.getByRole("button", { name: "Save in Gainsight" }).click();
  const alert = form.getByRole("alert");
  await alert.getByText("Somebody else changed this meanwhile. It says now:").waitFor();
  await alert.getByText("Their subject").waitFor();
  assert.equal(await form.getByLabel("Subject").inputValue(), "My subject");
  assert.equal((await world.logged())[0].Subject, "Their subject");
  await form.getByRole("button", { name: "Replace it with mine" }).click();
  await form.getByRole("button", { name: "Save in Gainsight" }).click();
  await window.panel.getByRole("heading", { name: "My subject" }).waitFor();
  assert.equal((await world.logged())[0].Subject, "My subject");
  await window.close();
});

test("a change that Gainsight does not take now is kept and arrives once", async () => {
  const window = await opened("Mine");
  await world.fault({ kind: "drop_after_apply" }, ACTIVITY, 1);
  await window.button("Edit").click();
  const form = window.panel.getByRole("region", { name: "Edit" });
  await form.getByLabel("Subject").fill("Arrives later");
  await form.getByRole("button", { name: "Save in Gainsight" }).click();
  await window.panel.getByRole("button", { name: /On the way to Gainsight/u }).waitFor();
  await window.panel.getByRole("button", { name: /On the way to Gainsight/u }).waitFor({ state: "detached", timeout: 30_000 });
  assert.deepEqual((await world.logged()).map(({ Subject }) => Subject), ["Arrives later"]);
  await window.close();
});

test("a deletion asks once, can be taken back, and then leaves the list", async () => {
  const window = await opened("To be deleted");
  const delayed = window.panel.getByRole("button", { name: /On the way to Gainsight/u });
  await window.button("Delete").first().click();
  await window.text("Delete this activity in Gainsight, for everybody?").waitFor();
  await window.panel.getByRole("alert").getByRole("button", { name: "Delete" }).click();
  await delayed.click();
  await window.panel.getByRole("region", { name: "On the way to Gainsight" }).getByText("Will be deleted in Gainsight in a moment.").waitFor();
  await window.button("Undo").click();
  await delayed.waitFor({ state: "detached" });
  assert.equal((await world.logged()).length, 1);
  await window.panel.locator("#tab-panel .entry").first().click();
  await window.button("Delete").first().click();
  await window.panel.getByRole("alert").getByRole("button", { name: "Delete" }).click();
  await world.until("it is gone", async () => (await world.logged()).length === 0);
  await window.panel.locator("#tab-panel .entry").getByText("To be deleted").waitFor({ state: "detached" });
  await window.close();
});

test("what somebody else wrote cannot be changed here, and the panel says why", async () => {
  const window = await world.meeting();
  await window.tab("Timeline").click();
  await window.panel.locator("#tab-panel .entry").filter({ hasNotText: "You" }).first().click();
  await window.text("Only its author can change this here: Gainsight does not tell Sidelight who else may.").waitFor();
  assert.ok(await window.button("Edit").isDisabled());
  assert.ok(await window.button("Delete").isDisabled());
  await window.close();
});
