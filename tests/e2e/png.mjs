// Makes a browser's screenshot smaller without a change that an eye could see: no transparency that is not there, no noise in
// gradients, each line with the filter that leaves the least to pack, and packed as hard as it goes (PNG specification, 9 and 10).

import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** How far a dark colour may be from its neighbour's and still count as the same: browsers scatter gradients by as much. */
const NOISE = 3;
/** From here on an eye sees such differences. */
const BRIGHT = 80;
const TRUECOLOUR = 2;
const TRUECOLOUR_WITH_ALPHA = 6;

function* chunks(png) {
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const [type, data] = [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
    yield { type, data };
    at += 12 + length;
  }
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function paeth(left, above, corner) {
  const [byLeft, byAbove, byCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

const PREDICTORS = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/** The lines of a picture as they are, three bytes a pixel. */
function lines(packed, width, height, depth) {
  const raw = inflateSync(packed);
  const size = width * depth;
  const plain = Buffer.alloc(size * height);
  for (let y = 0; y < height; y += 1) {
    const predict = PREDICTORS[raw[y * (size + 1)]];
    for (let x = 0; x < size; x += 1) {
      const left = x >= depth ? plain[y * size + x - depth] : 0;
      const above = y > 0 ? plain[(y - 1) * size + x] : 0;
      const corner = x >= depth && y > 0 ? plain[(y - 1) * size + x - depth] : 0;
      plain[y * size + x] = raw[y * (size + 1) + 1 + x] + predict(left, above, corner);
    }
  }
  if (depth === 3) return plain;
  const opaque = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    if (plain[pixel * 4 + 3] !== 255) throw new Error("A screenshot is not transparent");
    plain.copy(opaque, pixel * 3, pixel * 4, pixel * 4 + 3);
  }
  return opaque;
}

/** Gives each dark pixel the colour of its neighbour, where that is the same but for noise. */
function calm(plain, width) {
  const isNear = (one, other) => one < BRIGHT && Math.abs(one - other) <= NOISE;
  const isSame = (at, from) => [0, 1, 2].every((part) => isNear(plain[at + part], plain[from + part]));
  for (let at = 0; at < plain.length; at += 3) {
    const isFirst = at % (width * 3) === 0;
    const neighbours = [isFirst ? -1 : at - 3, at - width * 3];
    const same = neighbours.find((from) => from >= 0 && isSame(at, from));
    if (same !== undefined) plain.copyWithin(at, same, same + 3);
  }
}

/** One line under each filter; the one with the smallest bytes wins. */
function filtered(plain, y, size) {
  let best = null;
  PREDICTORS.forEach((predict, filter) => {
    const line = Buffer.alloc(size + 1);
    line[0] = filter;
    let weight = 0;
    for (let x = 0; x < size; x += 1) {
      const left = x >= 3 ? plain[y * size + x - 3] : 0;
      const above = y > 0 ? plain[(y - 1) * size + x] : 0;
      const corner = x >= 3 && y > 0 ? plain[(y - 1) * size + x - 3] : 0;
      line[x + 1] = plain[y * size + x] - predict(left, above, corner);
      weight += Math.min(line[x + 1], 256 - line[x + 1]);
    }
    if (best === null || weight < best.weight) best = { line, weight };
  });
  return best.line;
}

/** The same picture, for the eye, in fewer bytes. */
export function smaller(png) {
  const all = [...chunks(png)];
  const header = Buffer.from(all.find(({ type }) => type === "IHDR").data);
  const [width, height, colours] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9]];
  const depth = { [TRUECOLOUR]: 3, [TRUECOLOUR_WITH_ALPHA]: 4 }[colours];
  const packed = Buffer.concat(all.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const plain = lines(packed, width, height, depth);
  calm(plain, width);
  header[9] = TRUECOLOUR;
  const rows = Array.from({ length: height }, (_, y) => filtered(plain, y, width * 3));
  const again = deflateSync(Buffer.concat(rows), { level: 9, memLevel: 9 });
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", again), chunk("IEND", Buffer.alloc(0))]);
}
