// Makes a program and its glue smaller where neither the compiler nor a bundler can: they belong together and to nobody else.
//
// - A panic ends the program at once and writes nowhere. What it would have said goes, with the places in the sources it names.
// - What only the library of a library exports goes, with all that it keeps alive, on both sides.
// - What is not needed at once becomes a program of its own, which joins the first (relations.mjs, split.mjs).
// - Functions that are alike stand side by side, since what arrives is compressed.
// - What is left of the border between the two sides gets short names.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { transform } from "esbuild";
import { alike } from "./alike.mjs";
import { lateOf } from "./relations.mjs";
import { FIRST, PAGE, split } from "./split.mjs";
import { bodies, named, segments, withoutNotes } from "./wasm.mjs";

const OPTIMISER = fileURLToPath(new URL("../node_modules/binaryen/bin/wasm-opt", import.meta.url));
/** What every browser that can show the panel understands; the program itself says nothing of it. */
const FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
/** The stack lies lowest and grows downwards, so that no value ever has an address below 1,024. */
const SMALLER = ["-Os", "--low-memory-unused"];
/** Streams between Rust and JavaScript, which Leptos carries for its server functions. */
const UNUSED = ["--remove-exports=*intounderlying*"];
/** Puts functions in the order of their names, which stand for their places here. */
const ORDERED = [
  "--optimize-level=2", "--shrink-level=2", "--reorder-functions-by-name", "--strip-debug", "--strip-producers", "--strip-target-features",
];

/** Functions that put a message together and never return. */
const LAST_WORDS = /^<?core(\[\w+\])?::(panicking::|[\w:<>]+::(unwrap_failed|expect_failed|slice_index_fail|slice_error_fail|panic_already_\w+)$)/;
/** The path of a source file: a library's, the compiler's own, or ours. */
const SOURCE = /(?:\/(?:rust|home|root|Users)|(?:frontend|crates)\/)[\w./+-]*?\.rs/g;
/** The bytes of a place in the sources. */
const PLACE = 16;
/** Where the program that comes later lies beside the page, which names it. */
const LATER = "late.wasm";

/** Lets a program end without a word. */
export function silence(wasm) {
  const program = binaryen.readBinary(wasm);
  const functions = Array.from({ length: program.getNumFunctions() }, (_, index) => program.getFunctionByIndex(index));
  const panics = functions.filter((reference) => LAST_WORDS.test(binaryen.getFunctionInfo(reference).name));
  if (panics.length === 0) {
    throw new Error("No panic is known by its name: was the program stripped, or does the compiler call them otherwise now?");
  }
  panics.forEach((reference) => binaryen.Function.setBody(reference, program.unreachable()));
  binaryen.setDebugInfo(true);
  const silent = program.emitBinary();
  program.dispose();
  return silent;
}

/** Blanks the paths that panics would name, and each place that holds one: address, length, line, column. */
export function forgetPlaces(wasm) {
  const data = segments(wasm);
  const lengths = new Map();
  for (const { address, bytes } of data) {
    for (const { index, 0: path } of Buffer.from(bytes).toString("latin1").matchAll(SOURCE)) {
      lengths.set(address + index, path.length);
      bytes.fill(0, index, index + path.length);
    }
  }
  for (const { address, bytes } of data) {
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = -address & 3; at + PLACE <= bytes.length; at += 4) {
      const length = lengths.get(words.getUint32(at, true));
      if (length !== undefined && length === words.getUint32(at + 4, true)) {
        bytes.fill(0, at, at + PLACE);
      }
    }
  }
}

/** Takes stretches of the constant data out of a program; answers what they held. */
export function takeData(wasm, stretches) {
  const lying = segments(wasm);
  return stretches.map(({ address, length }) => {
    const { address: start, bytes } = lying.find((data) => data.address <= address && address < data.address + data.bytes.length);
    const taken = bytes.subarray(address - start, address - start + length);
    const held = Uint8Array.from(taken);
    taken.fill(0);
    return { address, bytes: held };
  });
}

function optimise(wasm, folder) {
  return optimiser(folder, wasm, [...UNUSED, ...SMALLER, "--flatten", "--rereloop", ...SMALLER, "--no-stack-ir"]);
}

/** Puts functions that are alike side by side. */
function order(wasm, folder) {
  const names = [];
  alike(bodies(wasm)).forEach((position, rank) => (names[position] = String(rank).padStart(6, "0")));
  return optimiser(folder, named(wasm, names), ORDERED);
}

function optimiser(folder, wasm, passes) {
  const [from, to] = [join(folder, "from.wasm"), join(folder, "to.wasm")];
  writeFileSync(from, wasm);
  execFileSync(OPTIMISER, [from, ...FEATURES.map((feature) => `--enable-${feature}`), ...passes, "-o", to]);
  return readFileSync(to);
}

/** Joins the later program to the first. */
const JOIN = `
export async function join(answer) {
    await WebAssembly.instantiateStreaming(answer, { ...__wbg_get_imports(), ${FIRST}: wasm });
}
`;

/** Takes out of the glue what the program no longer imports or exports, and calls the rest by its short names. */
export function tighten(glue, { imports, exports }) {
  const [inward, outward] = [new Map(imports.map(([, name, short]) => [name, short])), new Map(exports)];
  const kept = new Set();
  const text = glue
    .replace(/^export class \w+ \{\n[\s\S]*?^\}\n(?:if \(Symbol\.dispose\) .*\n)?/gm, "")
    .replace(/^const \w+Finalization = [\s\S]*?;\n/gm, "")
    .replace(/^export \{ initSync, /m, "export { ")
    .replace(/^ {8}(\w+): function[\s\S]*?\n {8}\}.*\n/gm, (entry, name) => {
      kept.add(name);
      return inward.has(name) ? entry.replace(name, inward.get(name)) : "";
    })
    .replace(/^ {8}"\.\/\w+\.js": /m, `        ${PAGE}: `)
    .replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${outward.get(name) ?? disagree(name)}`);
  [...inward.keys()].filter((name) => !kept.has(name)).forEach(disagree);
  return text + JOIN;
}

function disagree(name) {
  throw new Error(`Program and glue do not agree on ${name}: does wasm-bindgen write its glue otherwise now?`);
}

/** Shrinks the program of the page that Trunk has put into a folder, and the program's glue; `linked` is the program as it was linked. */
async function main(folder, page, linked) {
  const [, js, wasm] = /data-js="[^"]*?([^"/]+)" data-wasm="[^"]*?([^"/]+)"/.exec(readFileSync(join(folder, page), "utf8"));
  const { late, unused } = lateOf(readFileSync(linked));
  const program = silence(withoutNotes(readFileSync(join(folder, wasm))));
  forgetPlaces(program);
  const data = takeData(program, late.data);
  takeData(program, unused.data);
  const scratch = mkdtempSync(join(tmpdir(), "sidelight-"));
  const { first, later, names } = split(optimise(program, scratch), { late: late.slots, unused: unused.slots, data });
  writeFileSync(join(folder, wasm), order(first, scratch));
  writeFileSync(join(folder, LATER), order(later, scratch));
  rmSync(scratch, { recursive: true });
  const glue = tighten(readFileSync(join(folder, js), "utf8"), names);
  const { code } = await transform(glue, { minify: true, treeShaking: true, format: "esm", target: ["es2022", "safari16"] });
  writeFileSync(join(folder, js), code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(...process.argv.slice(2));
}
