// A page without a browser: a frame that keeps what was posted to it, a dock, and the sandbox's control API.

import { Client } from "../../src/simulator/assets/client.mjs";
import { Room } from "../../src/simulator/assets/room.mjs";
import { settingsFrom } from "../../src/simulator/assets/settings.mjs";

export const ORIGIN = "http://localhost:8080";
export const HOME = `${ORIGIN}/panel`;
export const NOW = 1_780_000_000_000;

const listeners = new Set();
globalThis.addEventListener = (_, listener) => listeners.add(listener);
globalThis.removeEventListener = (_, listener) => listeners.delete(listener);
globalThis.matchMedia = () => ({ matches: false });

/** Posts a message to the page, as a window with an origin does. */
export function post(source, data, origin = ORIGIN) {
  for (const listener of [...listeners]) listener({ source, origin, data });
}

const SWITCHES = {
  "zoom.config_not_ticked": "listed",
  "zoom.config_context": "listed",
  "zoom.config_guest": "listed",
  "zoom.config_role": "listed",
  "zoom.permission_error_code": "same_text",
  "zoom.join_url_key": "joinUrl",
  "zoom.user_context_change_roles": "everybody",
  "zoom.user_context_change_status": "present",
  "zoom.role_change_events": "twice",
  "zoom.rename_event": "none",
  "zoom.popout": "keeps_page",
};

let nextId = 16778240;

/** A participant as the sandbox tells it. */
export function participant(person, fields = {}) {
  nextId += 1024;
  return {
    person,
    id: nextId,
    uuid: `UUID-${nextId}`,
    name: person,
    role: "attendee",
    is_waiting: false,
    room: null,
    is_phone: false,
    standing: "unauthenticated",
    email: "",
    disclosure: "hidden",
    is_own_account: false,
    joined_at: NOW,
    ...fields,
  };
}

export const MAYA = participant("maya", { name: "Maya", role: "host", standing: "authorized", is_own_account: true });
export const TOM = participant("tom", { name: "Tom", role: "co_host", standing: "authorized", is_own_account: true });
export const ANA = participant("ana", { name: "Ana" });
export const LEE = participant("lee", { name: "Lee", is_waiting: true });

/** What a page gets at the start. */
export function snapshot({
  you = MAYA,
  participants = [MAYA, TOM, ANA, LEE],
  switches = {},
  meeting = {},
  ...more
} = {}) {
  return {
    revision: 1,
    now: NOW,
    you: { key: you.person, name: you.name, standing: you.standing },
    meeting: {
      number: "81234567890",
      uuid: "uuid==",
      topic: "Weekly",
      host: "maya",
      status: "started",
      rooms: [],
      participants,
      ...meeting,
    },
    meetings: [],
    switches: { ...SWITCHES, ...switches },
    not_ticked: [],
    webhooks_are_off: false,
    ...more,
  };
}

class StandInDock extends EventTarget {
  isOut = false;
  isOpen = true;
  done = [];
  popOut(size) {
    this.isOut = true;
    this.done.push(["popOut", size]);
  }
  merge() {
    this.isOut = false;
    this.done.push(["merge"]);
  }
  expand(action) {
    this.done.push(["expand", action]);
  }
  close() {
    this.done.push(["close"]);
  }
}

/**
 * A client with a panel that is open.
 *
 * @returns {Promise<object>} With `call(name, data)` for what the panel asks, `config(names)`, and `events()` for what was fired.
 */
export async function opened({ context = "inMeeting", settings = "", ...start } = {}) {
  listeners.clear();
  const room = new Room();
  room.takeSnapshot(snapshot(start));
  const dock = new StandInDock();
  const posted = [];
  const frame = { contentWindow: { postMessage: (message, origin) => posted.push({ message, origin }) } };
  const shown = [];
  const notices = {
    toast: (toast) => shown.push(toast),
    link: (url) => shown.push(url),
    problem: (error) => shown.push(error),
  };
  const dialogs = {
    signIn: async () => true,
    addApp: async () => true,
    consent: async () => true,
    invite: async () => [],
  };
  const joinUrl = "http://localhost:8090/meeting/81234567890";
  const parts = { room, dock, notices, dialogs, home: HOME, joinUrl, runningContext: context };
  const client = new Client({ ...parts, settings: settingsFrom(new URLSearchParams(settings)) });
  dock.dispatchEvent(new CustomEvent("load", { detail: { frame, origin: ORIGIN } }));

  let calls = 0;
  let revision = 1;
  const take = (is) => posted.filter(({ message }) => is(message)).map(({ message }) => message);
  const call = async (apiName, data) => {
    calls += 1;
    const jsCallId = `id${calls}`;
    post(frame.contentWindow, JSON.stringify({ jsCallId, apiName, ...(data === undefined ? {} : { data }) }));
    // Answers take a few turns of the event loop; none at all is an answer too.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return take((message) => message.data?.jsCallId === jsCallId)[0]?.data;
  };
  return {
    client,
    dock,
    frame,
    posted,
    room,
    shown,
    dialogs,
    call,
    config: (names, more = {}) => call("config", { js_api_lists: names, version: "0.16", ...more }),
    events: (name) => take((message) => message.type === "event" && (!name || message.name === name)),
    change: (...happened) => room.takeChange({ revision: (revision += 1), happened }),
  };
}

/** Answers the page's calls to the sandbox; gives what was asked. */
export function sandbox(answers) {
  const asked = [];
  globalThis.fetch = async (path, { body }) => {
    asked.push({ path, body: JSON.parse(body) });
    const answer = answers[path];
    return {
      ok: answer !== undefined,
      status: answer === undefined ? 404 : 200,
      text: async () => JSON.stringify(answer ?? { error: "none" }),
    };
  };
  return asked;
}
