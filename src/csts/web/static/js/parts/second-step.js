/** The second step of signing in, on the page and in the dialog: a code of the app, or one of the paper beside it. */

import { Problem } from "../lib/http.js";
import { t } from "../lib/words.js";

/** @param {unknown} failure the password was right, and a code is wanted as well */
export const isSecondStep = (failure) => failure instanceof Problem && failure.code === "second_factor_required";

/** Letters are typed now, which the keyboard of a phone for numbers has not. @param {HTMLElement} button @param {HTMLInputElement} input */
export function recoverInstead(button, input) {
  input.inputMode = "text";
  input.autocomplete = "off";
  input.value = "";
  const field = /** @type {HTMLElement} */ (input.closest(".field"));
  const [label, hint] = [field.querySelector("label"), field.querySelector(".hint")];
  if (label) label.textContent = t("Recovery code");
  if (hint) hint.textContent = t("One of those that you have kept. Each is good once.");
  button.hidden = true;
  input.focus();
}
