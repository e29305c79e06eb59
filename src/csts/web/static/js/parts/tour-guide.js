/** <tour-guide>: ticks that stay, how far one has come, two windows side by side, and files to try things with. */

import { h, need } from "../lib/dom.js";
import { storageOf } from "../lib/outbox.js";
import { samplePicture, sampleText, Ticks } from "../lib/tour.js";
import { t } from "../lib/words.js";

const PHONE = { width: 360, height: 740 };
/** @type {Record<string, [string, () => Blob|Promise<Blob>]>} */
const SAMPLES = { picture: ["payment-declined.png", samplePicture], text: ["not-a-picture.png", sampleText] };

class TourGuide extends HTMLElement {
  connectedCallback() {
    /** @type {HTMLInputElement[]} */
    this.boxes = [...this.querySelectorAll("input[type=checkbox]")].map((box) => /** @type {HTMLInputElement} */ (box));
    this.ticks = new Ticks({ storage: storageOf(globalThis), stops: this.boxes.map((box) => box.value) });
    // Ticked before this script was there.
    for (const box of this.boxes) if (box.checked) this.ticks.set(box.value, true);
    this.addEventListener("change", (event) => this.#tick(/** @type {HTMLInputElement} */ (event.target)));
    this.addEventListener("click", (event) => this.#act(event));
    this.#draw();
  }

  /** @param {HTMLInputElement} box */
  #tick(box) {
    this.ticks?.set(box.value, box.checked);
    this.#draw();
  }

  /** @param {Event} event */
  #act(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const link = /** @type {HTMLAnchorElement|null} */ (target.closest("a[data-side]"));
    const sample = /** @type {HTMLElement|null} */ (target.closest("[data-sample]"))?.dataset.sample;
    if (link && plain(/** @type {MouseEvent} */ (event)) && open(link)) event.preventDefault();
    else if (sample) save(...SAMPLES[sample]);
    else if (target.closest("[data-windows]")) this.querySelectorAll(".tour-windows a[data-side]").forEach((each) => open(/** @type {HTMLAnchorElement} */ (each)));
    else if (target.closest("[data-again]")) {
      this.ticks?.clear();
      this.#draw();
    }
  }

  #draw() {
    const { done, stops } = /** @type {Ticks} */ (this.ticks);
    for (const box of this.boxes ?? []) box.checked = done.has(box.value);
    need("progress", this).max = stops.length;
    need("progress", this).value = done.size;
    const params = { done: done.size, all: stops.length };
    need("[data-said]", this).textContent = done.size === stops.length ? t("All {all} ticked off. Thank you for looking so closely.", params) : t("{done} of {all}", params);
    need("[data-again]", this).disabled = !done.size;
  }
}

/** Whoever holds a key down wants a tab, and gets it. @param {MouseEvent} event */
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.shiftKey;

/** In the window of this name, which gets its place when it is opened; false where windows are blocked. @param {HTMLAnchorElement} link */
function open(link) {
  const { availWidth: width, availHeight: height } = screen;
  const half = Math.floor(width / 2);
  const places = { left: { left: 0, width: half, height }, right: { left: half, width: half, height }, phone: { left: 0, ...PHONE } };
  const place = places[/** @type {keyof typeof places} */ (link.dataset.side)];
  // A touch screen has no room beside: there each is a tab.
  const features = matchMedia("(pointer: coarse)").matches ? "" : Object.entries({ popup: 1, top: 0, ...place }).map((pair) => pair.join("=")).join(",");
  const opened = window.open(link.href, link.target, features);
  opened?.focus();
  return opened !== null;
}

/** @param {string} name @param {() => Blob|Promise<Blob>} make */
async function save(name, make) {
  const address = URL.createObjectURL(await make());
  h("a", { href: address, download: name }).click();
  // The download has begun when the next task runs, and keeps what it reads.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

customElements.define("tour-guide", TourGuide);
