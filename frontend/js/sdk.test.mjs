import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { CAPABILITIES } from "./capabilities.js";
import { only } from "./sdk.mjs";

const source = readFileSync(new URL("../node_modules/@zoom/appssdk/dist/sdk.es.js", import.meta.url), "utf8");
const used = Object.values(CAPABILITIES).flat();

/** The SDK as a page would have it, and a client that answers each call with its name. */
async function loaded(text) {
  const client = { calls: [] };
  const answer = ({ jsCallId, apiName }) => {
    const result = apiName === "config" ? { clientVersion: "6.7.0" } : { apiName };
    client.listener({ data: { type: "apiResponse", data: { jsCallId, result } } });
  };
  const webview = {
    addEventListener: (_, listener) => (client.listener = listener),
    postMessage: (message) => {
      const { jsCallId, ...call } = JSON.parse(message);
      client.calls.push(call);
      queueMicrotask(() => answer({ jsCallId, ...call }));
    },
  };
  // The SDK looks whether an argument is a picture.
  globalThis.ImageData = class {};
  globalThis.window = { crypto: globalThis.crypto, chrome: { webview } };
  Object.assign(globalThis.window, { self: window, top: window });
  const file = join(mkdtempSync(join(tmpdir(), "sidelight-")), "sdk.mjs");
  writeFileSync(file, text);
  const { default: sdk } = await import(file);
  rmSync(dirname(file), { recursive: true });
  return { sdk, client };
}

test("what is left asks the client the same and hands over the same", async () => {
  const calls = used.filter((name) => !name.startsWith("on"));
  const events = used.filter((name) => name.startsWith("on"));
  const conversations = [];
  for (const text of [source, only(used, source)]) {
    const { sdk, client } = await loaded(text);
    const said = [await sdk.config({ capabilities: used, version: "0.16" })];
    for (const name of calls) {
      said.push([name, await sdk[name]({ url: "https://sidelight.test/", action: "undock", codeChallenge: "E9Melhoa2Ow" })]);
    }
    for (const name of events) {
      sdk.addEventListener(name, (data) => said.push([name, data]));
      client.listener({ data: { type: "event", name, data: { action: "undock", status: "authorized" } } });
    }
    conversations.push([said, client.calls]);
  }
  const [whole, trimmed] = conversations;
  assert.equal(whole[0].length, 1 + used.length);
  assert.deepEqual(trimmed, whole);
});

test("what the panel never asks for is not shipped", () => {
  const trimmed = only(used, source);
  assert.doesNotMatch(trimmed, /prototype\.(setVirtualBackground|sendAppInvitation|onMessage) =/);
  assert.match(trimmed, /\/\*!\n \* Copyright \(c\) \d+ Zoom Video Communications/);
  assert.ok(trimmed.length < source.length / 3, `${trimmed.length} of ${source.length}`);
});

test("an SDK that is written otherwise is refused", () => {
  assert.throws(() => only([...used, "getInvented"], source), /written otherwise now: .*getInvented/);
  const tangled = source.replace("ZoomSdk.prototype.openUrl = function (options) {", "$&\n        this.connect();");
  assert.throws(() => only(used, tangled), /connect/);
});
