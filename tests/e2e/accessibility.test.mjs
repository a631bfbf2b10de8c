// Every screen as axe sees it, light and dark; the main story by keyboard alone; no motion for whoever wants none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faults } from "./axe.mjs";
import { focused, overflowing, setWidth, WIDTHS } from "./layout.mjs";
import { askForLink, logIn } from "./sign-in.mjs";
import { NORTHWIND, SOLSTICE, username, World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

/** Gathers what is wrong with each screen, so that one run tells everything. */
class Inspection {
  found = [];

  /** Looks at what the panel shows now: light and dark, wide and narrow. */
  async panel(window, name) {
    const frame = await window.frame();
    await this.#colours(window.page, frame, name);
    for (const width of WIDTHS) {
      await setWidth(window.page, width);
      this.#keep(`${name}, ${width} px`, await overflowing(frame));
    }
  }

  /** The same for a page of the system browser. */
  page = (page, name) => this.#colours(page, page, name);

  async #colours(page, frame, name) {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      this.#keep(`${name}, ${colorScheme}`, await faults(frame));
    }
  }

  #keep = (where, found) => this.found.push(...found.map((fault) => `${where}: ${fault}`));

  /** The verdict. */
  end = () => assert.deepEqual(this.found, []);
}

test("signing in is accessible on every screen", async () => {
  const inspection = new Inspection();
  await world.renew();
  await world.install();
  const window = await world.meeting();
  const { panel } = window;
  await window.button("Sign In").waitFor();
  await inspection.panel(window, "introduction");
  await window.button("Sign In").click();
  await panel.getByRole("heading", { name: "How do you use Gainsight?" }).waitFor();
  await inspection.panel(window, "account");
  await panel.getByRole("button", { name: "Gainsight Account" }).click();
  await panel.getByLabel("Username").fill("somebody@elsewhere.example");
  await inspection.panel(window, "username");
  await window.button("Next").click();
  await panel.getByText("Choose Data Center Location").waitFor();
  await inspection.panel(window, "domain and data centre");
  await window.button("Back").click();
  await window.button("Back").click();
  await window.button("Back").click();
  await askForLink(window, username("maya-lindqvist"));
  await inspection.panel(window, "continue in the browser");
  const page = await window.systemBrowser(() => window.button("Open browser").click());
  await inspection.page(page, "who asks");
  await logIn(page, username("maya-lindqvist"), { agrees: false });
  await panel.getByRole("heading", { name: "The sign-in came to nothing" }).waitFor();
  await inspection.panel(window, "failed");
  await inspection.page(page, "declined");
  inspection.end();
  await window.close();
});

test("the screens of a signed-in panel are accessible", async () => {
  const inspection = new Inspection();
  await world.signedIn();
  const window = await world.meeting();
  const { panel, page } = window;
  const menu = () => window.button("Menu").click();
  const close = async (name) => {
    await page.keyboard.press("Escape");
    await panel.getByRole("dialog", { name }).waitFor({ state: "detached" });
  };
  await window.ready();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  const entry = panel.locator("#tab-panel .entry").first();
  await entry.waitFor();
  await inspection.panel(window, "Timeline");
  await entry.click();
  await panel.getByRole("heading", { name: "Colleagues" }).waitFor();
  await inspection.panel(window, "activity");
  await page.keyboard.press("Escape");
  await window.tab("People").click();
  await panel.getByRole("button", { name: /Ana Ruiz/u }).click();
  await window.text("their own Zoom sign-in").or(window.text("Zoom's report to the host")).first().waitFor();
  await inspection.panel(window, "People");
  await window.button("Ask for their addresses").click();
  await window.button("Ask everybody").waitFor();
  await inspection.panel(window, "asking guests");
  for (const name of ["Scorecard", "Summary", "Attributes"]) {
    await window.tab(name).click();
    await panel.getByRole("heading", { name: `${name} is not in this version` }).waitFor();
    await inspection.panel(window, name);
  }
  await window.button("Search").click();
  await panel.getByRole("dialog").getByRole("option").first().waitFor();
  await inspection.panel(window, "search, suggestions");
  await panel.getByRole("dialog").getByRole("combobox").fill("no such company");
  await window.text("Nothing matches “no such company”.").waitFor();
  await inspection.panel(window, "search, nothing");
  await panel.getByRole("dialog").getByRole("combobox").fill("ab");
  await panel.getByRole("dialog").getByRole("option").first().waitFor();
  await inspection.panel(window, "search, results");
  // The first Escape empties the field, the second closes.
  await page.keyboard.press("Escape");
  await close("Search companies and relationships");
  await menu();
  await inspection.panel(window, "menu");
  await panel.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await panel.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
  await inspection.panel(window, "shortcuts");
  await close("Keyboard shortcuts");
  await window.note.fill("Written for the inspection");
  await window.status.getByText(/^Saved/u).waitFor();
  await inspection.panel(window, "composer");
  await panel.getByTitle("Change type, date, duration and attendees").click();
  await panel.getByRole("checkbox", { name: "Ana Ruiz" }).waitFor();
  await window.button("Larger").click();
  await inspection.panel(window, "composer, unfolded");
  await world.fault({ kind: "status", status: 500 }, { method: "POST", path: "/v1/ant/es/activity" });
  await panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await panel.getByRole("button", { name: /On the way to Gainsight/u }).click();
  await window.text(/^Saved here/u).last().waitFor();
  await inspection.panel(window, "writes");
  await menu();
  await panel.getByRole("button", { name: "Logout" }).click();
  await panel.getByRole("radio", { name: /Send now/u }).waitFor();
  await inspection.panel(window, "logout");
  await close("Log out of Gainsight?");
  await world.reportEnd();
  await window.text("The meeting has ended. You can still finish and log your note.").waitFor();
  await inspection.panel(window, "ended");
  inspection.end();
  await window.close();
});

