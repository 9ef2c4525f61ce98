// GraphiQL from the program: nothing it needs is elsewhere.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { browse } from "./browser.js";
import { open, remembers, run, shows, tab, tabs, write } from "./graphiql.js";
import { picture } from "./pictures.js";
import { program, serve } from "./server.js";

const execute = promisify(execFile);
const names = ["CreateCustomer", "FindCustomer", "AttachProfile"];

test("the page opens with the guide's three steps", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  assert.deepEqual(await tabs(page), { all: names, open: "CreateCustomer" });
  await shows(page, "query", "mutation CreateCustomer($input: CreateCustomerInput!) {");
  await shows(page, "variables", '"name": "Pavitar Singh",');
  assert.deepEqual(faults, []);
});

test("what is needed to type and run a query weighs less than 2 MB, and what tidies it up is not among it", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  const files = new Map();
  const workers = () => [...files.keys()].filter((path) => /worker/.test(path));
  const working = new Promise((resolve) => {
    page.on("requestfinished", async (request) => {
      const { responseBodySize } = await request.sizes();
      files.set(new URL(request.url()).pathname, responseBodySize);
      if (workers().length === 3) resolve();
    });
  });
  await open(page);
  await run(page);
  await shows(page, "answer", '"createCustomer"');
  await working;
  await page.waitForLoadState("networkidle");

  // Chromium counts nothing for what a worker consists of.
  for (const path of workers()) files.set(path, await weight(page, path));
  const loaded = [...files.keys()].join(" ");
  assert.equal(workers().length, 3, loaded);
  assert.doesNotMatch(loaded, /babel|estree|standalone/);
  const sum = [...files.values()].reduce((sum, size) => sum + size, 0);
  test.diagnostic(`${files.size} files, ${sum} bytes`);
  assert.ok(sum > 1_000_000, `${sum} bytes are too few to be all`);
  assert.ok(sum < 2_000_000, `${sum} bytes`);
  assert.deepEqual(faults, []);
});

async function weight(page, path) {
  const response = await page.request.get(path);
  return Number(response.headers()["content-length"]);
}

test("the editor completes fields by the schema", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await write(page, "query", "");
  await page.keyboard.type("{ customers { nodes { pho");
  const suggestions = page.locator(".suggest-widget .monaco-list-row");
  await suggestions.filter({ hasText: "phoneNumber" }).waitFor();
  await page.keyboard.press("Enter");
  await shows(page, "query", "{ customers { nodes { phoneNumber");
  assert.deepEqual(faults, []);
});

test("the three steps run one after the other", async (test) => {
  const { page, faults } = await browse(test, await serve(test), { viewport: { width: 1500, height: 820 } });
  await open(page);
  const created = await run(page);
  assert.equal(created.answer.data.createCustomer.customer.id, "Customer:1");
  await shows(page, "answer", '"name": "Developer"');

  await tab(page, "FindCustomer").click();
  await shows(page, "variables", '"name": "Pavitar Singh"');
  const found = await run(page);
  assert.deepEqual(found.answer.data.customers.nodes, [created.answer.data.createCustomer.customer]);
  await shows(page, "answer", '"customers"');
  await picture(page, "graphiql");

  await tab(page, "AttachProfile").click();
  await shows(page, "variables", '"name": "Ada Lovelace"');
  const { first, second } = (await run(page)).answer.data;
  const node = { id: "Profile:2", name: "Singer" };
  assert.deepEqual(first.customer.profiles.edges, [{ status: "active", node }]);
  assert.deepEqual(second.customer.profiles.edges, [{ status: "invited", node }]);
  await shows(page, "answer", '"status": "invited"');
  assert.deepEqual(faults, []);
});

const databases = {
  "a fresh database": async () => {},
  "a database with other rows": (program, directory) => execute(program, ["demo", "--customers", "50"], { cwd: directory }),
};

