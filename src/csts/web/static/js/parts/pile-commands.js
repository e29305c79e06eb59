/** What an agent can do with many tickets: the commands that stand beside those of the desk. */

import { commands } from "../lib/commands.js";
import { ACTIVE } from "../lib/desk.js";
import { t } from "../lib/words.js";

/** @param {{head: any, room: any, list: any, bulk: any}} parts */
export function pileCommands({ head, room, list, bulk }) {
  commands.add(
    { id: "snooze", name: t("Snooze"), icon: "snooze", keys: ["b"], when: () => ACTIVE.includes(room.ticket?.status), act: () => head.open("snooze") },
    { id: "check", name: t("Select the ticket"), keys: ["x"], onlyKey: true, act: () => list.check() },
    { id: "check-range", name: t("Select all up to this one"), keys: ["Shift+x"], onlyKey: true, act: () => list.check(true) },
    { id: "check-all", name: t("Select all tickets of the list"), icon: "list", when: () => list.rows.length > 0, act: () => list.checks.all() },
    { id: "undo-many", name: t("Undo the last change to many tickets"), icon: "retry", keys: ["z"], when: () => bulk.isUndoOffered, act: () => bulk.takeBack() },
  );
}
