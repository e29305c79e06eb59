/** A button with a list of choices under it: arrow keys walk, Esc closes, the focus returns to the button. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

let made = 0;

/**
 * @typedef {{name: string, act: () => void, icon?: string, current?: boolean, hint?: string, isAct?: boolean}} Choice what is `current` is said and not done again; an act is none of those of which one is current
 * @param {{name: string, content: (Node|string)[], class?: string}} button `name` is what a screen reader hears
 * @param {() => Choice[]} choices asked for at each opening
 * @param {() => Promise<void>} [load] brings what they are made of; where the menu is open still, it shows them as they are then
 */
export function menuButton({ name, content, class: looks = "button" }, choices, load) {
  const id = `menu-${++made}`;
  const list = h("div", { class: "menu choice-menu", id, popover: "auto", role: "menu", "aria-label": name });
  const button = h("button", { type: "button", class: looks, "aria-haspopup": "menu", "aria-expanded": "false", popovertarget: id, "aria-label": name, title: name }, ...content);
  const draw = (isComing = false) => {
    const items = choices().map((choice) => item(choice, list));
    list.replaceChildren(...(items.length || !isComing ? items : [coming()]));
  };
  list.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    draw(Boolean(load));
    load?.().then(() => isOpen(list) && redraw(button, list, draw));
  });
  list.addEventListener("toggle", (event) => {
    const opens = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(opens));
    if (!opens) return;
    place(button, list);
    first(list)?.focus();
  });
  list.addEventListener("keydown", (event) => walk(event, list));
  return h("span", { class: "menu-anchor" }, button, list);
}

/** In the place of choices that nobody knows yet. */
const coming = () => h("button", { type: "button", class: "menu-item", role: "menuitem", "aria-disabled": "true", tabindex: "-1" }, t("Loading…"));

/** @param {Element} list */
export const isOpen = (list) => list.matches(":popover-open");

/** The same menu with other choices: whoever stood on one of them stays on it. @param {HTMLElement} button @param {HTMLElement} list @param {() => void} draw */
function redraw(button, list, draw) {
  const { activeElement: before } = document;
  const nameOf = (/** @type {Element|null} */ choice) => choice?.querySelector(".menu-name")?.textContent;
  const isHeld = before === button || list.contains(before);
  draw();
  place(button, list);
  if (isHeld) /** @type {HTMLElement|null} */ ([...list.children].find((choice) => nameOf(choice) === nameOf(before)) ?? first(list))?.focus();
}

/** @param {Choice} choice @param {HTMLElement} list */
function item({ name, act, icon: picture, current = false, hint, isAct = false }, list) {
  const choose = () => {
    list.hidePopover();
    if (!current) act();
  };
  return h("button", { type: "button", class: "menu-item", role: isAct ? "menuitem" : "menuitemradio", "aria-checked": isAct ? null : String(current), tabindex: "-1", onclick: choose },
    picture ? icon(picture, "small") : null, h("span", { class: "menu-name" }, name), hint ? h("span", { class: "hint" }, hint) : null, current ? icon("check", "small") : null);
}

/** Under the button, or above it where there is no room, inside the window. @param {HTMLElement} button @param {HTMLElement} list */
function place(button, list) {
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const fits = left + width < innerWidth - 8;
  const under = Math.min(bottom + 4, innerHeight - height - 8);
  list.style.insetBlockStart = `${under > bottom || top < height ? under : top - height - 4}px`;
  list.style.left = `${Math.max(8, fits ? left : right - width)}px`;
}

/** Where a menu begins. @param {HTMLElement} list @returns {HTMLElement|null} */
const first = (list) => list.querySelector('[aria-checked="true"]') ?? list.querySelector("button");

/** @param {KeyboardEvent} event @param {HTMLElement} list */
function walk(event, list) {
  const items = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("button")]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}
