// The main client: the day's meetings, a note finished after the call, a company chosen beforehand; and the cover while the screen is shared.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NORTHWIND, World } from "./world.mjs";

const MAYA = "maya-lindqvist";
const SYNC = "Northwind Traders: weekly sync";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const atHome = () => world.visit(`${world.zoom}/client?as=${MAYA}&still=1`);
const row = (window, name) => window.panel.getByRole("button", { name });
const today = (window) => window.panel.getByRole("heading", { name: /^Today/u, level: 1 }).waitFor();
const company = (window, name) => window.panel.getByRole("heading", { name, level: 1 }).waitFor();

/** Plans a meeting that begins in a minute. */
const plan = (topic, more = {}) =>
  world.control("meetings", { topic, host: MAYA, starts_at: Date.now() + 60_000, minutes: 30, ...more });

async function choose(window, name) {
  await window.search.fill(name.slice(0, 6));
  await window.panel.getByRole("dialog").getByRole("option").filter({ hasText: name }).first().click();
}

test("the day's meetings stand at home, and one tap opens the customer", async () => {
  await world.signedIn();
  await plan("Fabrik Analytics review");
  await plan("Roadmap", { invitees: ["chioma.eze@northwindtraders.example"] });
  const window = await atHome();
  await today(window);
  await row(window, new RegExp(`${SYNC}.*Now`, "u")).waitFor();
  await row(window, /Roadmap.*1 of 1 invited work there/u).waitFor();
  await row(window, /Fabrik Analytics review.*Named in the topic/u).click();
  await company(window, /Fabrik Analytics/u);
  await window.panel.locator("#tab-panel .entry, #tab-panel .empty").first().waitFor();
  await window.button("Today").click();
  await row(window, new RegExp(SYNC, "u")).click();
  await company(window, /Northwind Traders/u);
  await window.tab("People").click();
  await window.panel.getByText("Ana Ruiz").first().waitFor();
  await window.close();
});

test("a note that was begun in the call is finished and logged after it, from home", async () => {
  await world.signedIn();
  const meeting = await world.meeting();
  await meeting.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await meeting.note.fill("Begun in the call");
  await meeting.status.getByText(/^Saved/u).waitFor();
  await meeting.close();
  await world.step("end");
  await world.control("webhooks/settle");

  const window = await atHome();
  await row(window, /Begun in the call/u).click();
  await company(window, /Northwind Traders/u);
  assert.equal(await window.written(), "Begun in the call");
  await window.note.fill("Begun in the call, finished after it");
  await window.status.getByText(/^Saved/u).waitFor();
  // What is looked at is still there when the page is loaded again.
  await window.page.reload();
  await company(window, /Northwind Traders/u);
  await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [logged] = await world.logged();
  assert.match(JSON.stringify(logged), /finished after it/u);
  await window.button("Today").click();
  await row(window, new RegExp(`${SYNC}.*Logged`, "u")).waitFor();
  assert.equal(await row(window, /Begun in the call/u).count(), 0);
  await window.close();
});

test("a call without a note asks for one", async () => {
  await world.signedIn();
  const ask = await world.session(MAYA, NORTHWIND);
  await ask("GET", "/people");
  await world.step("end");
  await world.control("webhooks/settle");
  const window = await atHome();
  await window.panel.getByRole("heading", { name: "Not logged yet" }).waitFor();
  // Whoever has nothing to say sets it aside, and finds it again.
  const heading = (name) => window.panel.getByRole("heading", { name });
  await window.button("No note needed").click();
  await heading(/^No note needed/u).waitFor();
  assert.equal(await heading("Not logged yet").count(), 0);
  await window.button("List as not logged").click();
  await heading("Not logged yet").waitFor();
  await row(window, new RegExp(SYNC, "u")).first().click();
  await company(window, /Northwind Traders/u);
  await window.close();
});

test("a company is chosen before the meeting and stands there when it begins", async () => {
  await world.signedIn();
  const { number } = await plan("Lunch");
  const window = await atHome();
  await row(window, /Lunch.*Choose a company/u).click();
  await choose(window, "Fabrik Analytics");
  await company(window, /Fabrik Analytics/u);
  await window.button("Today").click();
  await row(window, /Lunch.*Fabrik Analytics/u).waitFor();
  await window.close();
  await world.control(`meetings/${number}/start`);
  await world.control("webhooks/settle");
  const meeting = await world.meeting(MAYA, { number });
  await company(meeting, /Fabrik Analytics/u);
  await meeting.close();
});

test("the next meeting of a series begins with the company of the last one", async () => {
  await world.signedIn();
  let meeting = await world.meeting();
  await meeting.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await meeting.panel.getByTitle("Switch company or relationship").click();
  await choose(meeting, "Fabrik Analytics");
  await company(meeting, /Fabrik Analytics/u);
  await meeting.close();
  await world.step("end");
  await world.step("start");
  await world.control("webhooks/settle");
  meeting = await world.meeting();
  await meeting.text("Chosen last time by you").waitFor();
  await company(meeting, /Fabrik Analytics/u);
  await meeting.close();
});

test("home says what Zoom does not tell, and what helps", async () => {
  await world.signedIn();
  await world.control("faults", { match: { path: "/v2/users/me/meetings" }, fault: { kind: "status", status: 500 } });
  const window = await atHome();
  await window.text("Zoom does not answer. Meetings may be missing.").waitFor();
  await row(window, new RegExp(SYNC, "u")).waitFor();
  await window.close();
});

test("sharing the screen covers the panel, and one tap shows it again", async () => {
  await world.signedIn();
  const window = await world.meeting();
  const why = window.text("4 of 6 attendees work at Northwind Traders");
  const covered = window.panel.getByRole("heading", { name: "Covered" });
  const share = (name) => window.page.getByRole("button", { name, exact: true }).click();
  await why.waitFor();
  await share("Share");
  await window.text("You are sharing your screen, so nothing about your customers is shown.").waitFor();
  // Nothing of it can be seen or hit: the cover takes the whole panel.
  const frame = await window.frame();
  const hit = await frame.evaluate(() => {
    const found = [...Array(9).keys()].map((n) => document.elementFromPoint(innerWidth * (n + 0.5) / 9, innerHeight * (n + 0.5) / 9));
    return found.every((element) => element?.closest("dialog.curtain"));
  });
  assert.ok(hit, "something beside the cover is visible");
  // A window that is loaded anew, such as after moving it, stays covered.
  await frame.evaluate(() => location.reload());
  await covered.waitFor();
  await window.button("Show the panel").click();
  await covered.waitFor({ state: "hidden" });
  await share("Stop share");
  await share("Share");
  await covered.waitFor();
  await share("Stop share");
  await covered.waitFor({ state: "hidden" });
  await window.button("Cover the panel").click();
  await covered.waitFor();
  await window.button("Show the panel").click();
  await window.panel.locator("#tab-panel").focus();
  await window.page.keyboard.press("c");
  await covered.waitFor();
  await window.page.keyboard.press("Escape");
  await covered.waitFor({ state: "hidden" });
  await window.close();
});
