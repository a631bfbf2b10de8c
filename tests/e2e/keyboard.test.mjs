// The main story by keyboard alone, with the focus always visible; and no motion for whoever wants none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { focused } from "./layout.mjs";
import { username, World } from "./world.mjs";

const MOST_STEPS = 80;

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

/** Presses Tab until `locator` has the focus; wherever it rests in the panel on the way has to show it. */
async function tabTo(window, locator, page = window.page) {
  await locator.waitFor();
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    const frame = page === window.page ? await window.frame() : page;
    const place = await focused(frame);
    const isSomewhere = !place.html.startsWith("<body");
    assert.ok(!isSomewhere || place.isMarked || place.isBoxed, `the focus does not show on ${place.html}`);
  }
  assert.fail(`Tab does not lead to ${locator}`);
}

async function press(window, locator, page = window.page) {
  await tabTo(window, locator, page);
  await page.keyboard.press("Enter");
}

test("the main story needs no mouse", async () => {
  await world.renew();
  await world.install();
  const window = await world.meeting();
  const { panel, page } = window;
  const { keyboard } = page;
  await press(window, window.button("Sign In"));
  await press(window, panel.getByRole("button", { name: "Gainsight Account" }));
  await tabTo(window, panel.getByLabel("Username"));
  await keyboard.type(username("maya-lindqvist"));
  await keyboard.press("Enter");
  const browser = await window.systemBrowser(() => press(window, window.button("Open browser")));
  await press(window, browser.getByRole("link", { name: /^Continue to / }), browser);
  await tabTo(window, browser.getByLabel("Username"), browser);
  await browser.keyboard.type(username("maya-lindqvist"));
  await tabTo(window, browser.getByLabel("Password"), browser);
  await browser.keyboard.type("demo");
  await browser.keyboard.press("Enter");
  await press(window, browser.getByRole("button", { name: "Allow", exact: true }), browser);
  await browser.getByRole("heading", { name: "Welcome to Gainsight" }).waitFor();
  const code = await browser.getByLabel("Sign-in code").textContent();
  await browser.close();
  await tabTo(window, panel.getByRole("textbox", { name: "Code" }));
  await keyboard.type(code);

  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  // Arrows go from tab to tab, Tab goes into what the tab shows.
  await tabTo(window, window.tab("Timeline"));
  await keyboard.press("ArrowRight");
  assert.equal(await window.tab("People").getAttribute("aria-selected"), "true");
  const ana = panel.getByRole("button", { name: /Ana Ruiz/u });
  await press(window, ana);
  assert.equal(await ana.getAttribute("aria-expanded"), "true");
  await keyboard.press("n");
  await window.note.and(panel.locator(":focus")).waitFor();
  await keyboard.type("Written without a mouse");
  await tabTo(window, panel.getByTitle("Change type, date, duration and attendees"));
  await keyboard.press("Enter");
  await tabTo(window, panel.getByLabel("Type"));
  await keyboard.press("c");
  assert.equal(await panel.getByLabel("Type").inputValue(), "Call");
  await press(window, panel.getByRole("button", { name: "Log to Northwind Traders" }));
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [activity, ...more] = await world.logged();
  assert.deepEqual([activity.NotesPlainText, activity.TypeName, more.length], ["Written without a mouse", "Call", 0]);

  // Shortcuts for whoever knows them, and a list for whoever does not.
  await tabTo(window, window.button("Menu"));
  await keyboard.press("1");
  assert.equal(await window.tab("Timeline").getAttribute("aria-selected"), "true");
  await keyboard.press("?");
  await panel.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await keyboard.press("Escape");
  await panel.getByRole("dialog").waitFor({ state: "detached" });
  await keyboard.press("n");
  await keyboard.type("And logged by Ctrl+Enter");
  await keyboard.press("Control+Enter");
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  assert.equal((await world.logged()).length, 2);
  await window.close();
});

/** What moves by itself; what follows a scrolling finger does not. */
const moving = (frame) =>
  frame.evaluate(() => document.getAnimations().filter(({ timeline }) => timeline instanceof DocumentTimeline).length);

test("nothing moves for whoever wants no motion", async () => {
  await world.signedIn();
  await world.fault({ kind: "latency", millis: 8000 }, {});
  for (const [reducedMotion, moves] of [
    ["no-preference", true],
    ["reduce", false],
  ]) {
    const window = await world.meeting("maya-lindqvist", { reducedMotion });
    await window.ready();
    await window.tab("People").click();
    await window.panel.getByRole("status", { name: "Loading…" }).waitFor();
    assert.equal((await moving(await window.frame())) > 0, moves, reducedMotion);
    await window.close();
  }
});
