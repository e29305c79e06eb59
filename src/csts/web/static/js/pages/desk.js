/** The desk: one address for what is shown, one live line for what changes, and the panes that follow both. */

import { colleagues } from "../lib/colleagues.js";
import { addressOf, changedView, queueOf, viewOf } from "../lib/desk.js";
import { need } from "../lib/dom.js";
import { DraftShelf } from "../lib/draft-shelf.js";
import { openFeed } from "../lib/feed.js";
import { get } from "../lib/http.js";
import { storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { style } from "../lib/style.js";
import { t } from "../lib/words.js";
import { CannedPicker } from "../parts/canned-picker.js";
import "../parts/bulk-bar.js";
import "../parts/desk-context.js";
import "../parts/desk-filters.js";
import { deskCommands } from "../parts/desk-commands.js";
import "../parts/desk-list.js";
import { resizable } from "../parts/desk-panes.js";
import "../parts/desk-queues.js";
import "../parts/desk-ticket.js";
import { lightboxWithin } from "../parts/lightbox-links.js";
import { MacroDialog } from "../parts/macro-dialog.js";
import { MentionPicker } from "../parts/mention-picker.js";
import "../parts/note-names.js";
import { noticesOf } from "../parts/notices.js";
import { pileCommands } from "../parts/pile-commands.js";
import "../parts/saved-views.js";
import "../parts/stale-guard.js";
import "../parts/suggestion.js";
import { followKeyboard } from "../parts/thread-viewport.js";
import { ticketCard } from "../parts/ticket-card.js";
import "../parts/ticket-room.js";
import { view as lookAt } from "../parts/tabs.js";
import { entitle } from "../parts/title.js";
import { hush, toast } from "../parts/toast.js";
import { ways } from "../parts/ways.js";

const desk = need(".desk");
const [queues, filters, list, head, room, context] = ["desk-queues", "desk-filters", "desk-list", "desk-ticket", "ticket-room", "desk-context"].map((part) => need(part, desk));

const [bulk, saved] = ["bulk-bar", "saved-views"].map((part) => need(part, desk));
bulk.list = list;

let view = viewOf(new URLSearchParams(location.search));
let selected = page.ticket_id ?? null;
const notices = noticesOf(choose);
const shelf = new DraftShelf({ api: { get }, storage: storageOf(globalThis), me: page.me });

/** Shows what the address says. @param {{listToo: boolean}} what */
function show({ listToo }) {
  queues.show(view.queue);
  saved.show(view);
  filters.show(view, t(queueOf(view.queue).name));
  if (listToo) list.show(view).then(() => (list.select(selected), notices.know(list.rows)));
  desk.toggleAttribute("data-open", selected !== null);
  list.select(selected);
  lookAt(selected);
  if (selected === null) room.removeAttribute("ticket-id");
  else room.setAttribute("ticket-id", String(selected));
  need(".desk-nothing", desk).hidden = selected !== null;
  need(".desk-conversation", desk).hidden = selected === null;
  context.hidden = selected === null;
}

const address = () => (selected === null ? "/desk" : `/desk/tickets/${selected}`) + addressOf(view);

/** @param {number|null} id */
function choose(id) {
  if (id === selected) return id === null ? undefined : room.focusComposer();
  hush();
  desk.removeAttribute("data-context");
  selected = id;
  history.pushState(null, "", address());
  show({ listToo: false });
  // A phone has just hidden the row that had the focus.
  if (id !== null && !list.checkVisibility()) head.subject.focus();
}

/** @param {Partial<import("../lib/desk.js").View>} change */
function narrow(change) {
  view = changedView(view, change);
  desk.removeAttribute("data-queues");
  history.replaceState(null, "", address());
  show({ listToo: true });
}

function leave() {
  if (desk.hasAttribute("data-context")) return desk.removeAttribute("data-context");
  if (desk.hasAttribute("data-queues")) return desk.removeAttribute("data-queues");
  if (list.checks.rows.length) return list.checks.set([]);
  choose(null);
  list.focusRow();
}

/** The row before or behind the ticket in view, if that is another one. @param {1|-1} step */
function beside(step) {
  const row = list.beside(step);
  return row?.id === selected ? null : row;
}

/** The focus stays where the hands are: on the row, or in the composer, of the ticket that is now in view. @param {import("../lib/desk.js").Row|null} row */
function goTo(row) {
  if (!row) return;
  const [inList, inComposer] = [list, room.composer].map((part) => part.contains(document.activeElement));
  choose(row.id);
  if (inList) list.focusRow();
  if (inComposer) room.focusComposer();
}

/** Solves the ticket in view; the next one of the list takes its place, or the list itself where it was the last. */
async function resolveAndGoOn() {
  const done = selected;
  // Looked up before, for the row may move when it changes.
  const next = beside(1) ?? beside(-1);
  const isActive = room.ticket?.allowed_statuses.includes("resolved");
  if ((isActive && !(await head.moveTo("resolved"))) || selected !== done) return;
  if (next) return goTo(next);
  choose(null);
  list.focusRow();
}

/** Loaded by those only who merge. */
async function merge() {
  const { ticket } = room;
  const merged = (/** @type {any} */ target) => {
    choose(target.id);
    toast(t("{number} is a part of {into} now.", { number: ticket.ticket_no, into: target.ticket_no }));
  };
  try {
    const [{ MergeDialog }] = await Promise.all([import("../parts/merge-dialog.js"), style("merge")]);
    new MergeDialog(ticket, merged).open();
  } catch (failure) {
    toast(/** @type {Error} */ (failure).message, { tone: "urgent" });
  }
}

/** @param {any} ticket */
function drawTicket(ticket) {
  if (ticket.id !== head.ticket?.id || !room.intro.childElementCount) room.intro.replaceChildren(ticketCard(ticket, t("What the customer told us")));
  head.show(ticket);
  // What stands beside the conversation may follow it.
  setTimeout(drawContext);
}

/** The ticket that the context shows. @type {any} */
let inContext = null;

/** Where there is room for it: a phone opens it when it is wanted. */
function drawContext() {
  const { ticket } = room;
  if (!ticket || ticket === inContext || !context.checkVisibility()) return;
  inContext = ticket;
  context.show(ticket);
  context.count(room.lines);
}

/** @param {any} frame */
function hear(frame) {
  const notice = notices.hear(frame);
  if (notice?.kind === "mentioned") called(notice.row);
  if (frame.type === "mention") {
    if (view.queue === "mentions") list.take(frame.ticket);
    queues.mentioned(frame.unseen);
  }
  if (frame.type === "ticket") {
    list.take(frame.ticket);
    queues.stir();
  }
  if (frame.type === "unread") list.count(frame.ticket_id, frame.unread);
  if (frame.type === "typing") list.type(frame);
  if (frame.type === "viewing") list.view(frame.tickets);
  // That of the ticket in view is the room's.
  if (frame.type === "own_draft" && frame.draft.ticket_id !== selected && shelf.hear(frame.draft)) list.redraw();
  if (frame.online) colleagues.hear(frame.online);
}

/** Whoever is at another ticket is told on the page as well. @param {import("../lib/desk.js").Row} row */
function called(row) {
  if (row.id === selected) return;
  toast(t("{name} mentioned you in {number}.", { name: row.mentioned?.by.name ?? "", number: row.ticket_no }), { action: { name: t("Open"), act: () => choose(row.id) } });
}

/** Drafts of other devices show in the list. */
const takeDrafts = () => shelf.load().then((isNew) => isNew && list.redraw());

/** After an answer to a ticket that nobody has. */
async function nudge() {
  const asked = selected;
  // He may have taken it just now.
  await head.settled;
  if (selected !== asked) return;
  const { ticket } = room;
  // Whoever is quicker than the line has answered before the ticket itself is here.
  if (!ticket) return room.addEventListener("ticket", () => selected === asked && nudge(), { once: true });
  if (ticket.agent) return;
  const claim = { name: t("Assign to me"), act: () => head.claim() };
  toast(t("Nobody has this ticket yet. Take it, so that it stays with one person?"), { action: claim });
}

desk.addEventListener("checked", () => bulk.show());
desk.addEventListener("choose", (event) => choose(event.detail));
desk.addEventListener("queue", (event) => narrow({ queue: event.detail, status: "", assignee: "" }));
desk.addEventListener("narrow", (event) => narrow(event.detail));
desk.addEventListener("clear", () => narrow({ q: "", status: "", priority: "", issue_type: "", assignee: "", tag: "" }));
desk.addEventListener("counts", (event) => entitle({ words: page.brand, count: event.detail.awaiting_reply + event.detail.mentions }));
desk.addEventListener("queues", () => desk.toggleAttribute("data-queues"));
desk.addEventListener("context", () => desk.toggleAttribute("data-context"));
desk.addEventListener("leave", leave);
desk.addEventListener("merge", merge);
desk.addEventListener("changed", (event) => room.took(event.detail));
room.addEventListener("ticket", (event) => drawTicket(event.detail));
room.addEventListener("spoken", () => context.count(room.lines));
room.addEventListener("assistant", (event) => context.assist(event.detail));
room.addEventListener("drafted", () => list.redraw());
room.addEventListener("complaint", (event) => toast(event.detail, { tone: "urgent" }));
room.addEventListener("resolve", resolveAndGoOn);
room.addEventListener("replied", ({ detail }) => !detail.internal && !detail.after?.assign && nudge());
desk.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-ticket]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  choose(Number(link.dataset.ticket));
});
addEventListener("popstate", () => {
  const before = addressOf(view);
  view = viewOf(new URLSearchParams(location.search));
  const id = /^\/desk\/tickets\/(\d+)/.exec(location.pathname)?.[1];
  selected = id ? Number(id) : null;
  hush();
  show({ listToo: addressOf(view) !== before });
});

lightboxWithin(room.intro);

Object.assign(ways, { ticket: choose, view: (/** @type {any} */ change) => narrow(changedView(viewOf(new URLSearchParams()), change)) });
new MentionPicker(room.composer);
deskCommands({ desk: { step: (step) => goTo(beside(step)), leave, merge, resolveAndGoOn }, head, room, filters, macros: new MacroDialog(room, new CannedPicker(room)) });
pileCommands({ head, room, list, bulk });
resizable(desk);
followKeyboard();
new ResizeObserver(drawContext).observe(context);

/** Asks for all that is shown. */
function begin() {
  const pill = need("connection-pill[list]", desk);
  const line = openFeed("/ws/desk", {
    frame: hear,
    first: () => list.again(),
    back: () => (list.refresh(), queues.recount(), saved.load(), takeDrafts()),
    connection: (connection) => Object.assign(pill, { state: connection }),
  });
  pill.addEventListener("retry", () => line.wake());
  show({ listToo: true });
  takeDrafts();
}

// In a task of its own, so that a phone may draw before.
setTimeout(begin);
