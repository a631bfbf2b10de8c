// People who are added to Gainsight from the meeting: found first, reviewed, sent, and in their new group without a reload.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { faults } from "./axe.mjs";
import { overflowing, setWidth, WIDTHS } from "./layout.mjs";
import { NORTHWIND, World } from "./world.mjs";

const PEOPLE = { method: "PUT", path: "/v1/peoplemgmt/v1.0/people" };
const ZOE = { name: "Zoe Newcomer", email: "zoe@visitor.example", disclosure: "registered" };

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.renew());

/** The panel of somebody who is signed in, with the People tab open. */
async function people(person = "maya-lindqvist") {
  const window = await world.meeting(person);
  await window.tab("People").click();
  await window.panel.getByRole("heading", { name: "Colleagues" }).waitFor();
  return window;
}

const group = (window, name) => {
  const heading = window.panel.getByRole("heading", { name, level: 2 });
  return window.panel.locator("section.group", { has: heading });
};
const person = (window, name, where = window.panel) => where.getByRole("listitem").filter({ hasText: name });
const sheet = (window) => window.panel.getByRole("dialog");
const refusal = (fieldName, errorMessage) => ({
  result: false, errorCode: "GSOBJ_1002", errorDesc: "no", requestId: "r",
  data: { count: 0, records: null, errors: [[{ success: false, errors: [{ errorMessage, errorCode: "GSOBJ_1002", fieldName }] }]] },
});

/** Opens somebody's card and the sheet from it. */
async function open(window, name, label = "Add to Northwind Traders") {
  const row = person(window, name);
  await row.getByRole("button").first().click();
  await row.getByRole("button", { name: label }).click();
  await sheet(window).waitFor();
}

test("an attendee is added, and stands among the customer's people on every panel", async () => {
  await world.install();
  await world.install("tom-okafor");
  await world.signIn();
  await world.signIn("tom-okafor");
  const [window, colleague] = [await people(), await people("tom-okafor")];
  await person(colleague, "Erin Walsh", group(colleague, "Not in Gainsight yet")).waitFor();
  await open(window, "Erin Walsh");
  await sheet(window).getByText("Not in Gainsight: a new person").waitFor();
  assert.equal(await sheet(window).getByLabel("Name").inputValue(), "Erin Walsh");
  assert.equal(await sheet(window).getByLabel("E-mail").inputValue(), "erin.walsh@northwindtraders.example");
  const frame = await window.frame();
  for (const colorScheme of ["light", "dark"]) {
    await window.page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(frame), [], colorScheme);
  }
  for (const width of WIDTHS) {
    await setWidth(window.page, width);
    assert.deepEqual(await overflowing(frame), [], `${width} px`);
  }
  // By keyboard: fill in, go.
  await sheet(window).getByLabel("Title").focus();
  await window.page.keyboard.type("Returns Manager");
  const go = sheet(window).getByRole("button", { name: "Add Erin Walsh" });
  assert.match(await go.textContent(), /Lumen Works \(Production\)/u);
  await go.focus();
  await window.page.keyboard.press("Enter");
  await sheet(window).waitFor({ state: "detached" });
  for (const one of [window, colleague]) {
    await person(one, "Erin Walsh", group(one, "Northwind Traders")).getByText("Returns Manager").first().waitFor();
  }
  await window.close();
  await colleague.close();
});

