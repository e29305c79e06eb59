/** The moments at which a reader comes back, so that whatever waits may try at once instead of waiting out its delay. */

/** Calls `back` when the network, the window or the tab returns, until `signal` is aborted; a network that goes is reason to look as well. */
export function onReturn(back, { signal, scope = globalThis } = {}) {
  const whenVisible = () => scope.document.visibilityState === "visible" && back();
  for (const name of ["online", "offline", "focus", "pageshow"]) scope.addEventListener(name, back, { signal });
  scope.document.addEventListener("visibilitychange", whenVisible, { signal });
}

/** Calls `leave` when the page may be about to go: the last moment at which writing to storage is sure. */
export function onLeave(leave, { signal, scope = globalThis } = {}) {
  const whenHidden = () => scope.document.visibilityState === "hidden" && leave();
  scope.addEventListener("pagehide", leave, { signal });
  scope.document.addEventListener("visibilitychange", whenHidden, { signal });
}

const RENEW_BEFORE_MS = 60_000;

/** Milliseconds until a session of `expiresIn` seconds should be renewed: a minute before its end, or halfway where it is short. */
export const renewIn = (expiresIn) => Math.max(expiresIn * 500, expiresIn * 1000 - RENEW_BEFORE_MS);

/** Keeps the session of a page that lives long: renews it before it ends, again and again, until `signal` is aborted. */
export function stayAwake(page, renew, { signal, scope = globalThis } = {}) {
  let timer = null;
  const plan = () => {
    clearTimeout(timer);
    if (page.expires_in > 0) timer = setTimeout(() => renew().catch(plan), renewIn(page.expires_in));
  };
  scope.document.addEventListener("session-renewed", plan, { signal });
  signal?.addEventListener("abort", () => clearTimeout(timer), { once: true });
  plan();
}
