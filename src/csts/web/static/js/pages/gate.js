/** Signing in and up: the form goes out as JSON and the session comes back as cookies. */

import { need } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { page } from "../lib/page.js";
import { onSend } from "../parts/form.js";
import { revealIn } from "../parts/reveal.js";

const form = /** @type {HTMLFormElement} */ (need("form[data-send]"));

async function send() {
  const { send: first, then, next } = /** @type {Record<string, string>} */ ({ ...form.dataset });
  const typed = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
  if (then) await post(first, typed);
  const { name: _name, ...credentials } = typed;
  await post(then ?? first, { ...credentials, session: "cookie" });
  location.assign(next);
}

// A failed sign-in must not be taken for an ended session: here nobody is signed in yet.
page.me = null;
revealIn(document);
onSend(form, send);
