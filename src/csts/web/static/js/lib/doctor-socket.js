/** The connection doctor's sockets: is there one, does it carry, and how long does it bear silence. */

import { busy, ok } from "./doctor.js";
import { sentence } from "./words.js";

const WAIT_MS = 10_000;
const TOO_MANY = 4429;

/** @typedef {import("./doctor.js").Finding} Finding @typedef {import("./doctor.js").Seen} Seen */

/** A socket on which one waits for frames. */
export class EchoLine {
  /** @type {any[]} */
  #waiting = [];
  /** @type {any[]} */
  #came = [];
  #line;

  /** @param {string} url @param {typeof WebSocket} Socket */
  constructor(url, Socket = WebSocket) {
    this.isOpen = false;
    this.#line = new Socket(url, ["csts.v1"]);
    this.#line.addEventListener("open", () => {
      this.isOpen = true;
    });
    this.#line.addEventListener("message", (event) => this.#take({ frame: JSON.parse(event.data) }));
    this.#line.addEventListener("close", (event) => this.#take({ closed: event.code }));
  }

  /** The next thing that happens: `{frame}`, `{closed: code}`, or `{late: true}` after `ms`. @param {number} ms @returns {Promise<any>} */
  next(ms = WAIT_MS) {
    if (this.#came.length) return Promise.resolve(this.#came.shift());
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#take({ late: true }), ms);
      this.#waiting.push((/** @type {any} */ what) => (clearTimeout(timer), resolve(what)));
    });
  }

  ping() {
    if (this.#line.readyState === 1) this.#line.send(JSON.stringify({ type: "ping" }));
  }

  close() {
    this.#line.close(1000);
  }

  /** @param {any} what */
  #take(what) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(what);
    else this.#came.push(what);
  }
}

/**
 * @param {EchoLine} line
 * @param {() => Promise<"desk"|"other"|"nobody">} whoAnswers who answers a plain request to the socket's address
 * @returns {Promise<{finding: Finding, seen?: Seen}>} `seen` where the socket works
 */
export async function checkSocket(line, whoAnswers) {
  const first = await line.next();
  if (first.closed === TOO_MANY) return { finding: busy() };
  if (first.closed) return { finding: line.isOpen ? cut() : refused(await whoAnswers()) };
  if (first.late) return { finding: line.isOpen ? heldBack() : refused(await whoAnswers()) };
  const started = performance.now();
  line.ping();
  const { frame } = await line.next();
  if (frame?.type !== "pong") return { finding: cut() };
  const ms = Math.round(performance.now() - started);
  return { finding: ok(sentence("Sockets work: a message takes {ms} ms there and back."), { ms }), seen: first.frame };
}

/**
 * Says nothing for so many seconds and listens whether the line lives.
 * @param {EchoLine} line @param {number} seconds @param {() => number} now in milliseconds
 * @returns {Promise<Finding>}
 */
export async function checkSilence(line, seconds, now = () => performance.now()) {
  const started = now();
  const { closed } = await line.next(seconds * 1000);
  if (closed) return idle(Math.round((now() - started) / 1000));
  line.ping();
  const { frame } = await line.next();
  return frame?.type === "pong" ? ok(sentence("A socket on which nobody writes lives for {seconds} s and longer."), { seconds }) : idle(seconds);
}

/** @param {number} seconds @returns {Finding} */
const idle = (seconds) => ({
  verdict: "fault",
  fault: "idle_timeout",
  says: [sentence("A socket on which nobody writes is cut after {seconds} s."), { seconds }],
  advice: [sentence("The page comes back by itself each time, but a proxy should leave quiet sockets alone for 90 s.")],
  setting: "proxy_read_timeout 90s;",
});

/** @param {"desk"|"other"|"nobody"} who @returns {Finding} */
function refused(who) {
  const says = who === "desk"
    ? sentence("Sockets are refused: what stands before the desk passes the request on, but not its wish for a socket.")
    : sentence("Sockets are refused before they reach the desk.");
  return {
    verdict: "fault",
    fault: who === "desk" ? "upgrade_refused" : "socket_blocked",
    says: [says],
    advice: [sentence("Chat goes on without them, more slowly. To mend it, the proxy has to speak HTTP/1.1 to the desk and pass the Upgrade and Connection headers, for all addresses below /ws/.")],
    setting: "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
  };
}

/** @returns {Finding} */
const heldBack = () => ({
  verdict: "fault",
  fault: "held_back",
  says: [sentence("A socket opens, but nothing comes through it: something in between holds back what is sent.")],
  advice: [sentence("Look for a proxy or a virus scanner that reads along, and let it leave this site alone.")],
});

/** @returns {Finding} */
const cut = () => ({
  verdict: "fault",
  fault: "socket_cut",
  says: [sentence("A socket opens, but is cut at once.")],
  advice: [sentence("Look for a proxy or a virus scanner that reads along, and let it leave this site alone.")],
});
