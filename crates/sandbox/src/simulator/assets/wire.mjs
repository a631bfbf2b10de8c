// The host's end of the SDK's wire: what Zoom's web client does for an app in a frame (zoom.md 9).

/**
 * Reads one message of the panel, or null if it is none: a JSON text with a call id and a name (zoom.md 9.2).
 *
 * @returns {{jsCallId: string, apiName: string, data: any}|null}
 */
export function parseRequest(payload) {
  if (typeof payload !== "string") return null;
  let request;
  try {
    request = JSON.parse(payload);
  } catch {
    return null;
  }
  const { jsCallId, apiName, data } = request ?? {};
  return typeof jsCallId === "string" && typeof apiName === "string" ? { jsCallId, apiName, data } : null;
}

/** An answer is an object, never a text: a text would be ignored (zoom.md 9.3). */
export const resultMessage = (jsCallId, result) => ({ type: "apiResponse", data: { jsCallId, result } });
export const errorMessage = (jsCallId, error) => ({ type: "apiResponse", data: { jsCallId, ...error } });
export const eventMessage = (name, data) => ({ type: "event", name, data });

/** The connection to one frame. Messages of any other window or origin are somebody else's. */
export class Wire {
  #frame;
  #origin;
  #onRequest;

  constructor(frame, origin, onRequest) {
    this.#frame = frame;
    this.#origin = origin;
    this.#onRequest = onRequest;
    addEventListener("message", this.#receive);
  }

  close() {
    removeEventListener("message", this.#receive);
  }

  post(message) {
    this.#frame.contentWindow?.postMessage(message, this.#origin);
  }

  #receive = (event) => {
    if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
    const request = parseRequest(event.data);
    if (request) this.#onRequest(request);
  };
}
