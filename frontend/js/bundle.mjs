// Makes what Trunk hashes: one script (boot code, Zoom bridge, Zoom's SDK), one for later (the note's editor), one style sheet, one
// icon sprite.
//
// The scripts are bundled so that libraries lie behind a URL with a content hash, like everything else that is cached for ever.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sdkInUse } from "./sdk.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const output = here("dist");

/** The sentences of the message catalogue whose key starts so: what boot code or the editor says, which the program does not carry. */
export function wordsOf(catalogue, start) {
  const entries = catalogue.split("\n").filter((line) => line.startsWith(`${start}.`)).map((line) => line.slice(start.length + 1));
  return Object.fromEntries(entries.map((entry) => [entry.slice(0, entry.indexOf(" = ")), entry.slice(entry.indexOf(" = ") + 3)]));
}

/** The editor's icons by the names of its tools; its own, so that opening the panel does not pay for them. */
const EDITOR_ICONS = {
  bold: "bold", italic: "italic", heading: "heading", list: "list", numbers: "list-ordered", checks: "list-checks", link: "link",
};

/** One `<symbol>` of an icon file: its shapes only, since size, colour and stroke belong to the style sheet. */
export function symbol(name, svg) {
  const [, viewBox] = /viewBox="([^"]+)"/.exec(svg);
  const shapes = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="i-${name}" viewBox="${viewBox}">${shapes.replace(/\s+/g, " ").replace(/ ?(\/?>) ?/g, "$1").trim()}</symbol>`;
}

/** The same shapes as a picture that stands alone. */
export function picture(svg) {
  return symbol("", svg).replace('<symbol id="i-"', '<svg class="icon" aria-hidden="true"').replace("</symbol>", "</svg>");
}

const lucide = (name) => readFileSync(here(`../node_modules/lucide-static/icons/${name}.svg`), "utf8");

function sprite() {
  const names = JSON.parse(readFileSync(here("../../assets/icons/icons.json"), "utf8"));
  const symbols = Object.entries(names).map(([name, source]) => {
    return symbol(name, source.endsWith(".svg") ? readFileSync(here(`../../assets/icons/${source}`), "utf8") : lucide(source));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="sprite" aria-hidden="true">${symbols.join("")}</svg>\n`;
}

async function main() {
  mkdirSync(output, { recursive: true });
  const catalogue = readFileSync(here("../../assets/messages/en.txt"), "utf8");
  const shared = { bundle: true, minify: true, target: ["es2022", "safari16"], logLevel: "warning" };
  await build({
    ...shared,
    entryPoints: [here("boot.js")],
    outfile: `${output}/boot.js`,
    format: "esm",
    legalComments: "eof",
    define: { START_WORDS: JSON.stringify(wordsOf(catalogue, "start")) },
    plugins: [sdkInUse],
  });
  const { note, hint } = wordsOf(catalogue, "composer");
  const icons = Object.entries(EDITOR_ICONS).map(([tool, name]) => [tool, picture(lucide(name))]);
  await build({
    ...shared,
    entryPoints: [here("editor/editor.js")],
    outfile: `${output}/editor.js`,
    format: "esm",
    legalComments: "eof",
    define: {
      EDITOR_WORDS: JSON.stringify({ ...wordsOf(catalogue, "editor"), note, hint }),
      EDITOR_ICONS: JSON.stringify(Object.fromEntries(icons)),
    },
  });
  await build({ ...shared, entryPoints: [here("../../assets/styles/panel.css")], outfile: `${output}/panel.css` });
  writeFileSync(`${output}/icons.svg`, sprite());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
