// A customer's profiles: their statuses, changed from both sides, attaching and detaching.

import { expect, holdMutations, test } from "./test";
import type { Server } from "./server";

const update = `mutation ($input: UpdateCustomerProfileInput!) {
  updateCustomerProfile(input: $input) { customerProfileEdge { version } }
}`;

/** Creates a customer who is an active developer and an invited singer. */
async function createPavitar(server: Server) {
  const data = await server.send<{ createCustomer: { customer: { id: string } } }>(`mutation {
    createCustomer(input: {
      name: "Pavitar Singh"
      profiles: [
        { status: "active", node: { create: { name: "Developer" } } }
        { status: "invited", node: { create: { name: "Singer" } } }
      ]
    }) { customer { id } }
  }`);
  return data.createCustomer.customer.id;
}

test("a status changes at once, in every list, without another query", async ({ page, server, operations }) => {
  await createPavitar(server);
  await page.goto("/");
  const row = page.getByRole("link", { name: /Pavitar Singh/ });
  await row.click();
  await expect(page.getByRole("heading", { name: "Pavitar Singh" })).toBeFocused();
  const status = page.getByRole("combobox", { name: "Status of Developer" });
  await expect(status).toHaveValue("active");
  const before = operations.length;

  const release = await holdMutations(page);
  await status.focus();
  await status.selectOption("paused");
  await expect(status).toHaveValue("paused");
  await expect(row).toContainText("Developer · paused");
  release();
  await expect(status).toBeEnabled();
  await expect(status).toHaveValue("paused");
  await expect(status).toBeFocused();

  // The next change expects the version that the first one made.
  await status.selectOption("blocked");
  await expect(status).toBeEnabled();
  await expect(row).toContainText("Developer · blocked");
  expect(operations.slice(before)).toEqual(["ChangeStatus", "ChangeStatus"]);
  const kept = await server.send(`{ customers { nodes { profiles(first: 1) { edges { status version } } } } }`);
  expect(kept).toEqual({ customers: { nodes: [{ profiles: { edges: [{ status: "blocked", version: 3 }] } }] } });
});

test("a change that somebody else has overtaken is taken back, and the current status is told", async ({
  page,
  server,
}) => {
  const customerId = await createPavitar(server);
  await page.goto("/");
  const row = page.getByRole("link", { name: /Pavitar Singh/ });
  await row.click();
  const status = page.getByRole("combobox", { name: "Status of Developer" });
  await expect(status).toHaveValue("active");

  await server.send(update, { input: { customerId, profileId: "Profile:1", status: "expired" } });
  const release = await holdMutations(page);
  await status.selectOption("paused");
  await expect(row).toContainText("Developer · paused");
  release();
  await expect(page.getByRole("status")).toContainText(
    "Somebody else changed this in the meantime: Developer is “expired” for Pavitar Singh.",
  );
  await expect(status).toHaveValue("expired");
  await expect(row).toContainText("Developer · expired");

  // It is the current version that the next change expects.
  await status.selectOption("paused");
  await expect(status).toBeEnabled();
  await expect(status).toHaveValue("paused");
  const kept = await server.send(`{ customers { nodes { profiles(first: 1) { edges { status version } } } } }`);
  expect(kept).toEqual({ customers: { nodes: [{ profiles: { edges: [{ status: "paused", version: 3 }] } }] } });
});

test("a change of what somebody else has detached is taken back, and the profile is gone", async ({ page, server }) => {
  const customerId = await createPavitar(server);
  await page.goto(`/#customer=${customerId}`);
  const status = page.getByRole("combobox", { name: "Status of Developer" });
  await expect(status).toHaveValue("active");

  const detach = `mutation ($input: DetachProfilesInput!) { detachProfiles(input: $input) { detachedProfileIds } }`;
  await server.send(detach, { input: { customerId, profileIds: ["Profile:1"] } });
  await status.selectOption("paused");
  await expect(page.getByRole("status")).toContainText("Somebody else detached Developer from Pavitar Singh");
  await expect(status).toHaveCount(0);
  await expect(page.getByRole("link", { name: /Pavitar Singh/ })).not.toContainText("Developer");
});

