// A new customer with profiles in each of the three ways.

import { expect, test } from "./test";

test("a customer is created with its profiles, once the faults are put right at their fields", async ({
  page,
  server,
  operations,
}) => {
  await server.send(`mutation {
    developer: createProfile(input: { name: "Developer" }) { profile { id } }
    singer: createProfile(input: { name: "Singer" }) { profile { id } }
  }`);
  await page.goto("/");
  await page.getByRole("link", { name: "New customer" }).click();
  await expect(page.getByRole("heading", { name: "New customer" })).toBeFocused();

  const form = page.getByRole("form", { name: "New customer" });
  const profile = (position: number) => form.getByRole("listitem", { name: `Profile ${position}` });
  for (const position of [1, 2, 3]) {
    await form.getByRole("button", { name: "Add a profile" }).click();
    await expect(profile(position).getByRole("combobox", { name: "Profile is" })).toBeFocused();
  }
  await profile(1).getByRole("combobox", { name: "Profile", exact: true }).fill("sing");
  await profile(1).getByRole("option", { name: "Singer" }).click();
  await profile(1).getByRole("combobox", { name: "Status" }).fill("");
  await profile(2).getByRole("combobox", { name: "Profile is" }).selectOption("by name, new if there is none");
  await profile(2).getByRole("textbox", { name: "Profile’s name" }).fill("Developer");
  await profile(2).getByRole("combobox", { name: "Status" }).fill("paused");
  await profile(3).getByRole("combobox", { name: "Profile is" }).selectOption("new profile");
  await profile(3).getByRole("combobox", { name: "Status" }).fill("invited");
  await form.getByRole("button", { name: "Create customer" }).click();

  const name = form.getByRole("textbox", { name: "Name", exact: true });
  await expect(form.getByRole("alert")).toContainText("Nothing was created");
  await expect(name).toBeFocused();
  await expect(name).toHaveAccessibleDescription("A name must not be blank.");
  const status = profile(1).getByRole("combobox", { name: "Status" });
  await expect(status).toHaveAccessibleDescription("A status must not be blank.");
  const newName = profile(3).getByRole("textbox", { name: "Profile’s name" });
  await expect(newName).toHaveAccessibleDescription("A name must not be blank.");
  await expect(form.locator("[aria-invalid]")).toHaveCount(3);

  await name.fill("Ada Lovelace");
  await status.fill("active");
  await newName.fill("Analyst");
  await form.getByRole("button", { name: "Create customer" }).click();
  await expect(page.getByRole("status")).toContainText("Ada Lovelace is created.");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeFocused();
  await expect(page.getByRole("combobox", { name: "Status of Singer" })).toHaveValue("active");
  await expect(page.getByRole("combobox", { name: "Status of Developer" })).toHaveValue("paused");
  await expect(page.getByRole("combobox", { name: "Status of Analyst" })).toHaveValue("invited");

  const row = page.getByRole("navigation").getByRole("link", { name: /Ada Lovelace/ });
  await expect(row).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("heading", { name: "Customers 1" })).toBeVisible();
  expect(operations.filter((operation) => operation === "Customers")).toHaveLength(1);
  const { profiles } = await server.send<{ profiles: unknown }>(`{ profiles { nodes { name } } }`);
  expect(profiles).toEqual({ nodes: [{ name: "Developer" }, { name: "Singer" }, { name: "Analyst" }] });
});

test("the same profile twice is refused at the second one", async ({ page, server }) => {
  await server.send(`mutation { createProfile(input: { name: "Developer" }) { profile { id } } }`);
  await page.goto("/#new");
  const form = page.getByRole("form", { name: "New customer" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Ada Lovelace");
  for (const position of [1, 2]) {
    await form.getByRole("button", { name: "Add a profile" }).click();
    const profile = form.getByRole("listitem", { name: `Profile ${position}` });
    await profile.getByRole("combobox", { name: "Profile", exact: true }).fill("Developer");
    await profile.getByRole("option", { name: "Developer" }).click();
  }
  await form.getByRole("button", { name: "Create customer" }).click();
  const second = form.getByRole("listitem", { name: "Profile 2" });
  await expect(second.getByRole("combobox", { name: "Profile", exact: true })).toBeFocused();
  await expect(form.locator("[aria-invalid]")).toHaveCount(1);

  await second.getByRole("button", { name: "Remove profile 2" }).click();
  await expect(form.getByRole("button", { name: "Add a profile" })).toBeFocused();
  await form.getByRole("button", { name: "Create customer" }).click();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});
