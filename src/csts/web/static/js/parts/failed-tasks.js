/** <failed-tasks>: background work that has failed for good; an admin tries it again, or discards it. */

import { h, icon, moment, need } from "../lib/dom.js";
import { call, get, post } from "../lib/http.js";
import { sentence, t, tn } from "../lib/words.js";
import { toast } from "./toast.js";

const SKELETON_AFTER_MS = 200;

/** What each kind of work does; a newer server may know more. @type {Record<string, string>} */
const WORK = { question: sentence("Answer a ticket"), learn: sentence("Learn the articles"), mail: sentence("Send a letter"), password_reset: sentence("Send a link for a new password"), erase: sentence("Erase a customer"), retitle: sentence("Find tickets by a new address"), wake: sentence("Bring a snoozed ticket back") };

class FailedTasks extends HTMLElement {
  /** @type {string|null} */
  #cursor = null;

  connectedCallback() {
    this.rows = h("ul", { class: "wrongs", role: "list" });
    this.more = h("button", { type: "button", class: "button wide", hidden: true, onclick: () => this.#read() }, t("Older ones"));
    this.place = h("div");
    this.dialog = need("dialog[data-discard]", document);
    need("[data-keep]", this.dialog).addEventListener("click", () => this.dialog.close());
    this.append(this.place);
    this.refresh();
  }

  async refresh() {
    this.#cursor = null;
    this.rows.replaceChildren();
    const waiting = setTimeout(() => this.place.replaceChildren(h("div", { class: "wrong surface skeleton", "aria-hidden": "true" })), SKELETON_AFTER_MS);
    await this.#read();
    clearTimeout(waiting);
  }

  async #read() {
    try {
      const query = this.#cursor ? `?${new URLSearchParams({ cursor: this.#cursor })}` : "";
      const { items, next_cursor } = await get(`/tasks/failed${query}`);
      this.#cursor = next_cursor;
      this.rows.append(...items.map((/** @type {any} */ item) => this.#row(item)));
      this.#show();
    } catch (problem) {
      const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
      this.place.replaceChildren(h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"), h("h3", {}, t("The list could not be read")), h("p", {}, /** @type {any} */ (problem).detail), again));
    }
  }

  #show() {
    this.more.hidden = !this.#cursor;
    if (this.rows.childElementCount) return this.place.replaceChildren(this.rows, this.more);
    this.place.replaceChildren(h("div", { class: "empty surface" }, icon("check"), h("h3", {}, t("Nothing has failed")), h("p", {}, t("What the desk does by itself is done, or under way."))));
  }

  /** @param {any} item */
  #row(item) {
    const { id, name, ticket_id: ticketId, tries, error, failed_at: failedAt } = item;
    const act = (/** @type {string} */ words, /** @type {string} */ symbol, /** @type {() => void} */ does) => h("button", { type: "button", class: "button", onclick: does }, icon(symbol, "small"), words);
    const row = h("li", { class: "wrong surface", "data-task": id },
      h("h3", { class: "task-name" }, WORK[name] ? t(WORK[name]) : name),
      h("p", { class: "wrong-facts" }, t("Failed for good"), " ", moment(failedAt), tries ? ` · ${tn("{count} try", "{count} tries", tries)}` : ""),
      error ? h("pre", { class: "task-error", dir: "ltr", tabindex: "0", "aria-label": t("Last error") }, error) : null,
      h("div", { class: "wrong-acts" },
        ticketId ? h("a", { href: `/desk/tickets/${ticketId}` }, icon("inbox", "small"), t("Its ticket")) : null,
        h("span", { class: "task-acts" },
          act(t("Try again"), "retry", () => this.#do(row, () => post(`/tasks/failed/${id}/retry`), t("It is tried again."))),
          act(t("Discard"), "trash", () => this.#ask(row, id)))));
    return row;
  }

  /** @param {HTMLElement} row @param {number} id */
  #ask(row, id) {
    const now = /** @type {HTMLButtonElement} */ (need("[data-discard-now]", this.dialog));
    now.onclick = () => {
      this.dialog.close();
      this.#do(row, () => call("DELETE", `/tasks/failed/${id}`), t("Discarded."));
    };
    this.dialog.showModal();
  }

  /** Off the list, and the focus goes to the next one; one that somebody else has looked after goes as well. @param {HTMLElement} row @param {() => Promise<any>} act @param {string} said */
  async #do(row, act, said) {
    if (row.hasAttribute("aria-busy")) return;
    row.setAttribute("aria-busy", "true");
    try {
      await act();
      this.#take(row, said);
    } catch (problem) {
      row.removeAttribute("aria-busy");
      const { code, detail } = /** @type {any} */ (problem);
      if (code === "not_found") return this.#take(row, t("Somebody else has looked after it already."));
      toast(detail, { tone: "urgent" });
    }
  }

  /** @param {HTMLElement} row @param {string} said */
  #take(row, said) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.#show();
    toast(said);
    (next?.querySelector("button") ?? need("#background-title", document)).focus();
  }
}

customElements.define("failed-tasks", FailedTasks);
