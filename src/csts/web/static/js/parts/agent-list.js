/** <agent-list>: everybody who answers tickets; an admin makes accounts, changes them and switches them off. */

import { avatar, h, icon, need } from "../lib/dom.js";
import { call, get, post, put } from "../lib/http.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";
import { clear, onSend, say } from "./form.js";
import { revealIn } from "./reveal.js";
import { toast } from "./toast.js";

const SKELETON_AFTER_MS = 200;

class AgentList extends HTMLElement {
  /** @type {any} */
  #edited = null;

  connectedCallback() {
    this.dialog = need("dialog:has([data-agent])", document);
    this.form = need("[data-agent]", this.dialog);
    this.question = need("[data-off]", document);
    need("[data-add]", document).addEventListener("click", () => this.#open(null));
    need("[data-cancel]", this.dialog).addEventListener("click", () => this.dialog.close());
    need("[data-keep]", this.question).addEventListener("click", () => this.question.close());
    need("[data-deactivate]", this.question).addEventListener("click", () => this.#switch(this.#edited, false));
    revealIn(this.form);
    this.resetting = need("[data-reset]", document);
    need("[data-ask-reset]", this.form).addEventListener("click", () => this.resetting.showModal());
    need("[data-keep-factor]", document).addEventListener("click", () => this.resetting.close());
    need("[data-reset-now]", document).addEventListener("click", () => this.#resetFactor());
    onSend(this.form, () => this.#save());
    this.refresh();
  }

  async refresh() {
    const waiting = setTimeout(() => this.replaceChildren(h("div", { class: "agent-row skeleton" })), SKELETON_AFTER_MS);
    try {
      const agents = await get("/agents");
      this.replaceChildren(h("ul", { class: "agents surface", role: "list" }, ...agents.map((agent) => this.#row(agent))));
    } catch (problem) {
      const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
      this.replaceChildren(h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"), h("h2", {}, t("The agents could not be read")), h("p", {}, problem.message), again));
    } finally {
      clearTimeout(waiting);
    }
  }

  #row(agent) {
    const state = !agent.active ? h("span", { class: "pill" }, t("Deactivated")) : agent.online ? h("span", { class: "pill success" }, icon("check", "small"), t("Online")) : null;
    const isMe = agent.id === page.me?.id;
    const toggle = isMe ? null : agent.active
      ? h("button", { type: "button", class: "button quiet", "aria-label": t("Deactivate {name}", { name: agent.name }), onclick: () => this.#ask(agent) }, t("Deactivate"))
      : h("button", { type: "button", class: "button quiet", "aria-label": t("Activate {name}", { name: agent.name }), onclick: () => this.#switch(agent, true) }, t("Activate"));
    const change = h("button", { type: "button", class: "button", "aria-label": t("Edit {name}", { name: agent.name }), onclick: () => this.#open(agent) }, t("Edit"));
    return h("li", { class: "agent-row" }, avatar(agent.name),
      h("div", { class: "agent-who" }, h("strong", { dir: "auto" }, agent.name), h("span", { class: "hint" }, agent.username, isMe ? ` · ${t("you")}` : "")),
      h("span", { class: "agent-marks" }, agent.role === "admin" ? h("span", { class: "pill accent" }, t("Admin")) : null, state),
      h("span", { class: "agent-acts" }, toggle, change));
  }

  #open(agent) {
    this.#edited = agent;
    this.form.reset();
    clear(this.form);
    const { name, username, email, role, password } = this.form.elements;
    name.value = agent?.name ?? "";
    username.value = agent?.username ?? "";
    email.value = agent?.email ?? "";
    role.value = agent?.role ?? "agent";
    password.required = !agent;
    need("[data-factor]", this.form).hidden = !agent || agent.id === page.me?.id;
    need("[data-title]", this.form).textContent = agent ? t("Edit {name}", { name: agent.name }) : t("New agent");
    need("[data-save]", this.form).textContent = agent ? t("Save") : t("Make the account");
    need('label[for="password"]', this.form).textContent = agent ? t("New password (empty keeps the old one)") : t("Password");
    this.dialog.showModal();
  }

  async #save() {
    const { password, email, ...given } = Object.fromEntries(new FormData(this.form));
    const body = { ...given, email: email || null, ...(password ? { password } : {}) };
    if (this.#edited) await put(`/agents/${this.#edited.id}`, body);
    else await post("/agents", body);
    this.dialog.close();
    await this.refresh();
    toast(this.#edited ? t("Saved.") : t("{name} can sign in now.", { name: given.name }));
  }

  #ask(agent) {
    this.#edited = agent;
    this.question.showModal();
  }

  async #switch(agent, active) {
    this.question.close();
    try {
      await put(`/agents/${agent.id}`, { active });
      await this.refresh();
    } catch (problem) {
      toast(problem.detail, { tone: "urgent" });
    }
  }

  async #resetFactor() {
    this.resetting.close();
    try {
      await call("DELETE", `/agents/${this.#edited.id}/factor`);
      this.dialog.close();
      toast(t("{name} signs in with the password alone now.", { name: this.#edited.name }));
    } catch (problem) {
      say(this.form, problem.detail);
    }
  }
}

customElements.define("agent-list", AgentList);
