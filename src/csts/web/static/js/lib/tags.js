/** The names of tags as the desk knows them: read when they are asked for, and what is made here is known at once. */

import { get } from "./http.js";

/** The same for all spellings of a tag. @param {string} tag */
const spelt = (tag) => tag.toLowerCase();

/** @param {string[]|undefined} tags @param {string} tag */
export const hasTag = (tags, tag) => (tags ?? []).some((each) => spelt(each) === spelt(tag));

/** The tags that somebody has typed, by commas. @param {string} text */
export const typedTags = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);

class KnownTags {
  /** @type {string[]} */
  names = [];

  /** Reads them anew; when that fails, what is known stays. */
  async load() {
    this.names = await get("/tags").then((page) => page.items, () => this.names);
  }
}

/** One for the page: filters, the ticket and the bar for many tickets read the same. */
export const knownTags = new KnownTags();
