// Tests with a server, and with a page that may do nothing wrong unnoticed.

import { test as base, expect, type Page } from "@playwright/test";
import { preview } from "vite";
import { Server } from "./server";

interface Fixtures {
  /** Options of the command that fills the database before the server starts. */
  demo: string[];
  server: Server;
  /** The names of the operations that the page has sent. */
  operations: string[];
}

export const test = base.extend<Fixtures>({
  demo: [[], { option: true }],

  server: async ({ demo }, use) => {
    const server = await Server.start(demo);
    await use(server);
    await server.stop();
  },

  /** The production build, served as `npm run preview` serves it. */
  baseURL: async ({ server }, use) => {
    process.env["CUSTOMER_GRAPH_URL"] = server.url;
    const app = await preview({ logLevel: "warn", preview: { host: "127.0.0.1", port: 0 } });
    await use(app.resolvedUrls?.local[0]);
    await app.close();
  },

  page: async ({ page, baseURL }, use) => {
    const faults = watch(page, new URL(baseURL ?? "").origin);
    await use(page);
    expect(faults).toEqual([]);
  },

  operations: async ({ page }, use) => {
    const operations: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/graphql")) operations.push(request.postDataJSON().operationName);
    });
    await use(operations);
  },
});

export { expect };

function watch(page: Page, origin: string) {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`another origin: ${request.url()}`);
  });
  return faults;
}

/** Keeps mutations from reaching the server until the function that it returns is called. */
export async function holdMutations(page: Page) {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/graphql", async (route) => {
    if (String(route.request().postDataJSON().query).startsWith("mutation")) await released;
    await route.continue();
  });
  return release;
}
