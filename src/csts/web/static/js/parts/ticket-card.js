/** The first card of a conversation: what the customer told, and showed. */

import { h, moment } from "../lib/dom.js";
import { drawAttachments } from "./message.js";

/** @param {any} ticket @param {string} title @returns {HTMLElement} */
export function ticketCard({ description, attachments, created_at: created }, title) {
  return h(
    "section",
    { class: "ticket-card", "aria-label": title },
    h("p", { class: "ticket-card-title" }, title, " · ", moment(created)),
    h("p", { class: "ticket-description", dir: "auto" }, description),
    drawAttachments(attachments),
  );
}
