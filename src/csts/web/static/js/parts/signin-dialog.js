/** When the session is over the page stays as it is, and asks for the password over it: nothing that was typed is lost. */

import { h, need } from "../lib/dom.js";
import { Problem, offline, problem } from "../lib/http.js";
import { page } from "../lib/page.js";
import { sentence, t } from "../lib/words.js";
import { isSecondStep, recoverInstead } from "./second-step.js";

const DOORS = {
  customer: { path: "/user/login", field: "email", label: sentence("E-mail address"), type: "email" },
  agent: { path: "/agent/login", field: "username", label: sentence("User name"), type: "text" },
};

/** @param {"customer"|"agent"} kind */
function form(kind) {
  const door = DOORS[kind];
  return h("form", { class: "stack", method: "post" },
    h("h2", { id: "again-title" }, t("Please sign in again")),
    h("p", {}, t("Your session has ended. What you typed is still here.")),
    h("div", { class: "notice urgent", role: "alert", hidden: true }, h("p")),
    h("div", { class: "field" },
      h("label", { for: "again-name" }, t(door.label)),
      h("input", { class: "input", id: "again-name", name: door.field, type: door.type, autocomplete: "username", required: true })),
    h("div", { class: "field" },
      h("label", { for: "again-password" }, t("Password")),
      h("input", { class: "input", id: "again-password", name: "password", type: "password", autocomplete: "current-password", required: true })),
    h("div", { class: "field", hidden: true, "data-code": true },
      h("label", { for: "again-code" }, t("Code")),
      h("p", { class: "hint", id: "again-code-hint" }, t("Six digits, from your authenticator app.")),
      h("input", { class: "input", id: "again-code", name: "code", type: "text", inputmode: "numeric", autocomplete: "one-time-code", autocapitalize: "none", spellcheck: "false", maxlength: 40, "aria-describedby": "again-code-hint", required: true, disabled: true }),
      h("button", { class: "button quiet", type: "button", "data-recover": true }, t("Use a recovery code"))),
    h("button", { class: "button primary wide", type: "submit" }, t("Sign in")),
    h("button", { class: "button quiet wide", type: "button", "data-cancel": true }, t("Not now")));
}

/** @param {HTMLFormElement} asked @returns {Promise<any>} */
async function signIn(asked) {
  const body = JSON.stringify({ ...Object.fromEntries(new FormData(asked)), session: "cookie" });
  const path = DOORS[page.me?.kind ?? "customer"].path;
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => {
    throw offline();
  });
  if (!response.ok) throw problem(response.status, await response.text());
  return response.json();
}

/** @param {{resolve: (session: any) => void, reject: () => void}} settle */
export function askToSignIn({ resolve, reject }) {
  const asked = /** @type {HTMLFormElement} */ (form(page.me?.kind ?? "customer"));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "aria-labelledby": "again-title" }, asked));
  const open = new AbortController();
  const finish = (/** @type {() => void} */ then) => {
    open.abort();
    dialog.close();
    dialog.remove();
    then();
  };
  // Another tab asked as well, and got its answer.
  document.addEventListener("session-renewed", () => finish(() => {}), { signal: open.signal });
  asked.addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    await signIn(asked).then((session) => finish(() => welcome(session, resolve)), (failure) => (isSecondStep(failure) ? askForCode(asked) : tell(asked, failure)));
  });
  need("[data-cancel]", asked).addEventListener("click", () => finish(reject));
  dialog.addEventListener("cancel", () => finish(reject));
  document.body.append(dialog);
  dialog.showModal();
}

/** The name and the password stay as they are. @param {HTMLFormElement} asked */
function askForCode(asked) {
  const [field, input] = [need("[data-code]", asked), need("#again-code", asked)];
  field.hidden = input.disabled = false;
  need("[data-recover]", field).onclick = (/** @type {Event} */ event) => recoverInstead(/** @type {HTMLElement} */ (event.currentTarget), input);
  need("[role=alert]", asked).hidden = true;
  input.focus();
}

/** @param {any} session @param {(session: any) => void} resolve */
function welcome(session, resolve) {
  const person = session.user ?? session.agent;
  // Somebody else signed in: this page shows what belongs to another person.
  if (person?.id !== page.me?.id) location.assign("/");
  else resolve(session);
}

/** @param {HTMLFormElement} asked @param {unknown} failure */
function tell(asked, failure) {
  const notice = need("[role=alert]", asked);
  notice.hidden = false;
  notice.firstChild.textContent = failure instanceof Problem ? failure.detail : String(failure);
  const code = need("#again-code", asked);
  (code.disabled ? need("#again-password", asked) : code).select();
}
