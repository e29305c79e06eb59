/** Links to pictures that open over the page. What shows them is loaded with the first one. */

import { style } from "../lib/style.js";

/** Makes every `a[data-lightbox]` inside `root` open all of them as one series. */
export function lightboxWithin(root, signal) {
  const open = async (event) => {
    const link = event.target.closest?.("a[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const links = [...root.querySelectorAll("a[data-lightbox]")];
    const pictures = links.map((each) => ({ url: each.href, name: each.dataset.lightbox }));
    const loaded = Promise.all([import("./lightbox.js"), style("lightbox")]);
    await loaded.then(([{ openLightbox }]) => openLightbox(pictures, links.indexOf(link)), () => window.open(link.href));
  };
  root.addEventListener("click", open, { signal });
}
