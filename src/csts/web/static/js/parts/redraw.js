/** A list of rows that is drawn anew, under the hands of whoever reads it. */

/** What a row has at first sight; what is unfolded in it may come later. */
const FOLDS = "details:not(details details)";
const PARTS = `${FOLDS} > summary, button:not(details button), a:not(details a)`;

/**
 * Puts the nodes in the place of what is there. Rows are known by `data-id`: what is unfolded in one stays unfolded, and the focus
 * stays where it is in it, or goes to what else can be done there.
 * @param {HTMLElement} list @param {...Node} nodes
 */
export function redraw(list, ...nodes) {
  const { activeElement: before } = document;
  const focused = list.contains(before) ? idOf(before) : undefined;
  const at = [...partsOf(list, focused, PARTS)].indexOf(/** @type {HTMLElement} */ (before));
  const unfolded = [...list.querySelectorAll(`[data-id] ${FOLDS}[open]`)].map((each) => ({ id: idOf(each), place: [...partsOf(list, idOf(each), FOLDS)].indexOf(/** @type {HTMLElement} */ (each)) }));
  list.replaceChildren(...nodes);
  for (const { id, place } of unfolded) partsOf(list, id, FOLDS)[place]?.toggleAttribute("open", true);
  if (!focused) return;
  const parts = [...partsOf(list, focused, PARTS)];
  (parts[at]?.matches(":disabled") === false ? parts[at] : parts.find((part) => part.matches("button:not(:disabled)")))?.focus();
}

/** @param {Element|null} element @returns {string|undefined} */
const idOf = (element) => /** @type {HTMLElement|null|undefined} */ (element?.closest("[data-id]"))?.dataset.id;

/** @param {HTMLElement} list @param {string|undefined} id @param {string} parts @returns {NodeListOf<HTMLElement>} */
const partsOf = (list, id, parts) => list.querySelectorAll(parts.split(", ").map((part) => `[data-id="${id}"] ${part}`).join(", "));
