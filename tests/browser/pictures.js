// The pictures of the documentation, taken where the tests pass by and only when they are asked for.

const folder = new URL("../../docs/images/", import.meta.url).pathname;

/** Writes what the page shows to `docs/images`, if `PICTURES` is set. */
export async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
}
