// Starts the panel: Zoom's handshake and the program load at the same time. Whatever fails names itself on the screen, because
// a blank panel in a meeting helps nobody.

import { checkOf, showFault, showStep } from "./fault.js";
import * as zoom from "./zoom.js";

const SLOW_START_MS = 15_000;

const program = document.querySelector('meta[name="sidelight-app"]')?.dataset ?? {};
const slow = setTimeout(() => showFault("slow"), SLOW_START_MS);

/** The note's editor, once somebody has begun to write. */
let editor;

const opening = zoom.open();
opening.then(
  () => showStep("step_session"),
  (error) => fail(checkOf(error, window.self !== window.top), error),
);

/** What the program finds of this page; the one global name that we take. */
globalThis.sidelight = {
  opening: () => opening,
  configure: zoom.configure,
  call: zoom.call,
  listen: zoom.listen,
  fail,
  started: () => clearTimeout(slow),
  loadEditor,
  mountEditor: (...all) => editor.mount(...all),
};

function fail(check, error) {
  clearTimeout(slow);
  showFault(check, error?.message);
}

async function loadEditor() {
  editor ??= await import(document.querySelector('meta[name="sidelight-editor"]').content);
}

async function start() {
  if (typeof WebAssembly !== "object") {
    return fail("script");
  }
  try {
    const { default: initialise } = await import(program.js);
    await initialise({ module_or_path: program.wasm });
  } catch (error) {
    fail("program", error);
  }
}

start();
