/** Signing in and up: the form goes out as JSON and the session comes back as cookies. */

import { need } from "../lib/dom.js";
import { post, Problem } from "../lib/http.js";
import { storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { DOORS } from "../lib/session.js";
import { forgetKind, hasWords } from "../lib/unsent.js";
import { onSend } from "../parts/form.js";
import { revealIn } from "../parts/reveal.js";
import { isSecondStep, recoverInstead } from "../parts/second-step.js";

const form = /** @type {HTMLFormElement} */ (need("form[data-send]"));

async function send() {
  const { send: first, then, next } = /** @type {Record<string, string>} */ ({ ...form.dataset });
  const typed = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
  if (then) await post(first, typed);
  const { name: _name, ...credentials } = typed;
  try {
    await post(then ?? first, { ...credentials, session: "cookie" });
  } catch (problem) {
    if (isSecondStep(problem)) return showStep("code");
    if (problem instanceof Problem && problem.code === "bad_credentials") showStep("name");
    throw problem;
  }
  await forgetDeparted(first.startsWith("/agent") ? "customer" : "agent");
  location.assign(next);
}

/**
 * Of each kind one may be signed in here. Words of whoever was of the other kind stay only while he still is; those of his own kind
 * go with the next page.
 * @param {"customer"|"agent"} other
 */
async function forgetDeparted(other) {
  const shelf = storageOf(globalThis);
  if (!hasWords(shelf, other)) return;
  const answer = await fetch(`${DOORS[other].api}/refresh`, { method: "POST" }).catch(() => null);
  if (answer?.status === 401) forgetKind(shelf, other);
}

/** The name and the password stay in the form, and go out once more with the code. @param {"name"|"code"} step */
function showStep(step) {
  const code = /** @type {HTMLFieldSetElement|null} */ (form.querySelector("[data-step=code]"));
  if (!code) return;
  code.hidden = code.disabled = step === "name";
  need("[data-step=name]", form).hidden = step === "code";
  if (step === "code") need("input", code).focus();
}

form.querySelector("[data-recover]")?.addEventListener("click", (event) => recoverInstead(/** @type {HTMLElement} */ (event.currentTarget), need("#code", form)));

// A failed sign-in must not be taken for an ended session: here nobody is signed in yet.
page.me = null;
revealIn(document);
onSend(form, send);
