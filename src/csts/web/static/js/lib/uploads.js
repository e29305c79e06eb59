/** What may be attached, checked before a byte is sent, and the sending itself with its progress; the server stays the authority. */

import { size as inWords } from "./words.js";

const KINDS = { "image/png": ["png"], "image/jpeg": ["jpg", "jpeg"], "application/pdf": ["pdf"] };

/** The type that a browser named, or the one that the name promises: some systems leave the type empty. */
export function kindOf(file) {
  if (file.type) return file.type;
  const ending = file.name.split(".").at(-1).toLowerCase();
  return Object.keys(KINDS).find((kind) => KINDS[kind].includes(ending)) ?? "";
}

/** Why a file cannot go, as `[sentence, params]` for the catalogue, or null. `limits` is `{max, max_bytes, types}`. */
export function refusalOf(file, limits, already) {
  if (already >= limits.max) return ["At most {max} files at once.", { max: limits.max }];
  if (!limits.types.includes(kindOf(file))) {
    return ["{name} is not a PNG, JPEG or PDF file.", { name: file.name }];
  }
  if (file.size > limits.max_bytes) {
    const words = { name: file.name, size: inWords(file.size), limit: inWords(limits.max_bytes) };
    return ["{name} is {size}. The limit is {limit}.", words];
  }
  return file.size ? null : ["{name} is empty.", { name: file.name }];
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

/** Sends one file; `progress` hears 0..1. Resolves to the stored attachment, rejects with `{status, detail}`; `signal` cancels. */
export function upload(url, file, { progress = () => {}, signal, headers = {}, Request = globalThis.XMLHttpRequest } = {}) {
  return new Promise((resolve, reject) => {
    const request = new Request();
    const body = new FormData();
    body.append("file", file, file.name);
    request.open("POST", url);
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.addEventListener("progress", (event) => event.total && progress(event.loaded / event.total));
    request.addEventListener("load", () => {
      const answer = answerOf(request);
      if (request.status < 300) resolve(answer);
      else reject({ status: request.status, detail: answer.detail ?? null, code: answer.code ?? null });
    });
    request.addEventListener("error", () => reject({ status: 0, detail: null }));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}
