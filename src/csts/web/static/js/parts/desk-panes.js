/** The lines between the panes of the desk: dragged or moved by arrow keys, and remembered. */

import { h } from "../lib/dom.js";
import { storageOf } from "../lib/outbox.js";
import { sentence, t } from "../lib/words.js";

const KEY = "csts:panes";
const STEP_PX = 16;
const BOUNDS = { queues: [160, 320], list: [280, 560], context: [240, 480] };
const NAMES = { queues: sentence("Width of the queues"), list: sentence("Width of the list"), context: sentence("Width of the details") };
const START = { queues: 220, list: 360, context: 300 };

/** Puts a separator behind each pane that has `data-pane`; widths are custom properties of `desk`. @param {HTMLElement} desk */
export function resizable(desk) {
  const storage = storageOf(globalThis);
  const widths = { ...START, ...read(storage) };
  const set = (/** @type {string} */ pane, /** @type {number} */ width) => {
    const [least, most] = BOUNDS[pane];
    widths[pane] = Math.round(Math.min(most, Math.max(least, width)));
    desk.style.setProperty(`--${pane}`, `${widths[pane]}px`);
    return widths[pane];
  };
  for (const pane of desk.querySelectorAll("[data-pane]")) {
    const kind = /** @type {HTMLElement} */ (pane).dataset.pane ?? "";
    set(kind, widths[kind]);
    pane.append(separator(kind, { get: () => widths[kind], set: (width) => set(kind, width), keep: () => write(storage, widths) }));
  }
}

function separator(kind, { get, set, keep }) {
  const [least, most] = BOUNDS[kind];
  const line = h("div", {
    class: `pane-line ${kind}`, role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": t(NAMES[kind]),
    "aria-valuemin": least, "aria-valuemax": most, "aria-valuenow": get(),
  });
  // The context stands on the far side of its line: it grows against the direction of reading.
  const side = (kind === "context" ? -1 : 1) * (document.documentElement.dir === "rtl" ? -1 : 1);
  const move = (width) => line.setAttribute("aria-valuenow", String(set(width)));
  line.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key];
    if (!step) return;
    event.preventDefault();
    move(get() + step * side);
    keep();
  });
  line.addEventListener("pointerdown", (event) => {
    const [start, width] = [event.clientX, get()];
    line.setPointerCapture(event.pointerId);
    line.onpointermove = (moved) => move(width + (moved.clientX - start) * side);
    line.onpointerup = () => {
      line.onpointermove = null;
      keep();
    };
  });
  return line;
}

function read(storage) {
  try {
    return JSON.parse(storage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function write(storage, widths) {
  try {
    storage.setItem(KEY, JSON.stringify(widths));
  } catch {
    // A browser that keeps nothing starts with the usual widths again.
  }
}
