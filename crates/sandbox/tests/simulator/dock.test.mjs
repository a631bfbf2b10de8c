import assert from "node:assert/strict";
import { test } from "node:test";

import { cites } from "./facts.mjs";
import { HOME, ORIGIN } from "./stand-ins.mjs";

/** As much of an element as the dock touches. */
class StandInElement extends EventTarget {
  children = [];
  #attributes = new Map();
  classList = {
    toggle: (name, on) => {
      this.className = on ? name : "";
    },
  };
  style = {
    setProperty: (name, value) => {
      this.style[name] = value;
    },
  };
  clientWidth = 400;
  clientHeight = 600;
  setAttribute(name, value) {
    this.#attributes.set(name, value);
  }
  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }
  append(...children) {
    for (const child of children) {
      child.parent = this;
      this.children.push(child);
    }
  }
  remove() {
    this.parent.children = this.parent.children.filter((child) => child !== this);
  }
}

const elements = new Map();
globalThis.document = {
  getElementById: (id) => elements.get(id) ?? elements.set(id, new StandInElement()).get(id),
  createElement: () => new StandInElement(),
};
globalThis.innerWidth = 1440;
globalThis.innerHeight = 900;

const { Dock } = await import("../../src/simulator/assets/dock.mjs");

function dock(keepsPage) {
  elements.clear();
  const made = new Dock({ home: HOME, title: "Sidelight", width: 400, keepsPage: () => keepsPage });
  const told = [];
  for (const name of ["load", "unload", "popout", "expand"])
    made.addEventListener(name, (event) => told.push([name, event.detail]));
  made.open();
  return { made, told, frames: () => elements.get("slot").children };
}

test("the panel stands in one frame of its own address", () => {
  const { made, told, frames } = dock(true);
  assert.deepEqual([frames().length, frames()[0].src], [1, HOME]);
  assert.deepEqual([told[0][0], told[0][1].origin, made.isOpen], ["load", ORIGIN, true]);
  made.open();
  assert.equal(frames().length, 1, "it is opened once");
});

test("popping out keeps the page, or loads it again", () => {
  cites("zm-popout-page");
  for (const keepsPage of [true, false]) {
    const { made, told, frames } = dock(keepsPage);
    const [before] = frames();
    made.popOut({});
    assert.equal(frames()[0] === before, keepsPage);
    assert.equal(made.isOut, true);
    made.merge();
    assert.equal(frames()[0] === before, keepsPage);
    const names = told.map(([name]) => name);
    const expected = keepsPage
      ? ["load", "popout", "popout"]
      : ["load", "unload", "load", "popout", "unload", "load", "popout"];
    assert.deepEqual(names, expected);
    assert.deepEqual(told.at(-1)[1], { action: "dock", width: 400, height: 600, orientation: "portrait" });
  }
});

test("a closed panel is gone", () => {
  const { made, told, frames } = dock(true);
  made.popOut({});
  made.close();
  assert.deepEqual([frames(), made.isOpen, made.isOut, told.at(-1)[0]], [[], false, false, "unload"]);
});

test("the width stays within what people can drag it to", () => {
  const { made } = dock(true);
  const set = (width) => {
    made.width = width;
    return made.width;
  };
  assert.deepEqual([set(100), set(333.4), set(9000)], [280, 333, 500]);
  made.expand("collapse");
  assert.equal(made.width, 400);
  const press = (key) => elements.get("handle").dispatchEvent(Object.assign(new Event("keydown"), { key }));
  press("ArrowLeft");
  assert.equal(made.width, 420);
  press("Home");
  assert.equal(made.width, 280);
});
