// "Salesforce Account": who somebody is, from the organisation that the tenant pins, and what he is shown then.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { typeCode } from "./sign-in.mjs";
import { HARBOR, kestrel, LUMEN, World } from "./world.mjs";

const OLIVIA = "olivia.grant@crm.kestrelpay.example";
const MALLORY = "mallory@bogus-consulting.example";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

/** Somebody has the app, and asks for the way to Salesforce. Zoom verified another address than Olivia's record has, so the code is typed. */
async function asked(tenants) {
  await world.renew({ tenants });
  await world.install();
  const window = await world.meeting();
  await window.button("Sign In").click();
  await window.button(/^Salesforce Account/u).click();
  return window;
}

/** Logs in at Salesforce, in the browser that the panel's link opened. */
async function logIn(window, username, end) {
  await window.panel.getByRole("heading", { name: "Continue in your browser" }).waitFor();
  const page = await window.systemBrowser(() => window.button("Open browser").click());
  await page.getByText("kestrel.us1.localhost (Production)").waitFor();
  await page.getByRole("link", { name: "Continue to login.salesforce.localhost" }).click();
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill("demo");
  await page.getByRole("button", { name: "Log in and allow" }).click();
  await page.getByText(end).waitFor();
  if (username === OLIVIA) await typeCode(window, page);
  await page.close();
}

describe("signing in through Salesforce", () => {
  test("Olivia comes in, finds a company and logs a note", async () => {
    const window = await asked(LUMEN + HARBOR + kestrel(world));
    await logIn(window, OLIVIA, "Olivia Grant is signed in to Kestrel Pay.");
    await window.ready();
    await window.button("Search").first().click();
    await window.search.fill("summit");
    await window.panel.getByRole("dialog").getByRole("option", { selected: true }).getByText("Summit Outfitters").waitFor();
    await window.page.keyboard.press("Enter");
    await window.panel.getByTitle("Switch company or relationship").getByText("Summit Outfitters", { exact: true }).waitFor();
    await window.note.fill("They will sign.");
    await window.status.getByText(/^Saved/u).waitFor();
    await window.panel.getByRole("button", { name: "Log to Summit Outfitters" }).click();
    await world.until("it is in Gainsight", async () => (await world.logged("kestrel")).length > 0);
    assert.deepEqual((await world.logged("kestrel")).map(({ NotesPlainText }) => NotesPlainText), ["They will sign."]);
    await window.close();
  });

  test("an organisation of one's own with Olivia's address in it leads nowhere", async () => {
    const window = await asked(LUMEN + HARBOR + kestrel(world));
    await logIn(window, MALLORY, "This Salesforce account leads to no Gainsight user here.");
    await window.panel.getByRole("heading", { name: "The sign-in came to nothing" }).waitFor();
    await window.button("Start again").click();
    await window.panel.getByRole("heading", { name: "How do you use Gainsight?" }).waitFor();
    await window.close();
  });

  test("where nobody approved what such people see, nothing is shown, and it is said why", async () => {
    const window = await asked(LUMEN + HARBOR + kestrel(world, ""));
    window.tolerate(/status of 403/u);
    await logIn(window, OLIVIA, "Olivia Grant is signed in to Kestrel Pay.");
    await window.ready();
    await window.tab("People").click();
    await window.text(/nothing of Gainsight is approved for you yet/u).first().waitFor();
    await window.button("Search").click();
    await window.search.fill("summit");
    await window.text(/does not tell what you may see in Gainsight/u).first().waitFor();
    assert.equal(await window.text("Summit Outfitters").count(), 0);
    await window.close();
  });

  test("where no tenant is entered from Salesforce, the choice says so", async () => {
    const window = await asked(LUMEN + HARBOR);
    window.tolerate(/status of 404/u);
    await window.text('No Gainsight domain here is entered from Salesforce. Choose "Gainsight Account".').waitFor();
    await window.button(/^Gainsight Account/u).waitFor();
    await window.close();
  });
});
