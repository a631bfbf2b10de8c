// The main story: open the meeting, sign in, see the right customer and who is there, write, log, find it. On both databases.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { signInByHand } from "./sign-in.mjs";
import { username, World } from "./world.mjs";

const NOTE = "Agreed on the next steps.\n\n- Ana sends the numbers\n- Ben tests the new dock <b>door</b>";

for (const database of ["SQLite", "PostgreSQL"]) {
  describe(`on ${database}`, () => {
    let world;
    before(async () => {
      world = await World.start(database);
      await world.renew();
      await world.install();
    });
    after(() => world?.stop());

    test("a call is logged beside the meeting and found in the Timeline", async () => {
      const window = await world.meeting();
      const { panel, page } = window;
      await page.getByRole("heading", { name: "Northwind Traders: weekly sync" }).waitFor();
      await signInByHand(window, username("maya-lindqvist"));

      // The right customer, and why.
      await panel.getByTitle("Switch company or relationship").getByText("Northwind Traders", { exact: true }).waitFor();
      await window.text("4 of 6 attendees work at Northwind Traders").waitFor();
      await window.text("Lumen Works · Production").first().waitFor();

      // Who is there, by group.
      await window.tab("People").click();
      const group = (name) => panel.locator("section", { has: panel.getByRole("heading", { name }) });
      const names = (name) => group(name).getByRole("listitem").locator("b").allTextContents();
      await group("Northwind Traders").waitFor();
      assert.deepEqual(await names("Northwind Traders"), ["Ana Ruiz", "Ben Carter", "Chioma Eze", "Diego Santos"]);
      assert.deepEqual(await names("Not in Gainsight yet"), ["Erin Walsh"]);
      assert.deepEqual(await names("Needs an e-mail"), ["Sam"]);
      assert.deepEqual(await names("Colleagues"), ["Maya Lindqvist", "Tom Okafor"]);
      assert.deepEqual(await names("Phones and rooms"), ["+1 (415) 555-0142"]);

      // The note says where it is, from the first letter to Gainsight.
      await window.note.click();
      await window.note.pressSequentially(NOTE.slice(0, 20));
      await window.status.getByText(/^Saved/u).waitFor();
      await window.page.keyboard.type(NOTE.slice(20).replace("\n\n", "\n"));
      await window.status.getByText(/^Saved/u).waitFor();
      assert.equal(await panel.getByLabel("Subject").inputValue(), "Northwind Traders: weekly sync");
      await panel.getByLabel("Subject").fill("Weekly sync, logged beside the call");
      await panel.getByRole("button", { name: "Log to Northwind Traders" }).click();
      await window.status.getByText("In Gainsight", { exact: true }).waitFor();
      assert.equal(await window.written(), "");

      // It is the first in the Timeline, with its notes as they were written.
      await window.tab("Timeline").click();
      const entry = panel.getByRole("button", { name: /Weekly sync, logged beside the call/u });
      await entry.waitFor();
      await entry.click();
      await panel.getByRole("heading", { name: "Weekly sync, logged beside the call" }).waitFor();
      await panel.getByRole("listitem").getByText("Ben tests the new dock <b>door</b>").waitFor();
      await window.close();

      const logged = await world.logged();
      assert.equal(logged.length, 1, "logged once");
      const { Subject, TypeName, ContextName, Notes, InternalAttendees, ExternalAttendees } = logged[0];
      assert.deepEqual([Subject, TypeName, ContextName], ["Weekly sync, logged beside the call", "Meeting", "Company"]);
      assert.equal(
        Notes,
        "<p>Agreed on the next steps.</p><ul><li>Ana sends the numbers</li><li>Ben tests the new dock &lt;b&gt;door&lt;/b&gt;</li></ul>",
      );
      assert.equal(InternalAttendees, "Maya Lindqvist, Tom Okafor");
      assert.equal(ExternalAttendees, "Ana Ruiz, Ben Carter, Chioma Eze, Diego Santos");
    });

    test("whoever opens the panel again is known, and finds what was logged", async () => {
      const window = await world.meeting();
      await window.ready();
      await window.panel.getByRole("button", { name: /Weekly sync, logged beside the call/u }).waitFor();
      assert.equal(await window.written(), "");
      await window.close();
    });
  });
}
