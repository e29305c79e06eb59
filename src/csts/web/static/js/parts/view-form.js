/** The dialog in which a view of the desk gets its name, is shared, changed or deleted. */

import { h } from "../lib/dom.js";
import { call, post, put } from "../lib/http.js";
import { t } from "../lib/words.js";

/**
 * @param {{id: number, name: string, shared: boolean}|null} saved a view that there is
 * @param {Record<string, string>} shown what the list is narrowed to now
 * @param {() => void} done something has changed
 */
export function askForView(saved, shown, done) {
  const name = /** @type {HTMLInputElement} */ (h("input", { class: "input", id: "view-name", required: true, maxlength: "60", autocomplete: "off", value: saved?.name ?? "" }));
  const shared = box("view-shared", t("Share it with all agents"), saved?.shared);
  const renew = box("view-renew", t("Take the filters that are set now"));
  const wrong = h("p", { class: "error", role: "alert" });

  const keep = () => {
    const filters = saved && !renew.input.checked ? undefined : shown;
    const view = { name: name.value, shared: shared.input.checked, filters };
    return saved ? put(`/views/${saved.id}`, view) : post("/views", view);
  };
  const attempt = async (/** @type {() => Promise<any>} */ act) => {
    try {
      await act();
      dialog.close();
      done();
    } catch (problem) {
      const { errors, message } = /** @type {any} */ (problem);
      wrong.textContent = t(errors?.[0]?.message ?? message);
    }
  };

  const drop = saved && h("button", { type: "button", class: "button danger", onclick: () => attempt(() => call("DELETE", `/views/${saved.id}`)) }, t("Delete"));
  const cancel = h("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, t("Cancel"));
  const form = h("form", { class: "view-form", onsubmit: (event) => (event.preventDefault(), attempt(keep)) },
    h("label", { for: "view-name" }, t("Name")), name, wrong, shared.line, saved && renew.line,
    h("div", { class: "dialog-acts" }, drop, cancel, h("button", { class: "button primary" }, t("Save"))));
  const title = saved ? t("Edit {name}", { name: saved.name }) : t("Save this view");
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "aria-labelledby": "view-title", onclose: () => dialog.remove() }, h("h2", { id: "view-title" }, title), form));
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} id @param {string} words @param {boolean} checked */
function box(id, words, checked = false) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id, checked }));
  return { input, line: h("div", { class: "switch" }, input, h("label", { for: id }, words)) };
}
