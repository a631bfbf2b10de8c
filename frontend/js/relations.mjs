// Which part of a program may come late: what nothing but the entries in `app/late.rs` leads to.
//
// The linker leaves a note of every place where it put an address (`--emit-relocs`; WebAssembly tool conventions, Linking.md), so
// this is no guess: a function or a piece of constant data is late if no chain of calls, addresses of functions and addresses of data
// leads to it from an export, other than through an entry. An entry is a `static` that holds a function's address. What it leads to can
// thus be reached only by reading it, and the one function that reads it first asks whether the late part is here.

import { bodies, exportedFunctions, importedFunctions, section, segments, slots } from "./wasm.mjs";

/** An entry: a `static` of the modules `late`, as the compiler mangles its name. */
const ENTRY = /^_ZN18sidelight_frontend(?:\d+\w+?)?4late\d+[A-Z_]+17h[0-9a-f]{16}E$/;

/** What ends the program without a message (shrink.mjs), so that nothing that composes one is needed. */
const SILENT = /^_RNvNtCs\w+_4core3str16slice_error_fail$/;
/** Exports that are taken away (shrink.mjs). */
const UNUSED = /intounderlying/;

const SYMBOLS = 8;
const KIND = { function: 0, data: 1, section: 3 };
const FLAG = { undefined: 0x10, named: 0x40 };
/** Relocations that lead somewhere: the address of a function, directly or by its slot, and the address of data. */
const LEADS = new Set([0, 1, 2, 3, 4, 5]);
/** Relocations that do not: types, globals, exceptions, tables, and what is for debuggers. */
const LEADS_NOWHERE = new Set([6, 7, 8, 9, 10, 13, 20]);
/** Relocations that name a place within what they lead to. */
const WITH_PLACE = new Set([3, 4, 5, 8, 9]);

/**
 * What is late of a program as the linker left it, and what is unused: slots of its table, and stretches of its constant data. Unused is what
 * the compiler could not know to be unneeded.
 */
export function lateOf(linked) {
  const symbols = symbolsOf(linked);
  const data = symbols.filter((symbol) => symbol?.kind === KIND.data && symbol.length > 0);
  const entries = new Set(data.filter(({ name }) => ENTRY.test(name)));
  if (entries.size === 0) {
    throw new Error("No entry of the late part is known by its name: does the compiler mangle them otherwise now?");
  }
  const leads = leadsOf(linked, symbols, data);
  const silent = symbols.filter((symbol) => symbol?.kind === KIND.function && SILENT.test(symbol.name)).map(({ index }) => index);
  const exports = [...exportedFunctions(linked)].filter(([name]) => !UNUSED.test(name)).map(([, index]) => index);
  const used = reached(exports, leads, new Set(silent));
  const early = reached(exports, leads, new Set([...silent, ...entries]));
  for (const entry of entries) {
    const [target] = leads.get(entry) ?? [];
    if (target === undefined || early.has(target)) {
      throw new Error(`${entry.name} is no entry of the late part: something else leads to what it leads to.`);
    }
  }
  const part = (isPart) => ({
    slots: new Set([...slots(linked)].filter(([, index]) => isPart(index)).map(([slot]) => slot)),
    data: stretches(data.filter(isPart), data.filter((symbol) => !isPart(symbol))),
  });
  return { late: part((node) => used.has(node) && !early.has(node)), unused: part((node) => !used.has(node)) };
}

/** What relocations speak of: functions as their numbers, data with the address, anything else as nothing. */
function symbolsOf(linked) {
  const reader = section(linked, "linking");
  reader.number();
  while (reader.byte() !== SYMBOLS) {
    reader.take(reader.number());
  }
  reader.number();
  const lying = segments(linked);
  return reader.list(() => {
    const [kind, flags] = [reader.byte(), reader.number()];
    const isDefined = (flags & FLAG.undefined) === 0;
    if (kind === KIND.data) {
      const name = reader.text();
      const [segment, offset, length] = isDefined ? [reader.number(), reader.number(), reader.number()] : [0, 0, 0];
      return { kind, name, address: lying[segment].address + offset, length };
    }
    const index = reader.number();
    const name = kind !== KIND.section && (isDefined || (flags & FLAG.named) !== 0) ? reader.text() : "";
    return kind === KIND.function ? { kind, name, index } : undefined;
  });
}

/** From each function and each piece of data to what it holds an address of. */
function leadsOf(linked, symbols, data) {
  const leads = new Map();
  const note = (from, symbol) => {
    const target = symbol?.kind === KIND.function ? symbol.index : symbol;
    if (from !== undefined && target !== undefined) {
      leads.has(from) ? leads.get(from).add(target) : leads.set(from, new Set([target]));
    }
  };
  const first = importedFunctions(linked);
  const code = section(linked, "code").at;
  const functions = bodies(linked).map((body, index) => ({ address: body.byteOffset - linked.byteOffset - code, value: first + index }));
  const functionAt = search(functions);
  for (const { offset, symbol } of relocations(linked, "reloc.CODE")) {
    note(functionAt(offset), symbols[symbol]);
  }
  const lying = search(segments(linked).map(({ address, offset }) => ({ address: offset, value: address - offset })));
  for (const { offset, symbol } of relocations(linked, "reloc.DATA")) {
    const at = lying(offset) + offset;
    // Constants that are alike lie in one place, so that it can belong to several.
    const holders = data.filter(({ address, length }) => address <= at && at < address + length);
    holders.forEach((holder) => note(holder, symbols[symbol]));
  }
  return leads;
}

function relocations(linked, name) {
  const reader = section(linked, name);
  reader.number();
  const all = reader.list(() => {
    const [type, offset, symbol] = [reader.byte(), reader.number(), reader.number()];
    if (WITH_PLACE.has(type)) {
      reader.signed();
    }
    return { type, offset, symbol };
  });
  const strange = all.find(({ type }) => !LEADS.has(type) && !LEADS_NOWHERE.has(type));
  if (strange) {
    throw new Error(`The linker left a relocation of type ${strange.type}, which nobody here knows.`);
  }
  return all.filter(({ type }) => LEADS.has(type));
}

/** Finds in a sorted list the last one that begins at an address or before it. */
function search(sorted) {
  return (address) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      sorted[middle].address <= address ? (low = middle + 1) : (high = middle);
    }
    return sorted[low - 1]?.value;
  };
}

/** What the roots lead to; what `ends` holds leads nowhere. */
function reached(roots, leads, ends) {
  const seen = new Set();
  const left = [...roots];
  while (left.length > 0) {
    const next = left.pop();
    if (!seen.has(next)) {
      seen.add(next);
      left.push(...(ends.has(next) ? [] : leads.get(next) ?? []));
    }
  }
  return seen;
}

/** Addresses and lengths of a part's data, less what the rest shares with it. */
function stretches(part, rest) {
  const bytes = new Set(part.flatMap(({ address, length }) => Array.from({ length }, (_, index) => address + index)));
  rest.forEach(({ address, length }) => Array.from({ length }, (_, index) => bytes.delete(address + index)));
  const found = [];
  for (const address of [...bytes].sort((a, b) => a - b)) {
    const last = found.at(-1);
    last && last.address + last.length === address ? (last.length += 1) : found.push({ address, length: 1 });
  }
  return found;
}
