// The meeting window in a real browser: its controls, by role and label, and its accessibility.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, beforeEach, test } from "node:test";

import { startWorld } from "./world.mjs";

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.stop());
beforeEach(() => world.reset());

const names = (page) => page.locator("#tiles .name").allTextContents();

test("the window shows the meeting", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.panel();
  const { page } = window;
  await page.getByRole("heading", { name: "Northwind Traders: weekly sync" }).waitFor();
  assert.deepEqual(await names(page), [
    "Maya Lindqvist (you)",
    "Tom Okafor",
    "Ana Ruiz",
    "Ben Carter",
    "Chioma Eze",
    "Diego Santos",
    "Erin Walsh",
    "Sam",
    "+1 (415) 555-0142",
  ]);
  await page.getByRole("button", { name: "Participants (9)" }).click();
  const ben = page.locator("#people-list li", { hasText: "Ben Carter" });
  assert.match(await ben.textContent(), /Ben\.Carter@NorthwindTraders\.example.*On the invitation, app not added/u);
  assert.match(
    await page.locator("#people-list [data-person=sam]").textContent(),
    /No e-mail for the host's app.*Not signed in/u,
  );
  await window.close();
});

test("people join, leave, rename and rejoin from the drawer", async () => {
  const window = await world.meeting("maya-lindqvist");
  const { page } = window;
  const drawer = await window.simulate();
  const press = (name) => drawer.getByRole("button", { name, exact: true }).click();
  const count = (expected) => page.getByRole("button", { name: `Participants (${expected})` }).waitFor();
  await press("Guest with e-mail joins");
  await press("Guest without e-mail joins");
  await press("Telephone joins");
  await count(12);
  await drawer.getByText("Somebody new").click();
  await drawer.getByLabel("Name", { exact: true }).fill('<b onclick="x">Robert"); DROP</b>');
  await drawer.getByLabel("E-mail", { exact: true }).fill("robert@visitor.example");
  await drawer.getByLabel("Is it shown to the host?").selectOption("yes: registered");
  await drawer.locator("#join-form").getByRole("button", { name: "Joins" }).click();
  await count(13);
  assert.ok((await names(page)).includes('<b onclick="x">Robert"); DROP</b>'));
  await drawer.getByLabel("Person", { exact: true }).selectOption("Ana Ruiz");
  await drawer.getByLabel("New name").fill("Ana (phone)");
  await press("Renames");
  await page.locator("#tiles").getByText("Ana (phone)", { exact: true }).waitFor();
  await press("Make co-host");
  await page.locator("#tiles li", { hasText: "Ana (phone)" }).getByText("Co-host").waitFor();
  await press("Leaves");
  await count(12);
  assert.deepEqual(
    world.app.webhooks.map(({ event }) => event.split(".")[1]),
    [
      "participant_joined",
      "participant_joined",
      "participant_joined",
      "participant_joined",
      "participant_role_changed",
      "participant_left",
    ],
  );
  await window.close();
});

test("customers who are known join by name", async () => {
  const window = await world.meeting("maya-lindqvist");
  const drawer = await window.simulate();
  const people = await (await fetch(`${world.url}/_control/people?meeting=81234567890`)).json();
  const customer = people.find((one) => one.company === "Northwind Traders" && one.standing === "authenticated");
  await drawer.getByLabel("Somebody known").fill(`${customer.name}, ${customer.title}, ${customer.company}`);
  await drawer.locator("#join-known").click();
  await window.page.locator(`#tiles [data-person="${customer.key}"]`).waitFor();
  await drawer.locator("#join-known").click();
  await window.page.getByText("Choose somebody from the list.").waitFor();
  await window.close();
});

test("strangers wait until they are admitted", async () => {
  const window = await world.meeting("maya-lindqvist");
  const { page } = window;
  const drawer = await window.simulate();
  await drawer.getByLabel("Waiting room").check();
  await drawer.getByRole("button", { name: "Guest without e-mail joins" }).click();
  await page.getByRole("button", { name: "Participants (9)" }).click();
  await page.getByRole("button", { name: "Admit" }).click();
  await page.getByRole("button", { name: "Participants (10)" }).waitFor();
  await window.close();
});

test("a breakout room shows its own people", async () => {
  const window = await world.meeting("maya-lindqvist");
  const drawer = await window.simulate();
  await window.configure(["getMeetingUUID"]);
  const main = (await window.call("getMeetingUUID")).result;
  for (const person of ["Ana Ruiz", "Maya Lindqvist"]) {
    await drawer.getByLabel("Person", { exact: true }).selectOption(person);
    await drawer.getByRole("button", { name: "To breakout room" }).click();
  }
  await window.page.waitForFunction(() => document.querySelectorAll("#tiles li").length === 2);
  const inside = (await window.call("getMeetingUUID")).result;
  assert.equal(inside.parentUUID, main.meetingUUID);
  assert.notEqual(inside.meetingUUID, main.meetingUUID);
  await window.close();
});

test("the viewer changes by role, and others find themselves outside", async () => {
  const window = await world.meeting("maya-lindqvist");
  const { page } = window;
  const drawer = await window.simulate();
  assert.equal(await drawer.getByRole("button", { name: "Co-host", exact: true }).isDisabled(), true);
  await drawer.getByRole("button", { name: "Guest", exact: true }).click();
  await page.waitForURL(/as=sam/u);
  await (await window.simulate()).getByLabel("View as").selectOption("Priya Raman");
  await page.waitForURL(/as=priya-raman/u);
  await page.getByText("You are not in this meeting.").waitFor();
  await page.getByRole("button", { name: "Join as Priya Raman" }).click();
  await page.getByRole("button", { name: "Participants (10)" }).waitFor();
  await window.panel();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByText("You are not in this meeting.").waitFor();
  await window.close();
});

