/** The moments at which a reader comes back, so that whatever waits may try at once instead of waiting out its delay. */

/** Calls `back` when the network, the window or the tab returns, until `signal` is aborted. */
export function onReturn(back, { signal, scope = globalThis } = {}) {
  const whenVisible = () => scope.document.visibilityState === "visible" && back();
  for (const name of ["online", "focus", "pageshow"]) scope.addEventListener(name, back, { signal });
  scope.document.addEventListener("visibilitychange", whenVisible, { signal });
}

/** Calls `leave` when the page may be about to go: the last moment at which writing to storage is sure. */
export function onLeave(leave, { signal, scope = globalThis } = {}) {
  const whenHidden = () => scope.document.visibilityState === "hidden" && leave();
  scope.addEventListener("pagehide", leave, { signal });
  scope.document.addEventListener("visibilitychange", whenHidden, { signal });
}