test("what Gainsight refuses stands at its field, and nothing that was typed is lost", async () => {
  await world.install();
  await world.signIn();
  await world.fault({ kind: "status", status: 400, body: refusal("Role", "Role is not on the list") }, PEOPLE, 1);
  const window = await people();
  window.tolerate(/status of 422/u);
  await open(window, "Erin Walsh");
  await sheet(window).getByText("Not in Gainsight: a new person").waitFor();
  await sheet(window).getByLabel("Role").fill("Boss");
  await sheet(window).getByLabel("Title").fill("Returns Manager");
  await sheet(window).getByRole("button", { name: "Add Erin Walsh" }).click();
  await sheet(window).getByText("Role is not on the list").waitFor();
  // Closed and opened again it is as it was.
  await sheet(window).getByRole("button", { name: "Cancel" }).click();
  await person(window, "Erin Walsh").getByRole("button", { name: "Add to Northwind Traders" }).click();
  assert.equal(await sheet(window).getByLabel("Title").inputValue(), "Returns Manager");
  await sheet(window).getByLabel("Role").fill("Champion");
  await sheet(window).getByRole("button", { name: "Add Erin Walsh" }).click();
  await person(window, "Erin Walsh", group(window, "Northwind Traders")).getByText("Champion").first().waitFor();
  await window.text("Needs your attention").waitFor({ state: "detached" });
  await window.close();
});

test("several are reviewed on one screen, each with a result of his own", async () => {
  await world.install();
  await world.signIn();
  await world.step("join", ZOE);
  await world.step("join", { name: "Nora Field", email: "nora@visitor.example", disclosure: "registered" });
  const window = await people();
  window.tolerate(/status of 422/u);
  await group(window, "Not in Gainsight yet").getByRole("button", { name: "Add all 3" }).click();
  await sheet(window).getByRole("button", { name: "Add 3 people" }).waitFor();
  await person(window, "Nora Field", sheet(window)).getByRole("checkbox").uncheck();
  await person(window, "Zoe Newcomer", sheet(window)).getByRole("button", { name: "Edit" }).click();
  await person(window, "Zoe Newcomer", sheet(window)).getByLabel("Title").fill("Consultant");
  assert.deepEqual(await faults(await window.frame()), []);
  await world.fault({ kind: "status", status: 400, body: refusal("Name", "Name is too short") }, PEOPLE, 1);
  await sheet(window).getByRole("button", { name: "Add 2 people" }).click();
  await person(window, "Erin Walsh", sheet(window)).getByText("Name is too short").waitFor();
  await person(window, "Zoe Newcomer", sheet(window)).getByText("Added", { exact: true }).waitFor();
  await sheet(window).getByRole("button", { name: "Add Erin Walsh" }).click();
  await person(window, "Erin Walsh", sheet(window)).getByText("Added", { exact: true }).waitFor();
  await sheet(window).getByRole("button", { name: "Close" }).click();
  for (const name of ["Erin Walsh", "Zoe Newcomer"]) await person(window, name, group(window, "Northwind Traders")).waitFor();
  await person(window, "Nora Field", group(window, "Not in Gainsight yet")).waitFor();
  await window.close();
});

test("somebody of another company is linked, and whoever has the address is named", async () => {
  await world.install();
  await world.signIn();
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  const window = await people();
  const { found } = await ask("GET", "/entities?q=fabrik");
  const { tenant, kind, id } = found[0];
  await ask("PUT", "/view", { select: { tenant, kind, id } });
  await window.panel.getByTitle("Switch company or relationship").getByText("Fabrik Analytics").waitFor();
  await open(window, "Ana Ruiz", "Link to Fabrik Analytics");
  await sheet(window).getByText("This address is in Gainsight.").waitFor();
  assert.equal(await sheet(window).getByLabel("Name").count(), 0, "her name is not for changing here");
  await sheet(window).getByRole("button", { name: "Link Ana Ruiz" }).click();
  await person(window, "Ana Ruiz", group(window, "Fabrik Analytics")).getByText("also at Northwind Traders").first().waitFor();
  await window.close();
});

test("whose licence only reads sees why nobody can be added", async () => {
  await world.install("priya-raman");
  await world.install();
  await world.step("join", { person: "priya-raman" });
  await world.signIn("priya-raman");
  const window = await people("priya-raman");
  await person(window, "Erin Walsh").getByRole("button").first().click();
  const add = person(window, "Erin Walsh").getByRole("button", { name: "Add to Northwind Traders" });
  assert.equal(await add.isDisabled(), true);
  await person(window, "Erin Walsh").getByText("Your Gainsight licence reads companies and people").waitFor();
  await window.close();
});
