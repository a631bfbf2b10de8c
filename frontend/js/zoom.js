// The only code that touches Zoom's SDK (`zoom.md` 8, 9). Values cross as JSON texts, so that nothing of the SDK's proxy object
// ever reaches a promise: resolving one with it posts a call named "then" and hangs (`zoom.md` 9.8).

import sdk from "@zoom/appssdk";
import { CAPABILITIES } from "./capabilities.js";

/** The SDK waits 10 s by default; framed by a page that is not Zoom nobody ever answers (`zoom.md` 9.6). */
const FIRST_ANSWER_MS = 2500;
const LATER_ANSWERS_MS = 10_000;

/** Asks for the capabilities of these stages; answers what the client says of itself, as JSON. */
export async function configure(stages, timeout = LATER_ANSWERS_MS) {
  const capabilities = stages.split(" ").flatMap((stage) => CAPABILITIES[stage] ?? []);
  return JSON.stringify(await sdk.config({ capabilities, version: "0.16", timeout }));
}

/** Calls an SDK function with a JSON argument; answers its result as JSON. */
export async function call(name, argument) {
  const answer = await (argument === undefined ? sdk[name]() : sdk[name](JSON.parse(argument)));
  return JSON.stringify(answer ?? null);
}

/**
 * Hands each event to `handler` as JSON. A closure of its own per event, because the SDK removes a handler from all events
 * at once, and wrapped, because one that throws stops the others (`zoom.md` 9.4, 9.8).
 */
export function listen(event, handler) {
  sdk.addEventListener(event, (data) => {
    try {
      handler(JSON.stringify(data ?? null));
    } catch (error) {
      console.error(`Sidelight: handling ${event} failed.`, error?.name);
    }
  });
}

/** The first handshake: who embeds us, and the proof of who opened us (`zoom.md` 5). */
export async function open() {
  const client = await configure("everyone", FIRST_ANSWER_MS);
  const context = JSON.parse(await call("getAppContext"))?.context;
  if (!context) {
    throw Object.assign(new Error("The client gave no app context."), { code: "10118" });
  }
  return JSON.stringify({ client: JSON.parse(client), context });
}
