/** Files may be dropped anywhere on an element; while they hover over it, it says so. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

export class FileDrop {
  #depth = 0;

  constructor(target, take) {
    this.element = h("div", { class: "drop-veil", hidden: true }, icon("paperclip"), t("Drop the files to attach them"));
    target.addEventListener("dragenter", (event) => this.#over(event, 1));
    target.addEventListener("dragleave", (event) => this.#over(event, -1));
    target.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
    target.addEventListener("drop", (event) => this.#drop(event, take));
  }

  // Each child that the pointer crosses reports an enter and a leave, so they are counted.
  #over(event, step) {
    if (!carriesFiles(event)) return;
    this.#depth = Math.max(0, this.#depth + step);
    this.element.hidden = this.#depth === 0;
  }

  #drop(event, take) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.element.hidden = true;
    take([...event.dataTransfer.files]);
  }
}
