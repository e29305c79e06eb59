/** The ticks of the tour, kept on this device, and the files that a visitor may not have at hand. */

const KEY = "csts:tour";

/** What has been ticked off. Ids of stops that there are no more are forgotten. */
export class Ticks {
  /** @param {{storage: {getItem(key: string): string|null, setItem(key: string, value: string): void}, stops: string[]}} options */
  constructor({ storage, stops }) {
    this.storage = storage;
    this.stops = stops;
    const kept = read(storage.getItem(KEY));
    this.done = new Set(stops.filter((id) => kept.includes(id)));
  }

  /** @param {string} id @param {boolean} isDone */
  set(id, isDone) {
    if (isDone) this.done.add(id);
    else this.done.delete(id);
    this.#keep();
  }

  clear() {
    this.done.clear();
    this.#keep();
  }

  #keep() {
    try {
      this.storage.setItem(KEY, JSON.stringify([...this.done]));
    } catch {
      // A full device: the ticks hold until the page is closed.
    }
  }
}

/** @param {string|null} text @returns {unknown[]} */
function read(text) {
  try {
    const told = JSON.parse(text ?? "[]");
    return Array.isArray(told) ? told : [];
  } catch {
    return [];
  }
}

const WIDTH = 640;
const HEIGHT = 400;

/** A screenshot as customers send them. @returns {Promise<Blob>} */
export function samplePicture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#f4f6f6";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = "#ffffff";
  pen.fillRect(120, 110, 400, 180);
  pen.fillStyle = "#1d2b2e";
  pen.font = "600 26px sans-serif";
  pen.fillText("Payment declined", 150, 175);
  pen.font = "18px sans-serif";
  pen.fillText("Error E-31 at the last step", 150, 215);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(/** @type {Blob} */ (blob)), "image/png"));
}

/** What no decoder takes for a picture, whatever its name says. */
export const sampleText = () => new Blob(["This is a text, not a picture."], { type: "image/png" });
