import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { forgetPlaces, silence, takeData, tighten } from "./shrink.mjs";

function assembled(text) {
  binaryen.setDebugInfo(true);
  return binaryen.parseText(text).emitBinary();
}

test("panics end the program without a word, and nothing else changes", () => {
  const program = assembled(`(module
    (import "js" "log" (func $log))
    (func $core::panicking::panic_fmt (call $log) (unreachable))
    (func $core::slice::index::slice_index_fail (call $log) (unreachable))
    (func $sidelight::core::panicking::unwrap_failed (call $log))
    (func $std::panicking::panic_count::is_zero (call $log)))`);
  const silent = binaryen.readBinary(silence(program)).emitText();
  const bodyOf = (name) => silent.slice(silent.indexOf(`(func $${name}`)).match(/\((call|unreachable)/)[1];
  assert.equal(bodyOf("core::panicking::panic_fmt"), "unreachable");
  assert.equal(bodyOf("core::slice::index::slice_index_fail"), "unreachable");
  assert.equal(bodyOf("sidelight::core::panicking::unwrap_failed"), "call");
  assert.equal(bodyOf("std::panicking::panic_count::is_zero"), "call");
});

test("a program without names is refused rather than left as it is", () => {
  assert.throws(() => silence(assembled("(module (func $a (nop)))")), /No panic is known by its name/);
});

test("places in the sources are blanked, and what looks like one stays", () => {
  const path = "frontend/src/app/menu.rs";
  const program = assembled(`(module (memory (export "memory") 1)
    (data (i32.const 800) "${path}keep.rs")
    (data (i32.const 1000) "\\20\\03\\00\\00\\18\\00\\00\\00\\07\\00\\00\\00\\07\\00\\00\\00\\20\\03\\00\\00\\07\\00\\00\\00"))`);
  const memory = (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.memory.buffer;
  const words = (bytes) => [...new Uint32Array(memory(bytes), 1000, 6)];
  const text = (bytes) => Buffer.from(memory(bytes), 800, path.length + 7).toString();
  assert.deepEqual([words(program), text(program)], [[800, path.length, 7, 7, 800, 7], `${path}keep.rs`]);
  forgetPlaces(program);
  assert.deepEqual([words(program), text(program)], [[0, 0, 0, 0, 800, 7], "\0".repeat(path.length) + "keep.rs"]);
});

const GLUE = `export class Stream {
    free() {
        wasm.__wbg_stream_free(0);
    }
}
if (Symbol.dispose) Stream.prototype[Symbol.dispose] = Stream.prototype.free;

function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_body_0123456789abcdef: function(arg0) {
            return arg0.body;
        },
        __wbg_add_0123456789abcdef: function() { return handleError(function (arg0) {
            arg0.add();
        }, arguments); },
    };
    return {
        __proto__: null,
        "./panel_bg.js": import0,
    };
}
const StreamFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_stream_free(ptr, 1));
function memory() {
    return wasm.memory;
}
export { initSync, __wbg_init as default };
`;

test("the glue keeps what the program asks for, under its new names", () => {
  const names = { imports: [["./panel_bg.js", "__wbg_body_0123456789abcdef", "b"]], exports: [["memory", "c"]] };
  const tight = tighten(GLUE, names);
  assert.match(tight, / b: function\(arg0\) \{\n\s+return arg0\.body;/);
  assert.match(tight, /return wasm\.c;/);
  assert.match(tight, / a: import0/);
  assert.match(tight, /b: wasm \}/);
  assert.match(tight, /export \{ __wbg_init as default \};/);
  assert.doesNotMatch(tight, /\bStream\b|StreamFinal|__wbg_add/);
});

test("glue and program that do not agree are refused", () => {
  const imports = [["./panel_bg.js", "__wbg_body_0123456789abcdef", "b"]];
  assert.throws(() => tighten(GLUE, { imports, exports: [] }), /do not agree on memory/);
  const unknown = [...imports, ["./panel_bg.js", "__wbg_invented_0123456789abcdef", "d"]];
  assert.throws(() => tighten(GLUE, { imports: unknown, exports: [["memory", "c"]] }), /do not agree on __wbg_invented/);
});

test("constants that are taken out leave nothing behind", () => {
  const program = assembled('(module (memory 1) (data (i32.const 800) "early late early"))');
  const taken = takeData(program, [{ address: 806, length: 4 }]);
  assert.deepEqual(taken.map(({ address, bytes }) => [address, Buffer.from(bytes).toString()]), [[806, "late"]]);
  assert.ok(Buffer.from(program).includes("early \0\0\0\0 early"));
});
