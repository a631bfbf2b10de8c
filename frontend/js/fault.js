// The screen of a start that failed: which check, what it means, what to do. Works without the program.

/* global START_WORDS */

/** Which check an SDK error of the first handshake failed (`zoom.md` 9.1, 9.6, 8.4). */
export function checkOf(error, framed) {
  const message = String(error?.message ?? "");
  if (String(error?.code) === "10118") {
    return "context";
  }
  if (/not supported by this browser/.test(message)) {
    return "outside";
  }
  if (/took longer than/.test(message)) {
    return framed ? "stranger" : "silent";
  }
  return "refused";
}

/** Says how far the start is. */
export function showStep(key) {
  const status = document.getElementById("start-status");
  if (status) {
    status.textContent = START_WORDS[key];
  }
}

/** Puts the named check in the place of the spinner; the note field stays, and so does what was typed into it. */
export function showFault(check, detail) {
  const fault = document.getElementById("start-fault");
  if (!fault) {
    return;
  }
  const words = START_WORDS;
  document.getElementById("start-title").textContent = words[`${check}_title`];
  document.getElementById("start-text").textContent = words[`${check}_text`];
  document.getElementById("start-detail").textContent = detail ? `${words.check}: ${check} (${detail})` : `${words.check}: ${check}`;
  document.getElementById("start-again").onclick = () => location.reload();
  document.getElementById("start-wait").hidden = true;
  // Nothing can be kept from here on; what was typed stays to be copied.
  document.getElementById("start-kept").hidden = true;
  document.getElementById("start-composer").hidden = document.getElementById("start-note").value === "";
  fault.hidden = false;
}
