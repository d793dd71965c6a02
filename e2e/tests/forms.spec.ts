// People fill in the steps that have more to them than a text: hours, answers, requests, branches; by pointer and by keyboard.

import { expect, type Locator, type Page, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { eventually, Phloem } from "../support/phloem.ts";
import { StatusService } from "../support/status_service.ts";

let service: StatusService;
let phloem: Phloem;
let token: string;

test.use({ timezoneId: "Europe/Berlin" });

test.beforeAll(async () => {
  service = await StatusService.start({ status: "green", site: { name: "Ulm" }, tickets: [{ id: 7 }] });
  phloem = await Phloem.start({ env: { PHLOEM_EGRESS_ALLOW: service.host } });
  token = await phloem.token("read");
});

test.afterAll(async () => {
  await phloem?.stop();
  await service?.stop();
});

test.beforeEach(async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
});

test("opening hours and holidays are drawn up with the mouse", async ({ page }) => {
  const editor = await Editor.create(page, "Hours by mouse");
  await editor.drag("business_hours", "Hours", { x: 0.5, y: 0.3 });
  // Hours are meant where the person is.
  await expect(editor.panel.getByRole("combobox", { name: "Place" })).toHaveValue("Europe/Berlin");
  await editor.panel.getByRole("combobox", { name: "Place" }).fill("new york");
  await page.getByRole("option", { name: "America/New_York" }).click();
  await expect(editor.panel.getByText(/It is \w+ \d\d:\d\d there now/)).toBeVisible();

  await clearWeek(editor);
  await editor.panel.getByRole("button", { name: "Monday to Friday, 9 to 5" }).click();
  const monday = editor.group("Monday");
  await monday.getByLabel("Monday to", { exact: true }).fill("12.30");
  await monday.getByLabel("Monday to", { exact: true }).press("Enter");
  await monday.getByRole("button", { name: "Add hours on Monday" }).click();
  await expect(monday.getByLabel("Monday from").nth(1)).toHaveValue("13:30");
  await monday.getByRole("button", { name: "Copy Monday to the other weekdays" }).click();
  await editor.group("Saturday").getByRole("button", { name: "Open all day on Saturday" }).click();
  await editor.group("Wednesday").getByRole("button", { name: /Take Wednesday 13:30 to 17:00 away/ }).click();

  await editor.panel.getByRole("button", { name: "Add a day" }).click();
  await page.getByLabel("Name of the day").last().fill("Christmas Eve");
  await page.getByLabel("Date", { exact: true }).fill("2026-12-24");
  await editor.group("Christmas Eve").getByLabel("Every year").check();
  await page.getByRole("button", { name: "Add hours on Christmas Eve" }).click();

  const { config } = await saved(page, "hours-by-mouse", "Hours");
  const both = ["09:00-12:30", "13:30-17:00"];
  expect(config.time_zone).toBe("America/New_York");
  expect(config.hours).toEqual({ mon: both, tue: both, wed: ["09:00-12:30"], thu: both, fri: both, sat: ["00:00-24:00"] });
  expect((config.holidays as unknown[]).at(-1)).toEqual({ date: "12-24", hours: ["09:00-17:00"], name: "Christmas Eve" });
  await expectAccessible(page);
});

test("opening hours are drawn up by keyboard alone", async ({ page }) => {
  const editor = await Editor.create(page, "Hours by keyboard");
  const { keyboard } = page;
  await addByKeyboard(page, "opening hours");
  await expect(editor.canvas.locator('[data-kind="business_hours"]')).toHaveCount(1);
  await tabTo(page, editor.panel.getByRole("combobox", { name: "Place" }));
  await keyboard.type("tokyo");
  await keyboard.press("Enter");
  await expect(editor.panel.getByRole("combobox", { name: "Place" })).toHaveValue("Asia/Tokyo");
  await clearWeek(editor);
  await tabTo(page, editor.group("Tuesday").getByRole("button", { name: "Add hours on Tuesday" }));
  await keyboard.press("Enter");
  // The new hours are ready to be typed.
  await expect(editor.group("Tuesday").getByLabel("Tuesday from")).toBeFocused();
  await keyboard.press("ArrowUp");
  await keyboard.press("Tab");
  await keyboard.press("Control+a");
  await keyboard.type("6 pm");
  await keyboard.press("Tab");
  const name = await editor.canvas.locator('[data-kind="business_hours"]').getAttribute("data-node");
  const { config } = await saved(page, "hours-by-keyboard", name ?? "");
  expect(config.hours).toEqual({ tue: ["09:15-18:00"] });
  expect(config.time_zone).toBe("Asia/Tokyo");
});

test("answers by text become ways out as they are named", async ({ page }) => {
  const editor = await Editor.create(page, "Survey");
  await editor.drag("sms_menu", "Ask", { x: 0.5, y: 0.3 });
  await editor.fill("text", "Can you come? It’s tomorrow.");
  await expect(editor.panel.getByText("1 message, 28 of 70 characters.")).toBeVisible();
  await editor.panel.getByRole("button", { name: "Add an answer" }).click();
  const names = page.getByLabel("Name of the answer");
  await expect(names.last()).toBeFocused();
  await names.last().fill("Maybe");
  await names.last().press("Enter");
  await expect(editor.port("Ask", "Maybe")).toBeVisible();
  const words = page.getByLabel("Other words for Maybe");
  await words.fill("perhaps, later");
  await words.press("Enter");
  await words.fill("dunno");
  await words.press("Tab");
  await page.getByRole("button", { name: "Take perhaps away" }).click();
  await words.press("Backspace");

  // A way out that is renamed still leads where it led.
  await editor.drag("speak", "Tell", { x: 0.75, y: 0.7 });
  await editor.fit();
  await editor.connect("Ask", "Maybe", "Tell");
  await editor.select("Ask");
  await names.last().fill("Not sure");
  await names.last().press("Enter");
  const node = await saved(page, "survey", "Ask");
  const choices = node.config.choices as { name: string; accepts?: string[] }[];
  expect(choices.at(-1)).toEqual({ name: "Not sure", accepts: ["later"] });
  expect(node.next).toEqual({ "Not sure": "Tell" });
  await expectAccessible(page);
});

