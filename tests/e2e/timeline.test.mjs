// The Timeline: all of it by scrolling, news that pushes nothing away, and a look that follows its owner.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
  await world.signedIn();
});
after(() => world?.stop());

async function open(options = {}, person = "maya-lindqvist") {
  const window = await world.meeting(person, options);
  await window.tab("Timeline").click();
  await window.panel.locator("#tab-panel .entry").first().waitFor();
  return window;
}

test("scrolling reaches the first entry ever, newest first and each once", async () => {
  const window = await open();
  const list = window.panel.locator("#tab-panel");
  await world.until("the end is reached", async () => {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return window.text("That is everything.").isVisible();
  });
  const query = "records?tenant=lumen&object=activity_timeline";
  const [company] = await world.ask("records?tenant=lumen&object=Company&field=Name&value=Northwind%20Traders");
  const held = (await world.ask(query)).filter(({ GsCompanyId }) => GsCompanyId === company.Gsid);
  const expected = held.sort((a, b) => b.ActivityDate - a.ActivityDate).map(({ Subject }) => Subject);
  assert.ok(expected.length > 100);
  const shown = await list.locator(".entry b").allTextContents();
  assert.equal(shown.length, expected.length);
  assert.deepEqual([...shown].sort(), [...expected].sort());
  assert.deepEqual(shown.slice(0, 10), expected.slice(0, 10));
  await window.close();
});

test("what a colleague logs announces itself and pushes nothing away", async () => {
  await world.install("tom-okafor");
  await world.signIn("tom-okafor");
  const [reader, writer] = [await open(), await open({}, "tom-okafor")];
  const list = reader.panel.locator("#tab-panel");
  await list.evaluate((element) => element.scrollTo(0, 600));
  const first = await list.locator(".entry").first().textContent();
  await writer.note.fill("Logged by Tom");
  await writer.panel.getByLabel("Subject").fill("From a colleague");
  await writer.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await writer.status.getByText("In Gainsight", { exact: true }).waitFor();
  await reader.button("1 new").waitFor();
  assert.equal(await list.locator(".entry").first().textContent(), first);
  await reader.button("1 new").click();
  await list.locator(".entry").first().getByText("From a colleague").waitFor();
  assert.equal(await list.evaluate((element) => element.scrollTop), 0);
  await reader.close();
  await writer.close();
});

test("the look follows the system until its owner chooses, and then stays", async () => {
  const window = await open({ colorScheme: "light" });
  const ground = async (one) => (await one.frame()).evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground(window);
  await window.page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground(window);
  assert.notEqual(dark, light);
  await window.button("Menu").click();
  await window.panel.getByRole("radio", { name: "Light" }).click();
  assert.equal(await ground(window), light);
  await window.close();
  const again = await open({ colorScheme: "dark" });
  assert.equal(await ground(again), light);
  await again.close();
});
