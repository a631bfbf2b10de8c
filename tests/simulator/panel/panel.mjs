// The smallest panel: the real SDK within reach of a test. Never hand out the SDK object itself, which is a thenable.

import sdk from "/sdk.mjs";

const heard = [];

window.panel = {
  /** Tells one page from the next. */
  page: crypto.randomUUID(),
  heard,
  configure: (capabilities, more = {}) => sdk.config({ capabilities, version: "0.16", ...more }),
  call: (name, ...data) =>
    sdk[name](...data).then(
      (result) => ({ result }),
      ({ message, code }) => ({ message, code }),
    ),
  listen: (...names) => names.forEach((name) => sdk.addEventListener(name, (event) => heard.push({ name, ...event }))),
  /** Calls when the button is pressed: what needs a person's gesture. */
  onAct: (name, data) =>
    document.getElementById("act").addEventListener("click", () => sdk[name](data), { once: true }),
};
