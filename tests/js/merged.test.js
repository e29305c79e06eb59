import assert from "node:assert/strict";
import { test } from "node:test";

import { addressFor, barOf, barOfRefusal, mergedIn } from "../../src/csts/web/static/js/lib/merged.js";

const target = { id: 7, ticket_no: "L1-000007" };
const words = "This ticket was merged into L1-000007. Go on there; what you have typed comes with you.";

test("a merged ticket leads everybody to the other one, and a closed one its customer to reopening", () => {
  for (const kind of ["customer", "agent"]) assert.deepEqual(barOf({ status: "closed", merged_into: target }, kind), { words, into: target });
  assert.equal(barOf({ status: "closed", merged_into: null }, "customer").into, undefined);
  assert.equal(barOf({ status: "closed", merged_into: null }, "agent"), null);
  assert.equal(barOf({ status: "resolved", merged_into: null }, "customer"), null);
});

test("a refusal says the same, whether it came as a frame or by HTTP", () => {
  const said = { code: "ticket_merged", detail: "No.", merged_into: target };
  assert.deepEqual(barOfRefusal(said), { words, into: target });
  assert.deepEqual(barOfRefusal({ code: "ticket_merged", detail: "No.", body: said }), { words, into: target });
  assert.deepEqual(barOfRefusal({ code: "ticket_closed", detail: "Closed." }), { words: "Closed." });
  assert.equal(barOfRefusal({ code: "stale_reply", detail: "Wait." }), null);
});

test("only a line of the system tells of a merge, and only of one that is known", () => {
  const content = "Priya merged L1-000007 into this ticket.";
  assert.equal(mergedIn({ content, sender: { kind: "system" } }, [target]), target);
  assert.equal(mergedIn({ content, sender: { kind: "customer" } }, [target]), undefined);
  assert.equal(mergedIn({ content, sender: { kind: "system" } }, [{ id: 0, ticket_no: "L1-00000" }]), undefined);
  assert.equal(mergedIn({ content, sender: { kind: "system" } }), undefined);
});

test("each side has its own address of a ticket", () => {
  assert.deepEqual(["agent", "customer"].map((kind) => addressFor(kind, 7)), ["/desk/tickets/7", "/my/tickets/7"]);
});
