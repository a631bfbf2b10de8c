// The meeting as this page knows it: a snapshot, then change by change (the sandbox keeps the truth).

/** Everything that a page was told. Fires `change` with what happened, or with nothing after a snapshot. */
export class Room extends EventTarget {
  /** The meeting without its people, or null in the main client. */
  meeting = null;
  /** The person who looks. */
  you = null;
  meetings = [];
  switches = {};
  notTicked = new Set();
  webhooksAreOff = false;
  /** `participantUUID` → participant, in order of arrival. */
  #participants = new Map();
  #clockOffset = 0;
  #revision = 0;

  /** Everybody who is there, waiting people included. */
  get participants() {
    return [...this.#participants.values()];
  }

  /** The device with which the viewer is in the meeting, or null. */
  get me() {
    return this.participants.findLast((one) => one.person === this.you?.key) ?? null;
  }

  /** The sandbox's present moment in milliseconds; its clock may differ from the browser's. */
  now() {
    return Date.now() + this.#clockOffset;
  }

  takeSnapshot(snapshot) {
    const { meeting } = snapshot;
    this.#revision = snapshot.revision;
    this.#clockOffset = snapshot.now - Date.now();
    this.meeting = meeting;
    this.you = snapshot.you;
    this.meetings = snapshot.meetings;
    this.switches = snapshot.switches;
    this.notTicked = new Set(snapshot.not_ticked);
    this.webhooksAreOff = snapshot.webhooks_are_off;
    this.#participants = new Map((meeting?.participants ?? []).map((one) => [one.uuid, one]));
    this.dispatchEvent(new CustomEvent("change", { detail: [] }));
  }

  takeChange(change) {
    // A stream that was opened anew may repeat what the snapshot already holds.
    if (change.revision <= this.#revision) return;
    this.#revision = change.revision;
    for (const one of change.happened) this.#apply(one);
    this.dispatchEvent(new CustomEvent("change", { detail: change.happened }));
  }

  #apply(one) {
    const { participant } = one;
    switch (one.kind) {
      case "started":
        Object.assign(this.meeting, { uuid: one.uuid, status: "started", started_at: one.started_at, rooms: [] });
        this.#participants.clear();
        break;
      case "ended":
        this.meeting.status = "ended";
        this.#participants.clear();
        break;
      case "left":
      case "stopped_waiting":
        this.#participants.delete(participant.uuid);
        break;
      case "role_changed":
        this.#replace(one.former_uuid, participant);
        break;
      case "moved":
        this.meeting.rooms = one.rooms;
        this.#participants.set(participant.uuid, participant);
        break;
      case "waiting_room":
        this.meeting.has_waiting_room = one.is_on;
        break;
      case "status":
        this.#setStanding(one.person, one.standing);
        break;
      case "joined":
      case "began_waiting":
      case "renamed":
        this.#participants.set(participant.uuid, participant);
        break;
    }
  }

  /** Puts a participant in the place of another key, so that nobody jumps in the gallery. */
  #replace(formerUuid, participant) {
    const entries = [...this.#participants].map(([uuid, one]) => (uuid === formerUuid ? participant : one));
    this.#participants = new Map(entries.map((one) => [one.uuid, one]));
  }

  #setStanding(person, standing) {
    if (this.you?.key === person) this.you.standing = standing;
    if (this.meeting?.host === person) this.meeting.is_reported = standing === "authorized";
    for (const one of this.#participants.values()) if (one.person === person) one.standing = standing;
  }
}
