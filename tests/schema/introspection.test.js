// What the program says of its schema is what graphql-js says of schema.graphql, whole and in every part.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";

import { buildSchema, getIntrospectionQuery, graphqlSync } from "graphql";

import { serve } from "../browser/server.js";

const text = await readFile(new URL("../../schema.graphql", import.meta.url), "utf8");
const schema = buildSchema(text);
const server = await serve({ after });

const ALL = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
};

const REFERENCE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const VALUE = `name description type { ${REFERENCE} } defaultValue isDeprecated deprecationReason`;
const FIELD = `name description args { ${VALUE} } type { ${REFERENCE} } isDeprecated deprecationReason`;

/** The fields of `__Type`, each with everything below it. */
const PARTS = [
  "__typename",
  "kind",
  "name",
  "description",
  "specifiedByURL",
  "isOneOf",
  "ofType { name }",
  `fields { ${FIELD} }`,
  `fields(includeDeprecated: true) { ${FIELD} all: args(includeDeprecated: true) { name } }`,
  `fields(includeDeprecated: false) { name }`,
  "interfaces { name }",
  "possibleTypes { name }",
  "enumValues { name description isDeprecated deprecationReason }",
  "enumValues(includeDeprecated: true) { name }",
  `inputFields { ${VALUE} }`,
  `inputFields(includeDeprecated: true) { ${VALUE} }`,
];

test("the full introspection query is answered as by graphql-js", async () => {
  await compare(getIntrospectionQuery(ALL));
});

test("so it is with any of its options", async () => {
  await compare(getIntrospectionQuery());
  await compare(getIntrospectionQuery({ descriptions: false }));
  for (const option of Object.keys(ALL)) {
    await compare(getIntrospectionQuery({ ...ALL, [option]: false }));
  }
});

test("each field of the schema is answered by itself", async () => {
  const directive = `name description isRepeatable locations args { ${VALUE} }`;
  for (const part of [
    "__typename",
    "description",
    "types { name }",
    "queryType { name }",
    "mutationType { name }",
    "subscriptionType { name }",
    `directives { ${directive} }`,
    `directives { __typename args(includeDeprecated: true) { __typename name } }`,
  ]) {
    await compare(`{ __schema { ${part} } }`);
  }
});

test("each field of a type is answered by itself, of all types", async () => {
  for (const part of PARTS) {
    await compare(`{ __schema { types { key: name ${part} } } }`);
  }
});

test("each type is answered by its name", async () => {
  const everything = PARTS.filter((part) => !part.includes("(")).join(" ");
  for (const name of [...Object.keys(schema.getTypeMap()), "Nothing", ""]) {
    await compare(`{ __type(name: ${JSON.stringify(name)}) { ${everything} } }`);
  }
});

test("aliases, fragments, conditions and variables are understood", async () => {
  const query = `query ($name: String!, $all: Boolean = true, $no: Boolean = false) {
    b: __type(name: $name) { ...T again: name }
    a: __schema { ... on __Schema { queryType { ...T } } directives @skip(if: $all) { name } }
    ...Q
    __typename
    c: __type(name: "Nothing") { name }
    none: __type(name: "Customer") @include(if: $no) { name }
  }
  fragment Q on Query { b: __type(name: $name) { kind } last: __schema { mutationType { name } } }
  fragment T on __Type { name fields(includeDeprecated: $all) { name type { ...R } } }
  fragment R on __Type { kind name ofType { kind name } }`;
  for (const name of ["Customer", "Node", "OnExisting", "Nothing"]) {
    await compare(query, { name });
    await compare(query, { name, all: false, no: true });
  }
});

test("what is asked beside data keeps its place among the keys", async () => {
  const query = `{
    first: customers { totalCount } __schema { queryType { name } } second: profiles { totalCount }
    type: __type(name: "Customer") { name } third: customers { totalCount }
  }`;
  const { data } = await ask(query);
  assert.deepEqual(Object.keys(data), ["first", "__schema", "second", "type", "third"]);
  assert.deepEqual(data.type, { name: "Customer" });
  assert.deepEqual(data.third, data.first);
});

/** The program's answer. */
async function ask(query, variables = {}) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${server}/graphql`, { method: "POST", headers, body });
  return response.json();
}

async function compare(query, variables = {}) {
  const expected = graphqlSync({ schema, source: query, variableValues: variables });
  assert.equal(expected.errors, undefined, query);
  const answer = await ask(query, variables);
  assert.deepEqual(Object.keys(answer), ["data"], `${query}\n${JSON.stringify(answer.errors)}`);
  assert.deepEqual(Object.keys(answer.data), Object.keys(expected.data), query);
  assert.deepEqual(sorted(answer.data), sorted(JSON.parse(JSON.stringify(expected.data))), query);
}

/** The same with every list in one order and every object's keys in one. */
function sorted(value) {
  if (Array.isArray(value)) {
    return value.map(sorted).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
