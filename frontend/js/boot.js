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

/** The first part of the program, and what becomes of fetching the rest. */
let first;
let late;

/** What the program finds of this page; the one global name that we take. */
globalThis.sidelight = {
  opening: () => opening,
  configure: zoom.configure,
  call: zoom.call,
  listen: zoom.listen,
  fail,
  started: () => clearTimeout(slow),
  loadLate,
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

/** Joins the rest of the program to it, or tries that once more. */
function loadLate(onceMore) {
  if (onceMore || !late) {
    late = fetchLate(onceMore);
  }
  return late;
}

async function fetchLate(onceMore) {
  const { join } = await first;
  const answer = await fetch(document.querySelector('meta[name="sidelight-late"]').content, { priority: "low" });
  if (onceMore && answer.status === 404) {
    // Another version is in place since this page was opened; what was typed is kept.
    location.reload();
  }
  await join(answer);
}

async function start() {
  if (typeof WebAssembly !== "object") {
    return fail("script");
  }
  try {
    first = import(program.js);
    await (await first).default({ module_or_path: program.wasm });
    // Nothing waits for it yet, and what does will hear of a failure.
    loadLate(false).catch(() => {});
  } catch (error) {
    fail("program", error);
  }
}

start();
