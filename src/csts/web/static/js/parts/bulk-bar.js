/** <bulk-bar>: what can be done to the tickets that are chosen in the list, and the way back. */

import { isChanged, reasonsOf, requestsOf, undoOf } from "../lib/bulk.js";
import { colleagues } from "../lib/colleagues.js";
import { h, icon } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { name } from "../lib/names.js";
import { page } from "../lib/page.js";
import { preferences } from "../lib/preferences.js";
import { hasTag, knownTags } from "../lib/tags.js";
import { sentence, t, tn } from "../lib/words.js";
import { menuButton } from "./menu.js";
import { toast } from "./toast.js";

const UNDO_MS = 10_000;
const MOST_NAMED = 4;

/** Belongs to a <desk-list>: `list.checks` is what is chosen. */
class BulkBar extends HTMLElement {
  /** @type {any} */
  list = null;
  #busy = false;
  /** How the last change is undone, for as long as that is offered. @type {(() => void)|null} */
  #way = null;

  connectedCallback() {
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", t("Selected tickets"));
    this.count = h("span", { class: "bulk-count", role: "status" });
    this.all = h("button", { type: "button", class: "button quiet", onclick: () => this.list.checks.all() });
    const none = h("button", { type: "button", class: "icon-button", "aria-label": t("Select none"), title: t("Select none"), onclick: () => this.#leave() }, icon("close", "small"));
    this.acts = h("div", { class: "bulk-acts" }, ...MENUS.map(({ label, picture, choices, load }) =>
      menuButton({ name: t(label), content: [icon(picture, "small"), t(label)], class: "button" }, () => choices(this.list.checks.rows).map(({ change, ...choice }) => ({ ...choice, act: () => this.#change(change) })), load)));
    this.append(h("div", { class: "bulk-head" }, this.count, this.all, none), this.acts);
  }

  /** The list has other rows now, or others are chosen. */
  show() {
    const chosen = this.list.checks.rows.length;
    if (this.hidden && chosen) for (const known of [colleagues, knownTags]) known.load();
    this.hidden = !chosen;
    if (this.#busy || !chosen) return;
    const words = tn("{count} selected", "{count} selected", chosen);
    // Said anew only when it is new: the list is drawn at every word of anybody.
    if (this.count.textContent !== words) this.count.textContent = words;
    this.all.hidden = chosen === this.list.rows.length;
    this.all.textContent = t("Select all {count}", { count: this.list.rows.length });
  }

  #leave() {
    this.list.checks.set([]);
    this.list.focusRow();
  }

  /** @param {import("../lib/bulk.js").Values} change */
  async #change(change) {
    const { rows } = this.list.checks;
    const requests = requestsOf(rows, change);
    if (!requests.length) return toast(t("All of these are so already."));
    const { outcomes, broken } = await this.#ask("/tickets/bulk", requests, rows.length);
    const refused = reasonsOf(outcomes).flatMap(([, ids]) => ids);
    // What could not be done stays chosen, for another try or another way.
    if (!broken) this.list.checks.set(refused);
    this.#report(outcomes, broken, numbersOf(rows), tn("{count} ticket changed.", "{count} tickets changed.", outcomes.filter(isChanged).length));
  }

  /** @param {import("../lib/bulk.js").Outcome[]} outcomes @param {Map<number, string>} numbers */
  async #undo(outcomes, numbers) {
    const { outcomes: back, broken } = await this.#ask("/tickets/bulk/undo", undoOf(outcomes), outcomes.length);
    this.#report(back, broken, numbers, tn("{count} ticket is as it was before.", "{count} tickets are as they were before.", back.filter(isChanged).length), false);
  }

  /** One after the other: what was done before something broke is told all the same. @param {string} path @param {object[]} requests @param {number} total */
  async #ask(path, requests, total) {
    /** @type {import("../lib/bulk.js").Outcome[]} */
    const outcomes = [];
    if (this.#busy) return { outcomes, broken: null };
    this.#busy = true;
    this.acts.inert = true;
    try {
      for (const request of requests) {
        if (requests.length > 1) this.count.textContent = t("{done} of {count}…", { done: outcomes.length, count: total });
        outcomes.push(...(await post(path, request)).items);
      }
    } catch (problem) {
      return { outcomes, broken: /** @type {Error} */ (problem) };
    } finally {
      this.#busy = false;
      this.acts.inert = false;
    }
    return { outcomes, broken: null };
  }

  #report(outcomes, broken, numbers, done, undoable = true) {
    this.show();
    const refusals = reasonsOf(outcomes).map(([reason, ids]) => t("{numbers}: {reason}", { numbers: named(ids, numbers), reason: t(reason) }));
    const words = [outcomes.some(isChanged) ? done : "", ...refusals, broken?.message ?? ""].filter(Boolean);
    if (!words.length) return;
    const undo = undoable && outcomes.some(isChanged) ? () => this.#undo(outcomes, numbers) : null;
    this.#offer(undo);
    const action = undo ? { name: t("Undo"), act: () => this.takeBack(), key: preferences.shortcuts ? "z" : undefined } : undefined;
    toast(words.join(" "), { tone: refusals.length || broken ? "urgent" : "info", action, stays: UNDO_MS });
  }

  /** @param {(() => void)|null} undo */
  #offer(undo) {
    this.#way = undo;
    setTimeout(() => this.#way === undo && (this.#way = null), UNDO_MS);
  }

  get isUndoOffered() {
    return this.#way !== null;
  }

  takeBack() {
    const undo = this.#way;
    this.#way = null;
    undo?.();
  }
}

const MENUS = [
  { label: sentence("Assign"), picture: "user", choices: assignees, load: () => colleagues.load() },
  { label: sentence("Status"), picture: "check", choices: () => page.options.statuses.map((status) => ({ name: name(status), change: { status } })) },
  { label: sentence("Priority"), picture: "alert", choices: () => page.options.priorities.toReversed().map((priority) => ({ name: name(priority), change: { priority } })) },
  { label: sentence("Tags"), picture: "tag", choices: tagsOf, load: () => knownTags.load() },
];

/** What only some have can be put on all, and what any has can be taken off. @param {import("../lib/desk.js").Row[]} rows */
function tagsOf(rows) {
  const theirs = [...new Set(rows.flatMap(({ tags = [] }) => tags))];
  const lacking = [...new Set([...theirs, ...knownTags.names])].filter((tag) => rows.some(({ tags }) => !hasTag(tags, tag)));
  const add = lacking.map((tag) => ({ name: t("Add {tag}", { tag }), icon: "plus", change: { add_tags: [tag] } }));
  const remove = theirs.map((tag) => ({ name: t("Remove {tag}", { tag }), icon: "minus", change: { remove_tags: [tag] } }));
  return [...add, ...remove];
}

function assignees() {
  const me = page.me?.id;
  const others = colleagues.active.filter(({ id }) => id !== me).map(({ id, name: who, online }) => ({ name: who, icon: "user", hint: online ? t("online") : "", change: { agent_id: id } }));
  return [{ name: t("Assign to me"), icon: "claim", change: { agent_id: me } }, { name: t("Nobody"), icon: "inbox", change: { agent_id: null } }, ...others];
}

/** @param {import("../lib/desk.js").Row[]} rows */
const numbersOf = (rows) => new Map(rows.map(({ id, ticket_no: number }) => [id, number]));

/** @param {number[]} ids @param {Map<number, string>} numbers */
function named(ids, numbers) {
  const shown = ids.slice(0, MOST_NAMED).map((id) => numbers.get(id) ?? `#${id}`).join(", ");
  return ids.length > MOST_NAMED ? t("{numbers} and {count} more", { numbers: shown, count: ids.length - MOST_NAMED }) : shown;
}

customElements.define("bulk-bar", BulkBar);
