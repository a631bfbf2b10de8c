// Makes two programs out of one: the first is needed at once, the later one joins it (docs/adr/0006-panel-size.md).
//
// Both share memory, tables and mutable globals. The first is the whole without the late slots of the table and without what only they
// keep alive. The later one brings the late functions and their slots, and imports what it calls of the first.

import binaryen from "binaryen";

/** What the programs call the modules that they import from: the page, and for the later one the first program. */
export const [PAGE, FIRST] = ["a", "b"];

/** What nobody refers to any more goes. */
const TIDY = ["remove-unused-module-elements"];
const LETTERS = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const EXPORT = ["addFunctionExport", "addTableExport", "addMemoryExport", "addGlobalExport"];
/** The same as `wasm-opt` is told (shrink.mjs); two of them are parts of others. */
const FEATURES = ["BulkMemory", "BulkMemoryOpt", "CallIndirectOverlong", "MutableGlobals", "Multivalue", "NontrappingFPToInt", "ReferenceTypes", "SignExt"]
  .reduce((all, name) => all | binaryen.Features[name], 0);
const [FUNCTION, TABLE, MEMORY, GLOBAL] = EXPORT.keys();

/** Divides a program by the slots that are late or unused, and the late data; answers both programs, and the short names on the page's side of them. */
export function split(wasm, { late, unused, data }) {
  const [first, later] = [read(wasm), read(wasm)];
  const exports = exported(first);
  shareable(first).forEach(({ kind, value }, index) => first[EXPORT[kind]](value, `shared ${index}`));
  const filled = elements(first).filter(({ slot }) => !unused.has(slot));
  fill(first, filled, ({ slot }) => !late.has(slot));
  first.runPasses(TIDY);
  const early = new Set(functions(first).map(({ name }) => name));
  // A late slot may hold a function that the optimiser found to be like an early one.
  fill(first, filled, ({ name }) => early.has(name));
  fill(later, filled, ({ name }) => !early.has(name));
  share(later, early, data);
  exported(later).forEach(({ name }) => later.removeExport(name));
  later.runPasses(TIDY);
  const names = { imports: shortImports([first, later]), exports: shortExports(first, exports, later) };
  return { first: emitted(first), later: emitted(later), names };
}

function read(wasm) {
  const program = binaryen.readBinary(wasm);
  program.setFeatures(FEATURES);
  return program;
}

const all = (count, info) => Array.from({ length: count }, (_, index) => info(index));
const functions = (program) => all(program.getNumFunctions(), (index) => binaryen.getFunctionInfo(program.getFunctionByIndex(index)));
const globals = (program) => all(program.getNumGlobals(), (index) => binaryen.getGlobalInfo(program.getGlobalByIndex(index)));
const tables = (program) => all(program.getNumTables(), (index) => binaryen.getTableInfo(program.getTableByIndex(index)));
const exported = (program) => all(program.getNumExports(), (index) => binaryen.getExportInfo(program.getExportByIndex(index)));

function segments(program) {
  return all(program.getNumElementSegments(), (index) => binaryen.getElementSegmentInfo(program.getElementSegmentByIndex(index)));
}

/** What the first program shows the later one whole: nothing may be concluded from what the first does with it. */
function shareable(program) {
  const changing = globals(program).filter(({ mutable }) => mutable);
  return [
    ...tables(program).map(({ name }) => ({ kind: TABLE, value: name })),
    ...changing.map(({ name }) => ({ kind: GLOBAL, value: name })),
  ];
}

/** The slots of the tables that hold a function. */
function elements(program) {
  return segments(program).flatMap(({ table, offset, data }) => {
    const start = binaryen.getExpressionInfo(offset).value;
    return data.map((name, index) => ({ table, slot: start + index, name }));
  });
}

/** Fills the wanted slots and no others. */
function fill(program, filled, isWanted) {
  segments(program).forEach(({ name }) => program.removeElementSegment(name));
  const runs = [];
  for (const { table, slot, name } of filled.filter(isWanted)) {
    const last = runs.at(-1);
    if (last?.table === table && last.start + last.names.length === slot) {
      last.names.push(name);
    } else {
      runs.push({ table, start: slot, names: [name] });
    }
  }
  runs.forEach(({ table, start, names }) => program.addActiveElementSegment(table, `at ${start}`, names, program.i32.const(start)));
}

/** Makes the later program use the first one's functions, tables, globals and memory; into that it puts its own data. */
function share(later, early, data) {
  for (const { name, module, params, results } of functions(later).filter(({ name }) => early.has(name))) {
    if (!module) {
      later.removeFunction(name);
      later.addFunctionImport(name, FIRST, name, params, results);
    }
  }
  const { initial, max } = later.getMemoryInfo();
  const brought = data.map(({ address, bytes }) => ({ offset: later.i32.const(address), data: bytes, passive: false }));
  later.setMemory(initial, max ?? -1, null, brought);
  const [{ value: memory }] = exported(later).filter(({ kind }) => kind === MEMORY);
  later.addMemoryImport(memory, FIRST, memory);
  tables(later).forEach(({ name }) => later.addTableImport(name, FIRST, name));
  globals(later).filter(({ mutable }) => mutable)
    .forEach(({ name, type, mutable }) => later.addGlobalImport(name, FIRST, name, type, mutable));
}

/** Gives what the programs import from the page one short name in both. */
function shortImports(programs) {
  const short = new Map();
  for (const program of programs) {
    for (const { name, module, base, params, results } of functions(program).filter(({ module }) => module && module !== FIRST)) {
      const known = short.get(base) ?? [module, base, shortName(short.size)];
      short.set(base, known);
      program.addFunctionImport(name, PAGE, known[2], params, results);
    }
  }
  return [...short.values()];
}

/** Exports under short names what the page asks the first program for, and what the later one imports from it. */
function shortExports(first, exports, later) {
  exported(first).forEach(({ name }) => first.removeExport(name));
  const short = new Map();
  const shown = (kind, value) => {
    const [key, name] = [`${kind} ${value}`, shortName(short.size)];
    if (!short.has(key)) {
      short.set(key, name);
      first[EXPORT[kind]](value, name);
    }
    return short.get(key);
  };
  const names = exports.map(({ kind, name, value }) => [name, shown(kind, value)]);
  const fromFirst = ({ module }) => module === FIRST;
  functions(later).filter(fromFirst).forEach(({ name, params, results }) => {
    later.addFunctionImport(name, FIRST, shown(FUNCTION, name), params, results);
  });
  tables(later).filter(fromFirst).forEach(({ name }) => later.addTableImport(name, FIRST, shown(TABLE, name)));
  globals(later).filter(fromFirst).forEach(({ name, type, mutable }) => {
    later.addGlobalImport(name, FIRST, shown(GLOBAL, name), type, mutable);
  });
  exports.filter(({ kind }) => kind === MEMORY).forEach(({ value }) => later.addMemoryImport(value, FIRST, shown(MEMORY, value)));
  return names;
}

function shortName(index) {
  const rest = Math.floor(index / LETTERS.length);
  return (rest > 0 ? shortName(rest - 1) : "") + LETTERS[index % LETTERS.length];
}

function emitted(program) {
  if (!program.validate()) {
    throw new Error("Splitting the program left one that is not valid.");
  }
  binaryen.setDebugInfo(false);
  const wasm = program.emitBinary();
  program.dispose();
  return wasm;
}
