/** What the browser can tell about chosen pictures before anything is sent; the server looks again, and deeper. */

import { size, t, tn } from "./words.js";

const PNG = [0x89, 0x50, 0x4e, 0x47];
const JPEG = [0xff, 0xd8, 0xff];

/** @param {Uint8Array} head the first bytes of the file */
export const isPicture = (head) => [PNG, JPEG].some((start) => start.every((byte, place) => head[place] === byte));

/**
 * Why this file cannot be taken, or null.
 * @param {{name: string, size: number}} file @param {Uint8Array} head @param {{max_bytes: number}} limits
 */
export function refusal(file, head, { max_bytes }) {
  if (file.size === 0) return t("{name} is empty.", { name: file.name });
  if (!isPicture(head)) return t("{name} is not a PNG or JPEG picture.", { name: file.name });
  if (file.size > max_bytes) {
    return t("{name} is {size}. The limit is {limit}.", { name: file.name, size: size(file.size), limit: size(max_bytes) });
  }
  return null;
}

/** @param {number} most */
export const tooMany = (most) => tn("One picture is enough; remove it to choose another.", "{count} pictures are the most; remove one to add another.", most);

/**
 * How much of each file has left, 0 to 1: the files travel in one body, one after the other.
 * @param {number[]} sizes @param {number} sent bytes of files that have left
 */
export function shares(sizes, sent) {
  let before = 0;
  return sizes.map((bytes) => {
    const share = Math.min(1, Math.max(0, (sent - before) / Math.max(1, bytes)));
    before += bytes;
    return share;
  });
}
