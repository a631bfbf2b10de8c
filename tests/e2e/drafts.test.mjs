// Nothing typed is ever lost: not by a reload, a move of the panel, a killed server, or a second window.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { NORTHWIND, World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

/** What the server keeps, as it reads. */
const kept = async () => {
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  const notes = (await ask("GET", "/draft"))?.content.notes;
  return notes?.replaceAll("</p><p>", "\n\n").replace(/<[^>]+>/gu, "");
};

/** A meeting window in which the panel works and a customer is chosen. */
async function open(query) {
  const window = await world.meeting("maya-lindqvist", { query });
  await window.panel.getByRole("button", { name: "Northwind Traders" }).waitFor();
  return window;
}

test("what was saved survives a crash of the window", async () => {
  const window = await open();
  await window.note.fill("Saved before the crash");
  await window.panel.getByLabel("Subject").fill("A subject of my own");
  await window.status.getByText(/^Saved/u).waitFor();
  await world.until("it is kept", async () => (await kept()) === "Saved before the crash");
  await window.close();
  const again = await open();
  assert.equal(await again.written(), "Saved before the crash");
  await again.note.click();
  assert.equal(await again.panel.getByLabel("Subject").inputValue(), "A subject of my own");
  await again.close();
});

test("the last letters survive a reload that comes at once", async () => {
  const window = await open();
  await window.note.click();
  await window.page.keyboard.type("Typed, saved");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.page.keyboard.type(", and reloaded");
  await (await window.frame()).evaluate(() => {
    document.body.dataset.old = "";
    location.reload();
  });
  await window.panel.locator("body:not([data-old])").getByRole("button", { name: "Northwind Traders", exact: true }).waitFor();
  assert.equal(await window.written(), "Typed, saved, and reloaded");
  await window.close();
});

for (const [name, query] of [
  ["keeps its page", ""],
  ["loads its page again", "&pop-out=reloads_page"],
]) {
  test(`the last letters survive popping out and merging where the client ${name}`, async () => {
    const window = await open(query);
    const isOut = (is) => window.page.locator("#dock.floating").waitFor({ state: is ? "visible" : "detached" });
    await window.note.fill("Docked");
    await window.button("Menu").click();
    await window.button("Pop Out").click();
    await isOut(true);
    await window.ready();
    await window.note.click();
    assert.equal(await window.written(), "Docked");
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(", popped out");
    await window.button("Menu").click();
    await window.button("Merge to Meeting Window").click();
    await isOut(false);
    await window.ready();
    assert.equal(await window.written(), "Docked, popped out");
    await world.until("it is kept", async () => (await kept()) === "Docked, popped out");
    await window.close();
  });
}

test("the note survives a killed server, and says all the time where it is", async () => {
  const window = await open();
  window.tolerateOutage();
  await window.note.click();
  await window.page.keyboard.type("Before");
  await window.status.getByText(/^Saved/u).waitFor();
  await world.server.kill();
  await window.page.keyboard.type(", while it was away");
  await window.status.getByText("Not saved yet, no connection. Keep this panel open.").waitFor();
  await window.text("No connection to Sidelight. What you see may be old; what you type is kept here.").waitFor();
  await world.server.start();
  await window.page.keyboard.type(", and after");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.text(/^No connection to Sidelight/u).waitFor({ state: "detached" });
  assert.equal(await kept(), "Before, while it was away, and after");
  await window.close();
});

test("a second window never overwrites the first", async () => {
  const [left, right] = [await open(), await open()];
  right.tolerate(/status of 409/u);
  await left.note.fill("Written on the left");
  await left.status.getByText(/^Saved/u).waitFor();
  await world.until("it is shown", async () => (await right.written()) === "Written on the left");
  // Both write before either hears of the other.
  await right.context.setOffline(true);
  right.tolerate(/ERR_INTERNET_DISCONNECTED/u);
  await right.note.fill("Written on the right");
  await left.note.fill("Changed on the left");
  await left.status.getByText(/^Saved/u).waitFor();
  await world.until("it is kept", async () => (await kept()) === "Changed on the left");
  await right.context.setOffline(false);
  await right.text(/This note was also changed in another window. There it says:/u).waitFor();
  await right.text("Changed on the left").waitFor();
  await right.button("Keep both").click();
  await right.status.getByText(/^Saved/u).waitFor();
  const both = await right.written();
  assert.match(both, /Changed on the left/u);
  assert.match(both, /Written on the right/u);
  await world.until("both are kept", async () => (await kept()) === both);
  await world.until("both are shown", async () => (await left.written()) === both);
  await left.close();
  await right.close();
});

test("a discarded note comes back until something else is written", async () => {
  const window = await open();
  await window.note.fill("Thrown away by mistake");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.button("Discard note").click();
  await window.text("Note discarded.").waitFor();
  assert.equal(await window.written(), "");
  await world.until("it is gone", async () => (await kept()) === undefined);
  await window.button("Undo").click();
  assert.equal(await window.written(), "Thrown away by mistake");
  await world.until("it is back", async () => (await kept()) === "Thrown away by mistake");
  await window.close();
});
