// The note's editor: looks that people know, whatever they paste, and nothing typed is lost while it comes or where it cannot.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { faults } from "./axe.mjs";
import { overflowing, setWidth } from "./layout.mjs";
import { NORTHWIND, World } from "./world.mjs";

const EDITOR = "**/editor-*.js";

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());
beforeEach(() => world.signedIn());

/** A meeting window in which the panel works and a customer is chosen. */
async function open() {
  const window = await world.meeting();
  await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
  return window;
}

const draft = async () => {
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  return (await ask("GET", "/draft"))?.content;
};

const log = async (window) => {
  await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
  await window.status.getByText("In Gainsight", { exact: true }).waitFor();
  const [activity, ...more] = await world.logged();
  assert.equal(more.length, 0);
  return activity.Notes;
};

/** Pastes into what has the focus. */
const paste = async (window, data) =>
  (await window.frame()).evaluate((kinds) => {
    const clipboardData = new DataTransfer();
    for (const [kind, text] of Object.entries(kinds)) clipboardData.setData(kind, text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, data);

test("bold, heading, list, checklist and link go to Gainsight as they look, and come back so", async () => {
  const window = await open();
  const editor = await window.editor();
  const { keyboard } = window.page;
  await window.button("Heading").click();
  await keyboard.type("Plan");
  await keyboard.press("Enter");
  await keyboard.type("A ");
  await keyboard.press("Control+b");
  await keyboard.type("firm");
  await keyboard.press("Control+b");
  await keyboard.type(" date");
  await keyboard.press("Enter");
  await keyboard.type("- numbers");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await window.button("Checklist").click();
  await keyboard.type("Ana signs");
  await keyboard.press("Enter");
  await keyboard.type("Ben tests");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.press("Control+k");
  await window.panel.getByLabel("Address of the link").fill("status.northwind.example/a");
  await keyboard.press("Enter");
  const expected =
    "<h3>Plan</h3><p>A <strong>firm</strong> date</p><ul><li>numbers</li></ul><ul><li>☐ Ana signs</li><li>☐ Ben tests</li></ul>" +
    '<p><a href="https://status.northwind.example/a">status.northwind.example/a</a></p>';
  await editor.getByText("Ben tests").waitFor();
  assert.equal((await log(window)).replace("</ul><ul>", ""), expected.replace("</ul><ul>", ""));
  await window.tab("Timeline").click();
  await window.panel.locator("#tab-panel .entry").first().click();
  await window.panel.getByRole("heading", { name: "Plan" }).waitFor();
  // Links lead out through the client.
  const page = await window.systemBrowser(() => window.panel.getByRole("link", { name: /status\.northwind/u }).click()).catch(() => undefined);
  await page?.close();
  window.tolerate(/ERR_NAME_NOT_RESOLVED|ERR_CONNECTION|ERR_INTERNET|ERR_PROXY|ERR_TUNNEL/u);
  await window.close();
});

test("what is pasted becomes clean, and neither script nor picture survives", async () => {
  const window = await open();
  const editor = await window.editor();
  await paste(window, {
    "text/plain": "x",
    "text/html":
      "<style>p{color:red}</style><h1 style='color:red' class='c'>Title</h1><p onclick='alert(1)'>a<script>window.hacked=1</script>" +
      "<img src='https://evil.example/x.png' onerror='window.hacked=1'><span style='font-weight:700'>bold</span> " +
      "<a href='javascript:window.hacked=1'>bad</a> <a href='https://good.example/'>good</a></p>" +
      "<b style='font-weight:normal'>not bold</b><iframe src='https://evil.example'></iframe><svg onload='window.hacked=1'></svg>" +
      "<input type='checkbox' checked> done<form action='https://evil.example'><button>press</button></form>",
  });
  await editor.getByText("not bold").waitFor();
  const html = await editor.innerHTML();
  assert.match(html, /<h3>Title<\/h3>/u);
  assert.match(html, /<b>bold<\/b>/u);
  assert.match(html, /<a href="https:\/\/good\.example\/">good<\/a>/u);
  assert.match(html, /☑ done/u);
  for (const gone of [/<img/u, /<script/u, /onclick/u, /javascript:/u, /style/u, /class=/u, /<iframe/u, /<svg/u, /<form/u, /<button/u, /<input/u]) {
    assert.doesNotMatch(html, gone);
  }
  const frame = await window.frame();
  assert.equal(await frame.evaluate(() => globalThis.hacked), undefined);
  await window.status.getByText(/^Saved/u).waitFor();
  const notes = await log(window);
  assert.match(notes, /<h3>Title<\/h3>/u);
  assert.match(notes, /<strong>bold<\/strong>/u);
  assert.doesNotMatch(notes, /<img|<script|javascript:|onclick/u);
  await window.close();
});

test("pasted Markdown becomes what it means, and plain text stays text", async () => {
  const window = await open();
  const editor = await window.editor();
  await paste(window, { "text/plain": "## Next\n\n- [ ] call **Bo**\n- [x] send" });
  await editor.getByText("send").waitFor();
  const html = await editor.innerHTML();
  assert.match(html, /<h3>Next<\/h3>/u);
  assert.match(html, /☐ call <b>Bo<\/b>/u);
  assert.match(html, /☑ send/u);
  await window.button("Discard note").click();
  await editor.click();
  await paste(window, { "text/plain": "2 * 3 <b>x</b>" });
  await editor.getByText("2 * 3 <b>x</b>").waitFor();
  await window.close();
});

test("five megabytes are refused with words, and what was typed stays", async () => {
  const window = await open();
  const editor = await window.editor();
  await window.page.keyboard.type("Mine");
  for (const kind of ["text/plain", "text/html"]) {
    await paste(window, { [kind]: "x".repeat(5_000_000) });
    await window.status.getByText("That is more than a note can hold. Nothing was changed.").waitFor();
    assert.equal(await window.written(), "Mine");
    await window.page.keyboard.type("!");
    await window.page.keyboard.press("Backspace");
    await window.status.getByText(/^Saved/u).waitFor();
  }
  await paste(window, {});
  await window.status.getByText("Pictures cannot be kept in a note. Nothing was changed.").waitFor();
  assert.equal(await editor.innerText(), "Mine");
  await window.close();
});

test("near the limit the room is shown while typing", async () => {
  const window = await open();
  await window.editor();
  await paste(window, { "text/plain": "word ".repeat(5_700) });
  await window.status.getByText(/^\d+ characters left$/u).waitFor();
  await window.close();
});

test("the editor comes while somebody types, and takes text and caret over", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const window = await open();
  await window.context.route(EDITOR, async (route) => {
    await held;
    await route.continue();
  });
  await window.note.click();
  await window.page.keyboard.type("first line\nsecond");
  await window.page.keyboard.press("Control+Home");
  await window.page.keyboard.type("my ");
  await window.status.getByText(/^Saved/u).waitFor();
  assert.deepEqual(await draft().then(({ notes, format }) => [notes, format]), ["my first line\nsecond", "plain"]);
  release();
  await window.panel.locator("#composer-rich").waitFor();
  await window.page.keyboard.type("very ");
  await world.until("it is kept with its looks", async () => (await draft()).notes === "<p>my very first line<br>second</p>");
  await window.close();
});

for (const [typed, more, kept] of [
  ["the next ", "step", "<p>the next step</p>"],
  ["one\n", "two", "<p>one<br>two</p>"],
  ["one\n\n", "two", "<p>one</p><p>two</p>"],
]) {
  test(`what is typed at the moment when the editor comes is kept: ${JSON.stringify(typed)}`, async () => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const window = await open();
    await window.context.route(EDITOR, async (route) => {
      await held;
      await route.continue();
    });
    await window.note.click();
    await window.page.keyboard.type(typed);
    release();
    await window.panel.locator("#composer-rich").waitFor();
    await window.page.keyboard.type(more);
    await world.until("it is kept", async () => (await draft())?.notes === kept);
    await window.close();
  });
}

