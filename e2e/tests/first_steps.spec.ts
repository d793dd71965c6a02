// What a new user meets: pictures of the examples, a tour that is offered once, and screens that say what to do while they are empty.

import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { Phloem, REPOSITORY } from "../support/phloem.ts";

let phloem: Phloem;

test.beforeAll(async () => {
  phloem = await Phloem.start();
});

test.afterAll(async () => {
  await phloem?.stop();
});

for (const theme of ["light", "dark"] as const) {
  test(`examples are shown in small, and begin a workflow (${theme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    if (theme === "dark") await phloem.newSignInLink();
    await phloem.signIn(page);
    await page.getByRole("button", { name: "New workflow" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New workflow" });
    await expect(dialog.locator("svg.preview .card").first()).toBeAttached();
    await picture(page, `first-examples-${theme}`);
    await dialog.getByRole("radio", { name: /^Phone system/ }).check();
    await dialog.getByLabel("Name", { exact: true }).fill(`Mine ${theme}`);
    await dialog.getByRole("button", { name: "Create" }).click();
    await expect(page.locator("[data-node]").nth(2)).toBeVisible();
  });
}

test("the tour is offered once, goes on by keys, gives the focus back and can be had again", async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const editor = await Editor.create(page, "For the tour");
  const offer = page.getByRole("button", { name: "Show me around" });
  await picture(page, "tour-offer");
  await offer.click();
  const tour = page.getByRole("dialog", { name: /^Tour:/ });
  await expect(tour).toBeFocused();
  await expect(tour.getByRole("heading", { name: "Steps to add" })).toBeVisible();
  await picture(page, "tour-1");
  const titles = ["The canvas", "Settings", "Checked while you draw", "Try it first", "Publish when it is good"];
  for (const [index, title] of titles.entries()) {
    await page.keyboard.press("ArrowRight");
    await expect(tour.getByRole("heading", { name: title })).toBeVisible();
    if (index === 3) {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForTimeout(300);
      await picture(page, "tour-dark");
      await page.emulateMedia({ colorScheme: "light" });
    }
  }
  await page.keyboard.press("ArrowLeft");
  await expect(tour.getByRole("heading", { name: "Try it first" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tour).toBeHidden();
  await expect(offer).toHaveCount(0);

  // Not offered again, but there when it is asked for.
  await page.reload();
  await expect(editor.node("Start")).toBeVisible();
  await expect(page.getByText("How to draw")).toBeVisible();
  await expect(offer).toHaveCount(0);
  await page.getByRole("button", { name: "Settings of the editor" }).click();
  await offer.click();
  await expect(tour).toBeVisible();
  await tour.getByRole("button", { name: "Skip the tour" }).click();
  await expect(tour).toBeHidden();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("around");
  await page.keyboard.press("Enter");
  await expect(tour).toBeVisible();
});

test("what is empty says what to do", async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
  const token = await phloem.token("admin");
  const { workflows } = (await phloem.request(token, "GET", "/api/v1/workflows")).json();
  for (const { id } of workflows) await phloem.request(token, "DELETE", `/api/v1/workflows/${id}`);
  await page.goto(phloem.url);
  await expect(page.getByRole("heading", { name: "Draw your first call" })).toBeVisible();
  await expect(page.locator("svg.preview")).toHaveCount(3);
  await picture(page, "empty-workflows");
  await page.goto(`${phloem.url}/runs`);
  await expect(page.getByRole("heading", { name: "Nothing has run yet" })).toBeVisible();
  await picture(page, "empty-runs");
  await page.goto(`${phloem.url}/runs?status=failed`);
  await expect(page.getByRole("link", { name: "Show all runs" })).toBeVisible();
  await page.route("**/api/v1/numbers", (route) => route.fulfill({ json: { numbers: [] } }));
  await page.goto(`${phloem.url}/numbers`);
  await expect(page.getByRole("heading", { name: "No numbers yet" })).toBeVisible();
  await picture(page, "empty-numbers");

  await page.goto(phloem.url);
  await page.getByRole("region", { name: "Begin with one that works" }).getByRole("button").first().press("Enter");
  await expect(page.getByRole("dialog", { name: "New workflow" }).getByRole("radio", { checked: true })).toHaveCount(1);
  await page.keyboard.press("Escape");
  const editor = await Editor.create(page, "Nothing wrong");
  await editor.drag("hangup", "Bye", { x: 0.45, y: 0.3 });
  await editor.connect("Start", "incoming_call", "Bye");
  await expect(page.getByTestId("problem-count")).toHaveText("Nothing to check");
  await page.getByTestId("problem-count").click();
  await expect(page.getByText("Nothing would go wrong")).toBeVisible();
  await picture(page, "empty-problems");
});

/** A picture of the screen, on which nothing may be wrong. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(REPOSITORY, `e2e/test-results/screens/${name}.png`) });
  await expectAccessible(page);
}
