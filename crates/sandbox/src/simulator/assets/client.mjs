// One simulated Zoom client: who looks, what his panel may do, and how it is answered (zoom.md 8, 9, 10.4, 10.5).

import { ANSWERS } from "./answers.mjs";
import { post, step } from "./control.mjs";
import { sdkEvents } from "./events.mjs";
import { callRefusal, refusal, NOT_TICKED, wireError } from "./permissions.mjs";
import { roleInList } from "./roles.mjs";
import { Wire, errorMessage, eventMessage, resultMessage } from "./wire.mjs";

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
/** How long an event is held back when events are swapped and no other comes. */
const SWAP_MILLIS = 1500;

export class Client extends EventTarget {
  runningContext;
  #declared = new Set();
  #wire;
  #held = null;

  /**
   * @param {{room: import("./room.mjs").Room, settings: object, dock: object, notices: object, dialogs: object,
   *          home: string, joinUrl: string, runningContext: string}} parts
   */
  constructor(parts) {
    super();
    Object.assign(this, parts);
    this.room.addEventListener("change", (event) => this.#tell(event.detail));
    this.dock.addEventListener("load", (event) => this.#attach(event.detail));
    this.dock.addEventListener("unload", () => this.#detach());
    this.dock.addEventListener("popout", (event) =>
      this.emit("onAppPopout", { timestamp: this.timestamp(), ...event.detail }),
    );
    this.dock.addEventListener("expand", (event) =>
      this.emit("onExpandApp", { timestamp: this.timestamp(), ...event.detail }),
    );
  }

  get meeting() {
    return this.room.meeting;
  }
  get me() {
    return this.room.me;
  }
  get you() {
    return this.room.you;
  }
  get switches() {
    return this.room.switches;
  }
  get standing() {
    return this.you?.standing ?? "unauthenticated";
  }
  /** Everybody who has not added the app runs in guest mode (zoom.md 4.4). */
  get isGuest() {
    return this.standing !== "authorized";
  }

  /** The SDK's examples count seconds. */
  timestamp() {
    return Math.floor(this.room.now() / 1000);
  }

  /** What the checks ask for. */
  who() {
    const { me, isGuest, runningContext } = this;
    const role = me ? roleInList(me.role) : runningContext === "inMainClient" ? null : "attendee";
    const changeIsForHosts = this.switches["zoom.user_context_change_roles"] === "hosts";
    return { role, isGuest, runningContext, notTicked: this.room.notTicked, changeIsForHosts };
  }

  /** Everybody in the viewer's room, the viewer included; who waits is not in the list (zoom.md 8.3). */
  roommates() {
    const room = this.me?.room ?? null;
    return this.room.participants.filter((one) => !one.is_waiting && one.room === room);
  }

  configRejects(switchName) {
    const set = switchName === "zoom.config_role" ? this.settings.hostOnly : null;
    return (set ?? this.switches[switchName]) === "rejected";
  }

  /** A new configuration: its names alone are called back (zoom.md 9.4). */
  declare(names, popoutSize) {
    this.#declared = new Set(names);
    if (popoutSize) this.dock.popoutSize = popoutSize;
  }

  /** Fires an event in the panel, if the panel asked for it and may have it. */
  emit(name, data) {
    if (!this.#declared.has(name) || refusal(name, this.who()) !== null) return;
    if (this.settings.losesEvents) return this.#log("event lost", name);
    const message = eventMessage(name, data);
    if (this.settings.swapsEvents) return this.#swap(message);
    this.#fire(message);
  }

  #fire(message) {
    this.#log("event", message.name);
    this.#wire?.post(message);
    if (this.settings.doublesEvents) this.#wire?.post(message);
  }

  /** Holds each first event back until the second is out. */
  #swap(message) {
    if (this.#held === null) {
      const held = { message, timer: setTimeout(() => this.#release(), SWAP_MILLIS) };
      this.#held = held;
    } else {
      this.#fire(message);
      this.#release();
    }
  }

  #release() {
    const { message, timer } = this.#held;
    clearTimeout(timer);
    this.#held = null;
    this.#fire(message);
  }

  #attach({ frame, origin }) {
    this.#wire = new Wire(frame, origin, (request) => this.#serve(request));
  }

  /** The page is gone, and with it what it had configured. */
  #detach() {
    this.#wire?.close();
    this.#wire = null;
    this.#declared = new Set();
  }

  async #serve({ jsCallId, apiName, data }) {
    const wire = this.#wire;
    const outcome = await this.#decide(apiName, data);
    if (this.settings.slowMillis > 0) await pause(this.settings.slowMillis);
    if (outcome.silent || this.settings.losesAnswers) {
      this.#log(outcome.silent ? "done" : "answer lost", apiName);
    } else if (outcome.error) {
      this.#log("refused", apiName, outcome.error.message);
      wire?.post(errorMessage(jsCallId, wireError(outcome.error, this.switches["zoom.permission_error_code"])));
    } else {
      this.#log("answered", apiName);
      wire?.post(resultMessage(jsCallId, outcome.result));
    }
    outcome.after?.();
  }

