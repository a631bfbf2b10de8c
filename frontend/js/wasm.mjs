// What shrinking a program has to know of WebAssembly's binary format (WebAssembly Core 1.0, 5).

const HEADER = 8;
const SECTION = { names: 0, imports: 2, exports: 7, elements: 9, code: 10, data: 11 };
const FUNCTION = 0;
/** How many limits or flags follow after the kind of what is imported: functions, tables, memories, globals. */
const AFTER_KIND = [skipNumber, skipTable, skipLimits, (reader) => reader.take(2)];
const I32_CONST = 0x41;

export class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number in LEB128. */
  number() {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.byte();
      value += (byte & 127) * weight;
      if (byte < 128) {
        return value;
      }
    }
  }

  /** A signed number in LEB128. */
  signed() {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.byte();
      value += (byte & 127) * weight;
      if (byte < 128) {
        return byte & 64 ? value - weight * 128 : value;
      }
    }
  }

  /** A name: its length and its bytes. */
  text() {
    return Buffer.from(this.take(this.number())).toString();
  }

  /** The next bytes, not a copy of them. */
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** As many of something as the next number says. */
  list(read) {
    return Array.from({ length: this.number() }, read);
  }
}

/** A section's content: by its number, or by its name where it is one of a tool's own. */
export function section(wasm, wanted) {
  const reader = new Reader(wasm, HEADER);
  while (reader.at < wasm.length) {
    const [id, length] = [reader.byte(), reader.number()];
    const content = new Reader(wasm, reader.at);
    reader.take(length);
    if (id === SECTION.names ? content.text() === wanted : id === SECTION[wanted]) {
      return content;
    }
  }
  throw new Error(`The program has no section ${wanted}.`);
}

/** The program without the linker's notes, which no longer hold for it. */
export function withoutNotes(wasm) {
  const pieces = [wasm.subarray(0, HEADER)];
  const reader = new Reader(wasm, HEADER);
  while (reader.at < wasm.length) {
    const start = reader.at;
    const [id, length] = [reader.byte(), reader.number()];
    const isNote = id === SECTION.names && /^(linking$|reloc\.)/.test(new Reader(wasm, reader.at).text());
    reader.take(length);
    if (!isNote) {
      pieces.push(wasm.subarray(start, reader.at));
    }
  }
  return Buffer.concat(pieces);
}

/** The constant data: the bytes themselves, and where they will lie. */
export function segments(wasm) {
  const reader = section(wasm, "data");
  const start = reader.at;
  return reader.list(() => {
    const address = fixedPlace(reader);
    const length = reader.number();
    return { address, offset: reader.at - start, bytes: reader.take(length) };
  });
}

/** Where a segment lies, which must not depend on anything. */
function fixedPlace(reader) {
  if (reader.number() !== 0 || reader.byte() !== I32_CONST) {
    throw new Error("A segment of the program has no fixed place.");
  }
  const place = reader.signed();
  reader.byte();
  return place;
}

/** The functions' code, in the order of the program. */
export function bodies(wasm) {
  const reader = section(wasm, "code");
  return reader.list(() => reader.take(reader.number()));
}

/** Which function lies in which slot of the table. */
export function slots(wasm) {
  const reader = section(wasm, "elements");
  const filled = new Map();
  reader.list(() => {
    const first = fixedPlace(reader);
    reader.list((_, index) => filled.set(first + index, reader.number()));
  });
  return filled;
}

/** The functions that can be called from outside, by name. */
export function exportedFunctions(wasm) {
  const reader = section(wasm, "exports");
  const all = reader.list(() => [reader.text(), reader.byte(), reader.number()]);
  return new Map(all.filter(([, kind]) => kind === FUNCTION).map(([name, , index]) => [name, index]));
}

/** How many functions the program imports; its own are numbered from there on. */
export function importedFunctions(wasm) {
  const reader = section(wasm, "imports");
  const kinds = reader.list(() => {
    reader.text();
    reader.text();
    const kind = reader.byte();
    AFTER_KIND[kind](reader);
    return kind;
  });
  return kinds.filter((kind) => kind === FUNCTION).length;
}

function skipNumber(reader) {
  reader.number();
}

function skipTable(reader) {
  reader.byte();
  skipLimits(reader);
}

function skipLimits(reader) {
  const hasMost = reader.byte() & 1;
  reader.number();
  if (hasMost) {
    reader.number();
  }
}

/** The program with these names for its own functions. */
export function named(wasm, names) {
  const imported = importedFunctions(wasm);
  const text = (string) => [...number(string.length), ...Buffer.from(string)];
  const entries = names.flatMap((name, index) => [...number(imported + index), ...text(name)]);
  const functions = [...number(names.length), ...entries];
  const content = [...text("name"), 1, ...number(functions.length), ...functions];
  return Buffer.concat([wasm, Buffer.from([SECTION.names, ...number(content.length), ...content])]);
}

function number(value) {
  return value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))];
}
