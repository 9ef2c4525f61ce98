// The schema holds what the released one promised, but for what the changelog names; and this would be noticed.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { untold } from "./changes.js";

const root = new URL("../../", import.meta.url);
const released = await readFile(new URL("released.graphql", import.meta.url), "utf8");
const current = await readFile(new URL("schema.graphql", root), "utf8");
const changelog = await readFile(new URL("CHANGELOG.md", root), "utf8");

test("nothing of the released schema is broken without the changelog saying so", async () => {
  const changes = await untold(released, current, changelog);
  const told = "name the path under `### Breaking` of what is unreleased in CHANGELOG.md";
  assert.deepEqual(changes.map(({ path, message }) => `${path}: ${message}`), [], told);
});

const before = `
  type Query { customers(first: Int! = 20, name: String): [Customer!]! }
  type Customer { name: String! phoneNumber: String }
  enum Outcome { ATTACHED UNCHANGED }
  type Mutation { attach(input: AttachInput!): Outcome! }
  input AttachInput { status: String! = "active" }
`;

/** The paths of what is not told of a change that replaces one text of the schema by another. */
async function afterReplacing(old, replacement, changelog = "") {
  const after = before.replace(old, replacement);
  assert.notEqual(after, before);
  const changes = await untold(before, after, changelog);
  return changes.map(({ path }) => path);
}

test("what breaks a document or a program is noticed", async () => {
  for (const [old, replacement, path] of [
    [" phoneNumber: String ", " ", "Customer.phoneNumber"],
    ["name: String! phone", "name: String phone", "Customer.name"],
    ["name: String)", "name: String, last: Int!)", "Query.customers.last"],
    ["Int! = 20", "Int! = 10", "Query.customers.first"],
    ["Int! = 20", "Int!", "Query.customers.first"],
    ['String! = "active"', "String!", "AttachInput.status"],
    ["ATTACHED UNCHANGED", "ATTACHED", "Outcome.UNCHANGED"],
  ]) {
    assert.deepEqual(await afterReplacing(old, replacement), [path]);
  }
});

test("what is added breaks nothing", async () => {
  assert.deepEqual(await afterReplacing(" phoneNumber", " id: ID! phoneNumber"), []);
  assert.deepEqual(await afterReplacing("name: String)", "name: String, last: Int)"), []);
  assert.deepEqual(await afterReplacing("type Customer", '"Somebody." type Customer'), []);
});

const withoutNumber = [" phoneNumber: String ", " "];

test("a change that the changelog names is let through", async () => {
  const changelog = `# Changelog

## [Unreleased]

### Added

- More.

### Breaking

- \`Customer.phoneNumber\` is gone.
`;
  assert.deepEqual(await afterReplacing(...withoutNumber, changelog), []);
});

test("a change that the changelog names elsewhere is not let through", async () => {
  for (const changelog of [
    "\n## [Unreleased]\n\n### Added\n\n- `Customer.phoneNumber`\n",
    "\n## [Unreleased]\n\n### Breaking\n\n- More.\n\n### Fixed\n\n- `Customer.phoneNumber`\n",
    "\n## [Unreleased]\n\n## [1.0.0]\n\n### Breaking\n\n- `Customer.phoneNumber`\n",
    "\n## [Unreleased]\n\n### Breaking\n\n- `Customer.phoneNumbers`\n",
  ]) {
    assert.deepEqual(await afterReplacing(...withoutNumber, changelog), ["Customer.phoneNumber"], changelog);
  }
});
