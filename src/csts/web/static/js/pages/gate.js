/** Signing in and up: the form goes out as JSON and the session comes back as cookies. */

import { icon, need } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";
import { onSend } from "../parts/form.js";

const form = /** @type {HTMLFormElement} */ (need("form[data-send]"));

async function send() {
  const { send: first, then, next } = /** @type {Record<string, string>} */ ({ ...form.dataset });
  const typed = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
  if (then) await post(first, typed);
  const { name: _name, ...credentials } = typed;
  await post(then ?? first, { ...credentials, session: "cookie" });
  location.assign(next);
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  button.addEventListener("click", () => {
    const input = /** @type {HTMLInputElement} */ (button.previousElementSibling);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.setAttribute("aria-label", shown ? t("Hide the password") : t("Show the password"));
    button.replaceChildren(icon(shown ? "eye-off" : "eye"));
  });
}

// A failed sign-in must not be taken for an ended session: here nobody is signed in yet.
page.me = null;
onSend(form, send);
