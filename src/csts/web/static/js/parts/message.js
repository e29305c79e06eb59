/** One row of a thread as elements: a bubble, an event, a day or the "New" line. People's text goes in as text only. */

import { h, icon } from "../lib/dom.js";
import { mergedIn } from "../lib/merged.js";
import { withLinks } from "../lib/thread-layout.js";
import { personName } from "../lib/names.js";
import { clock, day } from "../lib/time.js";
import { sentence, size, t } from "../lib/words.js";
import { foldUnder } from "./merged-line.js";
import { drawBehind, looksOfBehind } from "./reply-behind.js";

/** What is said of a message that is long on its way. */
export const OVERDUE = sentence("Not sent yet. It goes out by itself as soon as the desk answers.");

/** Says whether a row must be drawn anew: everything that its looks depend on, as text. */
export function looksOf(row, { seenTo, assistant, merged, notes }) {
  if (row.type === "day") return day(row.moment);
  if (row.type === "event") return [row.key, mergedIn(row.entry.message, merged)?.id].join();
  if (row.type !== "message") return row.key;
  const { state, problem, message } = row.entry;
  const grown = state === "drafting" ? message.content.length : "";
  const named = message.internal && notes ? notes.looks(message.content) : "";
  return [row.first, row.last, state, problem, message.seq !== null && message.seq <= seenTo, grown, named, looksOfBehind(message, assistant)].join("|");
}

export function drawRow(row, view) {
  if (row.type === "day") return h("h2", { class: "thread-day" }, h("span", {}, day(row.moment)));
  if (row.type === "new") return h("h2", { class: "thread-new" }, h("span", {}, t("New")));
  if (row.type === "event") return drawEvent(row.entry.message, view);
  return drawMessage(row, view);
}

function drawEvent(message, view) {
  const line = h("p", {}, h("span", { dir: "auto" }, message.content), " ", timeOf(message.timestamp));
  return h("div", { class: "thread-event" }, line, foldUnder(message, view));
}

function drawMessage({ entry, first, last }, { me, seenTo, assistant, notes }) {
  const { message, own, state } = entry;
  const article = h("article", {
    class: "message",
    "data-side": own ? "own" : "other",
    "data-kind": message.sender.kind,
    "data-state": state,
    "data-first": first,
    "data-last": last,
    "data-note": Boolean(message.internal),
    // One's own words are known. Half a sentence is not read out; the whole one is, when it takes this place.
    "aria-live": (own || state === "drafting") && "off",
    "aria-busy": state === "drafting" && "true",
  });
  const behind = drawBehind(message, { me, assistant });
  article.append(drawAuthor(message, { own, first }), drawBubble(message, notes), ...(behind ? [behind] : []), drawFoot(entry, { seenTo }));
  return article;
}

/** The author is always there for a screen reader; the eye needs it once a group. */
function drawAuthor({ sender, internal }, { own, first }) {
  const name = own ? t("You") : personName(sender);
  const shown = first && (!own || internal);
  const mark = sender.kind === "assistant" && h("span", { class: "assistant-mark" }, icon("assistant", "small"));
  const line = h("header", { class: shown ? "message-author" : "message-author visually-hidden" }, mark, h("bdi", {}, name));
  if (internal) line.append(h("span", { class: "message-label" }, icon("lock", "small"), t("Only agents see this")));
  return line;
}

function drawBubble({ content, attachments, internal }, notes) {
  const bubble = h("div", { class: "message-bubble" });
  if (content) bubble.append(drawText(content, internal && notes ? notes.draw : (text) => [text]));
  if (attachments?.length) bubble.append(drawAttachments(attachments));
  return bubble;
}

function drawText(content, draw) {
  const pieces = withLinks(content).flatMap(({ text, href }) =>
    href ? h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text) : draw(text),
  );
  return h("p", { class: "message-text", dir: "auto" }, ...pieces);
}

export function drawAttachments(attachments) {
  const isPicture = ({ file_type: type }) => type.startsWith("image/");
  const pictures = attachments.filter(isPicture).map(drawPicture);
  const files = attachments.filter((attachment) => !isPicture(attachment)).map(drawFile);
  return h("div", { class: "message-files", "data-count": pictures.length }, ...pictures, ...files);
}

// Width and height are known before the picture is, so nothing moves when it arrives.
function drawPicture({ file_name: name, url, width, height }) {
  const image = h("img", { src: url, alt: name, width, height, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => fetchAgain(image, url));
  const link = h("a", { class: "message-picture", href: url, "data-lightbox": name, "aria-label": t("Enlarge {name}", { name }) }, image);
  link.style.setProperty("--width", `${width}px`);
  link.style.setProperty("--ratio", width / height);
  return link;
}

// A picture that a broken connection swallowed comes back by itself: a browser would leave it broken until a reload.
function fetchAgain(image, url) {
  const tries = Number(image.dataset.tries ?? 0);
  if (tries >= 5) return;
  image.dataset.tries = tries + 1;
  setTimeout(() => image.setAttribute("src", url), 1500 * 2 ** tries);
}

function drawFile({ file_name: name, url, size: bytes }) {
  return h(
    "a",
    { class: "message-file", href: url, download: name },
    icon("file"),
    h("bdi", {}, name),
    h("span", { class: "message-size" }, size(bytes)),
  );
}

function drawFoot(entry, { seenTo }) {
  const { message, own, state } = entry;
  const foot = h("footer", { class: "message-foot" }, timeOf(message.timestamp));
  if (state === "failed" || state === "overdue") foot.append(...drawTrouble(entry));
  else if (own) foot.append(drawState(state, message.seq !== null && message.seq <= seenTo && !message.internal));
  return foot;
}

function drawState(state, seen) {
  if (state === "sending") return labelled("clock", t("Sending"));
  return seen ? labelled("double-check", t("Seen")) : labelled("check", t("Sent"));
}

function labelled(name, words) {
  return h("span", { class: "message-state", title: words }, icon(name, "small"), h("span", { class: "visually-hidden" }, words));
}

function drawTrouble({ message, state, problem }) {
  const act = (name, picture, words) =>
    h("button", { type: "button", class: "message-act", "data-act": name, "data-client-id": message.client_id }, icon(picture, "small"), words);
  return [
    h("span", { class: "message-problem" }, icon(state === "overdue" ? "clock" : "alert", "small"), problem ?? t(OVERDUE)),
    act("retry", "retry", t("Retry")),
    act("discard", "trash", t("Delete")),
  ];
}

function timeOf(timestamp) {
  return h("time", { datetime: timestamp }, clock(timestamp));
}
