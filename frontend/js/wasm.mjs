// What shrinking a program has to know of WebAssembly's binary format (WebAssembly Core 1.0, 5).

const HEADER = 8;
const SECTION = { names: 0, imports: 2, code: 10, data: 11 };
const FUNCTION = 0;
const I32_CONST = 0x41;

class Reader {
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

function section(wasm, wanted) {
  const reader = new Reader(wasm, HEADER);
  while (reader.at < wasm.length) {
    const [id, length] = [reader.byte(), reader.number()];
    if (id === wanted) {
      return reader;
    }
    reader.take(length);
  }
  throw new Error(`The program has no section ${wanted}.`);
}

/** The constant data: the bytes themselves, and where they will lie. */
export function segments(wasm) {
  const reader = section(wasm, SECTION.data);
  return reader.list(() => {
    if (reader.number() !== 0 || reader.byte() !== I32_CONST) {
      throw new Error("A segment of the program's data has no fixed address.");
    }
    const address = reader.number();
    reader.byte();
    return { address, bytes: reader.take(reader.number()) };
  });
}

/** The functions' code, in the order of the program. */
export function bodies(wasm) {
  const reader = section(wasm, SECTION.code);
  return reader.list(() => reader.take(reader.number()));
}

/** The program with these names for its own functions. */
export function named(wasm, names) {
  const reader = section(wasm, SECTION.imports);
  const imports = reader.list(() => {
    reader.take(reader.number());
    reader.take(reader.number());
    if (reader.byte() !== FUNCTION) {
      throw new Error("The program imports something that is no function.");
    }
    return reader.number();
  });
  const text = (string) => [...number(string.length), ...Buffer.from(string)];
  const entries = names.flatMap((name, index) => [...number(imports.length + index), ...text(name)]);
  const functions = [...number(names.length), ...entries];
  const content = [...text("name"), 1, ...number(functions.length), ...functions];
  return Buffer.concat([wasm, Buffer.from([SECTION.names, ...number(content.length), ...content])]);
}

function number(value) {
  return value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))];
}
