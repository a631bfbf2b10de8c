// Who took part is the author's to say: people of the company and colleagues, whether or not they are in the meeting.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faults } from "./axe.mjs";
import { overflowing, setWidth, WIDTHS } from "./layout.mjs";
import { World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

test("a colleague and a customer who are not there are added by name, kept with the draft, taken out again, and logged", async () => {
  await world.signedIn();
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await window.note.click();
  await window.page.keyboard.type("Prepared with others");
  await window.button("Change type, date, duration and attendees", { exact: false }).or(window.panel.locator(".details-line")).first().click();
  const search = window.panel.getByRole("searchbox", { name: "Add somebody by name" });
  const tenants = await world.ask("records?tenant=lumen&object=GsUser");
  const absent = tenants.find((user) => user.IsActiveUser && user.LicenseType === "Full" && !/maya|tom/iu.test(user.Email));
  const people = await world.ask("records?tenant=lumen&object=company_person");
  assert.ok(absent && people.length > 0);

  await search.fill("zzzz");
  await window.text("Nothing matches “zzzz”.").waitFor();
  await search.fill(absent.Name.slice(0, 6));
  const row = window.panel.locator(".found-row", { hasText: absent.Name }).first();
  await row.waitFor();
  const frame = await window.frame();
  for (const colorScheme of ["light", "dark"]) {
    await window.page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(frame), []);
  }
  for (const width of WIDTHS) {
    await setWidth(window.page, width);
    assert.deepEqual(await overflowing(frame), []);
  }
  await row.focus();
  await window.page.keyboard.press("Enter");
  const chip = (name) => window.button(`Remove ${name}`);
  await chip(absent.Name).waitFor();
  assert.equal(await search.inputValue(), "");
  await window.status.getByText(/^Saved/u).waitFor();
  await window.close();

  const again = await world.meeting();
  await again.note.click();
  await again.panel.locator(".details-line").click();
  await again.button(`Remove ${absent.Name}`).waitFor();
  const found = again.panel.getByRole("searchbox", { name: "Add somebody by name" });
  await found.fill("an");
  const customer = again.panel.locator(".found-row", { hasText: "@northwindtraders.example" }).last();
  await customer.waitFor();
  const [name, email] = (await customer.innerText()).split("\n").map((line) => line.trim());
  await customer.click();
  await again.button(`Remove ${name}`).or(again.panel.locator(`.tick[title="${email}"]`)).first().waitFor();
  await again.button(`Remove ${absent.Name}`).click();
  await again.button(`Remove ${absent.Name}`).waitFor({ state: "detached" });
  await again.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await again.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [logged] = await world.logged();
  assert.ok(logged.ExternalAttendees.includes(name), logged.ExternalAttendees);
  assert.ok(!logged.InternalAttendees.includes(absent.Name), logged.InternalAttendees);
  await again.close();
});
