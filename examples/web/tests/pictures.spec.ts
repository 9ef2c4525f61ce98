// What the application looks like, also to those who do not see it. The picture in the README is taken anew if
// PICTURES names its folder.

import AxeBuilder from "@axe-core/playwright";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./test";

test.use({ demo: ["--customers", "200", "--profiles", "20", "--edges-per-customer", "2..8"] });

const pictures = process.env["PICTURES"];
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const pause = `mutation ($customerId: ID!, $profileId: ID!) {
  updateCustomerProfile(input: { customerId: $customerId, profileId: $profileId, status: "paused" }) {
    customerProfileEdge { id }
  }
}`;

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`every page fits and is accessible, ${size} and ${colorScheme}`, async ({ page, server }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      const take = async (name: string) => {
        const path = info.outputPath(`${name}.png`);
        await page.screenshot({ path });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ help, nodes }) => `${help}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
        return path;
      };

      await page.goto("/");
      await expect(page.getByRole("heading", { name: "Customers 200" })).toBeVisible();
      await take("customers");

      await page.getByRole("searchbox").fill("ar");
      await expect(page.getByRole("heading", { name: "Customers 200" })).toHaveCount(0);
      await page.getByRole("link", { name: "Pavitar Singh" }).first().click();
      await expect(page.getByRole("heading", { name: "Profiles 8" })).toBeVisible();
      const customerId = new URLSearchParams(new URL(page.url()).hash.slice(1)).get("customer");
      const found = `{ profiles(where: { name: { eq: "Jazz Pianist" } }) { nodes { id } } }`;
      const { profiles } = await server.send<{ profiles: { nodes: [{ id: string }] } }>(found);
      await server.send(pause, { customerId, profileId: profiles.nodes[0].id });
      await page.getByRole("combobox", { name: "Status of Jazz Pianist" }).selectOption("blocked");
      await expect(page.getByRole("status")).toContainText("Somebody else changed this");
      const picture = await take("customer");
      const isForReadme = size === "wide" && colorScheme === "light";
      if (pictures && isForReadme) await copyFile(picture, join(pictures, "example.png"));

      await page.goto("/#new");
      await page.getByRole("button", { name: "Add a profile" }).click();
      await page.getByRole("button", { name: "Create customer" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await page.getByRole("combobox", { name: "Profile", exact: true }).click();
      await expect(page.getByRole("option", { name: "Architect" })).toBeVisible();
      await take("new");

      await page.goto("/#profile=Profile:1");
      await expect(page.getByRole("heading", { name: "Developer" })).toBeVisible();
      await take("profile");
    });
  }
}
