/** The eye beside a password: shows what was typed, and hides it again. */

import { icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** @param {ParentNode} root */
export function revealIn(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) button.addEventListener("click", () => turn(button));
}

/** @param {Element} button */
function turn(button) {
  const input = /** @type {HTMLInputElement} */ (button.previousElementSibling);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.setAttribute("aria-label", shown ? t("Hide the password") : t("Show the password"));
  button.replaceChildren(icon(shown ? "eye-off" : "eye"));
}
