// Who is in the room: live, calm, and by what is proven.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { NORTHWIND, World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.renew());

/** The panel of somebody who is signed in, with the People tab open. */
async function people(person = "maya-lindqvist", options = {}) {
  const window = await world.meeting(person, options);
  await window.tab("People").click();
  await window.panel.getByRole("heading", { name: "Colleagues" }).waitFor();
  return window;
}

const group = (window, name) => {
  const heading = window.panel.getByRole("heading", { name, level: 2 });
  return window.panel.locator("section.group", { has: heading });
};
const person = (window, name, where = window.panel) => where.getByRole("listitem").filter({ hasText: name });
const here = (window, count) => window.text(`${count} here`, { exact: true }).waitFor();
const announced = (window, text) => window.panel.locator("#panel > [aria-live=polite]").getByText(text).waitFor();

test("people join, leave and come back without a touch", async () => {
  await world.install();
  await world.signIn();
  const window = await people();
  await here(window, 9);
  await world.step("join", { name: "Zoe Newcomer", email: "zoe@visitor.example", disclosure: "registered" });
  await announced(window, "Zoe Newcomer joined");
  await here(window, 10);
  await person(window, "Zoe Newcomer", group(window, "Not in Gainsight yet")).getByText("zoe@visitor.example").waitFor();
  await world.step("join", { name: "Quiet guest" });
  await person(window, "Quiet guest", group(window, "Needs an e-mail")).waitFor();
  await here(window, 11);
  await world.step("leave", { person: "ana-ruiz" });
  await announced(window, "left");
  // Whoever has left stays where he was for a moment, so that no list jumps under a finger.
  await person(window, "Ana Ruiz").getByText("left", { exact: true }).waitFor();
  await here(window, 10);
  await person(window, "Ana Ruiz").waitFor({ state: "detached" });
  await world.step("rejoin", { person: "ben-carter" });
  await here(window, 10);
  assert.equal(await person(window, "Ben Carter").filter({ hasNotText: "left" }).count(), 1);
  await window.close();
});

test("whoever is in a breakout room stays in the list and is marked", async () => {
  await world.install();
  await world.signIn();
  const window = await people();
  await here(window, 9);
  await world.step("room", { person: "ana-ruiz", room: "Breakout 1" });
  await person(window, "Ana Ruiz", group(window, "Northwind Traders")).getByText("breakout room", { exact: true }).waitFor();
  await here(window, 9);
  await world.step("room", { person: "ana-ruiz" });
  await person(window, "Ana Ruiz").getByText("breakout room").waitFor({ state: "detached" });
  await here(window, 9);
  await window.close();
});

test("whoever seems to be alone can say who is there", async () => {
  await world.install();
  await world.signIn();
  const window = await people();
  const { participants } = await world.ask(`meetings/${NORTHWIND}`);
  for (const one of participants.filter((other) => other.person !== "maya-lindqvist")) {
    await world.step("leave", { person: one.person });
  }
  await here(window, 1);
  await window.button("Tick who is here").click();
  await window.panel.getByRole("checkbox", { name: "Ana Ruiz" }).waitFor();
  await window.close();
});

test("a new name in the meeting is found with the next look at the list, since Zoom tells nobody of it", async () => {
  await world.install();
  await world.signIn();
  const window = await people();
  await world.step("rename", { person: "ana-ruiz", name: "Ana (phone)" });
  await window.button("Refresh people").click();
  // Gainsight's name stays; the one in the meeting stands on the card.
  await person(window, "Ana Ruiz").getByRole("button").click();
  await person(window, "Ana Ruiz").getByText("Ana (phone)").waitFor();
  await window.close();
});

test("a person's card says who it is and how that is known", async () => {
  await world.install();
  await world.signIn();
  const window = await people();
  const diego = person(window, "Diego Santos");
  await diego.getByText("also at Fabrik Analytics").waitFor();
  await diego.getByRole("button").click();
  await diego.getByText("diego.santos@fabrikanalytics.example").waitFor();
  await diego.locator(".jobs").getByText("Northwind Traders").waitFor();
  await diego.locator(".jobs").getByText("Fabrik Analytics").waitFor();
  await diego.getByText("Zoom's report to the host").waitFor();
  await person(window, "Maya Lindqvist").getByText("you", { exact: true }).waitFor();
  await person(window, "Sam").getByRole("img", { name: "No e-mail known" }).waitFor();
  await window.close();
});

test("who is not the host sees the same people, since the host's Zoom reports them", async () => {
  await world.install();
  await world.install("tom-okafor");
  await world.signIn("tom-okafor");
  const window = await people("tom-okafor");
  await here(window, 9);
  await person(window, "Ana Ruiz", group(window, "Northwind Traders")).waitFor();
  await person(window, "Tom Okafor").getByText("you", { exact: true }).waitFor();
  await window.close();
});

