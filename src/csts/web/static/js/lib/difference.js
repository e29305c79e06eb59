/** What changed between two texts, word by word, or between two lists, entry by entry. */

/** @typedef {{kind: "same"|"gone"|"new", items: string[]}} Piece */

/** Beyond this a table of all pairs would take too much memory; then the middle is told as replaced. */
const MOST_PAIRS = 4_000_000;

/** Words with the space behind them, so that joined they are the text again. @param {string} text */
export const wordsOf = (text) => text.match(/\s*\S+|\s+$/gu) ?? [];

/** @param {string} before @param {string} after @returns {{kind: Piece["kind"], text: string}[]} */
export const textDifference = (before, after) => difference(wordsOf(before), wordsOf(after)).map(({ kind, items }) => ({ kind, text: items.join("") }));

/** @param {string[]} before @param {string[]} after @returns {Piece[]} in reading order, what is gone before what is new */
export function difference(before, after) {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  const middle = old.length * fresh.length > MOST_PAIRS ? replaced(old, fresh) : compared(old, fresh);
  return joined([...before.slice(0, head).map(as("same")), ...middle, ...before.slice(before.length - tail).map(as("same"))]);
}

/** @param {Piece["kind"]} kind */
const as = (kind) => (/** @type {string} */ item) => ({ kind, item });

/** @param {string[]} old @param {string[]} fresh */
const replaced = (old, fresh) => [...old.map(as("gone")), ...fresh.map(as("new"))];

/** By the longest common subsequence. @param {string[]} old @param {string[]} fresh */
function compared(old, fresh) {
  const width = fresh.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      longest[at] = old[row] === fresh[column] ? longest[at + width + 1] + 1 : Math.max(longest[at + width], longest[at + 1]);
    }
  }
  const found = [];
  let row = 0;
  let column = 0;
  while (row < old.length && column < fresh.length) {
    const at = row * width + column;
    if (old[row] === fresh[column]) found.push(as("same")(old[row++])), (column += 1);
    else if (longest[at + width] >= longest[at + 1]) found.push(as("gone")(old[row++]));
    else found.push(as("new")(fresh[column++]));
  }
  return [...found, ...replaced(old.slice(row), fresh.slice(column))];
}

/** @param {{kind: Piece["kind"], item: string}[]} steps @returns {Piece[]} */
function joined(steps) {
  /** @type {Piece[]} */
  const pieces = [];
  for (const { kind, item } of steps) {
    if (pieces.at(-1)?.kind === kind) pieces.at(-1)?.items.push(item);
    else pieces.push({ kind, items: [item] });
  }
  return pieces;
}
