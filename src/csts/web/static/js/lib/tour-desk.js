/** A plain client of the API for the tour: it signs in as the demo's people with tokens, beside whatever sessions the browser has. */

import { offline, problem } from "./http.js";

/**
 * @typedef {{ana: Record<string, string>, priya: Record<string, string>, talk: number, not_hers: number}} Places logins, and the ids of two tickets
 * @typedef {{status: number, body: any, headers: Headers}} Answer
 */

const ANSWER_WITHIN_MS = 20_000;

export class Desk {
  /** @param {Places} places */
  constructor(places) {
    this.places = places;
  }

  /** @param {string} method @param {string} path @param {{token?: string, json?: unknown, body?: BodyInit}} options @returns {Promise<Answer>} whatever the desk says */
  async ask(method, path, { token, json, body } = {}) {
    const headers = new Headers({ Accept: "application/json" });
    if (token) headers.set("Authorization", `Bearer ${token}`);
    if (json) headers.set("Content-Type", "application/json");
    const request = { method, headers, credentials: /** @type {const} */ ("omit"), body: json ? JSON.stringify(json) : body, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
    const response = await fetch(path, request).catch(() => {
      throw offline();
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), headers: response.headers };
  }

  /** The tokens of one of the demo's people. @param {"ana"|"priya"} who @throws {import("./http.js").Problem} */
  async signIn(who) {
    const { status, body } = await this.ask("POST", who === "ana" ? "/user/login" : "/agent/login", { json: this.places[who] });
    if (status !== 200) throw problem(status, JSON.stringify(body));
    return body;
  }

  /**
   * Says this in the ticket's room, and resolves with the frame that answers it: the stored message, or the refusal.
   * `sent` is when it left, by `performance.now()`.
   * @param {number} ticketId @param {string} token @param {string} content @returns {Promise<{frame: any, sent: number}>}
   */
  say(ticketId, token, content) {
    const address = new URL(`/ws/tickets/${ticketId}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, ["csts.v1", `bearer.${token}`]);
    // Not crypto.randomUUID, which a page without https does not have.
    const id = URL.createObjectURL(new Blob()).slice(-36);
    let sent = 0;
    return new Promise((resolve, reject) => {
      const fail = () => reject(offline());
      const late = setTimeout(fail, ANSWER_WITHIN_MS);
      socket.addEventListener("close", fail);
      socket.addEventListener("message", ({ data }) => {
        const frame = JSON.parse(data);
        if (frame.type === "ready") {
          sent = performance.now();
          socket.send(JSON.stringify({ type: "message", client_id: id, content }));
        } else if (frame.client_id === id) {
          clearTimeout(late);
          resolve({ frame, sent });
          socket.close();
        }
      });
    });
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
