// What a tenant's form asks for stands in the note before anything is sent, and whatever changes meanwhile costs nothing that was typed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faults } from "./axe.mjs";
import { overflowing, setWidth, WIDTHS } from "./layout.mjs";
import { HARBOR, reviews, World } from "./world.mjs";

const CALL = "POST /v1/ant/es/activity";
const REVIEW = "Executive Business Review";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

/** A window of the demo meeting, where the tenant's first type demands three fields. */
async function meeting({ preset }) {
  await world.renew({ tenants: reviews(preset) + HARBOR });
  await world.install();
  await world.signIn();
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  return window;
}

const log = (window) => window.panel.getByRole("button", { name: "Log to Northwind Traders" });
const field = (window, label) => window.panel.getByLabel(label, { exact: false });

test("a type that demands three fields is logged in two clicks where they are filled in already", async () => {
  const window = await meeting({ preset: true });
  await window.note.click();
  await window.page.keyboard.type("Agreed on the rollout");
  await log(window).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [logged] = await world.logged();
  assert.equal(logged.TypeName, REVIEW);
  assert.deepEqual([logged.Ant__Sentiment__c, logged.Ant__Outcome__c], ["Positive", "Goals agreed"]);
  assert.equal(typeof logged.Duration, "number");
  await window.close();
});

test("what is demanded stands first, is said to be missing before anything is sent, and survives a reload", async () => {
  const window = await meeting({ preset: false });
  await window.note.click();
  await window.page.keyboard.type("Agreed on the rollout");
  const labels = window.panel.locator(".asked label > span");
  await labels.first().waitFor();
  assert.deepEqual(await labels.allInnerTexts(), ["Duration in minutes *", "Sentiment *", "Outcome *", "Next step due"]);
  await log(window).click();
  await window.panel.locator("#composer-Ant__Sentiment__c:focus").waitFor();
  assert.deepEqual(await window.panel.locator(".asked .field-error:not(:empty)").allInnerTexts(), ["Fill this in.", "Fill this in."]);
  assert.equal(await world.calls(CALL), 0);
  const frame = await window.frame();
  for (const colorScheme of ["light", "dark"]) {
    await window.page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(frame), []);
  }
  for (const width of WIDTHS) {
    await setWidth(window.page, width);
    assert.deepEqual(await overflowing(frame), []);
  }
  await field(window, "Sentiment").selectOption("Negative");
  await field(window, "Outcome").selectOption("Escalated");
  await field(window, "Next step due").fill("2026-12-01");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.close();

  const again = await world.meeting();
  await again.note.click();
  await field(again, "Outcome").waitFor();
  assert.equal(await field(again, "Outcome").inputValue(), "Escalated");
  assert.equal(await field(again, "Next step due").inputValue(), "2026-12-01");
  await log(again).click();
  await again.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [logged] = await world.logged();
  assert.deepEqual([logged.Ant__Sentiment__c, logged.Ant__Outcome__c], ["Negative", "Escalated"]);
  await again.close();
});

test("a field demanded meanwhile and a choice switched off meanwhile are named at their places, and nothing is lost", async () => {
  const window = await meeting({ preset: true });
  window.tolerate(/status of 422/u);
  await window.note.click();
  await window.page.keyboard.type("My words");
  await window.status.getByText(/^Saved/u).waitFor();
  await world.control("forms", { tenant: "lumen", of: REVIEW, field: "Ant__Agenda_Link__c", is_required: true });
  await log(window).click();
  const link = field(window, "Agenda link");
  await link.waitFor();
  await window.panel.locator(".asked").getByText(/Missing required custom fields: 'Agenda link'/u).waitFor();
  assert.equal(await window.written(), "My words");
  await link.fill("https://agenda.example/7");
  await world.control("picklists", { tenant: "lumen", category: "Outcome", item: "Goals agreed", is_active: false });
  await log(window).click();
  await window.panel.locator("#composer-Ant__Outcome__c-error:not(:empty)").waitFor();
  assert.equal(await link.inputValue(), "https://agenda.example/7");
  assert.deepEqual(await world.logged(), []);
  const outcome = field(window, "Outcome");
  await outcome.selectOption("Escalated");
  await log(window).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [logged] = await world.logged();
  assert.deepEqual([logged.NotesPlainText, logged.Ant__Agenda_Link__c, logged.Ant__Outcome__c], ["My words", "https://agenda.example/7", "Escalated"]);
  await window.close();
});
