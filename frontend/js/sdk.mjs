// Zoom's SDK without the functions that the panel never asks for: it is one class with a method per capability, so no bundler can
// tell which of its 220 methods are called. What stays is Zoom's own text, as it is.

import { readFile } from "node:fs/promises";
import { CAPABILITIES } from "./capabilities.js";

/** What the SDK's methods and `zoom.js` call besides the capabilities. */
const INNER = ["addEventListener", "callZoomApi", "config", "native2js"];

const METHOD = /^ {4}ZoomSdk\.prototype\.(\w+) = function[\s\S]*?^ {4}\};\n/gm;
/** How one capability is translated for older clients. */
const TRANSLATION = /^ {4}_a\$\d\[Native(?:Apis|Events)\.(\w+)\] = [\s\S]*?(?=^ {4}_a\$\d[[)])/gm;
const NAME = /^ {4}(Native(?:Apis|Events))\["(\w+)"\] = "(\w+)";\n/gm;

/** The SDK's source, with these capabilities alone. */
export function only(used, source) {
  const kept = new Set([...used, ...INNER]);
  const names = new Map([...source.matchAll(NAME)].map(([, , constant, name]) => [constant, name]));
  const found = new Set();
  let trimmed = source.replace(METHOD, (method, name) => {
    found.add(name);
    return kept.has(name) ? method : "";
  });
  trimmed = trimmed.replace(TRANSLATION, (translation, constant) => (kept.has(names.get(constant)) ? translation : ""));
  trimmed = trimmed.replace(NAME, (entry, group, constant) => (trimmed.includes(`${group}.${constant}`) ? entry : ""));
  const missing = [...kept].filter((name) => !found.has(name));
  const called = [...trimmed.matchAll(/\b_?this\.(\w+)\(/g)].map(([, name]) => name);
  const lost = called.filter((name) => found.has(name) && !kept.has(name));
  if (missing.length + lost.length > 0) {
    throw new Error(`Zoom's SDK is written otherwise now: look at js/sdk.mjs (${[...missing, ...lost].join(", ")}).`);
  }
  // Its licence asks for the notice in every copy, and bundlers keep comments that begin so.
  return trimmed.replace("/**\n * Copyright", "/*!\n * Copyright");
}

/** Gives the bundler the SDK that the panel uses. */
export const sdkInUse = {
  name: "sdk-in-use",
  setup(bundler) {
    bundler.onLoad({ filter: /@zoom\/appssdk\/dist\/sdk\.\w+\.js$/ }, async ({ path }) => ({
      contents: only(Object.values(CAPABILITIES).flat(), await readFile(path, "utf8")),
    }));
  },
};
