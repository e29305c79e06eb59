/** What the server told this page about itself: one JSON text in a meta element, read once. */

/**
 * @typedef {{kind: "customer"|"agent", id: number, name: string, role: string}} Me
 * @typedef {{me: Me|null, expires_in: number, options: any, words: Record<string, string|string[]>,
 *   locale: string, brand: string, preferences: import("./preferences.js").Preferences|null, push_key: string|null, ticket_id?: number, article_id?: number, next?: string}} Page
 */

/** @type {Page} */
const NOWHERE = { me: null, expires_in: 0, options: {}, words: {}, locale: "en", brand: "", preferences: null, push_key: null };

/** @returns {Page} */
function read() {
  const meta = globalThis.document?.querySelector('meta[name="csts-page"]');
  return meta ? { ...NOWHERE, ...JSON.parse(meta.getAttribute("content") ?? "{}") } : NOWHERE;
}

export const page = read();

const root = new URL("../../", import.meta.url).pathname;

/** The address of a file beside this one, under the same digest: `asset("icons.svg")`. */
export const asset = (/** @type {string} */ path) => root + path;