for (const [name, prepare] of Object.entries(databases)) {
  test(`the steps run on ${name}, in any order and again and again`, async (test) => {
    const { page, faults } = await browse(test, await serve(test, program, prepare));
    await open(page);
    const singers = new Set();
    for (const name of [...names.toReversed(), ...names, ...names]) {
      await tab(page, name).click();
      await shows(page, "query", `${name}(`);
      const { answer } = await run(page);
      assert.equal(answer.errors, undefined, JSON.stringify(answer));
      const { createCustomer, customers, first, second } = answer.data;
      if (createCustomer) assert.equal(createCustomer.customer.profiles.edges[0].node.name, "Developer");
      if (customers) for (const { name } of customers.nodes) assert.equal(name, "Pavitar Singh");
      if (first) for (const { customer } of [first, second]) singers.add(customer.profiles.edges[0].node.id);
    }
    assert.equal(singers.size, 1);
    assert.deepEqual(faults, []);
  });
}

test("a step of which one half fails keeps nothing of the other, as it says", async (test) => {
  const url = await serve(test);
  const { page, faults } = await browse(test, url);
  await open(page);
  await tab(page, "AttachProfile").click();
  await shows(page, "query", "AttachProfile(");
  const [id] = /"Profile:\d+"/.exec(await page.evaluate(() => JSON.parse(localStorage.getItem("graphiql:tabState")).tabs[2].query));
  const node = (node) => ({ name: "Ada", profiles: [{ node }] });
  const variables = { first: node({ create: { name: "Singer" } }), second: node({ id: JSON.parse(id) }) };
  await write(page, "variables", JSON.stringify(variables));
  assert.equal((await run(page)).answer.errors[0].extensions.code, "NOT_FOUND");
  await shows(page, "answer", '"code": "NOT_FOUND"');
  const body = JSON.stringify({ query: "{ customers { totalCount } profiles { totalCount } }" });
  const left = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.deepEqual((await left.json()).data, { customers: { totalCount: 0 }, profiles: { totalCount: 0 } });
  assert.deepEqual(faults, []);
});

test("a faulty query is underlined, and its error is shown with its code", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await write(page, "query", "{ customers { nodes { age } } }");
  await page.locator(".graphiql-query-editor .squiggly-error").first().waitFor();
  const { answer } = await run(page);
  assert.equal(answer.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  await shows(page, "answer", '"code": "GRAPHQL_VALIDATION_FAILED"');
  assert.deepEqual(faults, []);
});

test("the docs tell what the status of an edge is", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await page.getByLabel("Show Documentation Explorer").click();
  await page.locator(".graphiql-doc-explorer-search input").fill("CustomerProfileEdge");
  await page.getByRole("option").filter({ hasText: /^CustomerProfileEdge$/ }).click();
  const docs = page.locator(".graphiql-doc-explorer-content");
  await docs.getByText("One customer's association with one profile, read from the customer's side.").waitFor();
  await docs.getByText("status", { exact: true }).click();
  await docs.getByText("The status of the association.").waitFor();
  await docs.getByText("String").waitFor();
  assert.deepEqual(faults, []);
});

test("a reload finds the tabs as they were left", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await open(page);
  await shows(page, "variables", '"name": "Pavitar Singh",');
  assert.deepEqual(await tabs(page), { all: names, open: "CreateCustomer" });

  await write(page, "variables", '{ "input": { "name": "Edith" } }');
  await remembers(page, "Edith");
  await tab(page, "AttachProfile").click();
  await shows(page, "query", "mutation AttachProfile(");
  // Before that GraphiQL would give this tab the name of the one before.
  await remembers(page, '"activeTabIndex":2');
  await page.locator(".graphiql-tab-add").click();
  await write(page, "query", "query Mine { profiles { totalCount } }");
  await remembers(page, "query Mine");
  await open(page);
  assert.deepEqual(await tabs(page), { all: [...names, "Mine"], open: "Mine" });
  await shows(page, "query", "query Mine { profiles { totalCount } }");
  const { answer } = await run(page);
  assert.deepEqual(answer, { data: { profiles: { totalCount: 0 } } });

  await tab(page, "CreateCustomer").click();
  await shows(page, "variables", '{ "input": { "name": "Edith" } }');
  assert.deepEqual(faults, []);
});