test("where the editor cannot be had, the plain field works as before", async () => {
  const window = await open();
  window.tolerate(/ERR_FAILED|Failed to fetch dynamically imported module/u);
  await window.context.route(EDITOR, (route) => route.abort());
  await window.note.click();
  await window.page.keyboard.type("Typed plainly\n- a point");
  await window.status.getByText(/^Saved/u).waitFor();
  assert.equal(await window.note.evaluate((field) => field.tagName), "TEXTAREA");
  assert.equal(await log(window), "<p>Typed plainly</p><ul><li>a point</li></ul>");
  await window.close();
});

test("a formatted draft opens formatted, and an old plain one as it was", async () => {
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  await ask("PUT", "/draft", { based_on: 0, content: { notes: "old\n- style" } });
  const window = await open();
  assert.equal(await window.written(), "old\n- style");
  const editor = await window.editor();
  assert.equal(await editor.innerHTML(), "<p>old</p><ul><li>style</li></ul>");
  // Looking at it changes nothing.
  assert.equal((await draft()).format, "plain");
  await window.page.keyboard.press("Control+a");
  await window.page.keyboard.press("Control+b");
  await world.until("it is kept with its looks", async () => (await draft()).format === "html");
  await window.close();
  const again = await open();
  assert.equal(await again.written(), "old\n\n- style");
  assert.match(await (await again.editor()).innerHTML(), /<b>old<\/b>/u);
  await again.close();
});

test("the editor is narrow enough, works by keyboard, and tells what it is", async () => {
  const window = await open();
  const editor = await window.editor();
  await window.page.keyboard.type("Bold");
  await window.page.keyboard.press("Control+a");
  const bar = window.panel.getByRole("toolbar", { name: "Formatting" });
  await window.page.keyboard.press("Shift+Tab");
  assert.ok(await window.button("Bold").evaluate((button) => button === document.activeElement));
  await window.page.keyboard.press("Enter");
  assert.equal(await window.button("Bold").getAttribute("aria-pressed"), "true");
  assert.equal(await editor.innerHTML(), "<p><b>Bold</b></p>");
  await bar.getByRole("button").first().focus();
  await window.page.keyboard.press("ArrowRight");
  assert.ok(await window.button("Italic").evaluate((button) => button === document.activeElement));
  // Letters in the note are no shortcuts.
  await editor.click();
  await window.page.keyboard.type("n/5?");
  assert.match(await window.written(), /n\/5\?/u);
  const frame = await window.frame();
  for (const width of [280, 320, 400]) {
    await setWidth(window.page, width);
    assert.deepEqual(await overflowing(frame), []);
  }
  for (const colorScheme of ["light", "dark"]) {
    await window.page.emulateMedia({ colorScheme });
    assert.deepEqual(await faults(frame), []);
  }
  await window.page.keyboard.press("Escape");
  await window.button("Open the note").and(window.panel.locator(":focus")).waitFor();
  await window.close();
});
