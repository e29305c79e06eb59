/** Keeps a page of full height above a phone's keyboard where the browser lays the keyboard over the page. */

/** Sets `--visible-height` on the root while the visible part of the page is smaller than the page. */
export function followKeyboard({ signal } = {}) {
  const viewport = globalThis.visualViewport;
  if (!viewport) return;
  const follow = () => {
    const covered = globalThis.innerHeight - viewport.height * viewport.scale > 1 && viewport.scale === 1;
    const root = document.documentElement;
    if (covered) root.style.setProperty("--visible-height", `${viewport.height}px`);
    else root.style.removeProperty("--visible-height");
    // Safari scrolls the page under the keyboard to show the field; the composer is in view already.
    if (covered) globalThis.scrollTo(0, 0);
  };
  // Not at once: no page begins with a keyboard, and to ask for sizes has all of it laid out.
  viewport.addEventListener("resize", follow, { signal });
}
