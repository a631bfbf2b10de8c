// Takes the pictures of the README from this version: node tests/e2e/pictures.mjs

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { setWidth } from "./layout.mjs";
import { smaller } from "./png.mjs";
import { askForLink } from "./sign-in.mjs";
import { NORTHWIND, username, World } from "./world.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const MOST_BYTES = 300_000;
const PANEL = { width: 320, height: 640 };

async function keep(name, picture) {
  const bytes = smaller(picture);
  if (bytes.length > MOST_BYTES) throw new Error(`${name} has ${bytes.length} bytes`);
  await writeFile(`${FOLDER}${name}.png`, bytes);
  console.log(`${name}.png, ${Math.round(bytes.length / 1000)} kB`);
}

const window = (world, options = {}) =>
  world.meeting("maya-lindqvist", { reducedMotion: "reduce", deviceScaleFactor: 2, ...options });

/** The panel alone, as wide as it is at its usual narrow. */
async function panel(view, name) {
  await keep(name, await view.page.locator("#slot iframe").screenshot());
}

const steady = async (view) => {
  await view.tab("Timeline").click();
  await view.text("4 of 6 attendees work at Northwind Traders").waitFor();
  await view.panel.locator("#tab-panel .entry").first().waitFor();
  await view.page.evaluate(() => document.fonts.ready);
};

async function signIn(world) {
  await world.renew();
  await world.install();
  const view = await window(world);
  await askForLink(view, username("maya-lindqvist"));
  const page = await view.systemBrowser(() => view.button("Open browser").click());
  await page.setViewportSize({ width: 720, height: 620 });
  await keep("sign-in", await page.screenshot());
  await view.close();
}

async function meeting(world) {
  const view = await window(world, { viewport: { width: 1200, height: 740 }, deviceScaleFactor: 1.5 });
  await steady(view);
  await view.tab("People").click();
  await view.panel.getByRole("heading", { name: "Colleagues" }).waitFor();
  await keep("meeting", await view.page.screenshot());
  await view.close();
}

async function screens(world, colorScheme) {
  // As tall as the picture, with the window's own bars around it.
  const view = await window(world, { colorScheme, viewport: { width: 1280, height: PANEL.height + 160 } });
  await setWidth(view.page, PANEL.width);
  await steady(view);
  await panel(view, `timeline-${colorScheme}`);
  await view.tab("People").click();
  await view.panel.getByRole("heading", { name: "Northwind Traders", level: 2 }).waitFor();
  await panel(view, `people-${colorScheme}`);
  await view.tab("Timeline").click();
  await view.note.fill("Kent goes live on the 14th.\n\n- Ana sends the pick rates\n- Ben tests the dock scanners");
  await view.status.getByText(/^Saved/u).waitFor();
  await panel(view, `note-${colorScheme}`);
  await view.button("Discard note").click();
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  await world.until("the note is gone", async () => (await ask("GET", "/draft")) === null);
  await view.close();
}

/** A day in the main client, with a note that was begun in the call. */
async function home(world, colorScheme) {
  const view = await world.visit(`${world.zoom}/client?as=maya-lindqvist&still=1`, {
    colorScheme,
    reducedMotion: "reduce",
    deviceScaleFactor: 2,
    viewport: { width: 1280, height: PANEL.height + 160 },
  });
  await setWidth(view.page, PANEL.width);
  await view.panel.getByRole("heading", { name: "Drafts" }).waitFor();
  await panel(view, `home-${colorScheme}`);
  await view.button("Cover the panel").click();
  await view.panel.getByRole("heading", { name: "Covered" }).waitFor();
  if (colorScheme === "light") await panel(view, "cover");
  await view.close();
}

async function plan(world) {
  const next = async (topic, minutes, more) =>
    world.control("meetings", { topic, host: "maya-lindqvist", starts_at: Date.now() + minutes * 60_000, minutes: 30, ...more });
  await next("Fabrik Analytics review", 45);
  await next("Roadmap with operations", 90, { invitees: ["chioma.eze@northwindtraders.example", "ana.ruiz@northwindtraders.example"] });
  await next("Lunch", 150);
  const ask = await world.session("maya-lindqvist", NORTHWIND);
  await ask("PUT", "/draft", { based_on: 0, content: { notes: "Kent goes live on the 14th, Ana sends the pick rates" } });
}

await mkdir(FOLDER, { recursive: true });
const world = await World.start();
try {
  await signIn(world);
  await world.signedIn();
  await meeting(world);
  await screens(world, "light");
  await screens(world, "dark");
  await plan(world);
  await home(world, "light");
  await home(world, "dark");
} finally {
  await world.stop();
}
