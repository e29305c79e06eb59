/**
 * What somebody does before the scripts of a page are there, over a slow network: kept, and done when they are.
 *
 * The one script that the browser runs before it shows a page, so it is a classic one and small. It leaves to the browser
 * whatever works without scripts: links, menus, and the one form that has an address to search at. Decision 42.
 */
"use strict";

// A block, so that no name of it is one of the page.
{
  /** Whose script every page has, and runs first; all else is the page's own, but for what every page of an agent has, which comes last. */
  const OF_FRAME = "[data-sign-out], .theme-choice input, #locale-choice";
  const OF_HANDS = "[data-palette], [data-keys]";
  /** @typedef {{type: string, target: any, submitter?: HTMLElement|null}} Deed */
  /** @type {Deed[]} */
  let kept = [];
  /** What has run: nothing, what every page has, the page's own, or all. */
  let ran = 0;
  let isBroken = false;

  const isNative = (/** @type {HTMLFormElement} */ form) => form.method === "dialog" || (form.method === "get" && form.hasAttribute("action"));
  const neededBy = (/** @type {Element} */ target) => (target.matches(OF_FRAME) ? 1 : target.matches(OF_HANDS) ? 3 : 2);

  /** @param {Deed} deed */
  function keep(deed) {
    kept = [...kept.filter(({ type, target }) => type !== deed.type || target !== deed.target), deed];
    busy(deed, true);
  }

  /** @param {Deed} deed @param {boolean} isBusy */
  function busy({ type, target, submitter }, isBusy) {
    const button = type === "submit" ? submitter : type === "click" ? target : null;
    if (isBusy) button?.setAttribute("aria-busy", "true");
    else button?.removeAttribute("aria-busy");
  }

  /** @param {Deed} deed */
  function repeat(deed) {
    const { type, target, submitter } = deed;
    busy(deed, false);
    // Of the radios of a group the last one counts.
    if (!target.isConnected || (target.type === "radio" && !target.checked)) return;
    if (type === "submit") target.requestSubmit(submitter?.isConnected ? submitter : null);
    else if (type === "click") target.click();
    else target.dispatchEvent(new Event(type, { bubbles: true }));
  }

  /** @param {number} now */
  function goOn(now) {
    ran = now;
    const due = kept.filter(({ target }) => neededBy(target) <= ran);
    kept = kept.filter((deed) => !due.includes(deed));
    due.forEach(repeat);
  }

  // Whoever is there for it has heard of it before the window does.
  addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (event.defaultPrevented || isNative(form) || (ran >= neededBy(form) && !isBroken)) return;
    event.preventDefault();
    if (!isBroken) keep({ type: "submit", target: form, submitter: event.submitter });
  });
  addEventListener("click", ({ target }) => {
    if (/** @type {Element} */ (target).closest("[data-reload]")) return location.reload();
    const button = /** @type {Element} */ (target).closest("button[type=button]:not([popovertarget])");
    if (button && ran < neededBy(button) && !isBroken) keep({ type: "click", target: button });
  });
  for (const type of ["input", "change"]) addEventListener(type, ({ target }) => ran < neededBy(/** @type {Element} */ (target)) && !isBroken && keep({ type, target }));

  const scripts = () => [...document.querySelectorAll('script[type="module"]')];
  // These two events do not bubble.
  document.addEventListener("load", ({ target }) => {
    const [first, own = first] = scripts();
    if (target === first) goOn(1);
    if (target === own) goOn(2);
    if (target === scripts().at(-1)) goOn(3);
  }, { capture: true });
  document.addEventListener("error", ({ target }) => {
    if (!scripts().includes(/** @type {Element} */ (target))) return;
    isBroken = true;
    kept.forEach((deed) => busy(deed, false));
  }, { capture: true });
  document.addEventListener("DOMContentLoaded", () => {
    const line = /** @type {HTMLElement|null} */ (document.querySelector("[data-incomplete]"));
    if (isBroken && line) line.hidden = false;
  });
}
