/** The form in which an admin writes a rule. */

import { linesOf } from "../lib/article.js";
import { EMPTY, FIELDS, RULE } from "../lib/rule.js";
import { t } from "../lib/words.js";

/** @type {import("./edit-dialog.js").Edited} */
export const RULE_FORM = {
  kind: RULE,
  fields: FIELDS,
  empty: EMPTY,
  path: "/knowledge/rules",
  noun: "rule",
  title: (rule) => (rule ? t("Edit {name}", { name: rule.name }) : t("New rule")),
  whole: (rule) => ({ ...rule, deleted: false }),

  fill({ elements }, { name, phrases, reply, action, whole, enabled }) {
    elements.namedItem("name").value = name;
    elements.namedItem("action").value = action;
    elements.phrases.value = phrases.join("\n");
    elements.reply.value = reply;
    elements.whole.checked = whole;
    elements.enabled.checked = enabled;
  },

  typed({ elements }) {
    return {
      name: elements.namedItem("name").value.trim(),
      phrases: linesOf(elements.phrases.value),
      reply: elements.reply.value.trim(),
      action: elements.namedItem("action").value,
      whole: elements.whole.checked,
      enabled: elements.enabled.checked,
    };
  },
};
