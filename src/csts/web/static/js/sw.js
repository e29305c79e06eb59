/** The service worker: shows what comes with every page closed, and leads a click to its ticket. It answers no request and keeps no page. */

/** @typedef {{title: string, body: string, tag: string, lang: string, path: string, person: string, ticket_id: number}} Notice */

const worker = /** @type {any} */ (globalThis);
const HOMES = { agent: /^\/desk(\/tickets\/\d+)?$/u, customer: /^\/my\/tickets(\/\d+)?$/u };

worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(event.data.json())));

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

/** @param {Notice} notice */
async function show({ title, body, tag, lang, path, person, ticket_id }) {
  // A page says by a lock that somebody looks at this ticket; browsers ask for a notification only while no page is in view.
  const { held = [] } = await navigator.locks.query();
  if (held.some(({ name }) => name === `csts:${person}:view:${ticket_id}`)) return;
  // Under the tag of the pages: one that shows the same already is not doubled.
  await worker.registration.showNotification(title, { body, tag, lang, icon: "/static/worker/mark.svg", data: { path, ticket_id } });
}

/** In a page that is open for it, or in a new one. @param {{path: string, ticket_id: number}} data */
async function open({ path, ticket_id }) {
  const home = path.startsWith("/desk") ? HOMES.agent : HOMES.customer;
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((/** @type {{url: string}} */ { url }) => home.test(new URL(url).pathname));
  if (!page) return worker.clients.openWindow(path);
  await page.focus();
  page.postMessage({ open: ticket_id });
}
