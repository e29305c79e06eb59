/** What may be attached, checked before a byte is sent; the server stays the authority. */

import { size as inWords } from "./words.js";

const KINDS = { "image/png": ["png"], "image/jpeg": ["jpg", "jpeg"], "application/pdf": ["pdf"] };

/** The type that a browser named, or the one that the name promises: some systems leave the type empty. */
export function kindOf(file) {
  if (file.type) return file.type;
  const ending = file.name.split(".").at(-1).toLowerCase();
  return Object.keys(KINDS).find((kind) => KINDS[kind].includes(ending)) ?? "";
}

/** Why a file cannot go, as `[sentence, params]` for the catalogue, or null. `limits` is `{max, max_bytes, types}`. */
export function refusalOf(file, limits, already) {
  if (already >= limits.max) return ["At most {max} files at once.", { max: limits.max }];
  if (!limits.types.includes(kindOf(file))) {
    return ["{name} is not a PNG, JPEG or PDF file.", { name: file.name }];
  }
  if (file.size > limits.max_bytes) {
    const words = { name: file.name, size: inWords(file.size), limit: inWords(limits.max_bytes) };
    return ["{name} is {size}. The limit is {limit}.", words];
  }
  return file.size ? null : ["{name} is empty.", { name: file.name }];
}
