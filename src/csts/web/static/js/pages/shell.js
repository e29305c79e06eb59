/** On every page: the account menu, times that stay true, and a session that lasts, or the question for a new sign-in. */

import { avatar, refreshTimes } from "../lib/dom.js";
import { earlyKeys } from "../lib/early-keys.js";
import { stayAwake } from "../lib/gate.js";
import { offline, renew } from "../lib/http.js";
import { closeStorage, storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { choose, followPreferences, preferences } from "../lib/preferences.js";
import { subscribe } from "../lib/push.js";
import { DOORS, followOtherTabs } from "../lib/session.js";
import { style } from "../lib/style.js";
import { exact, prepareTimes } from "../lib/time.js";
import { forgetOthers } from "../lib/unsent.js";

const YEAR_SECONDS = 31_536_000;
const secure = location.protocol === "https:" ? "; Secure" : "";

// The server reads the cookie and writes the theme into the page, so that the first paint is already right.
function remember(/** @type {string} */ name, /** @type {string} */ value) {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${value ? YEAR_SECONDS : 0}; SameSite=Lax${secure}`;
}

/** Here at once, and on the person's other machines from their next page on. @param {string} theme */
function chooseTheme(theme) {
  showTheme(theme);
  if (page.me) choose({ theme: /** @type {any} */ (theme || "system") }).catch(() => {});
}

/** The cookie is for the pages before a sign-in. @param {string} theme */
function showTheme(theme) {
  remember("csts_theme", theme);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function preferTheme() {
  if (!preferences.theme) return;
  const theme = preferences.theme === "system" ? "" : preferences.theme;
  showTheme(theme);
  const radio = /** @type {HTMLInputElement|null} */ (document.querySelector(`.theme-choice [value="${theme}"]`));
  if (radio) radio.checked = true;
}

function chooseLocale(/** @type {string} */ locale) {
  remember("csts_locale", locale);
  location.reload();
}

/** Loaded when it is needed, once in each visit at most. Where it cannot be, nothing of ours is there to say so. */
const signOut = () => Promise.all([import("../parts/sign-out.js"), style("toast").catch(() => {})]).then(([part]) => part.signOut(), () => alert(offline().detail));

/** Another tab has signed out. */
function leave() {
  closeStorage();
  location.assign(DOORS[page.me?.kind ?? "customer"].page);
}

/** Loaded when it is needed, which on most pages it never is. @param {CustomEvent} event */
async function signInAgain(event) {
  event.preventDefault();
  const { detail } = event;
  await import("../parts/signin-dialog.js").then(({ askToSignIn }) => askToSignIn(detail), detail.reject);
}

/** With every page closed, by the session that holds now. */
function beCalled() {
  if (page.me && preferences.notifications && globalThis.Notification?.permission === "granted") subscribe();
}

for (const placeholder of document.querySelectorAll(".avatar[data-name]")) {
  placeholder.replaceWith(avatar(placeholder.getAttribute("data-name") ?? ""));
}

// Of the hundreds that a page shows few are pointed at, and the first exact one costs the browser its calendars.
document.addEventListener("pointerover", ({ target }) => {
  const time = /** @type {Element} */ (target).closest("time[datetime]:not([title])");
  time?.setAttribute("title", exact(/** @type {string} */ (time.getAttribute("datetime"))));
});
document.querySelector(".theme-choice")?.addEventListener("change", (event) => chooseTheme(/** @type {HTMLInputElement} */ (event.target).value));
document.querySelector("#locale-choice")?.addEventListener("change", (event) => chooseLocale(/** @type {HTMLSelectElement} */ (event.target).value));
document.querySelector("[data-sign-out]")?.addEventListener("click", signOut);
document.addEventListener("signed-out", /** @type {EventListener} */ (signInAgain));
prepareTimes();
setInterval(() => refreshTimes(), 30_000);
// What listens to an agent's keys is the last part of his page to come.
if (page.me?.kind === "agent") earlyKeys.listen();
if (page.me) {
  forgetOthers(storageOf(globalThis), page.me);
  stayAwake(page, renew);
  // Nobody waits for it.
  (globalThis.requestIdleCallback ?? setTimeout)(beCalled);
  document.addEventListener("session-renewed", beCalled);
}
followOtherTabs({ left: leave });
document.addEventListener("preferences", preferTheme);
followPreferences();
