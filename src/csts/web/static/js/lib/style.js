/** Styles of what most visits never see: loaded when it is first shown, from beside the scripts that are running. */

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/** Resolves when the sheet of this part applies. @param {string} part */
export function style(part) {
  const known = loaded.get(part);
  if (known) return known;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL(`../../css/parts/${part}.css`, import.meta.url).href;
  const applies = new Promise((resolve, reject) => {
    sheet.addEventListener("load", () => resolve(undefined));
    sheet.addEventListener("error", () => {
      // A lost line is no reason to go without for ever.
      loaded.delete(part);
      sheet.remove();
      reject(new Error(`${part}.css could not be loaded`));
    });
  });
  loaded.set(part, applies);
  document.head.append(sheet);
  return applies;
}
