// Signing in to Gainsight and out of it: each branch, each way it fails, and what becomes of what is still to be sent.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { askForLink, logIn, signInByHand, typeCode } from "./sign-in.mjs";
import { HARBOR, LUMEN, username, World } from "./world.mjs";

const MAYA = username("maya-lindqvist");
const DANA = username("dana-whitfield", "harbor");

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

/** Maya has the app and is not signed in to Gainsight. */
async function signedOut(options) {
  await world.renew(options);
  await world.install();
  return world.meeting();
}

const failed = async (window, why) => {
  await window.panel.getByRole("heading", { name: "The sign-in came to nothing" }).waitFor();
  await window.panel.getByRole("alert").getByText(why).waitFor();
};

describe("signing in", () => {
  test("an account that is not the Zoom user's own needs the code of the browser page", async () => {
    const window = await signedOut();
    await askForLink(window, DANA);
    await window.text("Waiting for you to open the link").waitFor();
    const page = await window.systemBrowser(() => window.button("Open browser").click());
    await page.getByText("maya.lindqvist@lumenworks.example").waitFor();
    await page.getByText("harbor.us1.localhost (Production)").waitFor();
    await window.text("Opened. Waiting for you to finish in the browser").waitFor();
    await logIn(page, DANA);
    const code = await page.getByLabel("Sign-in code").textContent();
    assert.match(code, /^\d{6}$/u);
    await window.text("Dana Whitfield signed in there. The page shows six digits.").waitFor();
    window.tolerate(/status of 4\d\d/u);
    const field = window.panel.getByRole("textbox", { name: "Code" });
    await field.fill(code === "123456" ? "654321" : "123456");
    await window.text("That is not the code from the browser page.").waitFor();
    await field.fill(code);
    await window.ready();
    await window.button("Menu").click();
    await window.text("Dana Whitfield", { exact: true }).waitFor();
    await window.close();
  });

  test("a code typed wrong too often ends the sign-in", async () => {
    const window = await signedOut();
    window.tolerate(/status of 4\d\d/u);
    await askForLink(window, DANA);
    const page = await window.systemBrowser(() => window.button("Open browser").click());
    await logIn(page, DANA);
    const code = await page.getByLabel("Sign-in code").textContent();
    const field = window.panel.getByRole("textbox", { name: "Code" });
    for (const left of [4, 3, 2, 1]) {
      await field.fill("");
      await field.fill(String((Number(code) + left) % 1_000_000).padStart(6, "0"));
      await window.text(new RegExp(`^${left} tr(y|ies) left`, "u")).waitFor();
    }
    await field.fill("");
    await field.fill(String((Number(code) + 7) % 1_000_000).padStart(6, "0"));
    await failed(window, "The wrong code was typed too often. Start again.");
    await window.close();
  });

  for (const [name, change, page, panel] of [
    [
      "an inactive user",
      { is_active: false },
      "Your Gainsight user is inactive. A Gainsight administrator can switch it on again.",
      "Your Gainsight user is inactive. A Gainsight administrator can switch it on again.",
    ],
    [
      "a user without a licence",
      { licence: null },
      "Your Gainsight user has no licence for the panel. A Gainsight administrator can give you Full, Viewer+ or Viewer.",
      "Your Gainsight user has no licence for this. A Gainsight administrator can give you Full, Viewer+ or Viewer.",
    ],
  ]) {
    test(`${name} is told so, in the browser and in the panel`, async () => {
      const window = await signedOut();
      await world.control("users", { tenant: "lumen", email: MAYA, ...change });
      await askForLink(window, MAYA);
      const browser = await window.systemBrowser(() => window.button("Open browser").click());
      await logIn(browser, MAYA);
      await browser.getByText(page).waitFor();
      await failed(window, panel);
      await window.close();
    });
  }

  test("whoever declines on the tenant's page is signed in to nothing, and may begin again", async () => {
    const window = await signedOut();
    await askForLink(window, MAYA);
    const page = await window.systemBrowser(() => window.button("Open browser").click());
    await logIn(page, MAYA, { agrees: false });
    await page.getByText("You declined. Nothing was signed in.").waitFor();
    await failed(window, "You declined on Gainsight's page. Nothing was signed in.");
    await page.close();
    await window.button("Start again").click();
    await window.panel.getByLabel("Username").fill(MAYA);
    await window.button("Next").click();
    const again = await window.systemBrowser(() => window.button("Open browser").click());
    await logIn(again, MAYA);
    await typeCode(window, again);
    await window.ready();
    await window.close();
  });

  test("a link works once, and not for long", async () => {
    await world.renew();
    await world.install();
    const window = await world.meeting("maya-lindqvist", { address: "about:blank" });
    await window.page.clock.install();
    await window.page.goto(world.meetingUrl("maya-lindqvist"));
    await askForLink(window, MAYA);
    const link = await window.panel.getByLabel("Or copy the link and open it yourself").inputValue();
    const first = await window.systemBrowser(() => window.button("Open browser").click());
    await first.getByRole("link", { name: /^Continue to / }).waitFor();
    const thief = await world.visit(link);
    thief.tolerate(/status of 4\d\d/u);
    await thief.page.getByText("This link was opened before. Make a new one in the panel.").waitFor();
    assert.equal(await thief.page.getByRole("link", { name: /^Continue to / }).count(), 0);
    await thief.close();
    await window.page.clock.fastForward("05:30");
    await failed(window, "The link was open for five minutes and is closed now. Make a new one.");
    await window.button("Make a new link").click();
    await window.panel.getByLabel("Username").waitFor();
    await window.close();
  });

  test("a sign-in that was begun goes on after the panel was loaded again", async () => {
    const window = await signedOut();
    await askForLink(window, MAYA);
    const page = await window.systemBrowser(() => window.button("Open browser").click());
    await (await window.frame()).evaluate(() => location.reload());
    await window.text("The link was made in another window of this panel. Go on there, or start again.").waitFor();
    await logIn(page, MAYA);
    await typeCode(window, page);
    await window.ready();
    await window.close();
  });

  test("an address that no tenant serves is asked for its domain, and only registered ones are taken", async () => {
    const window = await signedOut();
    window.tolerate(/status of 4\d\d/u);
    await window.button("Sign In").click();
    await window.panel.getByRole("button", { name: "Gainsight Account" }).click();
    await window.panel.getByLabel("Username").fill("maya@elsewhere.example");
    await window.button("Next").click();
    const domain = window.panel.getByLabel("Gainsight Domain");
    await domain.fill("evil.example");
    await window.panel.getByRole("radio", { name: /^US1/u }).check();
    await window.button("Next").click();
    await window.text(/This Gainsight domain is not registered here/u).first().waitFor();
    await domain.fill("https://lumen.us1.localhost/v1/ui/home");
    await window.button("Next").click();
    await window.panel.getByRole("heading", { name: "Continue in your browser" }).waitFor();
    await window.close();
  });

  test("an address with several environments chooses one of them", async () => {
    const sandbox = HARBOR.replace("harborcloud.example", "lumenworks.example") + 'environment = "Sandbox"\nis_sandbox = true\n';
    const window = await signedOut({ tenants: LUMEN + sandbox });
    await window.button("Sign In").click();
    await window.panel.getByRole("button", { name: "Gainsight Account" }).click();
    await window.panel.getByLabel("Username").fill(MAYA);
    await window.button("Next").click();
    await window.panel.getByRole("heading", { name: "Select domain" }).waitFor();
    await window.panel.getByRole("radio", { name: /^Harbor Cloud · Sandbox/u }).waitFor();
    await window.panel.getByRole("radio", { name: /^Lumen Works · Production/u }).check();
    await window.button("Next").click();
    const page = await window.systemBrowser(() => window.button("Open browser").click());
    await page.getByRole("heading", { name: "Sign in to Lumen Works" }).waitFor();
    await window.close();
  });
});

