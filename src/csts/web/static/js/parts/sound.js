/** The sound of a notice: two short tones, made on the spot. Browsers are silent until the first click or key. */

import { oncePerMoment } from "./tabs.js";

const BETWEEN_MS = 1500;
/** Hertz, and seconds from the start. */
const TONES = [[660, 0], [880, 0.12]];
const LOUD = 0.12;
const LASTS = 0.22;

/** @type {AudioContext|null} */
let context = null;

for (const name of ["pointerdown", "keydown"]) addEventListener(name, unlock, { capture: true, passive: true });

function unlock() {
  if (!globalThis.AudioContext) return;
  context ??= new AudioContext();
}

/** At most once in 1.5 seconds over all tabs; a tab that may not sound leaves it to another. */
export async function ring() {
  if (!context) return;
  // Made by a click of just now it may still be starting.
  await context.resume();
  await oncePerMoment("sound", BETWEEN_MS, play);
}

function play() {
  for (const [hertz, at] of TONES) tone(/** @type {AudioContext} */ (context), hertz, at);
}

/** @param {AudioContext} audio @param {number} hertz @param {number} at */
function tone(audio, hertz, at) {
  const begin = audio.currentTime + at;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.frequency.value = hertz;
  // Without the fading a loudspeaker clicks.
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(LOUD, begin + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + LASTS);
  voice.connect(volume).connect(audio.destination);
  voice.start(begin);
  voice.stop(begin + LASTS);
}
