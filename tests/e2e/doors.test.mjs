// Where nobody is let in, or there is no meeting: the panel says why, who can change it, and what to do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LUMEN, NORTHWIND, SOLSTICE, World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const title = (window, name) => window.panel.getByRole("heading", { name }).waitFor();

test("a guest is not let in, and climbs the ladder from here", async () => {
  await world.renew();
  const window = await world.meeting("sam");
  await title(window, "You are not signed in to Zoom");
  assert.equal(await window.text(/Northwind|Ana/u).count(), 0);
  await window.button("Sign in to Zoom").click();
  await window.page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await window.page.getByRole("dialog").waitFor({ state: "detached" });
  await title(window, "Add Sidelight to go on");
  await window.button("Add Sidelight").click();
  await window.page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  // The authorisation follows by itself, and then Gainsight's first question.
  await window.button("Gainsight Account", {}).waitFor();
  assert.equal(await window.button("Authorise in Zoom").count(), 0);
  await window.close();
});

test("an invitation leads through adding and authorising straight to the Gainsight sign-in", async () => {
  await world.signedIn();
  const host = await world.meeting();
  const guest = await world.meeting("tom-okafor");
  await host.ready();
  await host.button("Menu").click();
  await host.button("Invite others").click();
  await host.page.getByRole("dialog").getByRole("button", { name: "Send invitation" }).click();
  await guest.page.getByRole("dialog").getByRole("button", { name: "View" }).click();
  await title(guest, "Add Sidelight to go on");
  await guest.button("Add Sidelight").click();
  await guest.page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await guest.button("Gainsight Account", {}).waitFor();
  const ask = await world.session("tom-okafor", NORTHWIND);
  assert.equal((await ask("GET", "/panel")).viewer.zoom_authorised, true);
  await guest.close();
  await host.close();
});

test("who has the app is reminded to authorise it, and may decline", async () => {
  await world.renew();
  await world.install();
  await world.control("people/tom-okafor/add-app");
  const window = await world.meeting("tom-okafor");
  await window.text("Sidelight may not ask Zoom about you and your meetings yet.").waitFor();
  const declines = (await window.simulate()).getByLabel("Decline consent");
  await declines.check();
  await window.button("Authorise in Zoom").click();
  await window.text(/^You declined/u).waitFor({ state: "attached" });
  await declines.uncheck();
  await window.button("Authorise in Zoom").click();
  await window.text("Sidelight may not ask Zoom about you and your meetings yet.").waitFor({ state: "detached" });
  await window.button("Gainsight Account", {}).waitFor();
  await window.close();
});

test("where no tenant is registered, the panel says whose turn it is", async () => {
  await world.renew({ tenants: "" });
  await world.install();
  const window = await world.meeting();
  await title(window, "No Gainsight domain yet");
  await window.text("Sidelight's administrator has to register your Gainsight domain before anybody can sign in.").waitFor();
  await window.close();
});

test("after the meeting the note can still be finished and logged", async () => {
  await world.signedIn();
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await window.note.fill("Finished after the end");
  await window.status.getByText(/^Saved/u).waitFor();
  await world.reportEnd();
  await window.text("The meeting has ended. You can still finish and log your note.").waitFor();
  await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  assert.equal((await world.logged()).length, 1);
  await window.close();
});

test("somebody of an organisation that Sidelight does not serve is not let in", async () => {
  const organisation = (key) => `[[organisations]]\nkey = "${key}"\nname = "${key}"\nzoom_accounts = ["acc-${key}"]\n`;
  await world.renew({ tenants: `${organisation("lumen")}${organisation("other")}${LUMEN}organisation = "lumen"\n` });
  await world.control("people/dana-whitfield/add-app");
  const window = await world.meeting("dana-whitfield", { number: SOLSTICE });
  await title(window, "Your Zoom account is not connected");
  await window.button("Refresh App").click();
  await title(window, "Your Zoom account is not connected");
  await window.close();
});

test("without a meeting Timeline and search work, and People says what is missing", async () => {
  await world.signedIn();
  const window = await world.visit(`${world.zoom}/client?as=maya-lindqvist&still=1`);
  await window.button("Search").click();
  await window.search.fill("northwind");
  await window.panel.getByRole("dialog").getByRole("option").filter({ hasText: "Northwind Traders" }).first().click();
  await window.ready();
  await window.panel.locator("#tab-panel .entry").first().waitFor();
  await window.tab("People").click();
  await title(window, "No meeting");
  await window.close();
});

