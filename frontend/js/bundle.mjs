// Makes what Trunk hashes: one script (boot code, Zoom bridge, Zoom's SDK), one style sheet, one icon sprite.
//
// The script is bundled so that the SDK lies behind a URL with a content hash, like everything else that is cached for ever.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sdkInUse } from "./sdk.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const output = here("dist");

/** The sentences of the message catalogue whose key starts with `start.`: what boot code says before the program runs. */
export function startWords(catalogue) {
  const entry = /^start\.(\w+) = (.+)$/gm;
  return Object.fromEntries([...catalogue.matchAll(entry)].map(([, key, text]) => [key, text]));
}

/** One `<symbol>` of an icon file: its shapes only, since size, colour and stroke belong to the style sheet. */
export function symbol(name, svg) {
  const [, viewBox] = /viewBox="([^"]+)"/.exec(svg);
  const shapes = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="i-${name}" viewBox="${viewBox}">${shapes.replace(/\s+/g, " ").replace(/ ?(\/?>) ?/g, "$1").trim()}</symbol>`;
}

function sprite() {
  const names = JSON.parse(readFileSync(here("../../assets/icons/icons.json"), "utf8"));
  const symbols = Object.entries(names).map(([name, source]) => {
    const path = source.endsWith(".svg") ? `../../assets/icons/${source}` : `../node_modules/lucide-static/icons/${source}.svg`;
    return symbol(name, readFileSync(here(path), "utf8"));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="sprite" aria-hidden="true">${symbols.join("")}</svg>\n`;
}

async function main() {
  mkdirSync(output, { recursive: true });
  const words = startWords(readFileSync(here("../../assets/messages/en.txt"), "utf8"));
  const shared = { bundle: true, minify: true, target: ["es2022", "safari16"], logLevel: "warning" };
  await build({
    ...shared,
    entryPoints: [here("boot.js")],
    outfile: `${output}/boot.js`,
    format: "esm",
    legalComments: "eof",
    define: { START_WORDS: JSON.stringify(words) },
    plugins: [sdkInUse],
  });
  await build({ ...shared, entryPoints: [here("../../assets/styles/panel.css")], outfile: `${output}/panel.css` });
  writeFileSync(`${output}/icons.svg`, sprite());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
