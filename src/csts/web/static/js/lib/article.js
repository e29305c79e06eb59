/** An article while it is edited, and how its versions read. */

import { sentence, t } from "./words.js";

/** @typedef {{topic: string, title: string, answer: string, examples: string[], published: boolean}} Article */

export const FIELDS = ["title", "topic", "answer", "examples", "published"];
export const EMPTY = { topic: "", title: "", answer: "", examples: [], published: true };

const MOST_EXAMPLES = 1000;
const LONGEST_EXAMPLE = 500;

/** One example a line; empty lines are none. @param {string} text */
export const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** @type {import("./versions.js").Kind} */
export const ARTICLE = {
  fields: FIELDS,
  names: { title: sentence("Title"), topic: sentence("Topic"), answer: sentence("Answer"), examples: sentence("Other ways to ask"), published: sentence("State") },
  nobody: sentence("Imported"),
  said(field, value) {
    if (field !== "published") return value;
    return value ? t("Published") : t("Not published");
  },
};

/** What the server would refuse and a browser does not see. @param {string} text of the field of examples */
export function exampleComplaints(text) {
  const lines = text.split("\n").map((line) => line.trim());
  const long = lines.findIndex((line) => [...line].length > LONGEST_EXAMPLE);
  const told = [];
  if (long >= 0) told.push(t("Line {line} has {count} characters; the limit is {limit}.", { line: long + 1, count: [...lines[long]].length, limit: LONGEST_EXAMPLE }));
  const count = lines.filter(Boolean).length;
  if (count > MOST_EXAMPLES) told.push(t("These are {count} examples; the limit is {limit}.", { count, limit: MOST_EXAMPLES }));
  return told.map((message) => ({ field: "examples", message }));
}
