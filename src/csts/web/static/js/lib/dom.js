/** Elements from script without markup strings: text goes in as text, so a person's words can never become code. */

import { asset } from "./page.js";
import { relative } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * `h("a", {href, class: "x", onclick: f}, "text", node)`. Functions become listeners, `true` an empty attribute;
 * null, undefined and false are left out, as attributes and as children.
 * @param {string} name
 * @param {Record<string, any>} attributes
 * @param {...(Node|string|number|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) put(element, key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map(asNode));
  return element;
}

/** @param {Element} element @param {string} key @param {any} value */
function put(element, key, value) {
  if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
  else if (value === true) element.setAttribute(key, "");
  else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, String(value));
}

/** @param {any} child */
const asNode = (child) => (child instanceof Node ? child : document.createTextNode(String(child)));

/** One of our own icons (see icons.svg), hidden from screen readers: the word beside it speaks. */
export function icon(/** @type {string} */ name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${asset("icons.svg")}#${name}`);
  svg.append(use);
  return svg;
}

/** A moment in relative words; `refreshTimes` keeps it true. @param {string} when */
export const moment = (when, say = relative) => {
  const element = h("time", { datetime: when }, say(when));
  Object.assign(element, { say });
  return element;
};

/** Call it once a minute: words like "2 min ago" grow old. @param {ParentNode} root */
export function refreshTimes(root = document) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const say = /** @type {any} */ (element).say;
    const text = say?.(element.getAttribute("datetime"));
    if (text && text !== element.textContent) element.textContent = text;
  }
}

/** Initials on a colour that stays the same for the same name. @param {string} name */
export function avatar(name) {
  const letters = name.trim().split(/\s+/u).map((word) => [...word][0] ?? "");
  const initials = (letters[0] ?? "?") + (letters.length > 1 ? letters.at(-1) : "");
  const element = h("span", { class: "avatar", "aria-hidden": "true" }, initials.toLocaleUpperCase());
  element.style.setProperty("--hue", String(hue(name)));
  return element;
}

/** @param {string} name */
export const hue = (name) => [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);

/** The first match, which must be there: a missing one is a mistake in the template. @param {string} selector @returns {any} */
export function need(selector, /** @type {ParentNode} */ root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`missing ${selector}`);
  return found;
}

/** Shows `elements` in `parent` and moves only what stands elsewhere, so that focus and scroll bar stay. @param {HTMLElement} parent @param {HTMLElement[]} elements */
export function arrange(parent, elements) {
  const wanted = new Set(elements);
  for (const each of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (each))) each.remove();
  elements.forEach((element, at) => {
    if (parent.children[at] !== element) parent.insertBefore(element, parent.children[at] ?? null);
  });
}
