/** How the connection doctor reaches the desk: without a session, and without the retries that hide what is wrong. */

const UPLOAD_WITHIN_MS = 60_000;

/** @typedef {import("./doctor.js").Answer} Answer */

/** Three requests: the quickest says how far it is, the first had to open the line. @returns {Promise<Answer|{status: number}>} */
export async function askThrice() {
  const answers = [];
  for (let time = 0; time < 3; time += 1) answers.push(await ask());
  const good = /** @type {Answer[]} */ (answers.filter((answer) => "seen" in answer));
  return good.sort((one, other) => one.ms - other.ms)[0] ?? answers[0];
}

/** @returns {Promise<Answer|{status: number}>} */
async function ask() {
  const started = performance.now();
  try {
    const response = await fetch("/connection/seen", { method: "POST", headers: { Accept: "application/json" } });
    const ms = performance.now() - started;
    const seen = parsed(await response.text());
    return seen.expected ? { ms, at: Date.now() - ms / 2, seen } : { status: response.status };
  } catch {
    return { status: 0 };
  }
}

/** Sends a form of this size; `received` is what the desk says that it got, 0 when it said nothing. @param {number} bytes */
export async function send(bytes) {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(bytes)]), "connection-test.bin");
  try {
    const response = await fetch("/connection/upload", { method: "POST", body: form, signal: AbortSignal.timeout(UPLOAD_WITHIN_MS) });
    const { bytes: received = 0 } = parsed(await response.text());
    return { received, status: response.status };
  } catch (failure) {
    return { received: 0, status: 0, late: /** @type {Error} */ (failure).name === "TimeoutError" };
  }
}

/** Who answers a plain request to the address of sockets: the desk does not know it and says so in its own way. */
export async function whoAnswers() {
  try {
    const response = await fetch("/ws/echo", { headers: { Accept: "application/json" } });
    return parsed(await response.text()).code === "not_found" ? "desk" : "other";
  } catch {
    return "nobody";
  }
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
