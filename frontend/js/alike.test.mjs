import assert from "node:assert/strict";
import { test } from "node:test";
import { alike } from "./alike.mjs";

const pieces = (...texts) => texts.map((text) => Buffer.from(text));

test("like things stand side by side, from the largest on", () => {
  const order = alike(pieces("the quick brown fox", "0123456789 0123456789", "the quick brown dog", "0123456789 987", "the quick red fox"));
  assert.deepEqual(order, [1, 3, 0, 2, 4]);
});

test("nothing is lost and nothing doubled, however little there is to compare", () => {
  const texts = ["", "a", "", "same same", "same same", "z"];
  assert.deepEqual(alike(pieces(...texts)).sort(), [...texts.keys()]);
  assert.deepEqual(alike([]), []);
});

test("the same pieces always give the same order", () => {
  const many = Array.from({ length: 300 }, (_, index) => `function ${index % 7} of ${index % 11}: ${"x".repeat(index % 5)}`);
  assert.deepEqual(alike(pieces(...many)), alike(pieces(...many)));
});
