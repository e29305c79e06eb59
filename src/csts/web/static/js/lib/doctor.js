/** The connection doctor's questions: each tries one thing that the chat needs, and finds words for what it met. */

import { sentence } from "./words.js";

const SIZES = ["all", "one", "little"];
const LITTLE_BYTES = 900 * 1024;
const FORM_BYTES = 64 * 1024;
const CLOCK_SECONDS = 60;
const SLOW_MS = 1000;
const TOO_MANY = 429;

/**
 * What was found: `verdict` is ok, note, fault or unknown; `fault` names it for programs; `says` and `advice` are a sentence for
 * the catalogue with what stands in its braces; `setting` is what an operator of nginx would write.
 * @typedef {[string, Record<string, unknown>?]} Saying
 * @typedef {{verdict: "ok"|"note"|"fault"|"unknown", fault?: string, says: Saying, advice?: Saying, setting?: string}} Finding
 * @typedef {{time: string, origin: string, own_origin: boolean, expected: string[], secure_cookies: boolean}} Seen
 * @typedef {{ms: number, at: number, seen: Seen}} Answer
 */

/** @param {Saying} says @returns {Finding} */
export const ok = (...says) => ({ verdict: "ok", says: /** @type {Saying} */ (says) });

/** @returns {Finding} */
export const busy = () => ({ verdict: "unknown", says: [sentence("Too many tests are running already. Try again in a minute.")] });

/** @param {Answer|{status: number}} answer @returns {Finding} */
export function judgeAnswer(answer) {
  if (!("seen" in answer)) {
    if (answer.status === TOO_MANY) return busy();
    const says = answer.status ? sentence("Something answers, but not the desk (error {status}).") : sentence("The desk cannot be reached.");
    const advice = sentence("Check your own network first. If other sites work, the desk or the proxy before it is down; its operator finds out why in their logs.");
    return { verdict: "fault", fault: "unreachable", says: [says, { status: answer.status }], advice: [advice] };
  }
  const ms = Math.round(answer.ms);
  if (ms <= SLOW_MS) return ok(sentence("The desk answers within {ms} ms."), { ms });
  return { verdict: "note", says: [sentence("The desk answers, but takes {ms} ms. Expect everything to be a little late."), { ms }] };
}

/** @param {Seen} seen @param {URL} here @returns {Finding} */
export function judgeEncryption({ secure_cookies: onlyHttps }, here) {
  if (here.protocol === "https:") return ok(sentence("The line is encrypted, and so are its sockets."));
  if (onlyHttps) {
    const says = sentence("This page was opened over http, but the desk keeps people signed in over https only.");
    return { verdict: "fault", fault: "insecure", says: [says], advice: [sentence("Open the desk by its https address.")] };
  }
  if (["localhost", "127.0.0.1", "[::1]"].includes(here.hostname)) return ok(sentence("Not encrypted, which is fine on one's own machine."));
  const advice = sentence("Give the desk a certificate, in the proxy before it.");
  return { verdict: "note", says: [sentence("The line is not encrypted: others on the way can read passwords and messages.")], advice: [advice] };
}

/** @param {Answer} answer @returns {Finding} */
export function judgeClock({ at, seen }) {
  const seconds = Math.round((at - Date.parse(seen.time)) / 1000);
  if (Math.abs(seconds) <= CLOCK_SECONDS) return ok(sentence("The clocks agree."));
  const says = seconds > 0 ? sentence("This device's clock is {minutes} min ahead of the desk's.") : sentence("This device's clock is {minutes} min behind the desk's.");
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60));
  return { verdict: "note", says: [says, { minutes }], advice: [sentence("Chat works all the same, but times look wrong. Set the clock by the network.")] };
}

/** @param {Seen} seen @param {string} origin where the reader is @returns {Finding} */
export function judgeOrigin(seen, origin) {
  if (seen.own_origin) return ok(sentence("The desk knows the address that you use."));
  const told = seen.expected.join(", ");
  const plain = origin.replace(/^https:/u, "http:");
  const isTlsUntold = plain !== origin && seen.expected.includes(plain);
  return {
    verdict: "fault",
    fault: "origin",
    says: [sentence("You are at {origin}, but the desk takes itself for {told}. It refuses what signed-in people send as coming from another site."), { origin, told }],
    advice: isTlsUntold
      ? [sentence("The proxy has to say that it speaks https: pass X-Forwarded-Proto, or set CSTS_PUBLIC_URL={origin}."), { origin }]
      : [sentence("The proxy has to pass the Host header as it came, or the desk needs CSTS_PUBLIC_URL={origin}."), { origin }],
    setting: isTlsUntold ? "proxy_set_header X-Forwarded-Proto $scheme;" : "proxy_set_header Host $http_host;",
  };
}

/** What to send: the largest that the desk takes, then less, until something passes. @param {{max: number, max_bytes: number}} screenshots */
export const uploadSizes = ({ max, max_bytes: bytes }) => ({ all: max * bytes + FORM_BYTES, one: bytes + FORM_BYTES, little: LITTLE_BYTES });

/**
 * @param {Record<string, number>} sizes
 * @param {(bytes: number) => Promise<{received: number, status: number, late?: boolean}>} send
 * @param {(bytes: number) => string} inWords
 * @returns {Promise<Finding>}
 */
export async function checkUpload(sizes, send, inWords) {
  let refused = null;
  for (const name of SIZES) {
    const bytes = sizes[name];
    const { received, status, late } = await send(bytes);
    const size = inWords(bytes);
    if (status === TOO_MANY) return busy();
    if (late) return { verdict: "unknown", says: [sentence("Sending {size} takes longer than a minute on this line, so it was not tried to the end."), { size }] };
    if (received >= bytes && !refused) return ok(sentence("{size} at once pass, as much as the desk takes."), { size });
    if (received >= bytes) return bodyLimit(refused, size);
    refused ??= { size, status };
  }
  return bodyLimit(refused, null);
}

/** @param {{size: string, status: number}|null} refused @param {string|null} passed @returns {Finding} */
function bodyLimit(refused, passed) {
  const facts = { size: refused?.size, status: refused?.status || "-", passed };
  const says = passed
    ? sentence("{size} are refused before they reach the desk (answer {status}); {passed} pass.")
    : sentence("Uploads are refused before they reach the desk (answer {status}).");
  const advice = sentence("The proxy allows less than the desk does. Raise its limit for request bodies to 32 MB, or screenshots get lost without a good reason.");
  return { verdict: "fault", fault: "body_limit", says: [says, facts], advice: [advice], setting: "client_max_body_size 32m;" };
}
