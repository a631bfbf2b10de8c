// The drawer "Simulate": what can be done to the meeting, the panel, the SDK and Zoom's cloud.

import { people, post, step } from "./control.mjs";
import { byId, element } from "./elements.mjs";
import { newcomer } from "./newcomers.mjs";

const option = (value, words) => element("option", { value }, words);

/** Connects all controls. */
export class Drawer {
  #client;
  /** What the list offers → key of the person. */
  #known = new Map();

  constructor(client) {
    this.#client = client;
    this.#connectPersona();
    this.#connectPeople();
    this.#connectPanel();
    this.#connectSdk();
    this.#connectCloud();
    client.room.addEventListener("change", () => this.draw());
  }

  get #number() {
    return this.#client.meeting.number;
  }

  /** Runs `act` on a click, and shows what goes wrong. */
  #on(id, act) {
    byId(id)?.addEventListener("click", async () => {
      try {
        await act();
      } catch (error) {
        this.#client.notices.problem(error);
      }
    });
  }

  #step = (name, fields) => step(this.#number, name, fields);

  // Who looks.

  #connectPersona() {
    const go = (person) => {
      const address = new URL(location.href);
      address.searchParams.set("as", person);
      location.assign(address);
    };
    byId("view-as").addEventListener("change", (event) => event.target.value && go(event.target.value));
    for (const button of document.querySelectorAll("[data-view-as]")) {
      button.addEventListener("click", () => {
        const one = this.#representative(button.dataset.viewAs);
        if (one) go(one.person);
      });
    }
  }

  /** Somebody who stands for a role; a guest is one who has not added the app. */
  #representative(kind) {
    const { room } = this.#client;
    const people = room.participants.filter((one) => !one.is_phone && !one.is_waiting);
    const is = {
      host: (one) => one.role === "host",
      co_host: (one) => one.role === "co_host",
      participant: (one) => one.role === "attendee" && one.is_own_account,
      guest: (one) => one.standing === "unauthenticated",
    }[kind];
    return people.find(is) ?? null;
  }

  // Who comes and goes.

  #connectPeople() {
    if (!byId("join-known")) return;
    const join = (kind) => this.#step("join", newcomer(kind, this.#client.room.participants));
    this.#on("join-shared", () => join("shared"));
    this.#on("join-hidden", () => join("hidden"));
    this.#on("join-phone", () => join("phone"));
    this.#on("join-room", () => join("room"));
    this.#on("join-known", () => this.#joinKnown());
    byId("join-form").addEventListener("submit", (event) => this.#joinByForm(event));
    const chosen = () => ({ person: byId("person").value });
    this.#on("leaves", () => this.#step("leave", chosen()));
    this.#on("rejoins", () => this.#step("rejoin", chosen()));
    this.#on("renames", () => this.#step("rename", { ...chosen(), name: byId("new-name").value }));
    this.#on("promotes", () => this.#step("role", { ...chosen(), role: "co_host" }));
    this.#on("demotes", () => this.#step("role", { ...chosen(), role: "attendee" }));
    this.#on("makes-host", () => this.#step("role", { ...chosen(), role: "host" }));
    this.#on("owns", () => this.#step("own", chosen()));
    this.#on("signs-out", () => this.#step("sign-out", chosen()));
    this.#on("puts-back", () => this.#step("put-back", chosen()));
    for (const reply of ["yes", "no", "silent"]) {
      this.#on(`says-${reply}`, () => post(`/_control/people/${byId("person").value}/reply`, { reply }));
    }
    this.#on("to-room", () => this.#step("room", { ...chosen(), room: "Breakout 1" }));
    this.#on("from-room", () => this.#step("room", chosen()));
    this.#on("fill", () => this.#step("fill", { to: Number(byId("fill-to").value) }));
    this.#on("end", () => this.#step("end"));
    this.#on("start", () => this.#step("start"));
    byId("waiting-room").addEventListener("change", (event) =>
      this.#step("waiting-room", { is_on: event.target.checked }),
    );
    byId("person").addEventListener("change", () => this.#offerName());
    this.#client.room.addEventListener("change", () => this.#run(() => this.#fillKnown()), { once: true });
  }

  async #joinByForm(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const email = form.get("email").trim();
    const fields = { name: form.get("name"), disclosure: form.get("disclosure"), is_signed_in: form.has("signed-in") };
    try {
      await this.#step("join", email ? { ...fields, email } : fields);
      event.target.reset();
    } catch (error) {
      this.#client.notices.problem(error);
    }
  }

  async #fillKnown() {
    const known = (await people(this.#number)).filter((one) => one.account);
    for (const one of known) this.#known.set([one.name, one.title, one.company].filter(Boolean).join(", "), one.key);
    byId("known-people").replaceChildren(
      ...[...this.#known.keys()].map((words) => element("option", { value: words })),
    );
    const colleagues = known.filter((one) => !one.company);
    byId("view-as").append(
      element(
        "optgroup",
        { label: "Everybody else" },
        colleagues.map((one) => option(one.key, one.name)),
      ),
    );
  }

  async #joinKnown() {
    const person = this.#known.get(byId("known").value);
    if (!person) throw new Error("Choose somebody from the list.");
    await this.#step("join", { person });
    byId("known").value = "";
  }

  #offerName() {
    const one = this.#client.room.participants.find((other) => other.person === byId("person").value);
    byId("new-name").value = one ? `${one.name} (mobile)` : "";
  }

  // The panel.

  #connectPanel() {
    const { dock, settings } = this.#client;
    const popOut = byId("popout-variant");
    popOut.addEventListener("change", () => {
      settings.popOut = popOut.value;
    });
    this.#on("reload-panel", () => dock.reload());
    for (const button of document.querySelectorAll("[data-width]")) {
      button.addEventListener("click", () => {
        dock.width = Number(button.dataset.width);
      });
    }
    const context = byId("running-context");
    context.value = this.#client.runningContext;
    context.addEventListener("change", () => this.#client.changeContext(context.value));
  }

  // The SDK.

  #connectSdk() {
    const { settings } = this.#client;
    for (const box of document.querySelectorAll("[data-setting]")) {
      const { setting } = box.dataset;
      box.checked = settings[setting];
      box.addEventListener("change", () => {
        settings[setting] = box.checked;
      });
    }
    const refuse = byId("refuse-emails");
    if (refuse) {
      refuse.value = settings.refusesEmails;
      refuse.addEventListener("change", () => {
        settings.refusesEmails = Number(refuse.value);
      });
    }
    const slow = byId("slow");
    slow.value = settings.slowMillis;
    slow.addEventListener("input", () => {
      settings.slowMillis = Math.max(0, Number(slow.value) || 0);
    });
    const reject = byId("reject-host-only");
    reject.checked = settings.hostOnly === "rejected";
    reject.addEventListener("change", () => {
      settings.hostOnly = reject.checked ? "rejected" : "listed";
    });
    const recording = byId("recording");
    recording?.addEventListener("change", () => {
      settings.recording = recording.checked ? "started" : "stopped";
      this.#client.emit("onCloudRecording", { timestamp: this.#client.timestamp(), action: settings.recording });
    });
  }

  /** Somebody in the same room asks the viewer; the host, if he is another. */
  #beInvited() {
    const { me, meeting } = this.#client;
    const others = this.#client.roommates().filter((one) => one.person !== me?.person);
    const sender = others.find((one) => one.person === meeting.host) ?? others[0];
    if (!me || !sender) return undefined;
    return this.#step("invite", { by: sender.person, participants: [me.uuid], text: "" });
  }

  // Zoom's cloud.

  #connectCloud() {
    byId("webhooks-off").addEventListener("change", (event) =>
      this.#run(() => post("/_control/webhooks", { off: event.target.checked })),
    );
    this.#on("replay", () => this.#step("replay"));
    this.#on("be-invited", () => this.#beInvited());
    this.#on("add-app", () => post(`/_control/people/${this.#client.you.key}/add-app`));
    this.#on("remove-app", () => post(`/_control/people/${this.#client.you.key}/remove-app`));
    this.#on("check-endpoint", async () => {
      const { valid, reason } = await post("/_control/webhooks/validate");
      byId("endpoint-verdict").textContent = valid
        ? "Valid: the endpoint answers and knows the secret."
        : `Not valid: ${reason}.`;
    });
  }

  async #run(act) {
    try {
      await act();
    } catch (error) {
      this.#client.notices.problem(error);
    }
  }

  draw() {
    const { room, standing } = this.#client;
    byId("webhooks-off").checked = room.webhooksAreOff;
    byId("add-app").disabled = standing !== "authenticated";
    byId("remove-app").disabled = standing !== "authorized";
    this.#drawPersonas(room);
    if (room.meeting) this.#drawMeeting(room);
  }

  #drawPersonas(room) {
    const select = byId("view-as");
    const present = room.participants.filter((one) => !one.is_phone);
    const group = element(
      "optgroup",
      { label: "In the meeting" },
      present.map((one) => option(one.person, one.name)),
    );
    select.querySelector('optgroup[label="In the meeting"]')?.remove();
    select.prepend(group);
    select.value = room.you?.key ?? "";
    for (const button of document.querySelectorAll("[data-view-as]")) {
      button.disabled = this.#representative(button.dataset.viewAs) === null;
    }
  }

  #drawMeeting(room) {
    const isRunning = room.meeting.status === "started";
    byId("end").disabled = !isRunning;
    byId("start").disabled = isRunning;
    byId("waiting-room").checked = room.meeting.has_waiting_room;
    const select = byId("person");
    const chosen = select.value;
    select.replaceChildren(...room.participants.map((one) => option(one.person, one.name)));
    if (room.participants.some((one) => one.person === chosen)) select.value = chosen;
    else this.#offerName();
    byId("reported").textContent = room.meeting.is_reported
      ? "The host has added Sidelight, so Zoom reports this meeting to it."
      : "The host has not added Sidelight, so Zoom reports nothing of this meeting to it.";
  }
}
