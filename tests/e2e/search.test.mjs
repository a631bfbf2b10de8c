// Looking for a customer by keyboard, and what follows from the choice.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

async function open() {
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  return window;
}

const chosen = (window, name) => window.panel.getByTitle("Switch company or relationship").getByText(name, { exact: true }).waitFor();
const options = (window) => window.panel.getByRole("dialog").getByRole("option");
const marked = (window) => window.panel.getByRole("dialog").getByRole("option", { selected: true });

test("a company is found, marked and chosen by keyboard alone", async () => {
  const window = await open();
  const { keyboard } = window.page;
  await window.tab("Timeline").focus();
  await keyboard.press("/");
  await window.search.and(window.panel.locator(":focus")).waitFor();
  await window.text("From this meeting").waitFor();
  await options(window).first().getByText("4 of 6 attendees").waitFor();
  await keyboard.type("fabrik");
  await marked(window).getByText("Fabrik Analytics").waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowUp");
  const field = window.search;
  assert.equal(await field.getAttribute("aria-activedescendant"), await marked(window).getAttribute("id"));
  await keyboard.press("Enter");
  await chosen(window, "Fabrik Analytics");
  await window.panel.getByRole("dialog").waitFor({ state: "detached" });
  // It is still chosen after a reload, and listed once, though it is both of this meeting and a recent one.
  await (await window.frame()).evaluate(() => location.reload());
  await chosen(window, "Fabrik Analytics");
  await window.button("Search").click();
  await options(window).filter({ hasText: "Fabrik Analytics" }).waitFor();
  await keyboard.press("Escape");
  await window.panel.getByRole("dialog").waitFor({ state: "detached" });
  await window.button("Search").and(window.panel.locator(":focus")).waitFor();
  await window.close();
});

test("inactive customers are found only by whoever asks for them", async () => {
  const window = await open();
  await window.button("Search").click();
  await window.search.fill("iron orch");
  await window.text("Nothing matches “iron orch”.").waitFor();
  await window.panel.getByRole("checkbox", { name: "Include inactive" }).check();
  await options(window).filter({ hasText: "Iron Orchard Cider" }).getByText("Inactive").waitFor();
  await window.page.keyboard.press("Tab");
  await window.search.focus();
  await window.page.keyboard.press("Enter");
  await chosen(window, "Iron Orchard Cider");
  await window.close();
});

test("a note goes to the relationship that is chosen, and says so when that changes under it", async () => {
  const window = await open();
  await window.note.fill("Began for the company");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.button("Search").click();
  await window.search.fill("analytics pilot");
  await options(window).filter({ hasText: "Northwind: Analytics pilot" }).click();
  await chosen(window, "Northwind: Analytics pilot");
  await window.panel.getByTitle("Switch company or relationship").getByText("Northwind Traders ▸").waitFor();
  await window.note.click();
  await window.text(/^You began this note for another company\. It would now go to /u).waitFor();
  await window.panel.getByRole("button", { name: /^Log to .*Analytics pilot/u }).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [activity] = await world.logged();
  assert.equal(activity.ContextName, "Relationship");
  assert.notEqual(activity.GsRelationshipId, null);
  await window.close();
});

test("a search that fails says so and can be repeated", async () => {
  const window = await open();
  window.tolerate(/status of 50\d/u);
  await world.server.kill();
  window.tolerateOutage();
  await window.button("Search").click();
  await window.panel.getByRole("dialog").getByText("Sidelight could not be reached. Nothing you typed is lost.").waitFor();
  await world.server.start();
  await window.panel.getByRole("dialog").getByRole("button", { name: "Try again" }).click();
  await options(window).first().waitFor();
  await window.close();
});
