/** What came behind the last line that somebody had before him when he began to write. */

/**
 * The messages of other people behind `after`, oldest first; lines of the system wait for nobody.
 * @param {{own: boolean, state: string, message: any}[]} entries @param {number|null} after @returns {any[]}
 */
export function newsBehind(entries, after) {
  if (after === null) return [];
  return entries
    .filter(({ own, state, message }) => !own && state === "sent" && message.seq > after && message.sender.kind !== "system")
    .map(({ message }) => message);
}

/** Who wrote them, each once, in the order of their first message. @param {{sender: {kind: string, id: number, name: string}}[]} news */
export function authorsOf(news) {
  const people = new Map(news.map(({ sender }) => [`${sender.kind}-${sender.id}`, sender]));
  return [...people.values()];
}
