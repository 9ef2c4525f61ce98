// The plain editor, which the page is where there is neither GraphiQL in the program nor a network.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browse } from "./browser.js";
import { bareProgram, serve } from "./server.js";

const skip = bareProgram ? false : "BARE_PROGRAM names no program that was built without GraphiQL";
const names = ["CreateCustomer", "FindCustomer", "AttachProfile"];

async function open(test, options) {
  const { page, faults } = await browse(test, await serve(test, bareProgram), options);
  await page.goto("graphiql");
  await page.getByRole("button", { name: "Run" }).waitFor();
  return { page, faults };
}

/** The page did nothing that it may not do, but ask for what is not there. */
function assertOffline(faults) {
  assert.match(faults[0], /^it asked for https:\/\/cdn\.jsdelivr\.net\/npm\/react@/);
  for (const fault of faults) assert.match(fault, /^it asked for https:\/\/cdn|^it logged Failed to load resource/);
}

const step = (page, name) => page.getByRole("group", { name: "The guide's steps" }).getByRole("button", { name });

/** Presses the button, and returns the answer that is shown. */
async function run(page) {
  await page.locator("#status").evaluate((status) => (status.textContent = ""));
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("status").filter({ hasText: /^(Answer, after|No answer)/ }).waitFor();
  return page.locator("#answer").textContent();
}

test("without a network a plain editor runs the guide's three steps, in any order", { skip }, async (test) => {
  const { page, faults } = await open(test);
  assert.deepEqual(await page.getByRole("group").getByRole("button").allTextContents(), names);
  for (const name of [...names.toReversed(), ...names, ...names]) {
    await step(page, name).click();
    assert.deepEqual(await page.locator("[aria-pressed=true]").allTextContents(), [name]);
    const answer = JSON.parse(await run(page));
    assert.equal(answer.errors, undefined, JSON.stringify(answer));
  }
  assertOffline(faults);
});

test("a step of the plain editor is found again as it was left, with its answer", { skip }, async (test) => {
  const { page, faults } = await open(test);
  await page.getByLabel("Variables").fill('{ "input": { "name": "Ada" } }');
  assert.match(await run(page), /"name": "Ada"/);
  await step(page, "FindCustomer").click();
  assert.match(await page.getByLabel("Query").inputValue(), /query FindCustomer\(/);
  assert.equal(await page.locator("#answer").textContent(), "");
  assert.equal(await page.getByLabel("Variables").inputValue(), '{\n  "name": "Pavitar Singh"\n}\n');
  await step(page, "CreateCustomer").click();
  assert.equal(await page.getByLabel("Variables").inputValue(), '{ "input": { "name": "Ada" } }');
  assert.match(await page.locator("#answer").textContent(), /"name": "Ada"/);
  assertOffline(faults);
});

test("an answer that comes late stands with its own step", { skip }, async (test) => {
  const { page, faults } = await open(test);
  let send;
  const asked = new Promise((resolve) => page.route("**/graphql", (route) => resolve((send = () => route.continue()))));
  await page.getByRole("button", { name: "Run" }).click();
  await asked;
  await step(page, "FindCustomer").click();
  const answered = page.waitForResponse("**/graphql");
  await send();
  await (await answered).finished();
  await step(page, "CreateCustomer").click();
  await page.locator("#answer").filter({ hasText: '"createCustomer"' }).waitFor();
  await step(page, "FindCustomer").click();
  assert.equal(await page.locator("#answer").textContent(), "");
  assertOffline(faults);
});

test("the plain editor needs no mouse", { skip }, async (test) => {
  const { page, faults } = await open(test);
  await page.keyboard.press("Shift+Tab");
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  while ((await focused()) !== "AttachProfile") await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByLabel("Query").focus();
  await page.keyboard.press("Control+Enter");
  await page.locator("#answer").filter({ hasText: '"invited"' }).waitFor();
  assertOffline(faults);
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 400, 700, 1280]) {
    test(`the plain editor is readable at ${width} pixels in ${colorScheme}`, { skip }, async (test) => {
      const { page, faults } = await open(test, { colorScheme, viewport: { width, height: 800 } });
      await page.getByLabel("Query").fill(`{ customers(where: { name: { eq: "${"nobody ".repeat(40)}" } }) { totalCount } missing }`);
      await page.getByLabel("Variables").fill("");
      assert.match(await run(page), /"errors"/);
      for (const name of [...names, "Run"]) {
        const box = await page.getByRole("button", { name }).boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${name}: ${JSON.stringify(box)}`);
      }
      const overflow = await page.locator("html, main, textarea, pre").evaluateAll((parts) =>
        parts.filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.outerHTML.slice(0, 40)),
      );
      assert.deepEqual(overflow, []);
      const answer = await page.locator("#answer").boundingBox();
      assert.ok(answer.width > Math.min(width, 640) * 0.8 && answer.height > 250, JSON.stringify(answer));
      assert.ok(answer.y < 800, "the answer is out of sight");
      for (const part of ["#answer", "#query", "header p", "[aria-pressed=true]", "[aria-pressed=false]", "#run"]) {
        const contrast = await page.locator(part).first().evaluate(contrastOf);
        assert.ok(contrast >= 4.5, `${part}: ${contrast}`);
      }
      assertOffline(faults);
    });
  }
}

/** How much a text differs from what is behind it, as WCAG 2 counts. */
function contrastOf(element) {
  const luminance = (color) => {
    const channels = color.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [red, green, blue] = channels.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  const [darker, lighter] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
    .map(luminance)
    .sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}
