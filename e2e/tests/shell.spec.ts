// The shell of the editor: everything from one field, keys of one's own, colours and language.

import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { Phloem, REPOSITORY } from "../support/phloem.ts";

const PICTURES = path.join(REPOSITORY, "e2e/test-results/screens");

let phloem: Phloem;

test.beforeAll(async () => {
  phloem = await Phloem.start();
});

test.afterAll(async () => {
  await phloem?.stop();
});

test.beforeEach(async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await phloem.newSignInLink();
  await phloem.signIn(page);
});

test("the palette does anything, goes anywhere and remembers", async ({ page }) => {
  const editor = await open(page);
  const palette = page.getByRole("dialog", { name: "Do anything" });
  await page.keyboard.press("Control+k");
  await picture(page, "palette");
  await page.keyboard.type("go menu");
  await expect(palette.getByRole("option", { selected: true })).toContainText("Go to");
  await page.keyboard.press("Enter");
  await expect(palette).toBeHidden();
  await expect(editor.node("Menu")).toHaveClass(/selected/);

  // What was used last comes first.
  await page.keyboard.press("Control+k");
  await expect(palette.getByRole("option").first()).toContainText("Go to");
  await page.keyboard.type("json");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "JSON" })).toHaveAttribute("aria-selected", "true");
});

test("a link shows the step it was made for", async ({ page }) => {
  const editor = await open(page);
  await editor.select("Menu");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("copy link");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The link to this step is copied.")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${phloem.url}/workflows/system-status?step=Menu`);
  await page.goto(link);
  await expect(editor.node("Menu")).toHaveClass(/selected/);
});

test("keys can be chosen, and single keys switched off", async ({ page }) => {
  const editor = await open(page);
  await editor.select("Menu");
  await editor.node("Menu").focus();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toBeVisible();
  await picture(page, "keyboard");
  await sheet.getByRole("button", { name: /^Duplicate:/ }).click();
  await page.keyboard.press("Control+z");
  await expect(sheet.getByText("Ctrl Z is Undo.")).toBeVisible();
  await sheet.getByRole("button", { name: "Leave it" }).click();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+j");
  await expect(sheet.getByRole("button", { name: "Duplicate: Ctrl J" })).toBeVisible();
  await sheet.getByRole("checkbox").uncheck();
  await sheet.getByRole("button", { name: "Done" }).click();

  const cards = editor.canvas.locator("[data-node]");
  const before = await cards.count();
  await editor.node("Menu").focus();
  await page.keyboard.press("a");
  await expect(page.getByTestId("chooser")).toBeHidden();
  await page.keyboard.press("Control+j");
  await expect(cards).toHaveCount(before + 1);
  await page.keyboard.press("Control+z");
  await expect(cards).toHaveCount(before);
});

test("colours of high contrast and another language are kept", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Settings of the editor" }).click();
  await page.getByText("High contrast", { exact: true }).click();
  await picture(page, "settings");
  await page.getByLabel("Language").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "contrast");
  await expect(page.locator("html")).toHaveAttribute("lang", /^(de|en)$/);
});

async function open(page: Page): Promise<Editor> {
  await page.goto(`${phloem.url}/workflows/system-status`);
  const editor = new Editor(page);
  await expect(editor.node("Menu")).toBeVisible();
  return editor;
}

/** The screen in light and dark, and whether everybody can use it. */
async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: path.join(PICTURES, `${name}-${colorScheme}.png`) });
    await expectAccessible(page);
  }
}
