// Where the panel lives: docked at the side, popped out into a window of its own, or closed (zoom.md 8, 11).

import { byId, element } from "./elements.mjs";

export const NARROWEST = 280;
export const USUAL = 400;
export const WIDEST = 500;
const STEP = 20;

const between = (least, value, most) => Math.min(most, Math.max(least, value));

/**
 * The dock. Fires `load` with the new frame, `unload` when a page goes, `popout` and `expand` with what the SDK reports.
 * The frame is never moved in the document: moving it would load it again.
 */
export class Dock extends EventTarget {
  isOut = false;
  /** As the panel asked for it at `config`. */
  popoutSize = null;
  #dock = byId("dock");
  #slot = byId("slot");
  #handle = byId("handle");
  #home;
  #title;
  #frame = null;
  #keepsPage;

  /** @param {{home: string, title: string, width: number, keepsPage: () => boolean}} options */
  constructor({ home, title, width, keepsPage }) {
    super();
    this.#home = home;
    this.#title = title;
    this.#keepsPage = keepsPage;
    this.width = width;
    this.#handle.addEventListener("pointerdown", this.#drag);
    this.#handle.addEventListener("keydown", this.#nudge);
    byId("pop-out").addEventListener("click", () => (this.isOut ? this.merge() : this.popOut({})));
    byId("close-panel").addEventListener("click", () => this.close());
    byId("dock-bar").addEventListener("pointerdown", this.#move);
  }

  get isOpen() {
    return this.#frame !== null;
  }

  get width() {
    return Number(this.#handle.getAttribute("aria-valuenow"));
  }

  set width(pixels) {
    const width = between(NARROWEST, Math.round(pixels), WIDEST);
    this.#handle.setAttribute("aria-valuenow", String(width));
    this.#dock.style.setProperty("--width", `${width}px`);
    byId("width").textContent = `${width} px`;
  }

  open() {
    if (this.isOpen) return;
    const frame = element("iframe", { title: this.#title, allow: "clipboard-write" });
    this.#frame = frame;
    this.#dock.hidden = false;
    // Listened to before the page is asked for: its first message must not be lost.
    this.#slot.append(frame);
    this.dispatchEvent(new CustomEvent("load", { detail: { frame, origin: new URL(this.#home).origin } }));
    frame.src = this.#home;
    this.#changed();
  }

  /** Kills the page (zoom.md 8). */
  close() {
    this.#unload();
    this.#setOut(false);
    this.#dock.hidden = true;
    this.#changed();
  }

  /** A fresh page in the same place. */
  reload() {
    if (!this.isOpen) return;
    this.#unload();
    this.open();
  }

  popOut({ width, height }) {
    const size = this.popoutSize ?? {};
    const wide = between(336, width ?? size.width ?? innerWidth * 0.3, innerWidth * 0.75);
    const high = between(342, height ?? size.height ?? innerHeight * 0.7, innerHeight * 0.75);
    this.#place((innerWidth - wide) / 2, (innerHeight - high) / 2);
    this.#dock.style.setProperty("--float-width", `${wide}px`);
    this.#dock.style.setProperty("--float-height", `${high}px`);
    this.#switchTo(true);
  }

  merge() {
    this.#switchTo(false);
  }

  expand(action) {
    this.width = action === "expand" ? WIDEST : USUAL;
    this.dispatchEvent(new CustomEvent("expand", { detail: { action } }));
  }

  #switchTo(isOut) {
    this.#setOut(isOut);
    this.#handle.hidden = isOut;
    if (!this.#keepsPage()) this.reload();
    const { clientWidth: width, clientHeight: height } = this.#slot;
    const orientation = width > height ? "landscape" : "portrait";
    const detail = { action: isOut ? "undock" : "dock", width, height, orientation };
    this.dispatchEvent(new CustomEvent("popout", { detail }));
    this.#changed();
  }

  #setOut(isOut) {
    this.isOut = isOut;
    this.#dock.classList.toggle("floating", isOut);
    const button = byId("pop-out");
    button.setAttribute("aria-label", isOut ? "Merge to meeting window" : "Pop out");
    button.title = button.getAttribute("aria-label");
  }

  #unload() {
    if (!this.#frame) return;
    this.dispatchEvent(new Event("unload"));
    this.#frame.remove();
    this.#frame = null;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  #place(left, top) {
    this.#dock.style.setProperty("--left", `${between(0, left, innerWidth - 120)}px`);
    this.#dock.style.setProperty("--top", `${between(0, top, innerHeight - 48)}px`);
  }

  #drag = (event) => {
    event.preventDefault();
    const { clientX: from } = event;
    const width = this.width;
    this.#follow(event, (now) => {
      this.width = width + from - now.clientX;
    });
  };

  /** A popped-out window is moved by its bar. */
  #move = (event) => {
    if (!this.isOut || event.target.closest("button")) return;
    event.preventDefault();
    const { left, top } = this.#dock.getBoundingClientRect();
    this.#follow(event, (now) => this.#place(left + now.clientX - event.clientX, top + now.clientY - event.clientY));
  };

  /** Calls `step` for each movement until the button is let go; the frame must not swallow the pointer meanwhile. */
  #follow({ target, pointerId }, step) {
    const done = new AbortController();
    document.body.classList.add("dragging");
    target.setPointerCapture(pointerId);
    const stop = () => {
      done.abort();
      document.body.classList.remove("dragging");
    };
    target.addEventListener("pointermove", step, { signal: done.signal });
    for (const end of ["pointerup", "pointercancel"]) target.addEventListener(end, stop, { signal: done.signal });
  }

  #nudge = (event) => {
    const change = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    const edge = { Home: NARROWEST, End: WIDEST }[event.key];
    if (change === undefined && edge === undefined) return;
    event.preventDefault();
    this.width = edge ?? this.width + change;
  };
}
