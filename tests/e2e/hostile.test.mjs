// What people may type, call themselves, or have pasted long ago: it is text, and it keeps to its place.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { overflowing, setWidth, WIDTHS } from "./layout.mjs";
import { NORTHWIND, World } from "./world.mjs";

const SCRIPT = `<img src=x onerror="self.hacked=1"><script>self.hacked=2</script>'"\`{{7*7}}`;
const NOTES = `<p onclick="self.hacked=3">Read <a href="https://docs.example/plan">the plan</a> and <a href="javascript:self.hacked=4">not this</a>.</p>
  <script>self.hacked=5</script><img src="https://tracker.example/x.png" onerror="self.hacked=6"><iframe src="https://evil.example"></iframe>
  <svg onload="self.hacked=7"></svg><style>body{display:none}</style><form action="https://evil.example"><input name="password"></form>`;
const LONG_WORD = "W".repeat(255);
const LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff".repeat(286).slice(0, 10_000);

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

/** A demo meeting with this topic, Northwind under this name, an activity and an attendee. */
async function prepare({ topic, company, subject, notes, attendee }) {
  await world.renew();
  await world.install();
  await world.control("meetings", { topic, host: "maya-lindqvist", number: NORTHWIND });
  await world.step("start");
  for (const person of ["ana-ruiz", "ben-carter"]) await world.step("join", { person });
  await world.step("join", { name: attendee, email: "attendee@visitor.example", disclosure: "registered" });
  await world.step("join", { name: attendee });
  await world.control("webhooks/settle");
  const [{ Gsid: id }] = await world.ask("records?tenant=lumen&object=Company&field=Name&value=Northwind%20Traders");
  await world.gainsight("PUT", "/v1/data/objects/Company?keys=Gsid", { records: [{ Gsid: id, Name: company }] });
  const activity = { ExternalId: "elsewhere-1", ContextName: "Company", TypeName: "Call", GsCompanyId: id };
  Object.assign(activity, { Subject: subject, Notes: notes, Author: "maya.lindqvist@lumenworks.example" });
  activity.ActivityDate = new Date(Date.now() - 60_000).toISOString().replace("Z", "+0000");
  await world.gainsight("POST", "/v1/ant/es/activity", { records: [activity] });
  await world.signIn();
}

test("script in names, subjects, topics and notes is text", async () => {
  await prepare({ topic: SCRIPT, company: SCRIPT, subject: SCRIPT, notes: NOTES, attendee: SCRIPT });
  const window = await world.meeting();
  const { panel, page } = window;
  page.on("dialog", (dialog) => window.problems.push(`dialog: ${dialog.message()}`));
  await panel.getByTitle("Switch company or relationship").getByText(SCRIPT, { exact: true }).waitFor();
  await window.tab("People").click();
  await panel.getByRole("listitem").getByText(SCRIPT, { exact: true }).first().waitFor();
  await panel.getByRole("heading", { name: SCRIPT, level: 2 }).waitFor();
  await window.tab("Timeline").click();
  await panel.getByRole("button", { name: SCRIPT }).last().click();
  await panel.getByRole("heading", { name: SCRIPT, level: 2 }).waitFor();
  const notes = panel.locator(".notes");
  await notes.waitFor();
  const kept = await notes.evaluate((element) =>
    [...element.querySelectorAll("*")].map(({ tagName, attributes }) =>
      [tagName, ...[...attributes].map(({ name }) => name)].join(" ").toLowerCase(),
    ),
  );
  assert.deepEqual(kept.filter((tag) => /script|img|iframe|svg|style|form|input|\bon|class|id/u.test(tag)), []);
  assert.deepEqual(await notes.getByRole("link").allTextContents(), ["the plan"]);
  const [request] = await Promise.all([
    window.context.waitForEvent("request", (one) => one.url().startsWith("https://docs.example")),
    notes.getByRole("link").click(),
  ]);
  assert.equal(request.isNavigationRequest(), true, "the link opens in the system browser");
  window.tolerate(/docs\.example/u);
  await panel.getByRole("heading", { name: SCRIPT, level: 2 }).waitFor();

  await window.note.fill(SCRIPT);
  assert.equal(await panel.getByLabel("Subject").inputValue(), SCRIPT);
  await panel.getByRole("button", { name: "Log to" }).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [activity] = await world.logged();
  assert.deepEqual([activity.Subject, activity.NotesPlainText], [SCRIPT, SCRIPT]);
  for (const frame of page.frames()) assert.equal(await frame.evaluate(() => self.hacked), undefined);
  await window.close();
});

test("names of 10,000 letters keep to their place at every width", async () => {
  await prepare({ topic: LONG_NAME, company: LONG_WORD, subject: LONG_WORD, notes: `<p>${LONG_NAME}</p>`, attendee: LONG_NAME });
  const window = await world.meeting();
  const { panel } = window;
  const found = [];
  const look = async (name) => {
    for (const width of WIDTHS) {
      await setWidth(window.page, width);
      found.push(...(await overflowing(await window.frame())).map((fault) => `${name}, ${width} px: ${fault}`));
    }
  };
  await panel.getByTitle("Switch company or relationship").getByText(LONG_WORD).waitFor();
  await look("Timeline");
  await panel.getByRole("button", { name: LONG_WORD }).last().click();
  await panel.locator(".notes").waitFor();
  await look("activity");
  await window.tab("People").click();
  const person = panel.getByRole("listitem").getByRole("button", { name: /^WO?/u }).last();
  await person.click();
  await look("People");
  await window.note.fill(LONG_NAME);
  await panel.getByTitle("Change type, date, duration and attendees").click();
  await look("composer");
  await window.button("Menu").click();
  await look("menu");
  await window.page.keyboard.press("Escape");
  await world.fault({ kind: "status", status: 500 }, { method: "POST", path: "/v1/ant/es/activity" });
  await panel.getByLabel("Subject").fill(LONG_WORD);
  await panel.getByRole("button", { name: "Log to" }).click();
  await panel.getByRole("button", { name: /On the way to Gainsight/u }).click();
  await look("writes");
  assert.deepEqual(found, []);
  await window.close();
});
