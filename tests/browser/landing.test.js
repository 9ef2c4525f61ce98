// The root, as a browser shows it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browse } from "./browser.js";
import { serve } from "./server.js";

test("the root leads to everything that there is", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await page.goto("/");
  const targets = await page.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.deepEqual(targets, ["graphiql", "schema.graphql", "healthz", "readyz"]);
  for (const target of targets) {
    const answered = page.waitForResponse(`**/${target}`);
    await page.goto("/");
    await page.locator(`a[href="${target}"]`).click();
    assert.equal((await answered).status(), 200, target);
  }
  assert.deepEqual(faults, []);
});

for (const [name, width] of [["wide", 1280], ["narrow", 360]]) {
  test(`the root fits a ${name} screen`, async (test) => {
    const { page, faults } = await browse(test, await serve(test), { viewport: { width, height: 800 } });
    await page.goto("/");
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const box = await page.locator("ul").boundingBox();
    assert.ok(box.width > 300 && box.width <= width, JSON.stringify(box));
    assert.deepEqual(faults, []);
  });
}
