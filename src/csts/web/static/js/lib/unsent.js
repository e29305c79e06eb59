/** What people have written in this browser and not sent: there for its writer while he may come back, and for nobody after him. */

import { Draft } from "./drafts.js";

/** @typedef {{kind: "customer"|"agent", id: number}} Person */
/** @typedef {{length: number, key: (index: number) => string|null, getItem: (key: string) => string|null, removeItem: (key: string) => void}} Shelf */

const OF_A_TICKET = /^csts:(draft|outbox):(customer|agent)-(\d+):([^:]+)(?::(\w+))?$/;
const NEW_TICKET = /^csts:new-ticket:(\d+)$/;

/** Where a ticket that is still being written is kept. @param {number|undefined} customerId */
export const newTicketKey = (customerId) => `csts:new-ticket:${customerId}`;

/**
 * What this key of the storage holds, and of whom; null for anything but words.
 * @param {string} key @returns {{what: string, kind: string, id: number, place: string, draft: string}|null}
 */
function told(key) {
  const [, what, kind, id, place, draft] = OF_A_TICKET.exec(key) ?? [];
  if (what) return { what, kind, id: Number(id), place, draft };
  const [, customer] = NEW_TICKET.exec(key) ?? [];
  return customer ? { what: "ticket", kind: "customer", id: Number(customer), place: "", draft: "" } : null;
}

/** @param {Shelf} shelf */
const words = (shelf) =>
  Array.from({ length: shelf.length }, (_, index) => shelf.key(index) ?? "").flatMap((key) => {
    const found = told(key);
    return found ? [{ key, ...found }] : [];
  });

/** @param {Shelf} shelf @param {(owner: {kind: string, id: number}) => boolean} isOfThem */
function forget(shelf, isOfThem) {
  for (const each of words(shelf)) if (isOfThem(each)) shelf.removeItem(each.key);
}

/** He has left on purpose. @param {Shelf} shelf @param {Person} person */
export const forgetPerson = (shelf, person) => forget(shelf, ({ kind, id }) => kind === person.kind && id === person.id);

/** Somebody else sits here now: of each kind one is signed in at a time. @param {Shelf} shelf @param {Person} me */
export const forgetOthers = (shelf, me) => forget(shelf, ({ kind, id }) => kind === me.kind && id !== me.id);

/** @param {Shelf} shelf @param {string} kind */
export const forgetKind = (shelf, kind) => forget(shelf, (owner) => owner.kind === kind);

/** @param {Shelf} shelf @param {string} kind */
export const hasWords = (shelf, kind) => words(shelf).some((each) => each.kind === kind);

/**
 * How many messages wait to be sent, which drafts the server does not keep as they are here, and how many other texts have been begun.
 * @param {any} shelf @param {Person} person
 * @returns {{messages: number, drafts: {path: string, text: string, after: number|null}[], texts: number}}
 */
export function unsentOf(shelf, person) {
  const mine = words(shelf).filter(({ kind, id }) => kind === person.kind && id === person.id);
  const drafts = mine.filter(({ what }) => what === "draft").map((each) => ({ ...each, written: new Draft(shelf, person, each.place, { kind: each.draft }) }));
  const isOfTicket = (/** @type {{place: string}} */ { place }) => /^\d+$/.test(place);
  return {
    messages: mine.filter(({ what }) => what === "outbox").reduce((count, { key }) => count + listed(shelf.getItem(key)), 0),
    drafts: drafts
      .filter((each) => isOfTicket(each) && each.written.dirty)
      .map(({ place, draft, written }) => ({ path: `/tickets/${place}/drafts/${draft}`, text: written.text, after: written.after })),
    texts: drafts.filter((each) => !isOfTicket(each) && each.written.text).length + mine.filter(({ what, key }) => what === "ticket" && isBegun(shelf.getItem(key))).length,
  };
}

/** @param {string|null} stored */
function listed(stored) {
  const held = parsed(stored);
  return Array.isArray(held) ? held.length : 0;
}

/** @param {string|null} stored */
function isBegun(stored) {
  const { subject = "", description = "" } = parsed(stored) ?? {};
  return Boolean(String(subject).trim() || String(description).trim());
}

/** @param {string|null} stored */
function parsed(stored) {
  try {
    return JSON.parse(stored ?? "null");
  } catch {
    return null;
  }
}
