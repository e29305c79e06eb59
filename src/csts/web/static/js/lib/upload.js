/** Sending a form with files: fetch cannot tell how much has left, so this is the older way. */

import { Problem, offline, problem, renew, speaker } from "./http.js";

/**
 * @param {string} path @param {FormData} form @param {(sent: number) => void} [progress] bytes that have left
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} the parsed answer
 */
export async function upload(path, form, progress, signal) {
  const asked = Date.now() - 1;
  try {
    return await attempt(path, form, progress, signal);
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.status !== 401) throw failure;
  }
  await renew(asked);
  return attempt(path, form, progress, signal);
}

/** @param {string} path @param {FormData} form @param {((sent: number) => void)|undefined} progress @param {AbortSignal|undefined} signal */
function attempt(path, form, progress, signal) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open("POST", path);
    for (const [name, value] of Object.entries({ Accept: "application/json", ...speaker() })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => progress?.(event.loaded));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problem(request.status, request.responseText));
    });
    request.addEventListener("error", () => reject(offline()));
    request.addEventListener("abort", () => reject(signal?.reason ?? offline()));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