describe("signing out", () => {
  const logout = async (window) => {
    await window.button("Menu").click();
    await window.button("Logout").click();
    await window.panel.getByRole("heading", { name: "Log out of Gainsight?" }).waitFor();
  };
  const confirm = (window) => window.panel.getByRole("dialog").getByRole("button", { name: "Logout" }).click();

  test("after a logout nothing of the customer is left on the screen, and the note stays", async () => {
    await world.signedIn();
    const window = await world.meeting();
    await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
    await window.note.fill("Still mine");
    await window.status.getByText(/^Saved/u).waitFor();
    await logout(window);
    await window.text("You will have to sign in again. Your draft stays here.").waitFor();
    await window.button("Cancel").click();
    await window.ready();
    await logout(window);
    await confirm(window);
    await window.button("Sign In").waitFor();
    await window.text("Your note is kept.").waitFor();
    assert.equal(await window.panel.locator("#panel").getByText(/Northwind|Ana Ruiz/u).count(), 0);
    await signInByHand(window, MAYA);
    await window.ready();
    assert.equal(await window.written(), "Still mine");
    await window.close();
  });

  for (const [choice, becomes] of [
    ["Send now", async () => assert.equal((await world.logged()).length, 1)],
    [
      "Keep for my next sign-in",
      async (window) => {
        assert.equal((await world.logged()).length, 0);
        await signInByHand(window, MAYA);
        await window.panel.getByRole("button", { name: /Needs your attention/u }).click();
        await window.text("Kept when you logged out. Not in Gainsight yet.").waitFor();
        await window.button("Try now").click();
        await world.until("it was sent", async () => (await world.logged()).length === 1);
      },
    ],
    [
      "Discard",
      async (window) => {
        await signInByHand(window, MAYA);
        await window.ready();
        assert.equal((await world.logged()).length, 0);
        assert.equal(await window.text("On the way to Gainsight").count(), 0);
      },
    ],
  ]) {
    test(`what has not reached Gainsight is not forgotten at the logout: ${choice}`, async () => {
      await world.signedIn();
      const window = await world.meeting();
      await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
      await window.note.fill("At the door");
      await world.fault({ kind: "status", status: 500 }, { method: "POST", path: "/v1/ant/es/activity" }, 1);
      await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
      await window.status.getByText("Saved here, will reach Gainsight").waitFor();
      await logout(window);
      await window.text("One activity has not reached Gainsight yet. What shall become of it?").waitFor();
      await window.panel.getByRole("radio", { name: new RegExp(`^${choice}`, "u") }).check();
      await confirm(window);
      await window.button("Sign In").waitFor();
      await becomes(window);
      await window.close();
    });
  }

  test("a sign-in that Gainsight took back is said to be over, and signing in again goes on where it was", async () => {
    await world.signedIn();
    const window = await world.meeting();
    window.tolerate(/status of 40[13]/u);
    await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
    await window.note.fill("Written before");
    await window.status.getByText(/^Saved/u).waitFor();
    await world.control("tokens/revoke", { tenant: "lumen" });
    await window.panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
    await window.text("Gainsight no longer accepts your earlier sign-in. Please sign in again.").waitFor();
    await signInByHand(window, MAYA);
    await window.ready();
    await world.until("it was sent", async () => (await world.logged()).length === 1);
    await window.close();
  });
});
