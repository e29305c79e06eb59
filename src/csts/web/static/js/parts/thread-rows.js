/** Keeps drawn rows by key, so that a change touches only what looks different and a bubble stays the same element from clock to tick. */

export class Rows {
  lastOwn = null;
  #drawn = new Map();
  #containers = [];

  /** `places` is a list of `[container, rows]`; `looks` names a row's looks, `make` draws it. */
  draw(places, { looks, make }) {
    const kept = new Map();
    for (const [container, rows] of places) this.#fill(container, rows, { looks, make, kept });
    for (const [key, { element }] of this.#drawn) if (!kept.has(key)) element.remove();
    this.#drawn = kept;
    this.#containers = places.map(([container]) => container);
  }

  /** The first thing said whose lower edge is below `top`: what the reader looks at. Days and lines may move, so they do not count. */
  firstBelow(top) {
    const isBelow = (element) => element.getBoundingClientRect().bottom > top;
    // To ask a line that is out of sight has all of its block laid out.
    for (const container of this.#containers.filter(isBelow)) {
      const line = [...container.children].find((element) => element.matches(".message, .thread-event") && isBelow(element));
      if (line) return line;
    }
    return null;
  }

  #fill(container, rows, { looks, make, kept }) {
    let next = container.firstElementChild;
    for (const row of rows) {
      const element = this.#element(row, { looks: looks(row), make, kept });
      if (element === next) {
        next = next.nextElementSibling;
      } else {
        container.insertBefore(element, next);
      }
    }
  }

  #element(row, { looks, make, kept }) {
    const held = this.#drawn.get(row.key);
    if (held?.looks !== looks) {
      const element = make(row);
      if (held) this.#redress(held.element, element);
      kept.set(row.key, { element: held?.element ?? element, looks });
    } else {
      kept.set(row.key, held);
    }
    return kept.get(row.key).element;
  }

  // The element stays and takes over the new looks: replacing it would be announced as a new message.
  #redress(element, fresh) {
    for (const { name, value } of fresh.attributes) element.setAttribute(name, value);
    for (const { name } of [...element.attributes]) if (!fresh.hasAttribute(name)) element.removeAttribute(name);
    this.#swap(element, fresh);
  }

  #swap(element, fresh) {
    const former = [...element.children];
    const children = [...fresh.children];
    former.slice(children.length).forEach((child) => child.remove());
    children.forEach((child, at) => {
      if (!former[at]) element.append(child);
      else if (!former[at].isEqualNode(child)) replaceKeepingFocus(former[at], child);
    });
  }
}

/** Whoever used a button by keyboard stays on the one that takes its place. */
function replaceKeepingFocus(former, fresh) {
  const used = [...former.querySelectorAll("button")].indexOf(document.activeElement);
  former.replaceWith(fresh);
  if (used >= 0) fresh.querySelectorAll("button")[used]?.focus();
}
