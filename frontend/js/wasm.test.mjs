import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { bodies, exportedFunctions, importedFunctions, named, section, segments, slots, withoutNotes } from "./wasm.mjs";

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

test("functions are counted from behind those that are imported, whatever else is imported too", () => {
  const shared = assembled(`(module (import "a" "m" (memory 1 2)) (import "a" "t" (table 3 funcref)) (import "a" "g" (global (mut i32)))
    (import "a" "f" (func $f)) (elem (i32.const 1) $f $own) (func $own (export "own")))`);
  assert.equal(importedFunctions(shared), 1);
  assert.deepEqual([...slots(shared)], [[1, 0], [2, 1]]);
  assert.deepEqual([...exportedFunctions(shared)], [["own", 1]]);
});

test("the linker's notes go, and nothing else", () => {
  const note = (name) => Buffer.from([0, name.length + 2, name.length, ...Buffer.from(name), 7]);
  const noted = Buffer.concat([program, note("linking"), note("reloc.CODE"), note("mine")]);
  assert.deepEqual(withoutNotes(noted), Buffer.concat([program, note("mine")]));
  assert.equal(section(noted, "reloc.CODE").byte(), 7);
});

test("what shrinking cannot place is refused", () => {
  assert.throws(() => segments(assembled('(module (memory 1) (data "passive"))')), /no fixed place/);
  assert.throws(() => bodies(assembled("(module)")), /no section code/);
});
