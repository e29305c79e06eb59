/** What all forms share: one sending at a time, errors beside their fields, focus on the first of them. */

import { h, icon, need } from "../lib/dom.js";
import { Problem } from "../lib/http.js";
import { t } from "../lib/words.js";

/** What the browser itself finds wrong, in our words. @param {HTMLInputElement} input */
function complaint(input) {
  const { validity } = input;
  if (validity.valueMissing) return input.type === "radio" ? t("Please choose one.") : t("Please fill this in.");
  if (validity.typeMismatch && input.type === "email") return t("That does not look like an e-mail address.");
  if (validity.tooShort) return t("Please use at least {count} characters.", { count: input.minLength });
  return input.validationMessage;
}

/** @param {HTMLFormElement} form @returns {{field: string, message: string}[]} the first complaint of each field */
export function check(form) {
  const found = new Map();
  for (const input of /** @type {Iterable<any>} */ (form.elements)) {
    if (!input.name || input.validity?.valid !== false || found.has(input.name)) continue;
    found.set(input.name, { field: input.name, message: complaint(input) });
  }
  return [...found.values()];
}

/** @param {HTMLElement} field @param {string} message empty takes the error away */
export function mark(field, message) {
  const line = need(".error", field);
  line.replaceChildren(...(message ? [icon("alert", "small"), h("span", {}, message)] : []));
  for (const input of field.querySelectorAll("input:not([type=file]), textarea, select")) {
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/** @param {HTMLFormElement} form @param {{field: string, message: string}[]} errors those without a field are told above the form */
export function show(form, errors) {
  clear(form);
  const loose = [];
  for (const { field, message } of errors) {
    const place = /** @type {HTMLElement|null} */ (form.querySelector(`[data-field="${CSS.escape(field.split(".")[0])}"]`));
    if (place) {
      mark(place, t(message));
      place.closest("details")?.setAttribute("open", "");
    } else loose.push(t(message));
  }
  say(form, loose.join(" "));
  if (errors.length) /** @type {HTMLElement|null} */ (form.querySelector("[aria-invalid=true]"))?.focus();
}

/** @param {HTMLFormElement} form */
export function clear(form) {
  for (const field of form.querySelectorAll("[data-field]")) mark(/** @type {HTMLElement} */ (field), "");
  say(form, "");
}

/** @param {HTMLFormElement} form @param {string} message */
export function say(form, message) {
  const notice = need("[data-form-error]", form);
  notice.hidden = !message;
  need("p", notice).textContent = message;
  if (message) notice.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLFormElement} form @param {unknown} failure */
export function tell(form, failure) {
  if (!(failure instanceof Problem)) throw failure;
  show(form, failure.errors.length ? failure.errors : [{ field: "", message: failure.detail }]);
}

/**
 * Sends the form with `send`, once at a time. What is wrong is told in the form; the text stays.
 * @param {HTMLFormElement} form @param {() => Promise<void>} send
 */
export function onSend(form, send) {
  const button = need("[type=submit]", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const wrong = check(form);
    if (wrong.length) return show(form, wrong);
    clear(form);
    button.setAttribute("aria-busy", "true");
    await send().catch((failure) => tell(form, failure)).finally(() => button.removeAttribute("aria-busy"));
  });
  form.addEventListener("input", (event) => {
    const field = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-field]"));
    if (field?.querySelector("[aria-invalid=true]")) mark(field, "");
  });
}
