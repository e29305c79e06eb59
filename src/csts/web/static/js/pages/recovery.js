/** A forgotten password and a link from a letter: one form goes out, and what comes next is shown in its place. */

import { need } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { page } from "../lib/page.js";
import { onSend } from "../parts/form.js";
import { revealIn } from "../parts/reveal.js";

const form = /** @type {HTMLFormElement|null} */ (document.querySelector("form[data-send]"));

/** @param {HTMLFormElement} sent @param {string} next */
function showInstead(sent, next) {
  sent.hidden = true;
  const section = need(next);
  section.hidden = false;
  need("h1", section).focus();
}

/** @param {HTMLFormElement} asked */
function begin(asked) {
  const wantsToken = "token" in asked.dataset;
  const token = location.hash.slice(1);
  if (wantsToken && !token) return showInstead(asked, "[data-lost]");
  revealIn(asked);
  onSend(asked, async () => {
    const typed = Object.fromEntries(new FormData(asked));
    await post(asked.dataset.send ?? "", wantsToken ? { ...typed, token } : typed);
    // Used up: it need not lie about in the history.
    history.replaceState(null, "", location.pathname);
    showInstead(asked, "[data-done]");
  });
}

// Another link in the same tab is the same page to a browser, which would leave what it shows as it is.
addEventListener("hashchange", () => location.reload());
// Nobody is signed in here, and a refusal is no ended session.
page.me = null;
if (form) begin(form);
