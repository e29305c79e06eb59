/** On every page of an agent: the palette, the keys and their sheet, and the places one can go to. */

import { commands } from "../lib/commands.js";
import { QUEUES } from "../lib/desk.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";
import { openPalette } from "../parts/palette.js";
import { listenToKeys, showSheet } from "../parts/shortcuts.js";
import { ways } from "../parts/ways.js";

/** @param {string} path @param {string} name @param {string} icon @param {string} [words] */
const place = (path, name, icon, words) => ({ id: `go:${path}`, name: t("Go to: {place}", { place: name }), icon, words, when: () => location.pathname !== path, act: () => location.assign(path) });

/** @param {string} theme */
const themed = (theme) => () => /** @type {HTMLInputElement|null} */ (document.querySelector(`.theme-choice [value="${theme}"]`))?.click();

commands.add(
  { id: "palette", name: t("All commands"), keys: ["Mod+k"], onlyKey: true, act: openPalette },
  { id: "sheet", name: t("Keyboard shortcuts"), icon: "keyboard", keys: ["?"], act: showSheet },
  ...QUEUES.map(({ id, name, icon }) => ({ id: `queue:${id}`, name: t("Queue: {queue}", { queue: t(name) }), icon, act: () => ways.view({ queue: id }) })),
  place("/desk", t("Desk"), "inbox"),
  place("/desk/knowledge", t("Knowledge"), "book", t("Articles")),
  place("/desk/knowledge/rules", t("Rules"), "list"),
  place("/desk/replies", t("Canned replies"), "bolt"),
  place("/desk/assistant", t("Assistant"), "assistant"),
  { ...place("/desk/agents", t("Agents"), "users"), when: () => page.me?.role === "admin" && location.pathname !== "/desk/agents" },
  { ...place("/desk/audit", t("Audit log"), "history"), when: () => page.me?.role === "admin" && location.pathname !== "/desk/audit" },
  place("/desk/settings", t("Settings"), "sliders"),
  place("/help", t("Help"), "help"),
  place("/connection", t("Check the connection"), "wifi-off"),
  { id: "theme:", name: t("Appearance: {theme}", { theme: t("System") }), icon: "screen", act: themed("") },
  { id: "theme:light", name: t("Appearance: {theme}", { theme: t("Light") }), icon: "sun", act: themed("light") },
  { id: "theme:dark", name: t("Appearance: {theme}", { theme: t("Dark") }), icon: "moon", act: themed("dark") },
);
for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", openPalette);
for (const button of document.querySelectorAll("[data-keys]")) button.addEventListener("click", showSheet);
listenToKeys();
