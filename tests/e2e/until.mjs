// Waiting for what no page shows.

const PATIENCE_MILLIS = 40_000;
const PAUSE_MILLIS = 15;

/** Waits until `condition` gives something true, and gives that; a wait in vain says for what. */
export async function until(what, condition) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MILLIS);
    });
  }
}
