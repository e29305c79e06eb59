/** When a ticket may come back: the times that one usually means, by the agent's own clock. */

import { sentence } from "./words.js";

const MORNING = 9;
const AFTERNOON = 15;
const MONDAY = 1;

/** The same day some days on, at the full hour: by the calendar, for a day with a clock change is not 24 hours. @param {Date} now @param {number} days @param {number} hour */
const dayAt = (now, days, hour) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);

/** In their order; the afternoon goes when it has come. @param {Date} now @returns {{name: string, until: Date}[]} */
export function presets(now) {
  const inAnHour = new Date(now.getTime() + 3_600_000);
  const afternoon = dayAt(now, 0, AFTERNOON);
  const toMonday = (MONDAY - now.getDay() + 7) % 7 || 7;
  return [
    { name: sentence("In one hour"), until: inAnHour },
    ...(afternoon > inAnHour ? [{ name: sentence("This afternoon"), until: afternoon }] : []),
    { name: sentence("Tomorrow morning"), until: dayAt(now, 1, MORNING) },
    { name: sentence("Next Monday"), until: dayAt(now, toMonday, MORNING) },
  ];
}

/** As a field for a local time has it: `2026-12-01T09:00`. @param {Date} moment */
export function localValue(moment) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
