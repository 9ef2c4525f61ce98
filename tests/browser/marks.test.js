// What the editors of GraphiQL underline: what is wrong, and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browse } from "./browser.js";
import { marks, open, tab, tabs, write } from "./graphiql.js";
import { serve } from "./server.js";

const nothing = { query: [], variables: [] };

test("no prepared tab has a mark", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  const { all } = await tabs(page);
  const variables = { CreateCustomer: ["input"], FindCustomer: ["name"], AttachProfile: ["first", "second"] };
  assert.deepEqual(all, Object.keys(variables));
  for (const name of [...all, ...all.toReversed()]) {
    await tab(page, name).click();
    assert.deepEqual(await marks(page, variables[name]), nothing, name);
  }
  assert.deepEqual(faults, []);
});

// Each with variables of other names, so that what is found can only be about it.
const right = {
  "fields that have a default": [
    "mutation ($profile: CreateProfileInput!, $pair: AttachProfileInput!) { createProfile(input: $profile) { profile { id } } attachProfile(input: $pair) { outcome } }",
    { profile: { name: "Singer" }, pair: { customerId: "Customer:1", profileId: "Profile:1" } },
  ],
  "fields that have a default, in lists of lists": [
    "mutation ($customers: CreateCustomersInput!) { createCustomers(input: $customers) { customers { id } } }",
    { customers: { customers: [{ name: "Ada" }, { name: "Bo", profiles: [{ node: { create: { name: "Singer" } } }] }] } },
  ],
  "associations of several kinds": [
    "mutation ($set: SetProfilesInput!, $attach: AttachCustomersInput!) { setProfiles(input: $set) { detachedProfileIds } attachCustomers(input: $attach) { attached { outcome } } }",
    {
      set: { customerId: "Customer:1", profiles: [{ node: { id: "Profile:1" } }, { status: "trial", node: { findOrCreate: { name: "Singer" } } }] },
      attach: { profileId: "Profile:1", customers: [{ node: { id: "Customer:1" } }], onExisting: "KEEP" },
    },
  ],
  "changes": [
    "mutation ($update: UpdateCustomerInput!, $status: UpdateCustomerProfileInput!, $gone: DeleteCustomerInput!) { updateCustomer(input: $update) { customer { id } } updateCustomerProfile(input: $status) { customerProfileEdge { status } } deleteCustomer(input: $gone) { deletedCustomerId } }",
    {
      update: { id: "Customer:1", phoneNumber: null },
      status: { customerId: "Customer:1", profileId: "Profile:1", status: "active", expectedVersion: 2 },
      gone: { id: "Customer:1" },
    },
  ],
  "conditions and orders": [
    "query ($where: CustomerWhere, $order: [CustomerProfileOrder!], $since: DateTime) { customers(where: $where) { nodes { profiles(orderBy: $order, where: { createdAt: { gte: $since } }) { totalCount } } } }",
    {
      where: { or: [{ name: { startsWith: "pav" } }, { phoneNumber: { isNull: true } }], profiles: { some: { status: { in: ["active"] } } } },
      order: [{ status: "DESC" }, { node: { name: "ASC" } }],
      since: "2026-01-31T12:00:00.000001+01:00",
    },
  ],
  "one item in place of a list": [
    "query ($only: CustomerWhere, $by: [CustomerOrder!]) { customers(where: $only, orderBy: $by) { totalCount } }",
    { only: { name: { in: "Ada" } }, by: { name: "ASC" } },
  ],
  "variables that are left out": [
    "query ($rows: Int! = 3, $after: String, $narrow: CustomerWhere! = {}) { customers(first: $rows, after: $after, where: $narrow) { totalCount } }",
    {},
  ],
  "the variables of one of several operations": [
    "query A($id: ID!) { customer(id: $id) { id } } query B($key: ID!) { profile(id: $key) { id } }",
    { key: "Profile:1" },
  ],
};

for (const [name, [query, variables]] of Object.entries(right)) {
  test(`${name} are not marked`, async (test) => {
    const { page, faults } = await browse(test, await serve(test));
    await open(page);
    await write(page, "query", query);
    await write(page, "variables", JSON.stringify(variables));
    assert.deepEqual(await marks(page, names(query)), nothing);
    assert.deepEqual(faults, []);
  });
}

const create = "mutation ($new: CreateCustomerInput!) { createCustomer(input: $new) { customer { id } } }";
const sort = "query ($by: [CustomerOrder!]) { customers(orderBy: $by) { totalCount } }";

const wrong = {
  "a variable that is missing": [create, {}, 'Missing property "new".'],
  "a property that is missing": [create, { new: {} }, 'Missing property "name".'],
  "a property that is missing in a list": [create, { new: { name: "Ada", profiles: [{ status: "active" }] } }, 'Missing property "node".'],
  "a property that does not exist": [create, { new: { name: "Ada", fone: "1" } }, "Property fone is not allowed."],
  "a null where there can be none": [create, { new: { name: null } }, 'Incorrect type. Expected "string".'],
  "two fields where one is meant": [sort, { by: [{ name: "ASC", createdAt: "ASC" }] }, "Object has more properties than limit of 1."],
  "no field where one is meant": [sort, { by: [{}] }, "Object has fewer properties than the required number of 1"],
  "a value that the enum does not have": [sort, { by: [{ name: "UP" }] }, 'Value is not accepted. Valid values: "ASC", "DESC".'],
  "a text that is no moment": [
    "query ($since: DateTime) { customers(where: { createdAt: { gte: $since } }) { totalCount } }",
    { since: "nope" },
    "A moment is written as in 2026-01-31T12:00:00Z.",
  ],
};

for (const [name, [query, variables, message]] of Object.entries(wrong)) {
  test(`${name} is marked`, async (test) => {
    const { page, faults } = await browse(test, await serve(test));
    await open(page);
    await write(page, "query", query);
    await write(page, "variables", JSON.stringify(variables));
    assert.deepEqual(await marks(page, names(query)), { query: [], variables: [message] });
    assert.deepEqual(faults, []);
  });
}

test("two fields where one is meant are marked in the query, too", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await write(page, "query", 'query ($never: Int) { customers(first: $never, orderBy: [{ name: ASC, createdAt: ASC }]) { totalCount } }');
  await write(page, "variables", "{}");
  assert.deepEqual((await marks(page, ["never"])).query, ['OneOf Input Object "CustomerOrder" must specify exactly one key.']);
  assert.deepEqual(faults, []);
});

test("a new tab has no mark", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await marks(page, ["input"]);
  await page.locator(".graphiql-tab-add").click();
  assert.deepEqual(await marks(page, []), nothing);
  assert.deepEqual(faults, []);
});

function names(query) {
  return [...query.matchAll(/\$(\w+):/g)].map(([, name]) => name);
}