  async #decide(apiName, data) {
    const refused = callRefusal(apiName, this.who(), this.#declared);
    if (refused) return { error: refused };
    const answer = ANSWERS.get(apiName);
    // The name of an event cannot be called.
    return answer ? await answer(data, this) : { error: NOT_TICKED };
  }

  #tell(happened) {
    if (happened.length === 0) return;
    const viewer = {
      person: this.you?.key,
      name: this.me?.name ?? this.you?.name,
      role: this.who().role,
      room: this.me?.room ?? null,
      standing: this.standing,
      timestamp: this.timestamp(),
      roleEvents: this.switches["zoom.role_change_events"],
      renameEvent: this.switches["zoom.rename_event"],
      tellsStatus: this.switches["zoom.user_context_change_status"] === "present",
    };
    for (const [name, data] of sdkEvents(happened, viewer)) this.emit(name, data);
  }

  #log(what, name, detail = "") {
    this.dispatchEvent(new CustomEvent("traffic", { detail: { what, name, detail } }));
  }

  // What some answers need done.

  /** An app context of this moment, or null. */
  async mintContext() {
    const wish = { user: this.you?.key };
    if (this.runningContext !== "inMainClient" && this.meeting) wish.meeting = this.meeting.number;
    const minted = await post("/_control/context", wish).catch(() => null);
    return minted?.context ?? null;
  }

  /** In-client OAuth: consent, a real code, the event (zoom.md 4.3). */
  async authorize({ codeChallenge, state }) {
    const agreed =
      !this.settings.declinesConsent && (this.settings.agrees || !this.isGuest || (await this.dialogs.consent()));
    const event = { timestamp: this.timestamp(), result: agreed, redirectUri: this.home };
    if (state !== undefined) event.state = state;
    if (agreed) {
      const wish = { person: this.you.key, code_challenge: String(codeChallenge ?? ""), state, page: this.home };
      const granted = await post("/_control/authorize", wish).catch((error) => this.notices.problem(error));
      if (!granted) return;
      Object.assign(event, { code: granted.code, redirectUri: granted.redirect_uri });
      if (granted.state !== null) event.state = granted.state;
    }
    this.emit("onAuthorized", event);
  }

  /** One rung of the ladder from guest to authorised (zoom.md 4.4). */
  async climb() {
    if (this.standing === "authorized") return;
    const [ask, path] = this.standing === "unauthenticated" ? ["signIn", "sign-in"] : ["addApp", "add-app"];
    const agreed = !this.settings.declinesConsent && (this.settings.agrees || (await this.dialogs[ask]()));
    if (agreed) await post(`/_control/people/${this.you.key}/${path}`).catch((error) => this.notices.problem(error));
  }

  /** The system browser is another tab here; the link stays visible, since browsers may block tabs. */
  openUrl(url) {
    let target;
    try {
      target = new URL(url);
    } catch {
      return;
    }
    if (!["http:", "https:"].includes(target.protocol)) return;
    window.open(target.href, "_blank", "noopener");
    this.notices.link(target.href);
  }

  /** Asks people in the meeting to open the app; null if the sandbox refused. */
  invite(uuids, text) {
    const fields = { by: this.you.key, participants: uuids, text };
    return step(this.meeting.number, "invite", fields).catch(() => null);
  }

  /** Shows what everybody is asked, and tells what each replies. */
  async askEmails(reason) {
    this.notices.toast({ title: "Everybody in the room is asked for the address", message: reason });
    const asked = await step(this.meeting.number, "ask-emails", { by: this.you.key }).catch(() => null);
    for (const reply of asked?.replies ?? []) this.emit("onParticipantEmail", { ...reply, timestamp: this.timestamp() });
  }

  async showInvitationDialog(texts) {
    const others = this.roommates().filter((one) => one.person !== this.you.key);
    const chosen = await this.dialogs.invite(others, texts);
    if (chosen.length === 0) return;
    const sent = await this.invite(chosen, texts.message ?? "");
    if (!sent) return;
    const told = { timestamp: this.timestamp(), invitationUUID: sent.invitation, invitedUserCount: sent.invited };
    this.emit("onSendAppInvitation", told);
  }

  launchInMeeting() {
    const running = this.room.meetings.find((meeting) => meeting.status === "started");
    if (running) location.assign(`/meeting/${running.number}?as=${encodeURIComponent(this.you.key)}`);
  }

  /** What the drawer changes: the running context of an open app (zoom.md 11). */
  changeContext(runningContext) {
    this.runningContext = runningContext;
    this.emit("onRunningContextChange", { timestamp: this.timestamp(), runningContext });
  }
}