test("variables that were changed alone are found again", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await write(page, "variables", '{ "input": { "name": "Edith" } }');
  await remembers(page, "Edith");
  await open(page);
  assert.deepEqual(await tabs(page), { all: names, open: "CreateCustomer" });
  await shows(page, "variables", '{ "input": { "name": "Edith" } }');
  assert.deepEqual(faults, []);
});

test("headers are sent, and what was run is in the history", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await page.getByRole("button", { name: "Headers", exact: true }).click();
  await write(page, "headers", '{ "Idempotency-Key": "\\"once\\"" }');
  const first = await run(page);
  assert.equal(first.headers["idempotency-key"], '"once"');
  const second = await run(page);
  assert.deepEqual(second.answer, first.answer);

  await page.getByLabel("Show History").click();
  await page.locator(".graphiql-history-item").filter({ hasText: "CreateCustomer" }).first().waitFor();
  assert.deepEqual(faults, []);
});

test("a query is put together by clicking, and tidied up", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  await write(page, "query", "{profiles{totalCount}}");
  await page.getByLabel("Show GraphiQL Explorer").click();
  const profiles = page.locator(".graphiql-explorer-profiles");
  await profiles.getByText("nodes", { exact: true }).click();
  await profiles.locator(".graphiql-explorer-nodes").getByText("name", { exact: true }).click();
  await shows(page, "query", "name");
  await page.getByLabel("Prettify query").click();
  await shows(page, "query", "{ profiles { totalCount nodes { name } }}");
  assert.deepEqual(faults, []);
});

for (const [scheme, lightness] of [["light", 200], ["dark", 60]]) {
  test(`the page is ${scheme} where its reader's screen is, and fits a narrow one`, async (test) => {
    const viewport = { width: 390, height: 844 };
    const { page, faults } = await browse(test, await serve(test), { colorScheme: scheme, viewport });
    await open(page);
    const background = await page.evaluate(() => getComputedStyle(document.querySelector(".graphiql-container")).backgroundColor);
    const [red] = background.match(/\d+/g).map(Number);
    assert.equal(red > lightness, scheme === "light", background);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
    await run(page);
    await shows(page, "answer", '"phoneNumber": "1234566700"');
    for (const part of ["section.graphiql-query-editor", "section.result-window"]) {
      const { width } = await page.locator(part).boundingBox();
      assert.ok(width > 350, `${part} is ${width} wide`);
    }
    assert.deepEqual(faults, []);
  });
}

test("files are kept for a year, the page is asked for again, and each comes in the form that is wanted", async (test) => {
  const url = await serve(test);
  const page = await fetch(`${url}/graphiql`);
  const policy = page.headers.get("content-security-policy");
  assert.match(policy, /(^|; )script-src 'self'(;|$)/);
  assert.equal(page.headers.get("cache-control"), "no-cache");
  const path = /graphiql\/index-[\w-]+\.js/.exec(await page.text())[0];

  const sizes = {};
  for (const coding of ["br", "gzip", "identity"]) {
    const file = await fetch(`${url}/${path}`, { headers: { "accept-encoding": coding } });
    assert.equal(file.headers.get("content-encoding"), coding === "identity" ? null : coding);
    assert.equal(file.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(file.headers.get("content-type"), "text/javascript; charset=utf-8");
    assert.equal(file.headers.get("content-security-policy"), policy);
    assert.equal(file.headers.get("vary"), "accept-encoding");
    sizes[coding] = Number(file.headers.get("content-length"));
    await file.text();
  }
  assert.ok(sizes.br < sizes.gzip && sizes.gzip < sizes.identity, JSON.stringify(sizes));

  const licenses = await fetch(`${url}/graphiql/licenses.txt`);
  assert.equal(licenses.headers.get("cache-control"), "no-cache");
  assert.match(await licenses.text(), /monaco-editor/);

  for (const kept of [page, licenses, await fetch(`${url}/${path}`)]) {
    const headers = { "if-none-match": kept.headers.get("etag") };
    assert.equal((await fetch(kept.url, { headers })).status, 304);
  }
  assert.equal((await fetch(`${url}/graphiql/index.js`)).status, 404);
});
