// A browser window with the meeting and the panel in it, which tolerates no error and no breach of policy.

import assert from "node:assert/strict";

/** Comes when a page goes while something is under way. */
const ENDED_WITH_PAGE = /net::ERR_ABORTED/u;
const PATIENCE_MILLIS = 15_000;

export class Window {
  problems = [];
  #tolerated = [];

  static async open(world, address, { viewport = { width: 1280, height: 800 }, ...options } = {}) {
    const window = new Window();
    window.world = world;
    window.context = await world.browser.newContext({ viewport, locale: "en-GB", timezoneId: "Europe/Stockholm", ...options });
    world.windows.add(window);
    window.context.setDefaultTimeout(PATIENCE_MILLIS);
    await window.#watch();
    window.page = await window.context.newPage();
    await window.page.goto(address);
    return window;
  }

  async #watch() {
    const { context, problems } = this;
    context.on("console", (message) => {
      if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => problems.push(`page error: ${error.error().message}`));
    context.on("requestfailed", (request) => {
      const { errorText } = request.failure();
      if (!ENDED_WITH_PAGE.test(errorText)) problems.push(`request: ${errorText} (${request.url()})`);
    });
    await context.exposeBinding("keepViolation", (_, text) => problems.push(`policy: ${text}`));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        window.keepViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
  }

  /** What may go wrong in this window, since the test makes it go wrong. */
  tolerate(...patterns) {
    this.#tolerated.push(...patterns);
  }

  /** Sidelight's server is killed in this window's time. By which of its many names the browser calls the lost connection is chance. */
  tolerateOutage() {
    this.tolerate(/net::ERR_/u);
  }

  /** The panel, for locators. */
  get panel() {
    return this.page.frameLocator("#slot iframe");
  }

  /** The panel's page, for scripts. */
  async frame() {
    const handle = await this.page.locator("#slot iframe").elementHandle();
    return handle.contentFrame();
  }

  button = (name, options = { exact: true }) => this.panel.getByRole("button", { name, ...options });
  tab = (name) => this.panel.getByRole("tab", { name });
  text = (text, options) => this.panel.getByText(text, options);

  /** The field of the search for companies, once it is open. */
  get search() {
    return this.panel.getByRole("dialog").getByRole("combobox");
  }

  get note() {
    return this.panel.locator("#panel").getByRole("textbox", { name: "Note" });
  }

  /** What stands in the note, in the plain field or in the editor. */
  written = () => this.note.evaluate((field) => field.value ?? [...field.children].map((block) => block.innerText).join("\n\n").trim());

  /** Waits until the editor has taken the plain field's place. */
  async editor() {
    await this.note.click();
    await this.panel.locator("#composer-rich").waitFor();
    return this.panel.locator("#composer-rich");
  }

  /** The line that says where the note is. */
  get status() {
    return this.panel.getByRole("region", { name: "Note" }).getByRole("status");
  }

  /** Waits until the panel works: somebody is signed in, and the tabs are there. */
  async ready() {
    await this.panel.getByRole("tablist", { name: "Views of the customer" }).waitFor();
  }

  /** Does what opens the system browser, and gives its page. */
  async systemBrowser(action) {
    const [page] = await Promise.all([this.context.waitForEvent("page"), action()]);
    await page.waitForLoadState();
    return page;
  }

  /** Opens the drawer of the meeting's controls, if it is not open. */
  async simulate() {
    const button = this.page.getByRole("button", { name: "Simulate", exact: true });
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
    return this.page.getByRole("complementary", { name: "Simulate" });
  }

  /** Closes the window; anything that went wrong in it, and was not provoked, fails the test. */
  async close() {
    this.world.windows.delete(this);
    await this.context.close();
    const unexpected = this.problems.filter((problem) => !this.#tolerated.some((pattern) => pattern.test(problem)));
    assert.deepEqual(unexpected, []);
  }
}
