/** <connection-doctor>: asks its questions one after the other, shows each answer at once, and puts them into one text to pass on. */

import { askThrice, send, whoAnswers } from "../lib/doctor-line.js";
import { EchoLine, checkSilence, checkSocket } from "../lib/doctor-socket.js";
import { checkUpload, judgeAnswer, judgeClock, judgeEncryption, judgeOrigin, uploadSizes } from "../lib/doctor.js";
import { h, icon } from "../lib/dom.js";
import { page } from "../lib/page.js";
import { socketUrl } from "../lib/socket.js";
import { sentence, size, t } from "../lib/words.js";

const QUIET_SECONDS = 65;
const CHECKS = {
  answer: sentence("Way to the desk"),
  encryption: sentence("Encryption"),
  clock: sentence("Clocks"),
  origin: sentence("Address"),
  socket: sentence("Live connection"),
  upload: sentence("Large uploads"),
  silence: sentence("Quiet connections"),
};
const LOOKS = {
  waiting: ["more", sentence("Not checked yet")],
  running: ["clock", sentence("Checking …")],
  ok: ["check", sentence("Fine")],
  note: ["info", sentence("Good to know")],
  fault: ["alert", sentence("Broken")],
  unknown: ["help", sentence("Not known")],
};

/** @typedef {keyof typeof CHECKS} Check @typedef {import("../lib/doctor.js").Finding} Finding */

class ConnectionDoctor extends HTMLElement {
  /** @type {Map<Check, Finding>} */
  #found = new Map();

  connectedCallback() {
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.start = h("button", { type: "button", class: "button primary", onclick: () => this.#run() }, t("Check now"));
    this.copy = h("button", { type: "button", class: "button", hidden: true, onclick: () => this.#copy() }, icon("copy", "small"), t("Copy the result"));
    this.sum = h("div", { class: "notice", hidden: true });
    this.list = h("ol", { class: "doctor-checks surface", role: "list" }, ...Object.keys(CHECKS).map((name) => h("li", { "data-check": name })));
    this.replaceChildren(h("div", { class: "doctor-acts" }, this.start, this.copy), this.said, this.sum, this.list);
    this.#reset();
  }

  #reset() {
    this.#found.clear();
    this.sum.hidden = true;
    this.copy.hidden = true;
    for (const name of /** @type {Check[]} */ (Object.keys(CHECKS))) this.#draw(name, "waiting");
  }

  async #run() {
    if (this.start.hasAttribute("aria-busy")) return;
    this.#reset();
    this.start.setAttribute("aria-busy", "true");
    await this.#examine();
    this.start.removeAttribute("aria-busy");
    this.start.lastChild?.replaceWith(t("Check again"));
    this.#conclude();
  }

  async #examine() {
    const here = new URL(location.href);
    this.#draw("answer", "running");
    const answer = await askThrice();
    this.#tell("answer", judgeAnswer(answer));
    if (!("seen" in answer)) return;
    this.#tell("encryption", judgeEncryption(answer.seen, here));
    this.#tell("clock", judgeClock(answer));
    this.#tell("origin", judgeOrigin(answer.seen, here.origin));
    const silence = await this.#trySocket(here, answer.seen);
    this.#draw("upload", "running");
    this.#tell("upload", await checkUpload(uploadSizes(page.options.screenshots), send, size));
    await silence?.until;
  }

  /** @param {URL} here @param {import("../lib/doctor.js").Seen} before @returns {Promise<{until: Promise<void>}|void>} over once enough time has passed on a quiet socket */
  async #trySocket(here, before) {
    this.#draw("socket", "running");
    const line = new EchoLine(socketUrl("/ws/echo", { base: here.href, as: null, after: null }));
    const { finding, seen } = await checkSocket(line, whoAnswers);
    // A proxy may treat sockets in a way of their own; what is wrong with every request was told already.
    const isSocketsOwn = seen && !seen.own_origin && before.own_origin;
    this.#tell("socket", isSocketsOwn ? judgeOrigin(seen, here.origin) : finding);
    if (!seen) return this.#tell("silence", { verdict: "unknown", says: [sentence("There is no live connection to try this with.")] });
    return { until: this.#waitQuietly(line) };
  }

  /** Its answer is shown as soon as it is there, also while something else is tried. @param {EchoLine} line */
  async #waitQuietly(line) {
    this.#draw("silence", "running", h("progress", { max: QUIET_SECONDS, value: 0, "aria-label": t("Quiet connections") }));
    const bar = /** @type {HTMLProgressElement} */ (this.querySelector("progress"));
    const ticking = setInterval(() => {
      bar.value += 1;
    }, 1000);
    const finding = await checkSilence(line, QUIET_SECONDS);
    clearInterval(ticking);
    line.close();
    this.#tell("silence", finding);
  }

  /** @param {Check} name @param {Finding} finding */
  #tell(name, finding) {
    this.#found.set(name, finding);
    const { says, advice, setting } = finding;
    this.#draw(name, finding.verdict, h("p", {}, t(...says)), advice ? h("p", { class: "doctor-advice" }, t(...advice)) : null,
      setting ? h("details", {}, h("summary", {}, t("For the operator, in nginx")), h("pre", {}, h("code", {}, setting))) : null);
    const row = this.#row(name);
    if (finding.fault) row.dataset.fault = finding.fault;
    this.said.textContent = `${t(CHECKS[name])}: ${t(...says)}`;
  }

  /** @param {Check} name @param {keyof typeof LOOKS} looks @param {...(Node|null)} more */
  #draw(name, looks, ...more) {
    const [picture, word] = LOOKS[looks];
    const row = this.#row(name);
    delete row.dataset.fault;
    row.dataset.verdict = looks;
    row.replaceChildren(icon(picture), h("div", {}, h("h2", {}, t(CHECKS[name]), h("span", { class: "doctor-word" }, t(word))), ...more.filter((each) => each !== null)));
  }

  /** @param {Check} name */
  #row(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-check="${name}"]`));
  }

  #conclude() {
    const faults = [...this.#found.values()].filter(({ verdict }) => verdict === "fault").length;
    const words = faults ? t("Something is broken. If you are not the one who runs the desk, pass the result on to them.") : t("All that the chat needs works.");
    this.sum.className = faults ? "notice urgent" : "notice info";
    this.sum.replaceChildren(icon(faults ? "alert" : "check"), h("p", {}, words));
    this.sum.hidden = false;
    this.copy.hidden = false;
    this.said.textContent = words;
  }

  async #copy() {
    const lines = [...this.#found].map(([name, { verdict, fault, says }]) => `${t(CHECKS[name])}: ${fault ?? verdict}. ${t(...says)}`);
    await navigator.clipboard?.writeText([location.origin, new Date().toISOString(), ...lines].join("\n"));
    this.said.textContent = t("Copied.");
  }
}

customElements.define("connection-doctor", ConnectionDoctor);
