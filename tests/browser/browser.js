// Pages in Chromium, and what they may not do: load anything from elsewhere, complain, or break their policy.

import { after } from "node:test";
import { chromium } from "playwright-core";

const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const browser = await chromium.launch({ executablePath: path, args });
after(() => browser.close());

/**
 * Opens pages whose faults are kept, for one origin and as for a first visit; the test that is named ends it.
 * What `elsewhere` has for an address of another origin is no fault.
 */
export async function browse(test, origin, options = {}, elsewhere = async () => undefined) {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 800 }, ...options });
  test.after(() => context.close());
  const faults = [];
  await context.route((url) => isForeign(url, origin), async (route) => {
    const answer = await elsewhere(route.request().url());
    if (answer !== undefined) return route.fulfill(answer);
    faults.push(`it asked for ${route.request().url()}`);
    return route.abort();
  });
  context.on("weberror", (error) => faults.push(`it threw ${error.error().stack}`));
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`it logged ${message.text()}`);
  });
  await context.exposeBinding("reportViolation", (_, violation) => faults.push(`it violated ${violation}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      globalThis.reportViolation(`${violatedDirective} with ${blockedURI}`),
    );
  });
  const page = await context.newPage();
  page.on("worker", (worker) => worker.evaluate(logViolations).catch(() => undefined));
  return { context, faults, page };
}

/** In a worker there are no bindings, but its log is read as well. A worker that is gone violates nothing. */
function logViolations() {
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    console.error(`${violatedDirective} with ${blockedURI}`),
  );
}

function isForeign(url, origin) {
  return ["http:", "https:", "ws:", "wss:"].includes(url.protocol) && url.origin !== origin;
}
