// What the application looks like. The picture in the README is taken anew if PICTURES names its folder.

import { join } from "node:path";
import { expect, test } from "./test";

test.use({ demo: ["--customers", "200", "--profiles", "20", "--edges-per-customer", "2..8"] });

const pictures = process.env["PICTURES"];
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`nothing is cut off or hard to read, ${size} and ${colorScheme}`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      const take = async (name: string) => {
        await expect(page.getByText("Loading…")).toHaveCount(0);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
        await page.screenshot({ path: info.outputPath(`${name}-${size}-${colorScheme}.png`) });
      };

      await page.goto("/");
      await expect(page.getByRole("heading", { name: "Customers 200" })).toBeVisible();
      await take("home");
      const customer = page.getByRole("navigation").getByRole("link").nth(3);
      await customer.click();
      await expect(page.getByRole("heading", { name: /^Profiles/ })).toBeVisible();
      await take("customer");
      if (pictures && size === "wide" && colorScheme === "light") {
        await page.screenshot({ path: join(pictures, "example.png") });
      }

      await page.goto("/#/new");
      await page.getByRole("button", { name: "Add a profile" }).click();
      await page.getByRole("button", { name: "Create customer" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await page.getByRole("combobox", { name: "Profile", exact: true }).click();
      await expect(page.getByRole("option", { name: "Architect" })).toBeVisible();
      await take("new");
      await page.goto("/#/profiles/Profile:1");
      await expect(page.getByRole("heading", { name: "Developer" })).toBeVisible();
      await take("profile");
    });
  }
}
