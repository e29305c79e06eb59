/** The title of the tab: what it shows, behind the number of what waits. */

let words = document.title;
let waiting = 0;

/** @param {{words?: string, count?: number}} change */
export function entitle({ words: about = words, count = waiting }) {
  words = about;
  waiting = count;
  const title = waiting ? `(${waiting > 99 ? "99+" : waiting}) ${words}` : words;
  if (document.title !== title) document.title = title;
}