test("home and the cover are accessible", async () => {
  const inspection = new Inspection();
  await world.signedIn();
  const long = "A topic that somebody typed while he was thinking of something else, and that goes on and on without any end in sight";
  for (const [minutes, topic] of [[1, "Fabrik Analytics review"], [2, long], [3, "Lunch"], [4, "Supercalifragilisticexpialidocious".repeat(3)]]) {
    await world.control("meetings", { topic, host: "maya-lindqvist", starts_at: Date.now() + minutes * 60_000, minutes: 30 });
  }
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  await ask("GET", "/people");
  await ask("PUT", "/draft", { based_on: 0, content: { notes: "Begun in the call" } });
  const window = await world.visit(`${world.zoom}/client?as=maya-lindqvist&still=1`);
  const { panel } = window;
  await panel.getByRole("heading", { name: "Drafts" }).waitFor();
  await inspection.panel(window, "home");
  await panel.getByRole("button", { name: /Begun in the call/u }).click();
  await window.ready();
  await panel.locator("#tab-panel .entry").first().waitFor();
  await inspection.panel(window, "a customer from home");
  await window.button("Cover the panel").click();
  await panel.getByRole("heading", { name: "Covered" }).waitFor();
  await inspection.panel(window, "cover");
  await window.close();
  await world.control("reset");
  await world.renew();
  await world.install("priya-raman");
  await world.signIn("priya-raman", NORTHWIND);
  const empty = await world.visit(`${world.zoom}/client?as=priya-raman&still=1`);
  await empty.panel.getByRole("heading", { level: 1, name: /^Today/u }).waitFor();
  await empty.panel.locator(".home section, .home .empty").first().waitFor();
  await inspection.panel(empty, "home, with little");
  await empty.close();
  inspection.end();
});

test("the closed doors and the browser's pages are accessible", async () => {
  const inspection = new Inspection();
  await world.renew();
  const guest = await world.meeting("sam");
  await guest.panel.getByRole("heading", { name: "You are not signed in to Zoom" }).waitFor();
  await inspection.panel(guest, "guest");
  await guest.button("Sign in to Zoom").click();
  await guest.page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await guest.panel.getByRole("heading", { name: "Add Sidelight to go on" }).waitFor();
  await inspection.panel(guest, "signed in, not added");
  await guest.close();
  await world.install();
  await world.control("people/tom-okafor/add-app");
  const reminded = await world.meeting("tom-okafor");
  await reminded.text("Sidelight may not ask Zoom about you and your meetings yet.").waitFor();
  await inspection.panel(reminded, "reminded of authorising");
  await reminded.close();
  const page = await world.visit(world.url);
  await inspection.page(page.page, "home");
  await page.page.getByRole("link", { name: "Add to Zoom" }).click();
  await page.page.getByRole("link", { name: /Dana Whitfield/u }).click();
  await page.page.getByRole("button", { name: "Allow" }).click();
  await page.page.getByRole("heading", { name: "Sidelight is added to your Zoom account" }).waitFor();
  await inspection.page(page.page, "installed");
  await page.close();
  const shell = await world.visit(`${world.url}/panel`);
  await shell.page.getByRole("heading", { name: "Open Sidelight in Zoom" }).waitFor();
  await inspection.page(shell.page, "outside Zoom");
  await shell.close();
  inspection.end();
});
