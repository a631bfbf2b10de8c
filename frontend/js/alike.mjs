// An order in which like things stand side by side: a compressor then says of most of them only how they differ from the last.

/** So many bytes in a row make two functions alike. */
const RUN = 4;
/** What stands in so many functions tells none of them apart. */
const COMMON = 400;

/** The positions of `pieces` in such an order: each is followed by the one most like it that is left. */
export function alike(pieces) {
  const runs = pieces.map(runsOf);
  const holders = holdersOf(runs);
  const left = new Set(pieces.keys());
  const order = [];
  let last = largest(pieces);
  while (last !== undefined) {
    order.push(last);
    left.delete(last);
    last = likest(last, runs, holders, left) ?? left.values().next().value;
  }
  return order;
}

/** Which runs a piece holds, each as one number. */
function runsOf(piece) {
  const runs = new Set();
  for (let at = 0; at + RUN <= piece.length; at += 1) {
    runs.add(piece[at] | (piece[at + 1] << 8) | (piece[at + 2] << 16) | (piece[at + 3] << 24));
  }
  return runs;
}

function holdersOf(runs) {
  const holders = new Map();
  runs.forEach((own, position) => own.forEach((run) => {
    const known = holders.get(run);
    known ? known.push(position) : holders.set(run, [position]);
  }));
  return holders;
}

function largest(pieces) {
  return [...pieces.keys()].sort((a, b) => pieces[b].length - pieces[a].length || a - b)[0];
}

function likest(last, runs, holders, left) {
  const shared = new Map();
  for (const run of runs[last]) {
    const others = holders.get(run);
    for (const other of others.length < COMMON ? others : []) {
      if (left.has(other)) {
        shared.set(other, (shared.get(other) ?? 0) + 1);
      }
    }
  }
  let [best, most] = [undefined, 0];
  for (const [other, count] of shared) {
    // The share of what both hold in what either holds; a handful more, so that two tiny ones are not "the same".
    const likeness = count / (runs[last].size + runs[other].size - count + 5);
    if (likeness > most || (likeness === most && other < best)) {
      [best, most] = [other, likeness];
    }
  }
  return best;
}
