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

  // A colour from the card's menu; its name stands on the card, too.
  await editor.node("Welcome").click({ button: "right", position: { x: 60, y: 14 } });
  await page.getByRole("menuitem", { name: "Rose" }).click();
  await expect(editor.node("Welcome")).toHaveAttribute("data-colour", "rose");
  await expect(editor.node("Welcome").getByText("Rose")).toBeVisible();

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

test("comments on a step and on the canvas have an author and a time, are settled, and stand in a list", async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
  const editor = await Editor.create(page, "With comments");
  const { canvas } = editor;
  const { keyboard } = page;
  await editor.drag("speak", "Welcome", { x: 0.4, y: 0.3 });

  // By keyboard alone: C on a card, words, Ctrl+Enter, Escape.
  await editor.node("Welcome").focus();
  await keyboard.press("c");
  await expect(page.getByLabel("New comment")).toBeFocused();
  await keyboard.type("Should this be recorded by Ana?");
  await keyboard.press("Control+Enter");
  const thread = page.getByRole("dialog", { name: /^Comments:/ });
  await expect(thread.locator(".comment-text")).toHaveText("Should this be recorded by Ana?");
  await expect(thread.locator("time")).toHaveText("just now");
  await picture(page, "thread");
  await keyboard.press("Escape");
  await expect(thread).toBeHidden();
  await expect(editor.node("Welcome")).toBeFocused();
  await expect(editor.node("Welcome").getByRole("button", { name: "1 comment" })).toBeVisible();

  // On the paper, by its menu; what was typed and not sent is still there later.
  const surface = (await canvas.boundingBox())!;
  await page.mouse.click(surface.x + 120, surface.y + 400, { button: "right" });
  await page.getByRole("menuitem", { name: "Comment here" }).click();
  await page.getByLabel("New comment").fill("Opening hours go");
  await keyboard.press("Escape");
  await page.mouse.click(surface.x + 120, surface.y + 400, { button: "right" });
  await page.getByRole("menuitem", { name: "Comment here" }).click();
  await expect(page.getByLabel("New comment")).toHaveValue("Opening hours go");
  await page.getByLabel("New comment").fill("Opening hours go here next week.");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await keyboard.press("Escape");

  // The list knows both; what is settled leaves it until it is asked for.
  await page.getByTestId("comments").click();
  const list = page.getByRole("dialog", { name: "All comments" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForTimeout(300);
  await picture(page, "comments-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await list.getByRole("button", { name: /Ana/ }).click();
  await thread.getByRole("button", { name: "Resolve" }).click();
  await expect(thread.getByText("Resolved")).toBeVisible();
  await thread.getByRole("button", { name: "Close" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await list.getByLabel("Show resolved").check();
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await picture(page, "comments");
  await list.getByRole("button", { name: "Close" }).click();

  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const token = await phloem.token("read");
  const { document } = (await phloem.request(token, "GET", "/api/v1/workflows/with-comments")).json();
  const notes = Object.values<Record<string, unknown>>(document.notes);
  expect(notes.map(({ node, text }) => [node, text])).toEqual([
    ["Welcome", "Should this be recorded by Ana?"],
    [undefined, "Opening hours go here next week."],
  ]);
  expect(notes[0].comment).toMatchObject({ resolved: true, by: expect.any(String), written_at: expect.stringMatching(/^\d{4}-.*Z$/) });

  // Two steps back: not settled, and the paper without a comment.
  await canvas.locator(".canvas-surface").focus();
  await keyboard.press("Control+z");
  await expect(editor.node("Welcome").getByRole("button", { name: "1 comment" })).toBeVisible();
  await keyboard.press("Control+z");
  await expect(canvas.locator(".comment-pin")).toHaveCount(0);
});

test("by touch: a note is added, moved, and its menu opened by resting on it; a group collapses by its button", async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 1024, height: 768 } });
  const page = await context.newPage();
  await phloem.newSignInLink();
  await phloem.signIn(page);
  const editor = await Editor.create(page, "By finger");
  await page.getByTestId("note").tap();
  await page.getByLabel("Text of the note").fill("Call Ana first.");
  await page.getByTestId("fit").tap();
  const note = editor.canvas.locator("[data-note]");
  await expect(note).toHaveText("Call Ana first.");
  await page.waitForTimeout(400);
  const before = (await note.boundingBox())!;
  const finger = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0) =>
    finger.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  const at = { x: before.x + 40, y: before.y + 30 };
  await touch("touchStart", at.x, at.y);
  for (const step of [1, 2, 3, 4]) await touch("touchMove", at.x + 24 * step, at.y + 12 * step);
  await touch("touchEnd");
  expect((await note.boundingBox())!.x).toBeGreaterThan(before.x + 40);
  const now = (await note.boundingBox())!;
  await touch("touchStart", now.x + 40, now.y + 30);
  await expect(page.getByRole("menuitem", { name: "Green" })).toBeVisible();
  await touch("touchEnd");
  await page.getByRole("menuitem", { name: "Green" }).tap();
  await expect(note).toHaveAttribute("data-colour", "green");

  await editor.node("Start").tap({ position: { x: 60, y: 14 } });
  await editor.node("Start").press("g");
  await page.getByLabel("Title of the group").fill("Opening");
  await page.keyboard.press("Enter");
  await editor.canvas.getByRole("button", { name: "Collapse the group" }).tap();
  await expect(editor.node("Start")).toHaveCount(0);
  await editor.canvas.getByRole("button", { name: "Open the group" }).tap();
  await expect(editor.node("Start")).toBeVisible();
  await context.close();
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
