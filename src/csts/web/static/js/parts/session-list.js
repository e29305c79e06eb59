/** <session-list>: where this person is signed in, and a way out of each place. */

import { h, icon, moment, need } from "../lib/dom.js";
import { call, get } from "../lib/http.js";
import { t } from "../lib/words.js";
import { toast } from "./toast.js";

const SKELETON_AFTER_MS = 200;
const PHONES = ["Android", "iPhone"];

/** @typedef {{id: string, browser: string|null, system: string|null, address: string, begun_at: string, last_used_at: string, current: boolean}} Session */

class SessionList extends HTMLElement {
  connectedCallback() {
    this.rows = h("ul", { class: "sessions", role: "list" });
    this.others = h("button", { type: "button", class: "button", onclick: () => this.#endOthers() }, t("Sign out everywhere else"));
    document.addEventListener("sessions-changed", () => this.refresh());
    this.refresh();
  }

  async refresh() {
    const waiting = setTimeout(() => this.replaceChildren(h("div", { class: "session skeleton", "aria-hidden": "true" })), SKELETON_AFTER_MS);
    try {
      this.#show(await get("/sessions"));
    } catch (problem) {
      const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
      this.replaceChildren(h("div", { class: "session", role: "alert" }, h("p", {}, /** @type {Error} */ (problem).message), again));
    } finally {
      clearTimeout(waiting);
    }
  }

  /** This one first. @param {Session[]} sessions */
  #show(sessions) {
    const ordered = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));
    this.rows.replaceChildren(...ordered.map((session) => this.#row(session)));
    this.others.hidden = sessions.length < 2;
    this.replaceChildren(this.rows, this.others);
  }

  /** @param {Session} session */
  #row(session) {
    const name = nameOf(session);
    const end = h("button", { type: "button", class: "button quiet", "aria-label": t("Sign out: {name}", { name }), onclick: () => this.#end(session) }, t("Sign out"));
    return h("li", { class: "session", "data-session": session.id }, icon(PHONES.includes(session.system ?? "") ? "phone" : "screen"),
      h("div", { class: "session-what" },
        h("strong", {}, name),
        h("span", { class: "hint" }, session.address ? `${session.address} · ` : "", t("signed in"), " ", moment(session.begun_at), " · ", t("last used"), " ", moment(session.last_used_at))),
      session.current ? h("span", { class: "pill success" }, icon("check", "small"), t("This one")) : end);
  }

  /** @param {Session} session */
  #end({ id }) {
    return this.#change(`/sessions/${encodeURIComponent(id)}`, t("Signed out there."));
  }

  #endOthers() {
    return this.#change("/sessions", t("Signed out everywhere else."));
  }

  /** One that somebody else has ended meanwhile is over all the same. @param {string} path @param {string} said */
  async #change(path, said) {
    try {
      await call("DELETE", path).catch((problem) => {
        if (problem.code !== "not_found") throw problem;
      });
      toast(said);
      await this.refresh();
      // The button that was pressed is gone.
      need("#settings-sessions", document).focus();
    } catch (problem) {
      toast(/** @type {any} */ (problem).detail, { tone: "urgent" });
    }
  }
}

/** @param {Session} session */
function nameOf({ browser, system }) {
  if (browser && system) return t("{browser} on {system}", { browser, system });
  return browser ?? system ?? t("A program");
}

customElements.define("session-list", SessionList);
