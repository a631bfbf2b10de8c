// Short messages over the window: notifications of the app, links for the system browser, problems.

import { byId, element, icon } from "./elements.mjs";

const STAYS_MILLIS = 6000;

export class Notices {
  #list = byId("notices");

  /** What the app shows with `showNotification`. */
  toast({ title, message, type = "info" }) {
    const words = [element("strong", {}, String(title ?? "")), element("span", {}, String(message ?? ""))];
    this.#show(
      `toast ${["warning", "error"].includes(type) ? type : "info"}`,
      "Notification from Sidelight",
      words,
      true,
    );
  }

  /** What the app opens in the system browser. */
  link(url) {
    const anchor = element("a", { href: url, target: "_blank", rel: "noopener" }, url);
    const words = [element("strong", {}, "Opened in the system browser"), anchor];
    this.#show("link", "Opened in the system browser", words, false);
  }

  /** Something that this page could not do. Gives undefined, so that a caller can return it. */
  problem(error) {
    const words = [element("strong", {}, "That did not work"), element("span", {}, error.message)];
    this.#show("toast error", "Problem", words, true);
  }

  #show(style, label, words, passes) {
    const close = element(
      "button",
      { type: "button", class: "plain", "aria-label": "Dismiss", onclick: () => notice.remove() },
      icon("x"),
    );
    const notice = element(
      "div",
      { class: `notice ${style}`, role: "group", "aria-label": label },
      element("div", { class: "words" }, ...words),
      close,
    );
    this.#list.append(notice);
    if (passes) setTimeout(() => notice.remove(), STAYS_MILLIS);
  }
}
