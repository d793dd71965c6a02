// Everything that the mouse can do, the keyboard can: a workflow is made, connected, undone and published without a pointer.

import { expect, type Locator, type Page, test } from "@playwright/test";
import { Editor } from "../support/editor.ts";
import { Phloem } from "../support/phloem.ts";

let phloem: Phloem;

test.beforeAll(async () => {
  phloem = await Phloem.start();
});

test.afterAll(async () => {
  await phloem?.stop();
});

test("a workflow is drawn and published by keyboard alone", async ({ page }) => {
  await phloem.signIn(page);
  const { keyboard } = page;
  await tabTo(page, page.getByRole("button", { name: "New workflow" }).first());
  await keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await keyboard.type("By keyboard");
  await keyboard.press("Enter");

  const editor = new Editor(page);
  await expect(editor.node("Start")).toBeVisible();

  // The search adds what Enter finds.
  await keyboard.press("/");
  await keyboard.type("speak");
  await keyboard.press("Enter");
  await expect(editor.canvas.locator('[data-kind="speak"]')).toHaveCount(1);
  const name = await editor.canvas.locator('[data-kind="speak"]').getAttribute("data-node");
  if (!name) throw new Error("the card says its name");

  await tabTo(page, page.locator("#field-text"));
  await keyboard.press("Control+a");
  await keyboard.type("Good morning.");

  // The start's ways out are lists in its settings.
  await tabTo(page, editor.canvas.locator("[data-node][tabindex='0']"));
  await keyboard.press("Home");
  await keyboard.press("Enter");
  await expect(page.getByLabel("Name in texts")).toHaveValue("Start");
  await tabTo(page, page.getByLabel("Incoming call", { exact: true }));
  await page.getByLabel("Incoming call", { exact: true }).selectOption(name);
  await expect(editor.canvas.locator('[data-edge="Start.incoming_call"]')).toBeAttached();

  await tabTo(page, editor.canvas.locator("[data-node][tabindex='0']"));
  await keyboard.press("Control+z");
  await expect(editor.canvas.locator('[data-edge="Start.incoming_call"]')).toHaveCount(0);
  await keyboard.press("Control+Shift+z");
  await expect(editor.canvas.locator('[data-edge="Start.incoming_call"]')).toBeAttached();

  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Publish…" }));
  await keyboard.press("Enter");
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }));
  await keyboard.press("Enter");
  await expect(page.getByText("Version 1 is published")).toBeVisible();

  const token = await phloem.token("read");
  const { document } = (await phloem.request(token, "GET", "/api/v1/workflows/by-keyboard/versions/1")).json();
  expect(document.nodes.Start.next).toEqual({ incoming_call: name });
  expect(document.nodes[name].config).toEqual({ text: "Good morning." });
});

/** Presses Tab until the element has the focus; fails if the keyboard never gets there. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await expect(element).toBeVisible();
  for (let presses = 0; presses < 120; presses++) {
    if (await element.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${element}`);
}
