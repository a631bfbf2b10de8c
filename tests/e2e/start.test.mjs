// Starts that fail name the failed check instead of a blank panel, and keep what was typed meanwhile.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { send } from "./requests.mjs";
import { World } from "./world.mjs";

let world;
before(async () => {
  world = await World.start();
  await world.signedIn();
});
after(() => world?.stop());
beforeEach(() => world.mend());

/** The meeting with something prepared before its page loads. */
async function meeting(prepare, query = "") {
  const window = await world.meeting("maya-lindqvist", { address: "about:blank" });
  await prepare(window);
  await window.page.goto(world.meetingUrl("maya-lindqvist", { query }));
  return window;
}

/** The named check stands where the program would be. */
async function fails(screen, title, check) {
  const alert = screen.getByRole("alert");
  await alert.getByRole("heading", { name: title }).waitFor();
  await alert.getByText(new RegExp(`^Failed check: ${check}`, "u")).waitFor();
  await alert.getByRole("button", { name: "Try again" }).waitFor();
}

test("outside Zoom the page says how to open it there", async () => {
  const window = await world.visit(`${world.url}/panel`);
  await fails(window.page, "Open Sidelight in Zoom", "outside");
  await window.page.getByText(/In the Zoom client choose Apps, then Sidelight\./u).waitFor();
  await window.close();
});

test("a stranger who frames the panel is named as such", async (t) => {
  const html = `<!doctype html><title>Stranger</title><link rel="icon" href="data:,"><div id="slot"><iframe src="${world.url}/panel"></iframe></div>`;
  const stranger = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  await new Promise((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  t.after(() => stranger.close());
  const window = await world.visit(`http://127.0.0.1:${stranger.address().port}/`);
  await fails(window.panel, "This is not a Zoom window", "stranger");
  await window.close();
});

test("a Zoom client that never answers is named as such", async () => {
  const window = await world.meeting("maya-lindqvist", { address: "about:blank" });
  // The Windows client's interface (zoom.md 9.2), fallen silent.
  await window.context.addInitScript(() => {
    window.chrome = { webview: { postMessage() {}, addEventListener() {} } };
  });
  await window.page.goto(`${world.url}/panel`);
  await window.page.getByText("Connecting to Zoom…").waitFor();
  await fails(window.page, "Zoom does not answer", "silent");
  await window.close();
});

test("the native client, which says who opens what with the first request, shows the same panel", async () => {
  const window = await meeting(() => {}, "&client=native");
  await window.ready();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await window.tab("People").click();
  await window.text("Ana Ruiz").waitFor();
  const frame = await window.frame();
  assert.match(frame.url(), /^http:\/\/maya-lindqvist\.81234567890\.client\.localhost:\d+\/panel$/u);
  const { text: metrics } = await send(`http://127.0.0.1:${world.opsPort}/metrics`);
  assert.match(metrics, /^panel_loads_total\{context="valid"\} 1$/mu);
  await window.close();
});

test("a Zoom client that is slow is waited for", async () => {
  const window = await meeting(() => {}, "&slow=1200");
  await window.ready();
  await window.close();
});

test("a refusal of the Zoom client is named with its words", async () => {
  await world.control("app", { not_ticked: ["getAppContext"] });
  const window = await meeting(() => {});
  await fails(window.panel, "Zoom refused to start Sidelight", "refused");
  await world.control("app", { not_ticked: [] });
  await window.button("Try again").click();
  await window.ready();
  await window.close();
});

for (const [name, change] of [
  ["a forged", (context) => `${context.slice(0, 40)}${context[40] === "A" ? "B" : "A"}${context.slice(41)}`],
  ["a truncated", (context) => context.slice(0, 60)],
  ["an empty", () => ""],
]) {
  test(`${name} proof lets nobody in, and says so`, async () => {
    const window = await meeting(({ context }) =>
      context.route("**/api/v1/session", (route) => {
        const body = route.request().postDataJSON();
        return route.continue({ postData: JSON.stringify({ ...body, context: change(body.context) }) });
      }),
    );
    window.tolerate(/status of 4\d\d/u);
    await fails(window.panel, "Sidelight did not let you in", "session");
    await window.text(/Zoom's proof of who opened this panel could not be read/u).waitFor();
    assert.equal(await window.text("Northwind Traders").count(), 0);
    await window.close();
  });
}

test("a server that cannot be reached is named as such", async () => {
  const window = await meeting(({ context }) => context.route("**/api/v1/session", (route) => route.abort()));
  window.tolerate(/ERR_FAILED/u);
  await fails(window.panel, "Sidelight does not answer", "server");
  await window.context.unroute("**/api/v1/session");
  await window.button("Try again").click();
  await window.ready();
  await window.close();
});

test("a client without WebAssembly is told to be updated", async () => {
  const window = await meeting(({ context }) => context.addInitScript(() => delete window.WebAssembly));
  await fails(window.panel, "This Zoom client is too old", "script");
  await window.close();
});

test("a blocked program is named, and what was typed stays to be copied", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const window = await meeting(({ context }) =>
    context.route("**/*.wasm", async (route) => {
      await held;
      await route.abort();
    }),
  );
  window.tolerate(/ERR_FAILED/u);
  const note = window.panel.getByRole("textbox", { name: "Note" });
  await note.fill("Written before anything was there");
  await window.text("You can already write. What you type here is kept.").waitFor();
  release();
  await fails(window.panel, "Sidelight could not be loaded", "program");
  assert.equal(await note.inputValue(), "Written before anything was there");
  await window.text("You can already write. What you type here is kept.").waitFor({ state: "hidden" });
  await window.close();
});

test("a program that comes late is waited for, and takes over text and caret", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const window = await meeting(async ({ context, page }) => {
    await page.clock.install();
    await context.route("**/*.wasm", async (route) => {
      await held;
      await route.continue();
    });
  });
  const note = window.panel.getByRole("textbox", { name: "Note" });
  await note.click();
  await window.page.keyboard.type("early words");
  await window.page.keyboard.press("Home");
  await window.page.clock.runFor(16_000);
  await fails(window.panel, "This takes longer than it should", "slow");
  assert.equal(await note.inputValue(), "early words");
  release();
  await window.ready();
  await window.page.keyboard.type("very ");
  assert.equal(await window.written(), "very early words");
  await window.page.clock.runFor(2000);
  await window.status.getByText(/^Saved/u).waitFor();
  const ask = await world.session("maya-lindqvist", "81234567890");
  // As text, or as a paragraph once the editor has come.
  assert.equal((await ask("GET", "/draft")).content.notes.replace(/<\/?p>/gu, ""), "very early words");
  await window.close();
});