test("webhooks can be off, told again and checked", async () => {
  const window = await world.meeting("maya-lindqvist");
  const drawer = await window.simulate();
  await drawer.getByLabel("Webhooks off").check();
  await drawer.getByRole("button", { name: "Telephone joins" }).click();
  await window.page.getByRole("button", { name: "Participants (10)" }).waitFor();
  await drawer.getByLabel("Webhooks off").uncheck();
  await drawer.getByRole("button", { name: "Tell the app again who is here" }).click();
  await world.control("webhooks/settle");
  assert.equal(world.app.webhooks.length, 11, "the start and ten people, and nothing from while it was off");
  await drawer.getByRole("button", { name: "Check the webhook endpoint" }).click();
  await drawer.getByText("Not valid: plainToken is not the one that was sent.").waitFor();
  await window.close();
});

test("the app is added and removed for the viewer", async () => {
  const window = await world.meeting("maya-lindqvist");
  const drawer = await window.simulate();
  await drawer.getByText("The host has added Sidelight, so Zoom reports this meeting to it.").waitFor();
  await drawer.getByRole("button", { name: "Remove Sidelight" }).click();
  await drawer.getByText("The host has not added Sidelight, so Zoom reports nothing of this meeting to it.").waitFor();
  await world.control("webhooks/settle");
  assert.deepEqual(
    world.app.webhooks.map(({ event }) => event),
    ["app_deauthorized"],
  );
  await drawer.getByRole("button", { name: "Add Sidelight" }).click();
  await drawer.getByText("The host has added Sidelight, so Zoom reports this meeting to it.").waitFor();
  await window.close();
});

test("the panel's width is dragged, nudged and chosen", async () => {
  const window = await world.meeting("maya-lindqvist");
  const { page } = window;
  await window.panel();
  const handle = page.getByRole("separator", { name: "Width of the panel" });
  const width = async () => (await page.locator("#slot iframe").boundingBox()).width;
  assert.equal(await width(), 400);
  const { x, y } = await handle.boundingBox();
  await page.mouse.move(x + 3, y + 200);
  await page.mouse.down();
  await page.mouse.move(x - 57, y + 220, { steps: 4 });
  await page.mouse.up();
  assert.equal(await width(), 460);
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await width(), 440);
  await page.keyboard.press("Home");
  assert.equal(await width(), 280);
  await (await window.simulate()).getByRole("button", { name: "320 px" }).click();
  assert.equal(await width(), 320);
  assert.equal(await page.locator("output#width").textContent(), "320 px");
  await window.close();
});

test("everything is within reach of the keyboard, and focus goes where it is expected", async () => {
  const window = await world.meeting("maya-lindqvist");
  const { page } = window;
  await window.panel();
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
  const button = page.getByRole("button", { name: "Simulate", exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "drawer-title");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "close-drawer");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "simulate");
  await window.configure(["promptAuthorize"]);
  await window.close();
  const guest = await world.meeting("sam");
  await guest.configure(["promptAuthorize"]);
  await guest.call("promptAuthorize");
  const yes = guest.page.getByRole("button", { name: "Sign in" });
  await yes.waitFor();
  assert.equal(await yes.evaluate((element) => element === document.activeElement), true);
  await guest.page.keyboard.press("Escape");
  await yes.waitFor({ state: "detached" });
  await guest.close();
});

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

test("no page has a fault that axe finds", async () => {
  const callback = encodeURIComponent(`${world.app.url}/zoom/callback`);
  const client = "response_type=code&client_id=sidelight-demo-client";
  const authorize = `/oauth/authorize?${client}&redirect_uri=${callback}`;
  const views = [
    ["/", async () => {}],
    [
      "/meeting/81234567890?as=maya-lindqvist&still=1",
      async (window) => {
        await window.panel();
        await window.simulate();
        await window.page.getByRole("button", { name: "Participants (9)" }).click();
      },
    ],
    [
      "/meeting/81234567890?as=sam&still=1",
      async (window) => {
        await window.configure(["promptAuthorize", "showNotification"]);
        await window.call("showNotification", { type: "info", title: "T", message: "M" });
        await window.call("promptAuthorize");
        await window.page.getByRole("dialog").waitFor();
      },
    ],
    [
      "/client?as=maya-lindqvist",
      async (window) => {
        await window.panel();
        await window.simulate();
      },
    ],
    [authorize, async () => {}],
    [`${authorize}&as=maya-lindqvist`, async () => {}],
  ];
  for (const [path, prepare] of views) {
    const window = await world.open(path);
    await prepare(window);
    await window.page.evaluate(AXE);
    const { violations } = await window.page.evaluate(() => window.axe.run(document, { iframes: false }));
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    assert.deepEqual(found, [], path);
    await window.close();
  }
});

test("the window fits a small screen", async () => {
  const window = await world.meeting("maya-lindqvist", "&width=320", { viewport: { width: 760, height: 560 } });
  await window.panel();
  const { page } = window;
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 760);
  for (const name of ["Mute", "Participants (9)", "Apps", "Simulate", "Leave"]) {
    const { x, width } = await page.getByRole("button", { name, exact: true }).boundingBox();
    assert.ok(x >= 0 && x + width <= 760, name);
  }
  await window.close();
});
