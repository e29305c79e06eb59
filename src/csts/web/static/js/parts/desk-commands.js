/** What an agent can do on the desk: the commands that its keys, the sheet and the palette share. */

import { commands } from "../lib/commands.js";
import { t } from "../lib/words.js";

/** @param {{desk: {step: (step: 1|-1) => void, leave: () => void, merge: () => void, resolveAndGoOn: () => void}, head: any, room: any, filters: any, macros: any}} parts */
export function deskCommands({ desk, head, room, filters, macros }) {
  const isOpen = () => room.ticket !== null;
  const isLive = () => isOpen() && !room.ticket.merged_into;
  const isMine = () => isLive() && head.mayRelease;
  const isActive = () => isOpen() && room.ticket.allowed_statuses.includes("resolved");
  commands.add(
    { id: "next", name: t("Next ticket"), icon: "arrow-down", keys: ["j", "ArrowDown"], repeats: true, act: () => desk.step(1) },
    { id: "previous", name: t("Previous ticket"), icon: "arrow-up", keys: ["k", "ArrowUp"], repeats: true, act: () => desk.step(-1) },
    { id: "reply", name: t("Reply"), icon: "chat", keys: ["r"], when: isLive, act: () => room.focusComposer("reply") },
    { id: "note", name: t("Internal note"), icon: "lock", keys: ["n"], when: isLive, act: () => room.focusComposer("note") },
    { id: "claim", name: t("Claim the ticket"), icon: "claim", keys: ["c"], when: () => isLive() && !room.ticket.agent, act: () => head.claim() },
    { id: "assign", name: t("Hand over to a colleague"), icon: "users", keys: ["a"], when: isLive, act: () => head.open("holder") },
    { id: "release", name: t("Back into the queue"), icon: "inbox", when: isMine, act: () => head.release() },
    { id: "status", name: t("Set the status"), icon: "list", keys: ["s"], when: isLive, act: () => head.open("status") },
    { id: "priority", name: t("Set the priority"), icon: "alert", keys: ["p"], when: isLive, act: () => head.open("priority") },
    { id: "resolve", name: t("Resolve"), icon: "check", keys: ["e"], when: isActive, act: () => head.moveTo("resolved") },
    { id: "resolve-next", name: t("Resolve and next"), icon: "double-check", keys: ["Shift+e", "Mod+Alt+e"], when: isActive, act: () => desk.resolveAndGoOn() },
    { id: "unread", name: t("Mark as unread"), icon: "eye-off", keys: ["u"], when: isOpen, act: () => head.markUnread() },
    { id: "macro", name: t("Run a macro"), icon: "bolt", keys: ["m"], when: isLive, act: () => macros.open() },
    { id: "merge", name: t("Merge into another ticket…"), icon: "merge", keys: ["Shift+m"], when: isLive, act: () => desk.merge() },
    { id: "undo", name: t("Undo the last status"), icon: "retry", keys: ["z"], when: () => head.undo.isOffered, act: () => head.undo.take() },
    { id: "find", name: t("Search in the list"), icon: "search", keys: ["/"], act: () => filters.focusSearch() },
    { id: "leave", name: t("Back to the list"), icon: "chevron-left", keys: ["Escape"], onlyKey: true, act: () => desk.leave() },
    { id: "canned", name: t("In a message: canned replies"), keys: ["/"], onlyKey: true, when: () => false, act: () => {} },
    { id: "mention", name: t("In a note: mention a colleague"), keys: ["@"], onlyKey: true, when: () => false, act: () => {} },
    { id: "send", name: t("Send"), keys: ["Mod+Enter"], onlyKey: true, when: () => false, act: () => {} },
    { id: "send-resolve", name: t("Answer and resolve"), keys: ["Mod+Shift+Enter"], onlyKey: true, when: () => false, act: () => {} },
  );
  commands.offer(() => (isOpen() ? head.choices : []));
}
