/** What an article or a rule said, the newest version first, each with what it changed. */

import { h, icon, moment } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { t } from "../lib/words.js";
import { failure } from "./failure.js";
import { changeList, changesBetween, whole } from "./version-difference.js";

/** Fills `element` when it is refreshed; `take` puts a version into a form, and is null for who may not. */
export class VersionHistory {
  #path;
  #kind;
  #take;
  /** @type {any[]} */
  #revisions = [];
  /** @type {string|null} */
  #cursor = null;
  #asked = 0;
  #list = h("ol", { class: "revisions surface", role: "list" });

  /** @param {{path: string, kind: import("../lib/versions.js").Kind, take: ((version: any) => void)|null}} what */
  constructor({ path, kind, take }) {
    this.#path = path;
    this.#kind = kind;
    this.#take = take;
    this.element = h("div");
  }

  async refresh() {
    await this.#read(null);
  }

  /** The newest, or those behind them; of an answer from before the newest were asked for anew nothing is shown. @param {string|null} cursor */
  async #read(cursor) {
    const asked = cursor ? this.#asked : ++this.#asked;
    try {
      const { items, next_cursor } = await get(`${this.#path}${cursor ? `?${new URLSearchParams({ cursor })}` : ""}`);
      if (asked !== this.#asked || (cursor && cursor !== this.#cursor)) return;
      this.#revisions = cursor ? [...this.#revisions, ...items] : items;
      this.#cursor = next_cursor;
      this.#draw();
    } catch (problem) {
      if (asked === this.#asked) this.element.replaceChildren(failure(t("The history could not be read"), /** @type {Error} */ (problem), () => this.refresh()));
    }
  }

  /** The oldest one that was read waits for the one before it, to tell what it changed. */
  #draw() {
    const all = this.#revisions;
    const shown = this.#cursor ? all.slice(0, -1) : all;
    this.#list.replaceChildren(...shown.map((each, at) => this.#row(each, all[at + 1])));
    const more = h("button", { type: "button", class: "button wide", onclick: () => this.#read(this.#cursor) }, t("Older versions"));
    this.element.replaceChildren(this.#list, ...(this.#cursor ? [more] : []));
  }

  /** @param {any} revision @param {any} before undefined for the first one */
  #row(revision, before) {
    const body = h("div", { class: "revision-body" });
    const details = h("details", {}, this.#summary(revision, before), body);
    // Differences are found when somebody looks at them: there may be fifty, of ten thousand characters each.
    details.addEventListener("toggle", () => body.childElementCount || body.append(...this.#told(revision, before)));
    return h("li", {}, details);
  }

  /** @param {any} revision @param {any} before */
  #summary({ version, by, at }, before) {
    return h("summary", {}, icon("chevron-right", "small"),
      h("strong", {}, t("Version {number}", { number: version })),
      h("span", { class: "revision-who", dir: "auto" }, by ? by.name : t(this.#kind.nobody)),
      before ? null : h("span", { class: "pill" }, t("First version")),
      moment(at));
  }

  /** @param {any} revision @param {any} before */
  #told(revision, before) {
    const isNewest = revision === this.#revisions[0];
    const again = this.#take && !isNewest
      ? h("button", { type: "button", class: "button", onclick: () => this.#take?.(revision) }, icon("history", "small"), t("Put this version into the form"))
      : null;
    return [changeList(before ? changesBetween(this.#kind, before, revision) : whole(this.#kind, revision)), ...(again ? [again] : [])];
  }
}
