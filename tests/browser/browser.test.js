// A page that does what it may not do is noticed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browse } from "./browser.js";
import { open } from "./graphiql.js";
import { serve } from "./server.js";

const deeds = {
  "logs an error": () => console.error("what is wrong"),
  "throws an error": () => void setTimeout(() => Promise.reject(new Error("what is wrong"))),
  "runs a script that stands in it": () => document.head.append(Object.assign(document.createElement("script"), { text: "1" })),
  "loads an image of another origin": () => void (new Image().src = "https://example.com/a.png"),
};

for (const [name, deed] of Object.entries(deeds)) {
  test(`a page that ${name} is noticed`, async (test) => {
    const { page, faults } = await browse(test, await serve(test));
    await page.goto("graphiql");
    assert.deepEqual(faults, []);
    await page.evaluate(deed);
    await noticed(page, faults);
  });
}

test("a page without a policy that asks another origin is noticed", async (test) => {
  const { page, faults } = await browse(test, await serve(test), { bypassCSP: true });
  await page.goto("graphiql");
  await page.evaluate(() => fetch("https://example.com/").catch(() => undefined));
  await noticed(page, faults);
});

test("a worker that asks another origin is noticed", async (test) => {
  const { page, faults } = await browse(test, await serve(test));
  await open(page);
  const worker = page.workers()[0] ?? (await page.waitForEvent("worker"));
  await worker.evaluate(() => fetch("https://example.com/").catch(() => undefined));
  await noticed(page, faults);
});

async function noticed(page, faults) {
  for (let tries = 0; tries < 100 && faults.length === 0; tries++) await page.waitForTimeout(50);
  assert.notDeepEqual(faults, []);
}
