/** Pictures large, over the page: Esc, arrows, zoom and download; one dialog for the whole page. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

const ZOOMS = [1, 1.5, 2, 3];
let shown = null;

/** Opens the pictures `[{url, name}]` at `index`; the focus returns to where it was when the dialog closes. */
export function openLightbox(pictures, index) {
  shown ??= new Lightbox();
  shown.show(pictures, index);
}

class Lightbox {
  #pictures = [];
  #index = 0;
  #zoom = 0;

  constructor() {
    this.image = h("img", { class: "lightbox-picture", alt: "" });
    this.name = h("bdi", { class: "lightbox-name" });
    this.count = h("span", { class: "lightbox-count" });
    this.save = h("a", { class: "lightbox-act", "aria-label": t("Download"), title: t("Download") }, icon("download"));
    this.previous = this.#button("chevron-left", t("Previous picture"), () => this.#go(-1));
    this.next = this.#button("chevron-right", t("Next picture"), () => this.#go(1));
    this.previous.classList.add("lightbox-previous");
    this.next.classList.add("lightbox-next");
    this.stage = h("div", { class: "lightbox-stage" }, this.image);
    this.dialog = h("dialog", { class: "lightbox", "aria-label": t("Picture") }, this.#bar(), this.previous, this.stage, this.next);
    this.#listen();
    document.body.append(this.dialog);
  }

  show(pictures, index) {
    this.#pictures = pictures;
    this.#index = index;
    this.#draw();
    this.dialog.showModal();
  }

  #bar() {
    const zoom = this.#button("zoom-in", t("Zoom"), () => this.#enlarge());
    const close = this.#button("close", t("Close"), () => this.dialog.close());
    return h("div", { class: "lightbox-bar" }, this.name, this.count, zoom, this.save, close);
  }

  #button(picture, words, act) {
    const button = h("button", { type: "button", class: "lightbox-act", "aria-label": words, title: words }, icon(picture));
    button.addEventListener("click", act);
    return button;
  }

  #listen() {
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.stage.addEventListener("click", (event) => (event.target === this.stage ? this.dialog.close() : this.#enlarge()));
    this.dialog.addEventListener("close", () => this.image.removeAttribute("src"));
  }

  #key(event) {
    if (event.key === "ArrowLeft") this.#go(-1);
    else if (event.key === "ArrowRight") this.#go(1);
    else if (event.key === "+" || event.key === "-") this.#enlarge(event.key === "+" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  #go(step) {
    const to = this.#index + step;
    if (to < 0 || to >= this.#pictures.length) return;
    this.#index = to;
    this.#draw();
  }

  #enlarge(step = 1) {
    this.#zoom = (this.#zoom + step + ZOOMS.length) % ZOOMS.length;
    this.dialog.style.setProperty("--zoom", ZOOMS[this.#zoom]);
    this.dialog.toggleAttribute("data-zoomed", this.#zoom > 0);
  }

  #draw() {
    const { url, name } = this.#pictures[this.#index];
    this.#enlarge(-this.#zoom);
    this.image.src = url;
    this.image.alt = name;
    this.name.textContent = name;
    this.save.href = url;
    this.save.download = name;
    this.count.textContent = this.#pictures.length > 1 ? `${this.#index + 1} / ${this.#pictures.length}` : "";
    this.previous.disabled = this.#index === 0;
    this.next.disabled = this.#index === this.#pictures.length - 1;
  }
}
