import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { lateOf } from "./relations.mjs";
import { bodies, section } from "./wasm.mjs";

const ENTRY = "_ZN18sidelight_frontend2ui4late4HOME17h0123456789abcdefE";
const [CALL, SLOT_IN_DATA, ADDRESS] = [0, 2, 4];

const number = (value) => (value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))]);
const text = (string) => [...number(string.length), ...Buffer.from(string)];
const list = (items) => [...number(items.length), ...items.flat()];
const custom = (name, content) => {
  const all = [...text(name), ...content];
  return Buffer.from([0, ...number(all.length), ...all]);
};

/** One function of the page's and five own; four constants of four bytes, of which the first is an entry. */
const PROGRAM = `(module (import "page" "log" (func $log)) (memory 1) (table 4 funcref) (elem (i32.const 1) func $home $method $shown)
  (data (i32.const 1024) "0123456789abcdef")
  (func $main (export "main") (nop)) (func $home (nop)) (func $method (nop)) (func $shown (nop)) (func $shared (nop)))`;
const SYMBOLS = [
  [0, 0x10, 0],
  ...[1, 2, 3, 4, 5].map((index) => [0, 0, index, ...text(`f${index}`)]),
  ...[ENTRY, "methods", "shared", "unused"].map((name, index) => [1, 0, ...text(name), 0, ...number(index * 4), 4]),
];
const [MAIN, HOME, METHOD, SHOWN, SHARED, WAY_HOME, METHODS, WORDS] = [1, 2, 3, 4, 5, 6, 7, 8];

/** The program as a linker leaves it: with notes of what leads where, from functions and from constants. */
function linked(fromCode, fromData, symbols = SYMBOLS) {
  const program = Buffer.from(binaryen.parseText(PROGRAM).emitBinary());
  const places = bodies(program).map((body) => body.byteOffset - program.byteOffset - section(program, "code").at);
  const data = program.indexOf("0123456789abcdef") - section(program, "data").at;
  const relocation = (type, offset, symbol) => [type, ...number(offset), ...number(symbol), ...(type > 2 ? [0] : [])];
  const code = fromCode.map(([from, type, to]) => relocation(type, places[from - MAIN] + 1, to));
  const constants = fromData.map(([address, type, to]) => relocation(type, data + address - 1024, to));
  const table = list(symbols);
  return Buffer.concat([
    program,
    custom("linking", [2, 8, ...number(table.length), ...table]),
    custom("reloc.CODE", [3, ...list(code)]),
    custom("reloc.DATA", [5, ...list(constants)]),
  ]);
}

const CODE = [[MAIN, ADDRESS, WAY_HOME], [MAIN, CALL, SHARED], [HOME, ADDRESS, METHODS], [HOME, CALL, SHARED], [METHOD, ADDRESS, WORDS]];
const DATA = [[1024, SLOT_IN_DATA, HOME], [1028, SLOT_IN_DATA, METHOD]];
const slots = (code) => [...lateOf(linked(code, DATA)).late.slots].sort();

test("late is what only an entry leads to: functions by their slots, and constants", () => {
  const { late } = lateOf(linked([...CODE, [MAIN, CALL, SHOWN]], DATA));
  assert.deepEqual([...late.slots].sort(), [1, 2]);
  assert.deepEqual(late.data, [{ address: 1028, length: 8 }]);
});

test("what something early leads to as well stays, over as many steps as it takes", () => {
  assert.deepEqual(slots([...CODE, [MAIN, CALL, SHOWN], [SHOWN, ADDRESS, METHODS]]), [1]);
  assert.deepEqual(slots([...CODE, [SHARED, CALL, SHOWN], [SHOWN, CALL, METHOD]]), [1]);
});

test("an entry that is passed by is refused, and so is a program without any", () => {
  assert.throws(() => slots([...CODE, [SHARED, CALL, HOME]]), /HOME.* is no entry of the late part/);
  const nameless = SYMBOLS.map((symbol, index) => (index === WAY_HOME ? [1, 0, ...text("HOME"), 0, 0, 4] : symbol));
  assert.throws(() => lateOf(linked(CODE, DATA, nameless)), /No entry of the late part/);
});

test("a note that nobody can read is refused", () => {
  assert.throws(() => slots([...CODE, [MAIN, 11, WORDS]]), /type 11/);
});

test("what nothing leads to is unused, as is what only the message of a panic needs", () => {
  const { late, unused } = lateOf(linked([...CODE, [MAIN, CALL, SHARED], [SHARED, CALL, SHOWN]], DATA));
  assert.deepEqual([[...late.slots].sort(), [...unused.slots], unused.data], [[1, 2], [], [{ address: 1036, length: 4 }]]);
  const panic = "_RNvNtCsgXGp5Oqx2Ny_4core3str16slice_error_fail";
  const symbols = SYMBOLS.map((symbol, index) => (index === SHARED ? [0, 0, index, ...text(panic)] : symbol));
  const silent = lateOf(linked([...CODE, [SHARED, CALL, SHOWN]], DATA, symbols));
  assert.deepEqual([...silent.unused.slots], [3]);
});
