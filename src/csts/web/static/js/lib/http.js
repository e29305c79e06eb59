/** Every request of the pages goes through here: who speaks, what went wrong, and one silent renewal of the session. */

import { page } from "./page.js";
import { goesOn, heardFromOthers, knownSince } from "./session.js";
import { t } from "./words.js";

/** The server's refusal (RFC 9457), or the network's: `code` is stable, `detail` may be shown. */
export class Problem extends Error {
  /** @param {{status: number, code: string, detail: string, errors?: {field: string, message: string}[]} & Record<string, any>} body */
  constructor(body) {
    super(body.detail);
    this.name = "Problem";
    this.status = body.status;
    this.code = body.code;
    this.detail = body.detail;
    this.errors = body.errors ?? [];
    this.body = body;
  }
}

/** Headers of every request: both kinds of person may be signed in at once in one browser, so say which one asks. */
export const speaker = () => (page.me ? { "CSTS-As": page.me.kind } : {});

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, body?: BodyInit, signal?: AbortSignal, background?: boolean}} options `background`: nobody has asked for it,
 *   so that nobody is asked to sign in for it twice, and the page may go before it is done
 * @returns {Promise<any>} the parsed answer, or null for an empty one
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
  // Whoever changes something sits before the screen, and may be asked once more to sign in.
  if (method !== "GET" && !options.background) declined = false;
  // A renewal within the same millisecond came after it.
  const asked = Date.now() - 1;
  const response = await attempt(method, path, options);
  if (response.status !== 401 || !page.me) return answer(response);
  await renew(asked);
  return answer(await attempt(method, path, options));
}

export const get = (/** @type {string} */ path, options = {}) => call("GET", path, options);
export const post = (/** @type {string} */ path, /** @type {unknown} */ json) => call("POST", path, { json });
export const put = (/** @type {string} */ path, /** @type {unknown} */ json) => call("PUT", path, { json });
/** Keeps and forgets what the reader has not asked to keep or forget. */
export const keep = (/** @type {string} */ path, /** @type {unknown} */ json) => call("PUT", path, { json, background: true });
export const forget = (/** @type {string} */ path) => call("DELETE", path, { background: true });

/** @param {string} method @param {string} path @param {{json?: unknown, body?: BodyInit, signal?: AbortSignal, background?: boolean}} options */
async function attempt(method, path, { json, body, signal, background = false }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...speaker() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers, body: json === undefined ? body : JSON.stringify(json), signal, keepalive: background });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw offline();
  }
}

/** @param {Response} response */
async function answer(response) {
  const text = await response.text();
  if (response.ok) return text ? JSON.parse(text) : null;
  throw problem(response.status, text);
}

/** A refusal from a status and the raw text of the answer. @param {number} status @param {string} text */
export function problem(status, text) {
  const fallback = { status, code: `http_${status}`, detail: t("Something went wrong on our side. Nothing you typed is lost; please try again.") };
  try {
    return new Problem({ ...fallback, ...JSON.parse(text), status });
  } catch {
    return new Problem(fallback);
  }
}

export const offline = () =>
  new Problem({ status: 0, code: "offline", detail: t("We cannot reach the server. Check your connection; nothing you typed is lost.") });

const ANSWER_WITHIN_MS = 20_000;
const LOCK_WITHIN_MS = 25_000;

/** @type {Promise<void>|null} */
let renewing = null;
/** The reader was asked to sign in again and said "not now": what runs by itself must not ask on and on. */
let declined = false;

/**
 * Renews the session once for all who ask at the same moment, over all tabs; not at all when another tab has done so after
 * `since`. When it cannot be renewed, the page is told with the event `signed-out` and the promise waits until somebody has
 * signed in again, or rejects when they do not.
 */
export function renew(since = knownSince()) {
  if (declined) return Promise.reject(signedOut());
  renewing ??= renewOnce(since).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The reader acts again, and may be asked again to sign in where that is needed. */
export function mayAskAgain() {
  if (!declined) return;
  declined = false;
  renew().catch(() => {});
}

/** @param {number} since */
async function renewOnce(since) {
  const kind = page.me?.kind;
  if (!kind) throw new Problem({ status: 401, code: "signed_out", detail: t("Please sign in.") });
  const path = kind === "agent" ? "/agent/refresh" : "/user/refresh";
  const refresh = async () => !heardFromOthers(since) && renewed(await attempt("POST", path, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }));
  if (await alone(`csts-refresh-${kind}`, refresh)) await signInAgain();
}

/**
 * Without locks (a page over plain http), and where a tab fell asleep while it held one, two tabs may both renew: the server
 * grants that for ten seconds.
 * @param {string} name @param {() => Promise<boolean>} act
 */
async function alone(name, act) {
  if (!globalThis.navigator?.locks) return act();
  const signal = AbortSignal.timeout(LOCK_WITHIN_MS);
  let isMine = false;
  const begin = () => ((isMine = true), act());
  return navigator.locks.request(name, { signal }, begin).catch((failure) => {
    if (isMine) throw failure;
    return act();
  });
}

/** Told to the other tabs before the lock is let go, or the next one would renew once more. @param {Response} response */
async function renewed(response) {
  if (response.status === 401) return true;
  if (!response.ok) throw problem(response.status, await response.text());
  goesOn(await response.json());
  return false;
}

const signedOut = () => new Problem({ status: 401, code: "signed_out", detail: t("Please sign in again to go on. Nothing you typed is lost.") });

/** Asks the page for a new sign-in (parts/signin-dialog.js answers) and waits for it, in this tab or in another one. */
function signInAgain() {
  return new Promise((resolve, reject) => {
    const detail = {
      resolve: goesOn,
      reject: () => {
        declined = true;
        reject(signedOut());
      },
    };
    document.addEventListener("session-renewed", () => resolve(undefined), { once: true });
    const taken = !document.dispatchEvent(new CustomEvent("signed-out", { cancelable: true, detail }));
    if (!taken) reject(signedOut());
  });
}
