/** The customer's list as plain data: what a ticket's state means to him, and where a row belongs. */

import { sentence } from "./words.js";

/** @typedef {{id: number, status: string, awaiting_reply?: boolean, unread: number, updated_at: string, merged_into?: object|null}} Row */

/** The state in a customer's words. @param {{status: string, awaiting_reply?: boolean, merged_into?: object|null}} ticket */
export function plainStatus({ status, awaiting_reply, merged_into }) {
  if (merged_into) return { word: sentence("Merged"), tone: "", icon: "merge" };
  if (status === "waiting") return { word: sentence("Waiting for you"), tone: "warning", icon: "clock" };
  if (status === "resolved" || status === "closed") return { word: sentence("Solved"), tone: "success", icon: "check" };
  if (awaiting_reply === false) return { word: sentence("We replied"), tone: "accent", icon: "chat" };
  return { word: sentence("Open"), tone: "info", icon: "inbox" };
}

/** The rows with this one put in or renewed, latest change first. @param {Row[]} rows @param {Row} row */
export const placed = (rows, row) => sorted([row, ...rows.filter(({ id }) => id !== row.id)]);

/** A page read later may repeat rows that moved meanwhile; what we hold is newer. @param {Row[]} rows @param {Row[]} more */
export function joined(rows, more) {
  const held = new Set(rows.map(({ id }) => id));
  return sorted([...rows, ...more.filter(({ id }) => !held.has(id))]);
}

/** @param {Row[]} rows @param {number} id @param {number} unread */
export const counted = (rows, id, unread) => rows.map((row) => (row.id === id ? { ...row, unread } : row));

/** @param {Row[]} rows */
const sorted = (rows) => rows.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at) || b.id - a.id);
