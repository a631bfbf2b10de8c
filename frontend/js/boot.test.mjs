import assert from "node:assert/strict";
import { test } from "node:test";
import { picture, symbol, wordsOf } from "./bundle.mjs";
import { checkOf } from "./fault.js";

test("a failed handshake names the check that failed", () => {
  const cases = [
    [new Error("The Zoom Apps SDK is not supported by this browser"), false, "outside"],
    [new Error("config took longer than 2500ms to respond.\n requestId: 1"), true, "stranger"],
    [new Error("config took longer than 2500ms to respond.\n requestId: 1"), false, "silent"],
    [Object.assign(new Error(""), { code: "10118" }), true, "context"],
    [Object.assign(new Error("No Permission for this API. [code:80012, reason:require_meeting_role]"), { code: "10001" }), true, "refused"],
    [undefined, false, "refused"],
  ];
  for (const [error, framed, check] of cases) {
    assert.equal(checkOf(error, framed), check, error?.message);
  }
});

test("only the words of the start are bundled", () => {
  const words = wordsOf("# start.no = comment\nstart.check = Failed check\nmenu.logout = Logout\nstart.slow_text = a = b\n", "start");
  assert.deepEqual(words, { check: "Failed check", slow_text: "a = b" });
});

test("a symbol carries shapes and no looks", () => {
  const svg = '<!-- @license x -->\n<svg\n  class="lucide"\n  viewBox="0 0 24 24"\n  stroke="currentColor"\n>\n  <path d="m1 2" />\n  <circle cx="1" cy="2" r="3" />\n</svg>\n';
  assert.equal(symbol("x", svg), '<symbol id="i-x" viewBox="0 0 24 24"><path d="m1 2"/><circle cx="1" cy="2" r="3"/></symbol>');
});

test("a picture that stands alone is hidden from screen readers", () => {
  const shapes = '<path d="m1 2"/>';
  assert.equal(picture(`<svg viewBox="0 0 24 24">${shapes}</svg>`), `<svg class="icon" aria-hidden="true" viewBox="0 0 24 24">${shapes}</svg>`);
});
