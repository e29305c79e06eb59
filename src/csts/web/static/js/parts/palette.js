/** The command palette: what can be done here, places to go, and tickets by number or by what was said in them. */

import { Asking } from "../lib/asking.js";
import { commands, isCharacter, numberIn, ranked, used } from "../lib/commands.js";
import { h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { preferences } from "../lib/preferences.js";
import { isTooShort } from "../lib/search.js";
import { t, tn } from "../lib/words.js";
import { keycaps } from "./shortcuts.js";
import { ways } from "./ways.js";

const FOUND = 5;
const SEARCH_AFTER_MS = 250;

/** @typedef {import("../lib/commands.js").Command} Entry */

/** The choices stand in the listbox, and the focus stays in the field (ARIA authoring practices: combobox with a list). */
class Palette {
  /** @type {Entry[]} */
  #shown = [];
  /** @type {Entry[]} */
  #found = [];
  #at = 0;

  constructor() {
    this.field = /** @type {HTMLInputElement} */ (h("input", {
      class: "palette-field", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      "aria-label": t("What do you want to do?"), placeholder: t("A command, a ticket's number, or words to search"), autocomplete: "off", spellcheck: "false", maxlength: "200",
      oninput: () => this.#typed(),
    }));
    this.list = h("ul", { class: "palette-list", id: "palette-list", role: "listbox", "aria-label": t("Commands") });
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.trouble = h("p", { class: "palette-trouble", role: "alert" });
    const shut = h("button", { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => this.dialog.close() }, icon("close"));
    this.dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "palette", "aria-label": t("Commands") },
      h("div", { class: "palette-head" }, icon("search"), this.field, shut), this.trouble, this.list, this.said));
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.#closed());
    this.asking = new Asking({ ask: (text, signal) => this.#search(text, signal), take: (rows) => this.#take(rows), fail: () => this.#take([]), delay: SEARCH_AFTER_MS });
    document.body.append(this.dialog);
  }

  open() {
    this.field.value = "";
    this.#found = [];
    this.asking.known("");
    this.#draw();
    // Whatever had the focus gets it back from the dialog when it closes.
    this.dialog.showModal();
  }

  #closed() {
    this.asking.now("");
    this.#say("");
  }

  #typed() {
    this.#found = [];
    this.trouble.textContent = "";
    this.asking.soon(this.#text);
    this.#draw();
  }

  get #text() {
    return this.field.value.trim();
  }

  /** @param {string} text @param {AbortSignal} signal @returns {Promise<any[]>} */
  async #search(text, signal) {
    if (isTooShort(text)) return [];
    const { items } = await get(`/tickets?${new URLSearchParams({ q: text, limit: String(FOUND) })}`, { signal });
    return items;
  }

  /** @param {any[]} rows */
  #take(rows) {
    this.#found = rows.map((row) => ({ id: `ticket:${row.id}`, name: row.subject, hint: `${row.ticket_no} · ${row.customer.name}`, icon: "chat", act: () => ways.ticket(row.id) }));
    this.#draw({ keep: true });
  }

  #entries() {
    const typed = this.#text;
    const number = numberIn(typed);
    const jump = number === null ? [] : [{ id: "jump", name: t("Go to ticket {number}", { number }), icon: "chevron-right", act: () => this.#jump(number) }];
    const search = typed && !isTooShort(typed) ? [{ id: "search-for", name: t("Search all tickets for “{text}”", { text: typed }), icon: "search", act: () => ways.view({ queue: "all", q: typed }) }] : [];
    return [...jump, ...ranked(commands.possible, typed, recent()), ...this.#found, ...search];
  }

  /** `keep` leaves the choice where it is: what was found may come in while somebody walks. */
  #draw({ keep = false } = {}) {
    const chosen = keep ? this.#shown[this.#at]?.id : null;
    this.#shown = this.#entries();
    this.#at = Math.max(0, this.#shown.findIndex(({ id }) => id === chosen));
    this.list.replaceChildren(...this.#shown.map((entry, at) => this.#option(entry, at)));
    this.#mark();
    this.#say(tn("{count} choice", "{count} choices", this.#shown.length));
  }

  /** @param {Entry} entry @param {number} at */
  #option({ name, icon: picture, hint, keys = [] }, at) {
    const [key] = keys.filter((press) => preferences.shortcuts || !isCharacter(press));
    return h("li", { class: "palette-option", id: `palette-${at}`, role: "option", "aria-selected": "false", onclick: () => this.#do(at), onpointermove: () => this.#go(at) },
      icon(picture ?? "chevron-right", "small"), h("span", { class: "palette-name", dir: "auto" }, name),
      hint ? h("span", { class: "hint" }, hint) : null, key ? h("span", { class: "palette-keys", "aria-hidden": "true" }, ...keycaps(key)) : null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.target !== this.field) return;
    const last = this.#shown.length - 1;
    const next = /** @type {Record<string, number>} */ ({ ArrowDown: this.#at < last ? this.#at + 1 : 0, ArrowUp: this.#at > 0 ? this.#at - 1 : last, PageDown: Math.min(last, this.#at + 8), PageUp: Math.max(0, this.#at - 8) })[event.key];
    if (next !== undefined) this.#go(next);
    else if (event.key === "Enter") this.#do(this.#at);
    else return;
    event.preventDefault();
  }

  /** @param {number} at */
  #go(at) {
    if (at === this.#at || !this.#shown[at]) return;
    this.#at = at;
    this.#mark();
  }

  #mark() {
    for (const option of this.list.children) option.setAttribute("aria-selected", String(option.id === `palette-${this.#at}`));
    const chosen = this.list.children[this.#at];
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  /** Closed first, so that the focus is back before the command takes it elsewhere. @param {number} at */
  #do(at) {
    const entry = this.#shown[at];
    if (!entry) return;
    if (entry.id === "jump") return entry.act();
    this.dialog.close();
    remember(entry.id);
    entry.act();
  }

  /** A number that nobody has leaves the palette open, for a digit may be wrong. @param {number} number */
  async #jump(number) {
    try {
      await get(`/ticket/${number}`);
      this.dialog.close();
      ways.ticket(number);
    } catch (problem) {
      const { status, detail } = /** @type {import("../lib/http.js").Problem} */ (problem);
      this.trouble.textContent = status === 404 ? t("There is no ticket with the number {number}.", { number }) : detail;
    }
  }

  /** @param {string} words */
  #say(words) {
    this.said.textContent = words;
  }
}

const shelf = storageOf(globalThis);
const keyOfRecent = () => `csts:commands:${page.me?.id}`;

/** @returns {string[]} */
function recent() {
  try {
    const held = JSON.parse(shelf.getItem(keyOfRecent()) ?? "[]");
    return Array.isArray(held) ? held : [];
  } catch {
    return [];
  }
}

/** @param {string} id */
function remember(id) {
  try {
    shelf.setItem(keyOfRecent(), JSON.stringify(used(recent(), id)));
  } catch {
    // A full device: the order stays as it was.
  }
}

/** @type {Palette|null} */
let palette = null;

export function openPalette() {
  palette ??= new Palette();
  palette.open();
}