test("a request is tried from its form, and its answer is offered to later steps", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const editor = await Editor.create(page, "Tried");
  await editor.drag("http_request", "Ask", { x: 0.3, y: 0.3 });
  await editor.fill("url", `http://${service.host}/status/{{ place }}`);
  const panel = page.getByRole("region", { name: "Try the request" });
  await panel.getByLabel("place").fill("ulm");
  await panel.getByRole("button", { name: "Try the request" }).click();
  await expect(panel.getByText("200", { exact: true })).toBeVisible();
  expect(service.requests.at(-1)?.path).toBe("/status/ulm");
  await panel.getByRole("button", { name: /Copy \{\{ Ask\.response\.site\.name \}\}/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("{{ Ask.response.site.name }}");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Use this answer" }).click();

  await editor.drag("speak", "Tell", { x: 0.7, y: 0.5 });
  await editor.connect("Ask", "success", "Tell");
  await editor.select("Tell");
  const text = page.locator("#field-text");
  await text.fill("It is ");
  await text.pressSequentially("{{ Ask.response.st");
  await expect(page.getByRole("option", { name: /Ask\.response\.status/ })).toBeVisible();
  await text.press("Enter");
  await expect(text).toHaveValue("It is {{ Ask.response.status }}");
  const { config } = await saved(page, "tried", "Ask");
  expect(config.expect).toEqual({ content_type: "application/json", keys: ["site", "status", "tickets"] });
});

test("branches are named, ordered and taken away by keyboard alone", async ({ page }) => {
  const editor = await Editor.create(page, "Branches");
  const { keyboard } = page;
  await addByKeyboard(page, "parallel");
  const card = editor.canvas.locator('[data-kind="parallel"]');
  await expect(card).toHaveCount(1);
  const name = (await card.getAttribute("data-node")) ?? "";
  const before = await page.getByLabel(/Name of branch/).count();
  await tabTo(page, editor.panel.getByRole("button", { name: "Add a branch" }));
  await keyboard.press("Enter");
  await expect(page.getByLabel(`Name of branch ${before + 1}`)).toBeFocused();
  await keyboard.press("Control+a");
  await keyboard.type("News");
  await keyboard.press("Tab");
  await expect(editor.port(name, "News")).toBeVisible();
  // The row goes up and the focus with it; a button that leads no further gives it to the row's handle.
  await tabTo(page, editor.panel.getByRole("button", { name: "Put News earlier" }));
  for (let row = before; row > 0; row--) {
    await keyboard.press("Enter");
    await expect(page.getByLabel(`Name of branch ${row}`)).toHaveValue("News");
    const focused = row > 1 ? "Put News earlier" : /^Move row 1:/;
    await expect(editor.panel.getByRole("button", { name: focused })).toBeFocused();
  }
  await tabTo(page, editor.panel.getByRole("button", { name: /^Take .* away$/ }).nth(1));
  await keyboard.press("Enter");
  const { config } = await saved(page, "branches", name);
  expect((config.branches as string[])[0]).toBe("News");
  expect(config.branches).toHaveLength(before);
});

for (const theme of ["light", "dark"] as const) {
  test(`every form can be used by everybody in the ${theme} theme`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await Editor.create(page, `Forms ${theme}`);
    const kinds = await page.locator(".palette [data-kind]").evaluateAll((items) => [...new Set(items.map((item) => item.getAttribute("data-kind")))]);
    expect(kinds.length).toBeGreaterThan(25);
    for (const kind of kinds) {
      await page.locator(`.palette [data-kind="${kind}"]`).last().click();
      await expect(page.getByLabel("Name in texts")).toBeVisible();
      const more = page.locator("details.more:not([open]) > summary");
      if (await more.isVisible()) await more.click();
      await expectAccessible(page, ".right");
      await page.keyboard.press("Escape");
    }
    expect(errors).toEqual([]);
  });
}

/** Takes all hours away that a new step begins with. */
async function clearWeek(editor: Editor): Promise<void> {
  const spans = editor.panel.getByRole("button", { name: /^Take \w+day \d/ });
  while ((await spans.count()) > 0) {
    const before = await spans.count();
    await spans.first().focus();
    await editor.page.keyboard.press("Enter");
    await expect(spans).toHaveCount(before - 1);
  }
}

/** The node as the server has it once the draft is saved. */
async function saved(page: Page, workflow: string, node: string): Promise<{ config: Record<string, unknown>; next: Record<string, string> }> {
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  let found: { config: Record<string, unknown>; next: Record<string, string> } | undefined;
  let last = "";
  await eventually("the draft is saved and stays so", async () => {
    const { document } = (await phloem.request(token, "GET", `/api/v1/workflows/${workflow}`)).json();
    found = document.nodes[node];
    const now = JSON.stringify(document);
    const isAtRest = now === last && (await page.getByText("Saved", { exact: true }).isVisible());
    last = now;
    return isAtRest && found !== undefined;
  });
  if (!found) throw new Error(`the server has no node ${node}`);
  return found;
}

/** Finds a step in the palette by any of its names and adds it. */
async function addByKeyboard(page: Page, words: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

/** Presses Tab until the element has the focus; fails if the keyboard never gets there. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await expect(element).toBeVisible();
  for (let presses = 0; presses < 150; presses++) {
    if (await element.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${element}`);
}
