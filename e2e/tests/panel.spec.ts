// The panel beside the canvas: what the last run did, texts as they were, rows in another order, times and numbers as people write them, JSON in place.

import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { eventually, Phloem, REPOSITORY } from "../support/phloem.ts";

const PICTURES = path.join(REPOSITORY, "e2e/test-results/screens");

let phloem: Phloem;

test.beforeAll(async () => {
  phloem = await Phloem.start();
  const [token, reader] = [await phloem.token("run"), await phloem.token("read")];
  const phone = "+15550107021";
  await phloem.control("PUT", `/phones/${phone}`, { on_call: "answer", keys: ["2"], hang_up_after_ms: 500 });
  const accepted = await phloem.request(token, "POST", "/phlo/system-status/run", { to: phone });
  expect(accepted.status, accepted.text).toBe(201);
  const run = accepted.json().api_id;
  const status = async () => (await phloem.request(reader, "GET", `/api/v1/runs/${run}`)).json().status;
  await eventually("the run is over", async () => (await status()) === "completed");
});

test.afterAll(async () => {
  await phloem?.stop();
});

test.beforeEach(async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
});

test("a step tells what it heard and set in the last run, and is usable in both themes", async ({ page }) => {
  await page.goto(`${phloem.url}/workflows/system-status`);
  const editor = new Editor(page);
  await editor.select("Menu");
  await editor.panel.getByRole("tab", { name: "Last run" }).click();
  await expect(editor.panel.getByText("Completed")).toBeVisible();
  await expect(editor.panel.getByText(/Pressed 2/)).toBeVisible();
  await expect(editor.panel.getByText(/^Left by/)).toBeVisible();
  await expect(editor.panel.getByText("{{ Menu.digits }}").or(editor.panel.getByText("Menu.digits", { exact: true }))).toBeVisible();
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await expectAccessible(page);
    await page.screenshot({ path: path.join(PICTURES, `panel-last-run-${theme}.png`) });
  }
  await editor.panel.getByRole("tab", { name: "Settings" }).click();
  await editor.panel.getByRole("button", { name: "Listen" }).click();
  // With or without a voice the words can be read.
  await expect(editor.panel.locator(".caption")).toContainText("Press 1");
});

test("rows are put in another order by keyboard and by mouse, each one step to undo", async ({ page }) => {
  const editor = await Editor.create(page, "Rows");
  await editor.drag("switch", "Which", { x: 0.5, y: 0.3 });
  await editor.cases([["Sales", "1"], ["Help", "2"], ["Rest", "3"]]);
  const names = page.getByLabel("Name of the way out");
  const order = () => names.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  const before = await order();
  await names.nth(0).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(names.nth(1)).toBeFocused();
  expect((await order()).slice(0, 3)).toEqual(["Help", "Sales", "Rest"]);
  await page.keyboard.press("Alt+ArrowDown");
  expect((await order()).slice(0, 3)).toEqual(["Help", "Rest", "Sales"]);
  const grip = editor.panel.locator(".grip").first();
  const [from, to] = [await grip.boundingBox(), await names.nth(1).boundingBox()];
  if (!from || !to) throw new Error("no rows");
  await page.mouse.move(from.x + 8, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, to.y, { steps: 4 });
  await page.mouse.move(from.x + 8, to.y + 12, { steps: 2 });
  await expect(editor.panel.locator(".drop-after")).toHaveCount(1);
  await page.screenshot({ path: path.join(PICTURES, "panel-rows-light.png") });
  await page.mouse.up();
  expect((await order()).slice(0, 3)).toEqual(["Rest", "Help", "Sales"]);
  for (const _ of [1, 2, 3]) await page.getByRole("button", { name: /^Undo/ }).first().click();
  expect(await order()).toEqual(before);
});

test("times, numbers and JSON are written as people do, and count with each letter", async ({ page }) => {
  const editor = await Editor.create(page, "Written");
  await editor.drag("wait", "Pause", { x: 0.5, y: 0.2 });
  const time = editor.panel.locator(".duration input");
  await time.fill("");
  await time.pressSequentially("1 h 30 min");
  await expect(editor.panel.getByText("5400 seconds")).toBeVisible();
  await expectSaved(page, "written", "5400");

  await editor.drag("make_call", "Ring", { x: 0.5, y: 0.5 });
  const to = page.locator("#field-to");
  await to.fill("030 1234567");
  await editor.panel.getByLabel("Country of the number").selectOption("DE");
  await editor.panel.getByRole("button", { name: "Write it as +49301234567" }).click();
  await expect(to).toHaveValue("+49301234567");
  await expect(editor.panel.getByText("Germany, +49")).toBeVisible();
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await expectAccessible(page, ".right");
    await page.screenshot({ path: path.join(PICTURES, `panel-number-${theme}.png`) });
  }

  await editor.panel.getByRole("tab", { name: "JSON" }).click();
  const json = editor.panel.getByLabel("This step as JSON");
  const text = await json.inputValue();
  await json.fill(text.replace("+49301234567", "+49307654321"));
  await expectSaved(page, "written", "+49307654321");
  await json.fill(text.replace("{", "{ oops"));
  await expect(editor.panel.getByText(/Line 1, column/)).toBeVisible();
  await editor.panel.getByRole("button", { name: "Take back what was typed" }).click();
  await expect(json).toHaveValue(/\+49307654321/);
});

async function expectSaved(page: Page, id: string, part: string): Promise<void> {
  const draft = async () => (await page.request.get(`${phloem.url}/api/v1/workflows/${id}`)).text();
  await expect.poll(draft).toContain(part);
}
