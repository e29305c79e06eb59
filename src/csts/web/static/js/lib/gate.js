/** The moments at which a reader comes back, so that whatever waits may try at once instead of waiting out its delay. */

/**
 * Calls `back` when the network, the window or the tab returns, or when a frozen tab goes on, until `signal` is aborted; a
 * network that goes is reason to look as well.
 */
export function onReturn(back, { signal, scope = globalThis } = {}) {
  const whenVisible = () => scope.document.visibilityState === "visible" && back();
  for (const name of ["online", "offline", "focus", "pageshow"]) scope.addEventListener(name, back, { signal });
  scope.document.addEventListener("visibilitychange", whenVisible, { signal });
  scope.document.addEventListener("resume", back, { signal });
}

/** Calls `leave` when the page may be about to go: the last moment at which writing to storage is sure. */
export function onLeave(leave, { signal, scope = globalThis } = {}) {
  const whenHidden = () => scope.document.visibilityState === "hidden" && leave();
  scope.addEventListener("pagehide", leave, { signal });
  scope.document.addEventListener("freeze", leave, { signal });
  scope.document.addEventListener("visibilitychange", whenHidden, { signal });
}

const RENEW_BEFORE_MS = 60_000;
const LOOK_EVERY_MS = 15_000;
const AGAIN_AFTER_MS = 5000;

/** Milliseconds until a session of `expiresIn` seconds should be renewed: a minute before its end, or halfway where it is short. */
export const renewIn = (expiresIn) => Math.max(expiresIn * 500, expiresIn * 1000 - RENEW_BEFORE_MS);

/**
 * Keeps the session of a page that lives long: renews it before it ends, again and again, until `signal` is aborted.
 * Timers stand still while a machine sleeps, so the clock on the wall decides, and the reader's return is a moment to look at it.
 */
export function stayAwake(page, renew, { signal, scope = globalThis } = {}) {
  let due = Infinity;
  let timer = null;
  const wait = () => {
    clearTimeout(timer);
    if (due < Infinity) timer = setTimeout(look, Math.min(LOOK_EVERY_MS, Math.max(0, due - Date.now())));
  };
  const look = () => {
    if (Date.now() >= due) {
      due = Date.now() + AGAIN_AFTER_MS;
      renew().catch(() => {});
    }
    wait();
  };
  const plan = () => {
    due = page.expires_in > 0 ? Date.now() + renewIn(page.expires_in) : Infinity;
    wait();
  };
  scope.document.addEventListener("session-renewed", plan, { signal });
  onReturn(look, { signal, scope });
  signal?.addEventListener("abort", () => clearTimeout(timer), { once: true });
  plan();
}
