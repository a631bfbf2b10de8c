import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { bodies, named, segments } from "./wasm.mjs";

const assembled = (text) => binaryen.parseText(text).emitBinary();
const program = assembled(`(module (import "a" "b" (func $b)) (memory 1)
  (data (i32.const 70000) "far") (data (i32.const 8) "near")
  (func $first (export "first") (call $b)) (func $second (export "second") (result i32) (i32.const 7)))`);

test("data is found where it will lie", () => {
  const found = segments(program).map(({ address, bytes }) => [address, Buffer.from(bytes).toString()]);
  assert.deepEqual(found, [[70_000, "far"], [8, "near"]]);
});

test("each function's code is a piece of its own", () => {
  const end = 0x0b;
  assert.deepEqual(bodies(program).map((body) => body.at(-1)), [end, end]);
});

test("names are those of the program's own functions", () => {
  const longest = "n".repeat(300);
  const text = binaryen.readBinary(named(program, ["one", longest])).emitText();
  assert.match(text, /\(export "first" \(func \$one\)\)/);
  assert.match(text, new RegExp(`\\(export "second" \\(func \\$${longest}\\)\\)`));
});

test("what shrinking cannot place is refused", () => {
  assert.throws(() => segments(assembled('(module (memory 1) (data "passive"))')), /no fixed address/);
  assert.throws(() => bodies(assembled("(module)")), /no section 10/);
  assert.throws(() => named(assembled('(module (import "a" "m" (memory 1)))'), []), /no function/);
});
