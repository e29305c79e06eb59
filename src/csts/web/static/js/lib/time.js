/** Moments as people say them: "3 min ago", "Yesterday", and exactly on demand. */

import { formatOf } from "./formats.js";
import { page } from "./page.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @param {Date} moment */
const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());

/** Whole local days from `moment` to `now`: 0 is today. Rounded, because a day with a clock change is not 24 hours. */
export function daysAgo(/** @type {Date} */ moment, now = new Date()) {
  return Math.round((midnight(now).getTime() - midnight(moment).getTime()) / DAY);
}

/** "now", "3 min. ago", "2 hr. ago", "yesterday", then a date. @param {string|number|Date} when */
export function relative(when, now = new Date(), locale = page.locale) {
  const moment = new Date(when);
  const passed = Math.max(0, now.getTime() - moment.getTime());
  const format = formatOf("RelativeTimeFormat", locale, { numeric: "auto", style: "short" });
  if (passed < MINUTE) return format.format(0, "second");
  if (passed < HOUR) return format.format(-Math.floor(passed / MINUTE), "minute");
  const days = daysAgo(moment, now);
  if (days === 0 || passed < 6 * HOUR) return format.format(-Math.floor(passed / HOUR), "hour");
  if (days < 7) return format.format(-days, "day");
  return date(moment, now, locale);
}

/** For narrow rows: "now", "3m", "2h", "4d", then a date. @param {string|number|Date} when */
export function brief(when, now = new Date(), locale = page.locale) {
  const moment = new Date(when);
  const passed = Math.max(0, now.getTime() - moment.getTime());
  const narrow = (/** @type {number} */ value, /** @type {string} */ unit) =>
    formatOf("NumberFormat", locale, { style: "unit", unit, unitDisplay: "narrow" }).format(value);
  if (passed < MINUTE) return formatOf("RelativeTimeFormat", locale, { numeric: "auto", style: "narrow" }).format(0, "second");
  if (passed < HOUR) return narrow(Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return narrow(Math.floor(passed / HOUR), "hour");
  if (passed < 7 * DAY) return narrow(Math.floor(passed / DAY), "day");
  return date(moment, now, locale);
}

/** The whole moment, for titles and screen readers. @param {string|number|Date} when */
export const exact = (when, locale = page.locale) =>
  formatOf("DateTimeFormat", locale, { dateStyle: "full", timeStyle: "short" }).format(new Date(when));

/** What is to come, in few words: the time today, then the day of the week with it, then the date. @param {string|number|Date} when */
export function coming(when, now = new Date(), locale = page.locale) {
  const moment = new Date(when);
  const days = -daysAgo(moment, now);
  if (days > 6) return date(moment, now, locale);
  const weekday = days === 0 ? undefined : "short";
  return formatOf("DateTimeFormat", locale, { weekday, hour: "numeric", minute: "2-digit" }).format(moment);
}

/** The time of day. @param {string|number|Date} when */
export const clock = (when, locale = page.locale) => formatOf("DateTimeFormat", locale, { timeStyle: "short" }).format(new Date(when));

/** Makes the formats that nearly every page needs, each in a task of its own while the page waits for its answers. */
export function prepareTimes() {
  const now = new Date();
  for (const say of [relative, brief, clock]) setTimeout(() => say(now));
  setTimeout(() => brief(now.getTime() - HOUR));
}

/** A heading for a day of the thread: "Today", "Yesterday", "Monday, 2 November". @param {string|number|Date} when */
export function day(when, now = new Date(), locale = page.locale) {
  const moment = new Date(when);
  const days = daysAgo(moment, now);
  if (days === 0 || days === 1) {
    const word = formatOf("RelativeTimeFormat", locale, { numeric: "auto" }).format(-days, "day");
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  }
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return formatOf("DateTimeFormat", locale, { weekday: "long", day: "numeric", month: "long", year }).format(moment);
}

/** @param {Date} moment @param {Date} now @param {string} locale */
function date(moment, now, locale) {
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return formatOf("DateTimeFormat", locale, { day: "numeric", month: "short", year }).format(moment);
}
