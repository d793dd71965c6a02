// Finding words anywhere in a workflow and putting others in their place, by keyboard and by mouse.

import path from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { Phloem, REPOSITORY } from "../support/phloem.ts";

const PICTURES = path.join(REPOSITORY, "e2e/test-results/screens");

let phloem: Phloem;
let reader: string;

test.beforeAll(async () => {
  phloem = await Phloem.start();
  reader = await phloem.token("read");
});

test.afterAll(async () => {
  await phloem?.stop();
});

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await phloem.newSignInLink();
  await phloem.signIn(page);
});

test("words are found everywhere, and Enter opens the field they stand in", async ({ page }) => {
  const editor = await open(page);
  const panel = await find(page);
  await page.keyboard.type("status");
  await expect(panel.getByRole("status")).toHaveText(/^1 of \d+, in \d+ steps$/);
  await expect(panel.getByRole("option").first()).toBeVisible();
  await picture(page, "find");

  // Places are gone through without leaving the field; the canvas follows.
  await page.keyboard.type("_url");
  await expect(panel.getByRole("option")).not.toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  const place = panel.getByRole("option", { name: /^Address|^URL/ });
  await place.click();
  await expect(editor.node("Ask")).toHaveClass(/selected/);
  await expect(page.locator("#field-url")).toBeFocused();
  expect(await selected(page)).toBe("status_url");

  // The next place from here, and the way back to where one was.
  await page.keyboard.press("F3");
  await page.keyboard.press("Control+f");
  await expect(panel.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("no key at all");
  await expect(panel.getByRole("status")).toHaveText("Found nowhere");
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(editor.canvas.locator(".node.found")).toHaveCount(0);
});

test("capitals and whole words can be asked for", async ({ page }) => {
  await open(page);
  const panel = await find(page);
  await page.keyboard.type("KEY");
  const all = await count(panel);
  expect(all).toBeGreaterThan(1);
  await panel.getByRole("button", { name: "Whole words only" }).click();
  await expect.poll(() => count(panel)).toBeLessThan(all);
  await panel.getByRole("button", { name: "Match capitals" }).click();
  await expect(panel.getByRole("status")).toHaveText("Found nowhere");
});

test("all places are replaced as one step, after a look at what becomes of them", async ({ page }) => {
  const editor = await open(page);
  const before = await draft();
  await editor.node("Menu").click({ position: { x: 60, y: 14 } });
  await page.keyboard.press("Control+h");
  const panel = page.getByRole("search", { name: "Find in this workflow" });
  await page.keyboard.type("goodbye");
  await panel.getByLabel("Replace with").fill("See you");
  await expect(panel.getByRole("option").filter({ hasText: "stays" }).first()).toBeVisible();
  await expect(panel.locator("ins").first()).toContainText("becomes See you");
  await picture(page, "replace");

  await panel.getByRole("button", { name: "Replace all" }).click();
  await expect(panel.getByRole("status")).toHaveText(/^\d+ places replaced\. Undo brings them back\. \d+ places? stay/);
  await expect.poll(async () => JSON.stringify(await draft())).toContain("We did not hear a key. See you.");
  // Names that others rely on stay.
  expect(Object.keys((await draft()).nodes)).toContain("Goodbye");

  await panel.getByRole("button", { name: "Close" }).click();
  await editor.canvas.press("Control+z");
  await expect.poll(draft).toEqual(before);
});

test("one place is replaced, and the next one is shown", async ({ page }) => {
  await open(page);
  const panel = await find(page);
  await page.keyboard.type("did not hear");
  await expect(panel.getByRole("status")).toHaveText(/^1 of 1, in 1 step$/);
  await panel.getByRole("button", { name: "Replace", exact: true }).click();
  await panel.getByLabel("Replace with").fill("heard no");
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toHaveText("Replaced. Undo brings it back.");
  await expect.poll(async () => JSON.stringify(await draft())).toContain("We heard no a key.");
});

async function open(page: Page): Promise<Editor> {
  await page.goto(`${phloem.url}/workflows/system-status`);
  const editor = new Editor(page);
  await expect(editor.node("Menu")).toBeVisible();
  await expect(page.getByRole("button", { name: "Publish…" })).toBeVisible();
  return editor;
}

async function find(page: Page): Promise<Locator> {
  await page.keyboard.press("Control+f");
  const panel = page.getByRole("search", { name: "Find in this workflow" });
  await expect(panel.getByRole("combobox", { name: "Find" })).toBeFocused();
  return panel;
}

async function count(panel: Locator): Promise<number> {
  const words = await panel.getByRole("status").textContent();
  return Number(words?.match(/of (\d+)/)?.[1] ?? 0);
}

/** What is selected in the field that has the focus. */
function selected(page: Page): Promise<string> {
  return page.evaluate(() => {
    const field = document.activeElement as HTMLInputElement;
    return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
  });
}

/** The draft as the server has it. */
async function draft(): Promise<{ nodes: Record<string, unknown> }> {
  return (await phloem.request(reader, "GET", "/api/v1/workflows/system-status")).json().document;
}

/** The screen in light and dark, and whether everybody can use it. */
async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: path.join(PICTURES, `${name}-${colorScheme}.png`) });
    await expectAccessible(page);
  }
}
