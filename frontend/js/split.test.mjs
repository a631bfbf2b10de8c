import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { split } from "./split.mjs";

/** `main` calls whatever lies in a slot; slot 2 holds something late, which calls early functions and the page, and reads constants. */
const PROGRAM = `(module
  (import "./page.js" "log_0123" (func $log (param i32)))
  (import "./page.js" "only_late_4567" (func $only_late (param i32)))
  (type $act (func (param i32) (result i32)))
  (memory (export "memory") 2) (table $table 4 4 funcref)
  (global $stack (mut i32) (i32.const 500))
  (elem (i32.const 1) $early $late $early)
  (data (i32.const 2000) "\\07")
  (func $early (param i32) (result i32) (call $log (local.get 0)) (i32.load8_u (i32.const 2000)))
  (func $late (param i32) (result i32)
    (call $only_late (i32.load8_u (i32.const 3000)))
    (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
    (i32.add (call $early (local.get 0)) (call $shared)))
  (func $shared (result i32) (global.get $stack))
  (func (export "main") (param i32) (result i32) (drop (call $shared))
    (call_indirect (type $act) (i32.const 3) (local.get 0))))`;

function halves(late, unused = []) {
  return split(binaryen.parseText(PROGRAM).emitBinary(), { late: new Set(late), unused: new Set(unused), data: [{ address: 3000, bytes: Uint8Array.of(42) }] });
}

test("the later program joins the first: one memory, one table, one stack, the same page", () => {
  const { first, later, names } = halves([2]);
  const said = [];
  const page = Object.fromEntries(names.imports.map(([, name, short]) => [short, (value) => said.push([name, value])]));
  const program = new WebAssembly.Instance(new WebAssembly.Module(first), { a: page }).exports;
  const main = program[new Map(names.exports).get("main")];
  assert.throws(() => main(2), WebAssembly.RuntimeError);
  assert.equal(main(1), 7);
  new WebAssembly.Instance(new WebAssembly.Module(later), { a: page, b: program });
  said.length = 0;
  assert.equal(main(2), 7 + 484);
  assert.deepEqual(said, [["only_late_4567", 42], ["log_0123", 3]]);
});

test("each program holds and asks for what it needs and no more", () => {
  const { first, later, names } = halves([2]);
  const [early, late] = [first, later].map((wasm) => new WebAssembly.Module(wasm));
  assert.equal(WebAssembly.Module.imports(early).length, 1);
  assert.equal(names.imports.length, 2);
  assert.deepEqual(WebAssembly.Module.exports(late), []);
  const offered = WebAssembly.Module.exports(early).map(({ name }) => name);
  const wanted = WebAssembly.Module.imports(late).filter(({ module }) => module === "b").map(({ name }) => name);
  assert.deepEqual(wanted.filter((name) => !offered.includes(name)), []);
  const kinds = WebAssembly.Module.imports(late).map(({ module, kind }) => `${module} ${kind}`).sort();
  assert.deepEqual(kinds, ["a function", "b function", "b function", "b global", "b memory", "b table"]);
});

test("what is like something early is not waited for", () => {
  const { first } = halves([3]);
  const page = { a: () => {}, b: () => {} };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(first), { a: page });
  const main = Object.values(exports).find((value) => typeof value === "function" && value.length === 1 && value(3) === 7);
  assert.ok(main);
});

test("what nobody uses is in neither", () => {
  const { later, names } = halves([], [2]);
  assert.deepEqual(names.imports.map(([, name]) => name), ["log_0123"]);
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(later)).filter(({ kind }) => kind === "function"), []);
});
