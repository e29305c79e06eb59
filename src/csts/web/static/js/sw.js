/** The service worker: shows what comes with every page closed, and leads a click to its ticket. It answers no request and keeps no page. */

/** @typedef {{title: string, body: string, tag: string, lang: string, path: string, ticket_id: number}} Notice */

const worker = /** @type {any} */ (globalThis);
// Pages that open any ticket where they are.
const LISTS = { agent: /^\/desk(\/tickets\/\d+)?$/u, customer: /^\/my\/tickets$/u };
// Under any digest: a worker outlives the version that it came with.
const ICON = "/static/worker/mark.svg";

worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(event.data.json())));

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

const pagesOf = () => worker.clients.matchAll({ type: "window", includeUncontrolled: true });

/** Always: who swallows what he is sent is sent nothing more. @param {Notice} notice */
async function show({ title, body, tag, lang, path, ticket_id }) {
  const pages = await pagesOf();
  // A page that is open rings by itself, and its notice of this ticket has the same tag: this one takes its place.
  const silent = pages.some((/** @type {{focused: boolean}} */ { focused }) => focused);
  const renotify = pages.length === 0;
  await worker.registration.showNotification(title, { body, tag, lang, silent, renotify, icon: ICON, data: { path, ticket_id } });
}

/** In the page that shows it, in one that can, or in a new one. @param {{path: string, ticket_id: number}} data */
async function open({ path, ticket_id }) {
  const pages = await pagesOf();
  const list = path.startsWith("/desk") ? LISTS.agent : LISTS.customer;
  const at = (/** @type {(path: string) => boolean} */ fits) => pages.find((/** @type {{url: string}} */ { url }) => fits(new URL(url).pathname));
  const page = at((place) => place === path) ?? at((place) => list.test(place));
  if (!page) return worker.clients.openWindow(path);
  await page.focus();
  page.postMessage({ open: ticket_id });
}
