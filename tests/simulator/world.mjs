// What the simulator's tests run in: an app that serves the test panel and takes webhooks, the sandbox beside it, a browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { freeRun } from "../e2e/ports.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const FILES = {
  "/panel": [here("panel/panel.html"), "text/html; charset=utf-8"],
  "/panel.mjs": [here("panel/panel.mjs"), "text/javascript; charset=utf-8"],
  "/sdk.mjs": [fileURLToPath(import.meta.resolve("@zoom/appssdk/dist/sdk.es.js")), "text/javascript; charset=utf-8"],
};
export const NORTHWIND = "81234567890";

const listen = (server, port = 0) =>
  new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server.address().port));
  });

/** The app's side: its page under the product's policy, and a webhook endpoint that keeps what comes. */
async function startApp() {
  const webhooks = [];
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const chunks = await request.toArray();
      webhooks.push(JSON.parse(Buffer.concat(chunks)));
      return response.end();
    }
    const [file, type] = FILES[request.url.split("?")[0]] ?? [];
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": type,
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
    });
    response.end(await readFile(file));
  });
  return { server, webhooks, url: `http://localhost:${await listen(server)}` };
}

/** The sandbox as the product ships it, or, without a binary, as its crate's example. */
async function startSandbox(appUrl) {
  const binary = process.env.SIDELIGHT_BIN;
  const port = await freeRun();
  const [command, ...words] = binary
    ? [binary, "sandbox", "--port", String(port), "--app-url", appUrl]
    : ["cargo", "run", "--quiet", "-p", "sidelight-sandbox", "--example", "serve", "--", String(port), appUrl];
  const child = spawn(command, words, { cwd: here("../.."), stdio: ["pipe", "pipe", "inherit"] });
  // Both say something once everything answers.
  await new Promise((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  return { child, url: `http://localhost:${port}` };
}

/** Everything together. Call `stop` when done. */
export async function startWorld() {
  const app = await startApp();
  // A server that listens would keep a failed test from ending.
  const sandbox = await startSandbox(app.url).catch((error) => {
    app.server.close();
    throw error;
  });
  const browser = await chromium.launch({
    executablePath: process.env.SIDELIGHT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const post = async (path, body = {}) => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  const stop = async () => {
    await browser.close();
    sandbox.child.kill();
    app.server.closeAllConnections();
    app.server.close();
  };
  return {
    app,
    browser,
    stop,
    url: sandbox.url,
    control: (path, body) => post(`/_control/${path}`, body),
    step: (name, body) => post(`/_control/meetings/${NORTHWIND}/${name}`, body),
    /** Back to the seed, with the app added for the demo meeting's host. */
    async reset() {
      await post("/_control/reset");
      await post("/_control/people/maya-lindqvist/add-app");
      app.webhooks.length = 0;
    },
    visit: (address, options) => Window.open(browser, address, options),
    open: (path, options) => Window.open(browser, `${sandbox.url}${path}`, options),
    meeting: (person, query = "", options = {}) =>
      Window.open(browser, `${sandbox.url}/meeting/${NORTHWIND}?as=${person}&still=1${query}`, options),
  };
}

/** A browser window that tolerates no error and no breach of policy. */
class Window {
  static async open(browser, address, { viewport = { width: 1440, height: 900 } } = {}) {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const made = new Window();
    Object.assign(made, { context, page, problems: [], calls: [] });
    page.on("console", (message) => message.type() === "error" && made.problems.push(message.text()));
    page.on("pageerror", (error) => made.problems.push(error.message));
    await page.exposeBinding("keepCall", (_, call) => made.calls.push(call));
    await page.addInitScript(() => {
      // Only the frame's calls: the window's own messages are no texts.
      if (window === window.top)
        addEventListener("message", ({ data }) => typeof data === "string" && window.keepCall(JSON.parse(data)));
    });
    await page.goto(address);
    return made;
  }

  /** The panel's page, once its script runs. */
  async panel() {
    const handle = await this.page.locator("#slot iframe").elementHandle();
    const frame = await handle.contentFrame();
    await frame.waitForFunction(() => window.panel);
    return frame;
  }

  async configure(names, more) {
    return (await this.panel()).evaluate(([list, options]) => window.panel.configure(list, options), [names, more]);
  }

  async call(name, ...data) {
    return (await this.panel()).evaluate(([called, values]) => window.panel.call(called, ...values), [name, data]);
  }

  async listen(...names) {
    return (await this.panel()).evaluate((list) => window.panel.listen(...list), names);
  }

  /** What the panel heard, once there are so many. */
  async heard(count) {
    const frame = await this.panel();
    await frame.waitForFunction((least) => window.panel.heard.length >= least, count);
    return frame.evaluate(() => window.panel.heard);
  }

  /** Opens the drawer, if it is not open. */
  async simulate() {
    const button = this.page.getByRole("button", { name: "Simulate", exact: true });
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
    return this.page.getByRole("complementary", { name: "Simulate" });
  }

  /** Closes the window; anything that went wrong in it fails the test. */
  async close() {
    await this.context.close();
    assert.deepEqual(this.problems, []);
  }
}
