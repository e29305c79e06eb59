/** Lays a thread out as rows: days, the "New" line, groups of one author, and events; pure, so that it can be tested. */

const GROUP_MS = 5 * 60 * 1000;

const authorOf = ({ sender, internal }) => `${sender.kind}-${sender.id}-${Boolean(internal)}`;

/** Days since the epoch in the reader's own zone. */
export function dayNumber(moment) {
  return Math.round(Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 86_400_000);
}

const needsWords = ({ state }) => state === "failed" || state === "overdue";

function continues(before, entry) {
  if (!before || needsWords(before) || needsWords(entry)) return false;
  if (authorOf(before.message) !== authorOf(entry.message)) return false;
  return new Date(entry.message.timestamp) - new Date(before.message.timestamp) < GROUP_MS;
}

/** Rows `{key, type: "day" | "new" | "event" | "message", entry?, moment?, first?, last?, seq}` in reading order; `newFrom` is the first unread number. */
export function layOut(entries, { newFrom = null } = {}) {
  const rows = [];
  let day = null;
  let before = null;
  let marked = newFrom === null;
  for (const entry of entries) {
    const { seq } = entry.message;
    const moment = new Date(entry.message.timestamp);
    if (dayNumber(moment) !== day) {
      day = dayNumber(moment);
      before = null;
      rows.push({ key: `d${day}`, type: "day", moment, seq });
    }
    if (!marked && (seq ?? Infinity) >= newFrom) {
      marked = true;
      before = null;
      rows.push({ key: "new", type: "new", seq });
    }
    const event = entry.message.sender.kind === "system";
    rows.push({ key: entry.key, type: event ? "event" : "message", entry, first: !continues(before, entry), seq });
    before = event ? null : entry;
  }
  rows.forEach((row, at) => {
    row.last = rows[at + 1]?.type !== "message" || rows[at + 1].first;
  });
  return rows;
}

/**
 * The number of the first message that this reader has not read, or null: others' messages after the own read mark. Where he has set
 * what he had read back to `unread`, it is so many of theirs before the end.
 */
export function firstUnread(entries, readSeq, isTheirs, unread = 0) {
  const theirs = entries.map(({ message }) => message).filter(isTheirs);
  const first = theirs.find(({ seq }) => seq > readSeq) ?? (unread > 0 && theirs.at(-unread));
  return first ? first.seq : null;
}

/** Cuts a text into `{text, href?}` so that web addresses can be links without any markup from people. */
export function withLinks(content) {
  const pieces = [];
  let from = 0;
  for (const match of content.matchAll(/\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/gu)) {
    if (match.index > from) pieces.push({ text: content.slice(from, match.index) });
    pieces.push({ text: match[0], href: match[0] });
    from = match.index + match[0].length;
  }
  if (from < content.length) pieces.push({ text: content.slice(from) });
  return pieces;
}
