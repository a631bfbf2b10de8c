// Guests without an address: why, and how they are asked for it, once (zoom.md 7.6, 8).

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.renew());

const group = (window, name) => {
  const heading = window.panel.getByRole("heading", { name, level: 2 });
  return window.panel.locator("section.group", { has: heading });
};
/** The row of somebody; an open one may name others in its choices. */
const person = (window, name, where = window.panel) =>
  where.getByRole("listitem").filter({ has: window.panel.locator(".person-name b", { hasText: name }) });
const begin = (window) => window.button("Ask for their addresses");
const asked = "Maya Lindqvist asked for the addresses. Nobody is asked twice.";

/** Somebody signed in elsewhere, of whom Zoom tells the host nothing. */
async function guest(name, email, reply) {
  await world.step("join", { name, email, disclosure: "hidden", is_signed_in: true });
  await world.control(`people/${name.toLowerCase().replace(" ", "-")}/reply`, { reply });
}

async function people(person = "maya-lindqvist", options = {}) {
  const window = await world.meeting(person, options);
  await window.tab("People").click();
  await group(window, "Needs an e-mail").waitFor();
  return window;
}

test("guests read why they are asked, a yes is known to everybody at once, and nobody is asked twice", async () => {
  await world.install();
  await world.install("tom-okafor");
  await world.signIn();
  await world.signIn("tom-okafor");
  await guest("Margaret Doyle", "margaret.doyle@northwindtraders.example", "yes");
  await guest("Noa Klein", "noa.klein@northwindtraders.example", "no");
  await guest("Gus Holm", "gus.holm@northwindtraders.example", "silent");
  const window = await people();
  const tom = await people("tom-okafor");
  const unknown = group(window, "Needs an e-mail");
  await person(window, "Noa Klein", unknown).getByRole("button").first().click();
  await window.text("Signed in with an account of another company.").waitFor();
  await person(window, "Sam", unknown).getByRole("button").first().click();
  await window.text("Not signed in to Zoom.").waitFor();

  // By keyboard: what is said comes before anybody is asked.
  await begin(tom).waitFor();
  await begin(window).focus();
  await window.page.keyboard.press("Enter");
  const words = window.panel.locator(".inquiry blockquote");
  await words.getByText("Maya Lindqvist would like to know with whom they speak").waitFor();
  assert.match(await words.innerText(), /during this meeting and then forgotten, unless .* free to say no/u);
  await window.button("Ask everybody").focus();
  await window.page.keyboard.press("Enter");

  await person(window, "Margaret Doyle", group(window, "Northwind Traders")).waitFor();
  await person(tom, "Margaret Doyle", group(tom, "Northwind Traders")).waitFor();
  for (const view of [window, tom]) {
    await view.text(asked).waitFor();
    assert.equal(await begin(view).count(), 0);
    await person(view, "Noa Klein").getByText("Asked, told no address").waitFor();
    await person(view, "Gus Holm").getByText("Asked, no answer yet").waitFor();
    await person(view, "Sam").getByText("Asked, told no address").waitFor();
  }
  // The page that everybody was asked on showed exactly these words.
  await window.page.locator("#notices").getByText("would like to know with whom they speak").waitFor();
  await person(window, "Margaret Doyle").getByRole("button").first().click();
  await window.text("their own answer to Zoom in this meeting").waitFor();
  await tom.close();
  await window.page.reload();
  await window.tab("People").click();
  await window.text(asked).waitFor();
  await person(window, "Margaret Doyle", group(window, "Northwind Traders")).waitFor();
  await window.close();
});

test("what the client refuses asks nobody, and can be tried again", async () => {
  await world.install();
  await world.signIn();
  const window = await people("maya-lindqvist", { query: "&refuse-emails=10017" });
  await begin(window).click();
  await window.button("Ask everybody").click();
  await window.text("Zoom asked nobody (10017).").waitFor();
  await window.button("Cancel").click();
  await window.panel.locator(".inquiry").waitFor({ state: "detached" });
  const drawer = await window.simulate();
  await drawer.getByLabel("Asking for addresses").selectOption("is possible");
  await begin(window).click();
  await window.button("Ask everybody").click();
  await window.text(asked).waitFor();
  await person(window, "Sam").getByText("Asked, told no address").waitFor();
  await window.close();
});

test("a client that cannot ask says so, and so does a meeting that may be somebody else's", async () => {
  await world.install();
  await world.signIn();
  await world.control("app", { not_ticked: ["getMeetingParticipantsEmail"] });
  const window = await people();
  await window.text("This Zoom client cannot ask here.").waitFor();
  assert.ok(await begin(window).isDisabled());
  await window.close();

  await world.renew();
  await world.install("tom-okafor");
  await world.signIn("tom-okafor");
  await world.step("role", { person: "tom-okafor", role: "co_host" });
  const tom = await people("tom-okafor");
  await tom.text("Only guests of your own meetings are asked").waitFor();
  assert.ok(await begin(tom).isDisabled());
  await tom.close();
});
