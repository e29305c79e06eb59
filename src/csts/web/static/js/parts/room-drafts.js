/** What is typed in a room's composer is kept on the server, and follows its writer to his other devices. */

import { DraftKeeper } from "../lib/draft-keeper.js";
import { onLeave } from "../lib/gate.js";
import { forget, get, keep } from "../lib/http.js";
import { page } from "../lib/page.js";

/** Until `signal` is aborted; `changed` is told of words of another device, `kept` when ours were saved. */
export function keepDrafts({ room, composer, changed, kept, signal }) {
  const keeper = new DraftKeeper({
    api: { get, put: keep, remove: forget },
    path: room.path,
    drafts: composer.drafts,
    changed: (kind) => (composer.refresh(kind), changed()),
    kept,
    most: page.options.message_max_chars,
  });
  const on = (source, name, act) => source.addEventListener(name, (event) => act(event.detail), { signal });
  on(room, "own-draft", (draft) => keeper.hear(draft));
  on(room, "delivered", () => keeper.settle());
  on(room, "connection", ({ connection }) => ["online", "slow"].includes(connection) && keeper.load());
  on(composer, "edited", (kind) => keeper.edited(kind));
  on(composer, "send", ({ internal }) => keeper.sent(internal ? "note" : "reply"));
  onLeave(() => keeper.flush(), { signal });
  signal.addEventListener("abort", () => keeper.flush(), { once: true });
}
