// The list of customers: scrolling through it and searching it.

import { expect, test } from "./test";

const createCustomers = `mutation ($input: CreateCustomersInput!) {
  createCustomers(input: $input) { customers { id } }
}`;

test("scrolling loads all customers, page after page, each once", async ({ page, server }) => {
  const customers = Array.from({ length: 65 }, (_, index) => ({ name: `Customer no. ${index + 1}` }));
  await server.send(createCustomers, { input: { customers } });
  await page.goto("/");
  const rows = page.getByRole("navigation", { name: "Customers" }).getByRole("link");

  for (const loaded of [30, 60, 65]) {
    await expect(rows).toHaveCount(loaded);
    await rows.last().scrollIntoViewIfNeeded();
  }
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Customers 65" })).toBeVisible();
  const names = new Set(await rows.locator(".customer-name").allTextContents());
  expect(names).toEqual(new Set(customers.map(({ name }) => name)));
});

test("the button loads the next page for those who do not scroll", async ({ page, server }) => {
  const customers = Array.from({ length: 35 }, (_, index) => ({ name: `Customer no. ${index + 1}` }));
  await server.send(createCustomers, { input: { customers } });
  await page.goto("/");
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(page.getByRole("navigation", { name: "Customers" }).getByRole("link")).toHaveCount(35);
});

test("a page that fails to load is told of once, and loaded when the button is pressed", async ({
  page,
  server,
  operations,
}) => {
  const customers = Array.from({ length: 35 }, (_, index) => ({ name: `Customer no. ${index + 1}` }));
  await server.send(createCustomers, { input: { customers } });
  await page.route("**/graphql", async (route) => {
    if (!route.request().postDataJSON().variables.after) return route.continue();
    await route.fulfill({ json: { errors: [{ message: "too much to do", extensions: { code: "OVERLOADED" } }] } });
  });
  await page.goto("/");
  const rows = page.getByRole("navigation", { name: "Customers" }).getByRole("link");
  const more = page.getByRole("button", { name: "Show more" });
  await rows.last().scrollIntoViewIfNeeded();
  await expect(page.getByRole("status")).toContainText("Too much to do.");
  await expect(more).toBeInViewport();
  await page.unroute("**/graphql");
  expect(operations).toEqual(["Customers", "Customers"]);

  await more.click();
  await expect(rows).toHaveCount(35);
});

test("the search finds names by a part of them, in either case, and asks once typing rests", async ({
  page,
  server,
  operations,
}) => {
  const customers = ["Ada Lovelace", "Pavitar Singh", "Grace Hopper"].map((name) => ({ name }));
  await server.send(createCustomers, { input: { customers } });
  await page.clock.install();
  await page.goto("/");
  const rows = page.getByRole("navigation", { name: "Customers" }).getByRole("link");
  await expect(rows).toHaveCount(3);
  await page.clock.pauseAt(new Date(Date.now() + 3_600_000));

  const search = page.getByRole("searchbox", { name: "Search customers by name" });
  for (const letter of "VIT") {
    await search.press(letter);
    await page.clock.runFor(150);
  }
  await page.clock.runFor(50);
  await expect(rows).toHaveText([/Pavitar Singh/]);
  expect(operations).toEqual(["Customers", "Customers"]);

  await search.fill("%");
  await page.clock.runFor(200);
  await expect(page.getByText("No customer is called that.")).toBeVisible();

  await search.clear();
  await page.clock.runFor(200);
  await expect(rows).toHaveCount(3);
  expect(operations).toEqual(["Customers", "Customers", "Customers"]);
});