test("a status that is changed from the profile's side is new on the customer's", async ({ page, server }) => {
  await createPavitar(server);
  await page.goto("/");
  const row = page.getByRole("navigation").getByRole("link", { name: /Pavitar Singh/ });
  await row.click();
  await page.getByRole("link", { name: "Singer", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Singer" })).toBeFocused();
  await expect(page.getByText("1 customer has this profile")).toBeVisible();

  await page.getByRole("combobox", { name: "Status of Pavitar Singh" }).selectOption("declined");
  await expect(row).toContainText("Singer · declined");
  await page.goBack();
  await expect(page.getByRole("combobox", { name: "Status of Singer" })).toHaveValue("declined");
});

test("an existing profile is attached with the keyboard, and attached again changes its status", async ({
  page,
  server,
}) => {
  const customerId = await createPavitar(server);
  await server.send(`mutation { createProfile(input: { name: "Gardener" }) { profile { id } } }`);
  await page.goto(`/#customer=${customerId}`);
  const form = page.getByRole("form", { name: "Attach a profile" });
  const profile = form.getByRole("combobox", { name: "Profile", exact: true });

  const found = form.getByRole("listbox", { name: "Profiles" }).getByRole("option");
  await profile.pressSequentially("gard");
  await expect(found).toHaveText(["Gardener"]);
  await profile.press("Enter");
  await expect(profile).toHaveValue("Gardener");
  await expect(found).toHaveCount(0);
  await form.getByRole("combobox", { name: "Status" }).fill("trial");
  const attach = form.getByRole("button", { name: "Attach" });
  await attach.press("Enter");
  await expect(page.getByRole("status")).toContainText("Gardener is attached as “trial”.");
  await expect(page.getByRole("combobox", { name: "Status of Gardener" })).toHaveValue("trial");
  await expect(page.getByRole("heading", { name: "Profiles 3" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Pavitar Singh/ })).toContainText("Gardener · trial");
  await expect(profile).toHaveValue("");

  await form.getByRole("combobox", { name: "Profile is" }).selectOption("by name, new if there is none");
  await form.getByRole("textbox", { name: "Profile’s name" }).fill("Gardener");
  await attach.click();
  await expect(page.getByRole("status")).toContainText("was attached already, and is now attached as “active”.");
  await expect(page.getByRole("heading", { name: "Profiles 3" })).toBeVisible();
});

test("attaching nothing is refused at the field", async ({ page, server }) => {
  const customerId = await createPavitar(server);
  await page.goto(`/#customer=${customerId}`);
  const form = page.getByRole("form", { name: "Attach a profile" });
  await form.getByRole("button", { name: "Attach" }).click();
  const profile = form.getByRole("combobox", { name: "Profile", exact: true });
  await expect(profile).toBeFocused();
  await expect(profile).toHaveAccessibleDescription("Choose a profile from the list.");
});

test("attaching to a customer who is gone is told above the fields", async ({ page, server }) => {
  const customerId = await createPavitar(server);
  await page.goto(`/#customer=${customerId}`);
  const form = page.getByRole("form", { name: "Attach a profile" });
  await form.getByRole("combobox", { name: "Profile", exact: true }).fill("Dev");
  await form.getByRole("option", { name: "Developer" }).click();
  await server.send(`mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }`, { id: customerId });
  await form.getByRole("button", { name: "Attach" }).click();
  await expect(form.getByRole("alert")).toHaveText(`There is no \`${customerId}\`.`);
});

test("a profile is detached, and gone from every list", async ({ page, server, operations }) => {
  await createPavitar(server);
  await page.goto("/");
  const row = page.getByRole("link", { name: /Pavitar Singh/ });
  await row.click();
  await page.getByRole("button", { name: "Detach Developer" }).click();
  await expect(page.getByRole("status")).toContainText("Developer is detached from Pavitar Singh.");
  await expect(page.getByRole("heading", { name: "Profiles 1" })).toBeFocused();
  await expect(page.getByRole("combobox", { name: "Status of Developer" })).toHaveCount(0);
  await expect(row).not.toContainText("Developer");
  expect(operations).toEqual(["Customers", "Customer", "DetachProfile"]);
});

test("scrolling loads all profiles of a customer, and a change leaves them there", async ({ page, server }) => {
  const profiles = Array.from({ length: 45 }, (_, index) => ({
    status: "active",
    node: { create: { name: `Profile no. ${index + 1}` } },
  }));
  const create = `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }`;
  await server.send(create, { input: { name: "Pavitar Singh", profiles } });
  await page.goto("/");
  const row = page.getByRole("link", { name: /Pavitar Singh/ });
  await row.click();
  await expect(page.getByRole("heading", { name: "Profiles 45" })).toBeVisible();
  const statuses = page.getByRole("combobox", { name: /^Status of/ });
  for (const loaded of [20, 40, 45]) {
    await expect(statuses).toHaveCount(loaded);
    await statuses.last().scrollIntoViewIfNeeded();
  }

  const last = page.getByRole("combobox", { name: "Status of Profile no. 45" });
  await last.selectOption("paused");
  await expect(last).toBeEnabled();
  await expect(last).toHaveValue("paused");
  await expect(statuses).toHaveCount(45);
  await expect(row).toContainText("+42");
});
