/** What the tour tries out over the API: each probe yields, answer by answer, what was asked, what came, and whether that is right. */

import { samplePicture, sampleText } from "./tour.js";
import { percent, t } from "./words.js";

/**
 * @typedef {{asked: string, answer: string, says: string, good: boolean}} Finding
 * @typedef {import("./tour-desk.js").Desk} Desk
 */

const MOST_BYTES = 4 * 1024 * 1024;
const LIST_MS = 3000;
const CHAT_MS = 2000;
const SCRIPT = "<script>alert(1)</script>";
const MISSING = "/ticket/999999999";

/** @param {string} asked @param {import("./tour-desk.js").Answer} answer @param {number} wanted @param {string} says @returns {Finding} */
const finding = (asked, { status }, wanted, says) => ({ asked, answer: String(status), says, good: status === wanted });

/** What the desk says itself. @param {import("./tour-desk.js").Answer} answer */
const told = ({ status, body }) => t(body?.detail ?? String(status));

/** @param {Desk} desk */
async function* tokens(desk) {
  const first = await desk.signIn("ana");
  const claims = JSON.parse(atob(first.access_token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  const minutes = Math.round((claims.exp - claims.iat) / 60);
  yield { asked: "POST /user/login", answer: "200", says: t("Ana has a signed token for {minutes} minutes. It is for {audience} only.", { minutes, audience: claims.aud }), good: claims.aud === "customer" };
  const token = first.access_token;
  yield finding("GET /user/me", await desk.ask("GET", "/user/me"), 401, t("Without the token nobody is let in."));
  yield finding("GET /agents", await desk.ask("GET", "/agents", { token }), 403, t("What is for agents is not for her."));
  const renewal = await desk.ask("POST", "/user/refresh", { json: { refresh_token: first.refresh_token } });
  yield finding("POST /user/refresh", renewal, 200, t("The refresh token buys a new pair, once."));
  const { refresh_token } = renewal.body ?? {};
  yield finding("POST /user/logout", await desk.ask("POST", "/user/logout", { json: { refresh_token } }), 204, t("She signs out."));
  yield finding("POST /user/refresh", await desk.ask("POST", "/user/refresh", { json: { refresh_token } }), 401, t("From then on it buys nothing."));
}

/** @param {Desk} desk */
async function* files(desk) {
  const { access_token: token } = await desk.signIn("ana");
  const path = `/tickets/${desk.places.talk}/attachments`;
  const send = (/** @type {Blob} */ file) => {
    const body = new FormData();
    body.append("file", file, "picture.png");
    return desk.ask("POST", path, { token, body });
  };
  yield finding(`POST ${path}`, await send(await samplePicture()), 201, t("A picture is taken."));
  const lie = await send(sampleText());
  yield finding(`POST ${path}`, lie, 415, told(lie));
  const large = await send(new Blob([new Uint8Array(MOST_BYTES + 1)], { type: "image/png" }));
  yield finding(`POST ${path}`, large, 413, told(large));
}

/** @param {Desk} desk */
async function* speed(desk) {
  const [priya, ana] = [await desk.signIn("priya"), await desk.signIn("ana")];
  const began = performance.now();
  const list = await desk.ask("GET", "/tickets?limit=50", { token: priya.access_token });
  const listMs = Math.ceil(performance.now() - began);
  const count = list.body?.items?.length ?? 0;
  yield { asked: "GET /tickets", answer: String(list.status), says: t("{count} tickets in {ms} ms", { count, ms: listMs }), good: list.status === 200 && listMs < LIST_MS };
  const { frame, sent } = await desk.say(desk.places.talk, ana.access_token, t("A message of the tour, to see how long it takes."));
  const chatMs = Math.ceil(performance.now() - sent);
  const isStored = frame.type === "message";
  yield { asked: `/ws/tickets/${desk.places.talk}`, answer: frame.type, says: isStored ? t("Stored and back in {ms} ms", { ms: chatMs }) : t(frame.detail), good: isStored && chatMs < CHAT_MS };
}

/** @param {Desk} desk */
async function* safety(desk) {
  const { access_token: token } = await desk.signIn("ana");
  const other = `/ticket/${desk.places.not_hers}`;
  yield finding(`GET ${other}`, await desk.ask("GET", other, { token }), 404, t("Somebody else’s ticket is not there for Ana: the same answer as for none."));
  yield finding("GET /tickets", await desk.ask("GET", "/tickets"), 401, t("Without the token nobody is let in."));
  const { frame } = await desk.say(desk.places.talk, token, SCRIPT);
  yield { asked: SCRIPT, answer: frame.type, says: t("Stored as it was typed, and text in both windows."), good: frame.content === SCRIPT };
  const policy = (await desk.ask("GET", "/signin")).headers.get("Content-Security-Policy") ?? "";
  yield { asked: "GET /signin", answer: policy.split(";")[0], says: t("The policy of each page: no script but the desk’s own files."), good: policy.startsWith("default-src 'self'") && !policy.includes("unsafe") };
}

/** @param {Desk} desk */
async function* log(desk) {
  const { access_token: token } = await desk.signIn("ana");
  const wrong = /** @type {const} */ ([
    ["GET", MISSING, 404, {}],
    ["POST", "/assistant/ask", 422, { json: { wrong: true } }],
  ]);
  for (const [method, path, status, options] of wrong) {
    const answer = await desk.ask(method, path, { token, ...options });
    const id = answer.headers.get("X-Request-ID") ?? "";
    yield { ...finding(`${method} ${path}`, answer, status, t("In the log under {id}", { id })), good: answer.status === status && id !== "" };
  }
}

/** @param {Desk} desk */
async function* assistant(desk) {
  const { access_token: token } = await desk.signIn("ana");
  for (const [question, isKnown] of /** @type {[string, boolean][]} */ ([["Where is my parcel?", true], ["Can I marry in your roastery?", false]])) {
    const { status, body } = await desk.ask("POST", "/assistant/ask", { token, json: { question } });
    const says = body?.answer ?? t("No answer: a person is called.");
    yield { asked: question, answer: status === 200 ? t("{percent} sure", { percent: percent(body.confidence) }) : String(status), says, good: status === 200 && Boolean(body.answer) === isKnown };
  }
}

export const PROBES = { tokens, files, speed, safety, log, assistant };