test("a thousand people are counted right and drawn as they are looked at", async () => {
  await world.install();
  await world.signIn();
  // Only the client's list tells of them.
  await world.control("webhooks", { off: true });
  await world.step("fill", { to: 999 });
  await world.control("webhooks");
  const window = await people();
  await here(window, 999);
  const rows = await window.panel.locator("#tab-panel").getByRole("listitem").count();
  assert.ok(rows <= 60, `${rows} rows are drawn at once`);
  await world.step("join", { name: "One more", email: "more@visitor.example", disclosure: "registered" });
  await here(window, 1000);
  await person(window, "One more").waitFor();
  // Down to the last group, which is reached by nothing but scrolling.
  await world.until("the end is reached", async () => {
    await window.panel.locator("#tab-panel").evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return person(window, "+1 (415) 555-0142").isVisible();
  });
  const counts = await window.panel.locator("#tab-panel h2 .count").allTextContents();
  assert.equal(counts.map(Number).reduce((sum, count) => sum + count, 0), 1000);
  await world.step("leave", { person: "sam" });
  await here(window, 999);
  await window.close();
});

test("who joins later moves no choice that was made by hand", async () => {
  await world.install();
  await world.signIn();
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  const { found } = await ask("GET", "/entities?q=fabrik");
  const window = await people();
  const { tenant, kind, id } = found[0];
  await ask("PUT", "/view", { select: { tenant, kind, id } });
  await window.panel.getByTitle("Switch company or relationship").getByText("Fabrik Analytics").waitFor();
  const everybody = await world.ask(`people?meeting=${NORTHWIND}`);
  const more = everybody.filter((one) => one.company === "Northwind Traders" && one.standing === "authenticated").slice(0, 5);
  assert.equal(more.length, 5);
  for (const one of more) await world.step("join", { person: one.key });
  await here(window, 14);
  await window.panel.getByTitle("Switch company or relationship").getByText("Fabrik Analytics").waitFor();
  await window.close();
});

test("what happens before the panel listens is not missed", async () => {
  await world.install();
  await world.signIn();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const window = await world.meeting("maya-lindqvist", { address: "about:blank" });
  await window.context.route("**/api/v1/events", async (route) => {
    await held;
    await route.continue();
  });
  await window.page.goto(world.meetingUrl("maya-lindqvist"));
  await window.tab("People").click();
  await here(window, 9);
  await world.step("leave", { person: "ana-ruiz" });
  await world.control("webhooks/settle");
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  await world.until("the server knows", async () => (await ask("GET", "/people")).attendees.length === 8);
  release();
  await here(window, 8);
  await window.close();
});

test("a thousand people who come within a minute are counted as they come", async () => {
  await world.install();
  await world.signIn();
  const window = await people();
  await world.step("fill", { to: 1000 });
  await here(window, 1000);
  await window.close();
});

test("where the host does not use Sidelight, nobody is matched by name", async () => {
  await world.install("tom-okafor");
  await world.signIn("tom-okafor");
  const window = await world.meeting("tom-okafor");
  await window.tab("People").click();
  await window.text("Zoom tells addresses only to the meeting's owner.").waitFor();
  assert.equal(await group(window, "Northwind Traders").count(), 0);
  assert.equal(await person(window, "Ana Ruiz").getByText("VP Operations").count(), 0);
  await window.tab("Timeline").click();
  await window.panel.getByRole("heading", { name: "Choose a company to see its Timeline" }).waitFor();
  await window.close();
});

test("the calendar invitation tells addresses where Zoom does not, until it is forgotten", async () => {
  await world.install("tom-okafor");
  await world.signIn("tom-okafor");
  // Zoom lists names to hosts and co-hosts.
  await world.step("role", { person: "tom-okafor", role: "co_host" });
  const window = await world.meeting("tom-okafor");
  await window.tab("People").click();
  await window.button("Use the calendar invitation").click();
  const field = window.panel.getByRole("textbox", { name: "People of the invitation" });
  window.tolerate(/status of 422/u);
  await field.fill("Tomorrow at noon");
  await window.button("Recognise").click();
  await window.text("No address was found in it.").waitFor();
  assert.equal(await field.inputValue(), "Tomorrow at noon");
  const lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "ATTENDEE;CN=Ana Ruiz:mailto:ana.ruiz@northwindtraders.example", "END:VEVENT"];
  const file = { name: "invite.ics", mimeType: "text/calendar", buffer: Buffer.from(lines.join("\r\n")) };
  await window.panel.getByLabel("Choose a file").setInputFiles(file);
  await window.button("Recognise").click();
  await window.text("The invitation names 1 person.").waitFor();
  const ana = person(window, "Ana Ruiz");
  await ana.getByText("VP Operations").waitFor();
  await ana.getByRole("button").first().click();
  await ana.getByText("ana.ruiz@northwindtraders.example").waitFor();
  await window.button("Forget it").click();
  await ana.getByText("VP Operations").first().waitFor({ state: "detached" });
  await window.close();
});

