// The list of facts, as the Rust tests know it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const list = readFileSync(new URL("../../facts.toml", import.meta.url), "utf8");
const known = new Set([...list.matchAll(/^id = "([^"]+)"$/gm)].map(([, id]) => id));

/** Notes that a test proves a fact; fails if there is no such fact. */
export function cites(id) {
  assert.ok(known.has(id), `facts.toml has no ${id}`);
}
