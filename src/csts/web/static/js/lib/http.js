/** Every request of the pages goes through here: who speaks, what went wrong, and one silent renewal of the session. */

import { page } from "./page.js";
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
 * @param {{json?: unknown, body?: BodyInit, signal?: AbortSignal}} options
 * @returns {Promise<any>} the parsed answer, or null for an empty one
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
  const response = await attempt(method, path, options);
  if (response.status !== 401 || !page.me) return answer(response);
  await renew();
  return answer(await attempt(method, path, options));
}

export const get = (/** @type {string} */ path, options = {}) => call("GET", path, options);
export const post = (/** @type {string} */ path, /** @type {unknown} */ json) => call("POST", path, { json });
export const put = (/** @type {string} */ path, /** @type {unknown} */ json) => call("PUT", path, { json });

/** @param {string} method @param {string} path @param {{json?: unknown, body?: BodyInit, signal?: AbortSignal}} options */
async function attempt(method, path, { json, body, signal }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...speaker() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers, body: json === undefined ? body : JSON.stringify(json), signal });
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

/** @type {Promise<void>|null} */
let renewing = null;

/**
 * Renews the session once for all who ask at the same moment, over all tabs. When it cannot be renewed, the page is told
 * with the event `signed-out` and the promise waits until somebody has signed in again, or rejects when they do not.
 */
export function renew() {
  renewing ??= renewOnce().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewOnce() {
  const kind = page.me?.kind;
  if (!kind) throw new Problem({ status: 401, code: "signed_out", detail: t("Please sign in.") });
  const path = kind === "agent" ? "/agent/refresh" : "/user/refresh";
  const refresh = () => attempt("POST", path, {});
  const response = await (globalThis.navigator?.locks ? navigator.locks.request(`csts-refresh-${kind}`, refresh) : refresh());
  if (response.ok) return note(await response.json());
  if (response.status !== 401) throw problem(response.status, await response.text());
  await signInAgain();
}

/** @param {{expires_in: number}} session */
function note({ expires_in }) {
  page.expires_in = expires_in;
  globalThis.document?.dispatchEvent(new CustomEvent("session-renewed", { detail: { expires_in } }));
}

/** Asks the page for a new sign-in (parts/signin-dialog.js answers) and waits for it. */
function signInAgain() {
  return new Promise((resolve, reject) => {
    const detail = {
      resolve: (/** @type {{expires_in: number}} */ session) => resolve(note(session)),
      reject: () => reject(new Problem({ status: 401, code: "signed_out", detail: t("Please sign in again to go on. Nothing you typed is lost.") })),
    };
    const taken = !document.dispatchEvent(new CustomEvent("signed-out", { cancelable: true, detail }));
    if (!taken) detail.reject();
  });
}