test("whoever knows who is there ticks them, for the note and for colleagues, and takes it back", async () => {
  await world.install("tom-okafor");
  await world.signIn("tom-okafor");
  const window = await world.meeting("tom-okafor");
  await window.tab("People").click();
  await window.button("Tick who is here").click();
  await window.text("Choose a company to see its people.").waitFor();
  await window.panel.locator(".tick-list").getByRole("button", { name: "Choose a company" }).click();
  await window.page.keyboard.type("northwind tr");
  await window.panel.getByRole("dialog").getByRole("option", { name: "Northwind Traders" }).first().waitFor();
  await window.page.keyboard.press("Enter");
  // By keyboard from here on: find, tick.
  const field = window.panel.getByRole("searchbox", { name: "Find by name" });
  await field.focus();
  await window.page.keyboard.type("nobody at all");
  await window.text("Nothing matches “nobody at all”.").waitFor();
  await field.fill("ana ru");
  await window.page.keyboard.press("Tab");
  await window.page.keyboard.press("Space");
  const ana = person(window, "Ana Ruiz", group(window, "Northwind Traders"));
  await ana.waitFor();
  const box = window.panel.getByRole("checkbox", { name: "Ana Ruiz" });
  assert.equal(await box.isChecked(), true);
  await ana.getByRole("button").first().click();
  await ana.getByText("Tom Okafor, who ticked them").waitFor();
  // The note names her, as it names whom Zoom told.
  await window.note.fill("Agreed");
  await window.button("Log to Northwind Traders", { exact: false }).click();
  await window.text("In Gainsight", { exact: true }).first().waitFor();
  const [logged] = await world.logged();
  assert.deepEqual([logged.ExternalAttendees, logged.InternalAttendees], ["Ana Ruiz", "Tom Okafor"]);
  await ana.getByRole("button", { name: "Not here" }).click();
  await ana.waitFor({ state: "detached" });
  await window.close();
});

test("a guess by name says so, and is confirmed with one tap", async () => {
  const registrants = [{ id: "reg-77", name: "Margaret Doyle", email: "margaret.doyle@northwindtraders.example" }];
  await world.step("expect", { registrants });
  await world.install();
  await world.signIn();
  await world.step("join", { name: "Margaret Doyle" });
  const window = await people();
  const margaret = person(window, "Margaret Doyle", group(window, "Northwind Traders"));
  await margaret.getByRole("img", { name: "a registration under this name, not confirmed" }).waitFor();
  await margaret.getByRole("button").first().click();
  await margaret.getByRole("button", { name: "Yes, this is Margaret Doyle" }).click();
  await margaret.getByText("Maya Lindqvist, who ticked them").waitFor();
  await window.close();
});

test("a row opens into a card: where somebody works, when last met, what was logged", async () => {
  await world.signedIn();
  const window = await world.meeting();
  const { panel } = window;
  await window.tab("People").click();
  await panel.getByRole("button", { name: /^Ana Ruiz/u }).click();
  await panel.locator(".jobs").getByText("Northwind Traders").waitFor();
  await panel.locator(".card-met").getByText(/^Last met/u).waitFor();
  const subject = await panel.locator(".card-activity b").first().textContent();
  await panel.locator(".card-activity").first().click();
  await panel.getByRole("heading", { name: subject }).waitFor();
  await panel.getByRole("heading", { name: "Customers" }).waitFor();
  await window.close();
});

test("somebody who was not recognised is said to be somebody, with one choice, and it is undone with one tap", async () => {
  await world.signedIn();
  await world.step("join", { name: "Peggy Doyle" });
  await world.control("webhooks/settle");
  const window = await world.meeting();
  const { panel } = window;
  await window.tab("People").click();
  await panel.getByRole("button", { name: /^Peggy Doyle/u }).click();
  const choice = panel.getByLabel("Not the right person?");
  await world.until("the customer's people are offered", async () => (await choice.locator("option").count()) > 2);
  await choice.selectOption("margaret.doyle@northwindtraders.example");
  const row = panel.getByRole("button", { name: /^Margaret Doyle/u });
  await row.waitFor();
  const undo = panel.getByRole("button", { name: "Undo the correction by Maya Lindqvist" });
  await undo.or(row).first().waitFor();
  if (!(await undo.isVisible())) await row.click();
  await undo.click();
  await panel.getByRole("button", { name: /^Peggy Doyle/u }).waitFor();
  await window.close();
});
