// The page of a program that was built without GraphiQL: the CDN's part is played by the packages themselves.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { browse } from "./browser.js";
import { bareProgram, serve } from "./server.js";

const execute = promisify(execFile);
const skip = bareProgram ? false : "BARE_PROGRAM names no program that was built without GraphiQL";
const folder = await mkdtemp(join(tmpdir(), "cdn-"));
const packages = new Map();
after(() => rm(folder, { recursive: true }));

/** What a CDN answers that serves the files of npm's packages as they are. */
async function cdn(address) {
  const [, name, path] = /^https:\/\/cdn\.jsdelivr\.net\/npm\/([\w-]+@[\d.]+)\/(.+)$/.exec(address) ?? [];
  if (name === undefined) return undefined;
  if (!packages.has(name)) packages.set(name, unpack(name));
  const contentType = path.endsWith(".css") ? "text/css" : "text/javascript";
  const headers = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };
  return { body: await readFile(join(await packages.get(name), path)), contentType, headers };
}

async function unpack(name) {
  const own = join(folder, name);
  await mkdir(own);
  const { stdout } = await execute("npm", ["pack", name, "--silent", "--pack-destination", own]);
  await execute("tar", ["-xzf", join(own, stdout.trim()), "-C", own]);
  return join(own, "package");
}

/** Starts the program when everything is there that its page loads: the page waits for the CDN for 15 seconds only. */
async function serveBare(test) {
  const origin = await serve(test, bareProgram);
  const text = await (await fetch(`${origin}/graphiql`)).text();
  await Promise.all([...text.matchAll(/https:\/\/cdn[^"]+/g)].map(([address]) => cdn(address)));
  return origin;
}

test("GraphiQL comes from a CDN as the digests have it, and runs the first step", { skip }, async (test) => {
  const { page, faults } = await browse(test, await serveBare(test), {}, cdn);
  await page.goto("graphiql");
  await page.locator(".graphiql-tab").filter({ hasText: "AttachProfile" }).waitFor();
  await page.locator("#hint").getByText("npm run build --prefix playground").waitFor();
  await page.locator(".graphiql-execute-button").click();
  await page.locator(".result-window").getByText('"Customer:1"').waitFor();
  assert.equal(packages.size, 3);
  assert.deepEqual(faults, []);
});

test("a file that is not the one that was meant is not run", { skip }, async (test) => {
  const changed = async (address) => {
    const answer = await cdn(address);
    return { ...answer, body: `${answer.body}\n` };
  };
  const { page, faults } = await browse(test, await serveBare(test), {}, changed);
  await page.goto("graphiql");
  await page.getByText("GraphiQL could not be loaded").waitFor();
  assert.equal(faults.length, 1);
  assert.match(faults[0], /integrity/);
});

test("what GraphiQL of the CDN checks of variables knows every default", { skip }, async (test) => {
  const { page, faults } = await browse(test, await serveBare(test), {}, cdn);
  await page.goto("graphiql");
  for (const [name, variables] of [["CreateCustomer", "input"], ["FindCustomer", "name"], ["AttachProfile", "first,second"]]) {
    await page.locator(".graphiql-tab").filter({ hasText: name }).click();
    assert.deepEqual(await marked(page, variables), [], name);
  }
  await page.locator(".graphiql-query-editor .CodeMirror").evaluate(({ CodeMirror }) =>
    CodeMirror.setValue("query ($where: CustomerWhere) { customers(where: $where) { totalCount } }"),
  );
  const write = (text) => page.locator(variablesEditor).evaluate(({ CodeMirror }, text) => CodeMirror.setValue(text), text);
  await write('{ "where": { "name": { "startsWith": "pav" } } }');
  assert.deepEqual(await marked(page, "where"), []);
  await write('{ "where": { "name": { "startWith": "pav" } } }');
  assert.deepEqual(await marked(page, "where"), ['"startWith"']);
  assert.deepEqual(faults, []);
});

const variablesEditor = "section[aria-label=Variables] .graphiql-editor:not(.hidden) .CodeMirror";

/** What is underlined in the variables of the CDN's GraphiQL, once it checks these. */
async function marked(page, names) {
  const editor = page.locator(variablesEditor);
  const checked = ([selector, names]) =>
    Object.keys(document.querySelector(selector)?.CodeMirror.options.lint?.variableToType ?? {}).join() === names;
  await page.waitForFunction(checked, [variablesEditor, names]);
  return editor.evaluate(({ CodeMirror }) => {
    CodeMirror.performLint();
    const places = CodeMirror.state.lint.marked.map((mark) => mark.find());
    return places.map(({ from, to }) => CodeMirror.getRange(from, to));
  });
}
