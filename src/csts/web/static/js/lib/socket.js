/** One live line to the server that heals itself: retries with patience, notices silence, and changes lines before the session ends. */

const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 8_000;
const READY_WITHIN_MS = 8_000;
const FIRST_DELAY_MS = 1000;
const BUSY_DELAY_MS = 4000;
const LONGEST_DELAY_MS = 20_000;
const LONGEST_ASKED_MS = 120_000;
const FINAL_CODES = new Set([4403, 4404]);
const BUSY_CODES = new Set([1013, 4429]);
const SESSION_OVER = 4401;

/** Milliseconds before the next try: anything up to a bound that doubles to twenty seconds, so that clients never come back as one. */
export function retryDelay(failures, { busy = false, random = Math.random } = {}) {
  const most = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
  return random() * (busy ? Math.max(most, BUSY_DELAY_MS) : most);
}

/** The milliseconds that a server asks for in its goodbye ("restarting, retry in 2.4 s"), or null. */
export function askedDelay(reason) {
  const found = /retry in (\d+(?:\.\d+)?) s/u.exec(reason ?? "");
  return found && Math.min(LONGEST_ASKED_MS, Number(found[1]) * 1000);
}

/** The address of a socket on the page's own site. */
export function socketUrl(path, { base, as, after }) {
  const url = new URL(path, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (as) url.searchParams.set("as", as);
  if (after !== null && after !== undefined) url.searchParams.set("after", String(after));
  return url.href;
}

/**
 * Events: `frame` (detail: the frame), `state` (detail: `{state, code}`; state is connecting, online, offline or stopped).
 * `after()` gives the last number held, `renew()` resolves to true when the session could be renewed.
 */
export class LiveSocket extends EventTarget {
  state = "offline";
  failures = 0;
  #options;
  #line = null;
  #spare = null;
  #timers = {};
  #heard = false;
  #notBefore = 0;

  constructor({ path, base, as = null, after = () => null, renew = async () => false, Socket = globalThis.WebSocket }) {
    super();
    this.#options = { path, base, as, after, renew, Socket };
  }

  open() {
    if (this.#line || this.state === "stopped") return;
    clearTimeout(this.#timers.retry);
    this.#become("connecting");
    this.#line = this.#dial();
    this.#awaitReady();
  }

  close() {
    Object.values(this.#timers).forEach((timer) => clearTimeout(timer));
    const lines = [this.#line, this.#spare];
    this.#line = null;
    this.#spare = null;
    lines.forEach((line) => line?.close(1000));
    this.#become("stopped");
  }

  /** True when the frame was handed to an open line; whether it arrived only an answer can say. */
  send(frame) {
    if (this.state !== "online" || this.#line?.readyState !== 1) return false;
    this.#line.send(JSON.stringify(frame));
    return true;
  }

  /** The reader is back (network, focus): try at once, or make sure that an apparently open line still answers. */
  wake() {
    // A server that asked for time gets it: thousands may be back at the same moment.
    if (this.state === "offline" && Date.now() >= this.#notBefore) return this.open();
    if (this.state === "online") this.#ping(PONG_WITHIN_MS / 2);
  }

  /** Opens a second line with the renewed session and lets the first go only when the second is ready. */
  replace() {
    if (this.state !== "online" || this.#spare) return;
    const spare = this.#dial();
    this.#spare = spare;
    this.#timers.spare = setTimeout(() => this.#letGo(spare), READY_WITHIN_MS);
  }

  #dial() {
    const { path, base, as, after, Socket } = this.#options;
    const line = new Socket(socketUrl(path, { base, as, after: after() }), ["csts.v1"]);
    line.addEventListener("message", (event) => this.#hear(line, event.data));
    line.addEventListener("close", (event) => this.#lost(line, event.code, event.reason));
    return line;
  }

  #hear(line, data) {
    if (line !== this.#line && line !== this.#spare) return;
    const frame = JSON.parse(data);
    this.#heard = true;
    if (frame.type === "ready") this.#ready(line);
    if (frame.type !== "pong") this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #ready(line) {
    if (line === this.#spare) {
      const former = this.#line;
      this.#line = line;
      this.#spare = null;
      clearTimeout(this.#timers.spare);
      former?.close(1000);
    }
    this.failures = 0;
    this.#notBefore = 0;
    clearTimeout(this.#timers.dial);
    this.#beat();
    // Before the frame is told: whoever hears it sends what waited.
    this.#become("online");
  }

  #beat() {
    clearTimeout(this.#timers.beat);
    this.#timers.beat = setTimeout(() => this.#ping(PONG_WITHIN_MS), PING_EVERY_MS);
  }

  #ping(withinMs) {
    this.#heard = false;
    this.send({ type: "ping" });
    clearTimeout(this.#timers.pong);
    this.#timers.pong = setTimeout(() => {
      if (!this.#heard) this.#abandon();
    }, withinMs);
    this.#beat();
  }

  // A dead line may take minutes to report its close, so it is given up without waiting for that.
  #abandon() {
    const line = this.#line;
    this.#lost(line, 1006);
    line?.close();
  }

  #lost(line, code, reason = "") {
    if (line === this.#spare) this.#spare = null;
    if (line !== this.#line) return;
    this.#line = null;
    ["dial", "beat", "pong"].forEach((name) => clearTimeout(this.#timers[name]));
    if (FINAL_CODES.has(code)) return this.#become("stopped", code);
    if (this.#spare) return this.#goOnWithSpare();
    this.failures += 1;
    const asked = askedDelay(reason);
    this.#notBefore = asked === null ? 0 : Date.now() + asked;
    this.#become("offline", code);
    if (code === SESSION_OVER) this.#renewThenRetry();
    else this.#retryIn(asked ?? retryDelay(this.failures, { busy: BUSY_CODES.has(code) }));
  }

  /** The next line is being made already. */
  #goOnWithSpare() {
    clearTimeout(this.#timers.spare);
    this.#line = this.#spare;
    this.#spare = null;
    this.#become("connecting");
    this.#awaitReady();
  }

  #awaitReady() {
    clearTimeout(this.#timers.dial);
    this.#timers.dial = setTimeout(() => this.#abandon(), READY_WITHIN_MS);
  }

  #letGo(spare) {
    if (spare !== this.#spare) return;
    this.#spare = null;
    spare.close();
  }

  async #renewThenRetry() {
    const renewed = await this.#options.renew().catch(() => false);
    if (this.state !== "offline") return;
    if (renewed && this.failures < 2) this.open();
    else this.#retryIn(retryDelay(this.failures, { busy: true }));
  }

  #retryIn(delay) {
    clearTimeout(this.#timers.retry);
    this.#timers.retry = setTimeout(() => this.open(), delay);
  }

  #become(state, code = null) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, code } }));
  }
}
