// The questions that the client asks: sign in, add the app, consent, whom to invite. Each resolves with the answer.

import { avatar, byId, element } from "./elements.mjs";

export class Dialogs {
  signIn = () =>
    this.#ask({
      title: "Sign in to Zoom?",
      text: "Sidelight asks you to sign in. Until then it knows neither you nor the meeting's people.",
      yes: "Sign in",
    });

  addApp = () =>
    this.#ask({
      title: "Add Sidelight?",
      text: "Sidelight asks to be added to your Zoom account. It will read your name, your address and the meetings you host.",
      yes: "Add and allow",
    });

  consent = () =>
    this.#ask({
      title: "Allow Sidelight?",
      text: "Sidelight asks for access to your Zoom account.",
      yes: "Allow",
    });

  /** An invitation from somebody in the meeting. */
  invited = (name, text) =>
    this.#ask({
      title: `${name} invites you to use Sidelight`,
      text: text || "Open it to see what it shows about this meeting.",
      yes: "View",
    });

  /** Whom to invite: the `participantUUID`s of those who were ticked. */
  async invite(others, { heading, message }) {
    const boxes = others.map((one) =>
      element("input", { type: "checkbox", value: one.uuid, checked: others.length <= 10 }),
    );
    const rows = others.map((one, index) =>
      element("label", { class: "pick" }, boxes[index], avatar(one.person, one.name), element("span", {}, one.name)),
    );
    const agreed = await this.#ask({
      title: heading || "Invite others to Sidelight",
      text: message || "They will be asked to open the app.",
      yes: "Send invitation",
      more: element("div", { class: "picks" }, rows),
    });
    return agreed ? boxes.filter((box) => box.checked).map((box) => box.value) : [];
  }

  #ask({ title, text, yes, more = null }) {
    const dialog = element(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      element("h2", { id: "dialog-title" }, title),
      element("p", {}, text),
      more,
      element(
        "form",
        { method: "dialog", class: "buttons" },
        element("button", { value: "no", class: "secondary" }, "Not now"),
        element("button", { value: "yes", class: "primary", autofocus: true }, yes),
      ),
    );
    byId("dialogs").append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        resolve(dialog.returnValue === "yes");
        dialog.remove();
      });
    });
  }
}
