// What people leave on the canvas for each other: notes, groups, colours and comments, by mouse and by keyboard.

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

test("notes, groups, colours and comments are drawn, saved and undone", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await phloem.signIn(page);
  const editor = await Editor.create(page, "With notes");
  const { canvas } = editor;
  const { keyboard } = page;
  await editor.drag("speak", "Welcome", { x: 0.45, y: 0.3 });
  await editor.drag("hangup", "Bye", { x: 0.45, y: 0.6 });
  await editor.connect("Start", "incoming_call", "Welcome");
  await editor.connect("Welcome", "completed", "Bye");

  // A note by its button, moved and made larger by keys.
  await page.getByTestId("note").click();
  await page.getByLabel("Text of the note").fill("Callers are on-call staff at 3 a.m. Keep every sentence under ten words.");
  await keyboard.press("Escape");
  const note = canvas.locator("[data-note]");
  await expect(note).toBeFocused();
  const before = await note.boundingBox();
  await keyboard.press("Alt+Shift+ArrowDown");
  await keyboard.press("Shift+ArrowRight");
  const after = await note.boundingBox();
  expect(after!.y).toBeGreaterThan(before!.y);
  expect(after!.width).toBeGreaterThan(before!.width);

  // Its colour, from its menu, by keyboard.
  await keyboard.press(".");
  await page.getByRole("menuitem", { name: "Violet" }).press("Enter");
  await expect(note).toHaveAttribute("data-colour", "violet");
  await expect(note).toBeFocused();

  // Moved by the mouse, made larger by its corner, and all of it undone.
  const box = (await note.boundingBox())!;
  await drag(page, { x: box.x + 30, y: box.y + 20 }, { x: 72, y: 48 });
  expect((await note.boundingBox())!.x).toBeGreaterThan(box.x + 40);
  await keyboard.press("Control+z");
  expect((await note.boundingBox())!.x).toBe(box.x);
  await drag(page, { x: box.x + box.width - 6, y: box.y + box.height - 6 }, { x: 60, y: 50 });
  expect((await note.boundingBox())!.height).toBeGreaterThan(box.height + 20);
  await keyboard.press("Control+z");
  expect((await note.boundingBox())!.height).toBe(box.height);

  // A comment and a colour from the card's menu.
  await editor.node("Welcome").click({ button: "right", position: { x: 60, y: 14 } });
  await page.getByRole("menuitem", { name: "Comment…" }).click();
  await page.getByLabel("New comment").fill("Ana records this one again.");
  await keyboard.press("Escape");
  await expect(editor.node("Welcome").getByRole("button", { name: "1 comment" })).toBeVisible();
  await editor.node("Welcome").click({ button: "right", position: { x: 60, y: 14 } });
  await page.getByRole("menuitem", { name: "Rose" }).click();
  await expect(editor.node("Welcome")).toHaveAttribute("data-colour", "rose");

  // A group of two, collapsed: one card stands for both, and the edge ends there.
  await editor.node("Welcome").click({ position: { x: 60, y: 14 } });
  await editor.node("Bye").click({ position: { x: 60, y: 14 }, modifiers: ["Shift"] });
  await editor.node("Bye").press("g");
  await page.getByLabel("Title of the group").fill("Greeting");
  await keyboard.press("Enter");
  const title = canvas.getByRole("group", { name: /^Group Greeting, 2 steps/ });
  await expect(title).toBeFocused();
  await picture(page, "open");
  await keyboard.press("Enter");
  await expect(editor.node("Welcome")).toHaveCount(0);
  await expect(canvas.locator('[data-edge="Start.incoming_call"]')).toBeAttached();
  await expect(canvas.locator('[data-edge="Welcome.completed"]')).toHaveCount(0);
  await picture(page, "collapsed");

  // It is in the file, and a page loaded anew shows it.
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const token = await phloem.token("read");
  const { document } = (await phloem.request(token, "GET", "/api/v1/workflows/with-notes")).json();
  expect(document.groups.Group1).toEqual({ label: "Greeting", nodes: ["Bye", "Welcome"], collapsed: true });
  expect(document.colours).toEqual({ Welcome: "rose" });
  expect(Object.values(document.notes)).toContainEqual(
    expect.objectContaining({ node: "Welcome", text: "Ana records this one again." }),
  );
  await page.reload();
  await expect(title).toBeVisible();
  await canvas.getByRole("button", { name: "Open the group" }).click();
  await expect(editor.node("Welcome")).toBeVisible();
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "dark");
  await page.emulateMedia({ colorScheme: "light", contrast: "more" });
  await picture(page, "contrast");

  // Ungrouped by its key, and everything comes back with undo.
  await title.focus();
  await keyboard.press("Control+Shift+g");
  await expect(title).toHaveCount(0);
  await keyboard.press("Control+z");
  await expect(title).toBeVisible();
});

/** A picture of the screen, on which nothing may be wrong. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(REPOSITORY, `e2e/test-results/screens/marks-${name}.png`) });
  await expectAccessible(page);
}

/** Drags by the mouse, in steps as a hand does. */
async function drag(page: Page, from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 6 });
  await page.mouse.up();
}
