// The late part of the program: whoever is faster than it is told, waits, and goes on by himself; and where it does not come, nothing
// that was typed is lost.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { faults } from "./axe.mjs";
import { overflowing, setWidth } from "./layout.mjs";
import { World } from "./world.mjs";

const LATE = "**/late-*.wasm";
const MISSING = "This part of Sidelight did not load. Nothing you typed is lost.";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

/** The panel, whose late part comes as `answer` says. */
async function open(answer) {
  const window = await world.meeting("maya-lindqvist", { address: "about:blank" });
  await window.context.route(LATE, answer);
  await window.page.goto(world.meetingUrl("maya-lindqvist"));
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  return window;
}

/** The panel while its late part is held up; `release` lets it come. */
async function held() {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const window = await open(async (route) => {
    await released;
    await route.continue();
  });
  return { window, release };
}

const menu = (window) => window.panel.getByRole("dialog", { name: "Menu" });

test("a dialog that is opened too early says so, and opens by itself when it can", async () => {
  const { window, release } = await held();
  await window.button("Search").click();
  const dialog = window.panel.getByRole("dialog");
  await dialog.getByRole("status", { name: "Loading…" }).waitFor();
  assert.equal(await window.search.count(), 0);
  release();
  await window.search.waitFor();
  await window.page.keyboard.type("north");
  await dialog.getByRole("option").first().waitFor();
  assert.equal(await window.search.inputValue(), "north");
  await window.close();
});

test("what is told to be done early is done when it can be", async () => {
  const { window, release } = await held();
  await window.note.fill("Signed before the dialogs were there");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.note.press("Control+Enter");
  release();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const logged = await world.logged();
  assert.equal(logged.length, 1);
  assert.match(logged[0].Notes, /Signed before the dialogs were there/u);
  await window.close();
});

test("the note stays where it is when what belongs around it comes", async () => {
  const { window, release } = await held();
  await window.editor();
  const { y } = await window.note.boundingBox();
  release();
  await window.panel.getByLabel("Subject", { exact: true }).waitFor();
  assert.equal((await window.note.boundingBox()).y, y);
  await window.close();
});

test("where it does not come, each place says so and can be asked again, and the note stays", async () => {
  const window = await open((route) => route.abort());
  window.tolerate(/ERR_FAILED/u);
  await window.note.fill("Typed without the rest");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.panel.getByRole("region", { name: "Note" }).getByText(MISSING).waitFor();
  await window.button("Menu").click();
  await menu(window).getByText(MISSING).waitFor();
  assert.deepEqual(await faults(await window.frame()), []);
  await setWidth(window.page, 320);
  assert.deepEqual(await overflowing(await window.frame()), []);
  await menu(window).getByRole("button", { name: "Try again" }).click();
  await menu(window).getByText(MISSING).waitFor();
  await window.context.unroute(LATE);
  await menu(window).getByRole("button", { name: "Try again" }).click();
  await menu(window).getByRole("button", { name: "Logout" }).waitFor();
  await window.page.keyboard.press("Escape");
  await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).waitFor();
  assert.equal(await window.text(MISSING).count(), 0);
  assert.equal(await window.written(), "Typed without the rest");
  await window.close();
});

test("where the server has gone on to another version, trying again opens that one, with the note", async () => {
  let refusals = 2;
  const refuse = (route) => (refusals-- > 0 ? route.fulfill({ status: 404 }) : route.continue());
  const window = await open(refuse);
  window.tolerate(/status of 404/u);
  await window.note.fill("Typed into the old version");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.panel.getByRole("region", { name: "Note" }).getByRole("button", { name: "Try again" }).click();
  await world.until("the page is new", async () => refusals < 0);
  await window.ready();
  await window.note.click();
  await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).waitFor();
  assert.equal(await window.written(), "Typed into the old version");
  await window.close();
});
