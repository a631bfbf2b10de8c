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
  const entry = window.panel.locator("#tab-panel .entry").first();
  const everything = window.button("Show everything");
  await entry.or(everything).first().waitFor();
  // What an earlier test wanted to see is kept for this meeting.
  if (await everything.isVisible()) {
    await everything.click();
    await everything.waitFor({ state: "detached" });
  }
  await entry.waitFor();
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

test("what is wanted is found, named, kept for a reload, and goes with one tap", async () => {
  const window = await open();
  const { panel } = window;
  const list = panel.locator("#tab-panel");
  await panel.getByLabel("Any type").selectOption("Call");
  await window.button("Mine").click();
  const onlyOwnCalls = async () => {
    const feet = await list.locator(".entry-foot").allTextContents();
    return feet.length > 0 && feet.every((foot) => foot.startsWith("Call · You"));
  };
  await world.until("only own calls are shown", onlyOwnCalls);
  await panel.locator(".filter-summary").getByText("Call · Mine").waitFor();
  const words = panel.getByRole("searchbox", { name: "Search the Timeline" });
  await words.fill("no such words anywhere");
  await panel.getByRole("heading", { name: "Nothing found" }).waitFor();
  await window.text("“no such words anywhere” · Call · Mine").waitFor();
  await window.page.reload();
  await panel.getByRole("heading", { name: "Nothing found" }).waitFor();
  assert.equal(await words.inputValue(), "no such words anywhere");
  await window.button("Show everything").click();
  await world.until("everything is back", async () => (await list.locator(".entry").count()) >= 30);
  assert.equal(await words.inputValue(), "");
  assert.equal(await window.button("Mine").getAttribute("aria-pressed"), "false");
  await window.close();
});

test("a day, an author, the people of the meeting and milestones narrow the list", async () => {
  const window = await open();
  const { panel } = window;
  const list = panel.locator("#tab-panel");
  const feet = () => list.locator(".entry-foot").allTextContents();
  const everything = async () => {
    await panel.locator(".filter-summary").getByRole("button", { name: "Show everything" }).click();
    await panel.locator(".filter-summary").waitFor({ state: "detached" });
  };
  await window.button("Milestones").click();
  await world.until("milestones alone", async () => (await feet()).length > 0 && (await feet()).every((foot) => foot.startsWith("Milestone")));
  await everything();
  await world.until("colleagues are known", async () => (await panel.getByLabel("Anyone").locator("option").count()) > 1);
  const author = await panel.getByLabel("Anyone").locator("option").nth(1).textContent();
  await panel.getByLabel("Anyone").selectOption({ index: 1 });
  await world.until("one author alone", async () => (await feet()).length > 0 && (await feet()).every((foot) => foot.includes(author)));
  await everything();
  await window.button("In this meeting").click();
  await panel.locator(".filter-summary").getByText("In this meeting").waitFor();
  await list.locator(".entry").first().click();
  await panel.getByRole("heading", { name: "Customers" }).waitFor();
  await window.page.keyboard.press("Escape");
  await everything();
  await panel.getByLabel("Any date").selectOption("days");
  await panel.getByLabel("From", { exact: true }).fill("2020-01-01");
  await panel.getByLabel("To", { exact: true }).fill("2020-01-31");
  await panel.getByRole("heading", { name: "Nothing found" }).waitFor();
  await window.close();
});

test("a colleague's entry that is not wanted does not announce itself", async () => {
  const window = await open();
  const { panel } = window;
  const words = panel.getByRole("searchbox", { name: "Search the Timeline" });
  await words.fill("lighthouse");
  await panel.getByRole("heading", { name: "Nothing found" }).waitFor();
  const tom = await world.session("tom-okafor");
  const [company] = await world.ask("records?tenant=lumen&object=Company&field=Name&value=Northwind%20Traders");
  const log = (subject) => {
    const form = { entity: { tenant: "lumen", kind: "company", id: company.Gsid }, type_name: "Update", subject, notes: "n", held_at: Date.now() };
    return tom("POST", "/activities", { key: subject, form });
  };
  await log("Something else");
  await log("The lighthouse project");
  await panel.locator("#tab-panel .entry").getByText("The lighthouse project").waitFor();
  assert.equal(await panel.locator("#tab-panel .entry").count(), 1);
  await window.close();
});

test("a tenant that does not search is looked through as far as the viewer says", async () => {
  await world.control("switches", { "gainsight.parentheses": "refused" });
  const [company] = await world.ask("records?tenant=lumen&object=Company&field=Name&value=Northwind%20Traders");
  await world.control("activities", { tenant: "lumen", company: company.Gsid, count: 500, until: Date.now() });
  const window = await open();
  await window.panel.getByRole("searchbox", { name: "Search the Timeline" }).fill("bulk entry 470");
  await window.text(/does not search by this itself. Looked through back to/u).waitFor();
  assert.equal(await window.panel.locator("#tab-panel .entry").count(), 0);
  await window.button("Look further back").click();
  await window.panel.locator("#tab-panel .entry").getByText("Bulk entry 470", { exact: true }).first().waitFor();
  await window.close();
});

test("an opened activity shows the tenant's own fields, leads to Gainsight, and is copied as an e-mail", async () => {
  await world.signedIn();
  const window = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const { panel, page } = window;
  const rows = await world.ask("records?tenant=lumen&object=activity_timeline&field=Ant__Sentiment__c&value=Positive");
  const [company] = await world.ask("records?tenant=lumen&object=Company&field=Name&value=Northwind%20Traders");
  const own = rows.find(({ GsCompanyId, GsRelationshipId }) => GsCompanyId === company.Gsid && !GsRelationshipId);
  await panel.getByRole("searchbox", { name: "Search the Timeline" }).fill(own.Subject);
  await panel.locator("#tab-panel .entry").getByText(own.Subject).first().click();
  await panel.locator(".own-fields").getByText("Sentiment").waitFor();
  await panel.getByTitle("Copy as e-mail").click();
  await window.text("Copied. Paste it into an e-mail.").waitFor();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const text = async (kind) => (await item.getType(kind)).text();
    return { html: await text("text/html"), plain: await text("text/plain") };
  });
  assert.ok(copied.plain.startsWith(own.Subject), copied.plain);
  assert.match(copied.html, /<p>/u);
  const gainsight = await window.systemBrowser(() => panel.getByTitle("Open in Gainsight").click());
  assert.match(gainsight.url(), new RegExp(`customersuccess360\\?cid=${company.Gsid}`, "u"));
  assert.equal(page.url().includes("customersuccess360"), false);
  await window.close();
});
