// Every screen in both themes: usable by everybody, without an error in the console, and kept as a picture in test-results/screens.

import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { eventually, Phloem, REPOSITORY } from "../support/phloem.ts";
import { ScreenPhone } from "../support/phone.ts";

const PICTURES = path.join(REPOSITORY, "e2e/test-results/screens");

let phloem: Phloem;
let run: string;

test.beforeAll(async () => {
  phloem = await Phloem.start();
  const [token, reader] = [await phloem.token("run"), await phloem.token("read")];
  const phone = "+15550107011";
  await phloem.control("PUT", `/phones/${phone}`, { on_call: "answer", keys: ["2"], hang_up_after_ms: 500 });
  const accepted = await phloem.request(token, "POST", "/phlo/system-status/run", { to: phone });
  expect(accepted.status, accepted.text).toBe(201);
  run = accepted.json().api_id;
  const status = async () => (await phloem.request(reader, "GET", `/api/v1/runs/${run}`)).json().status;
  await eventually("the run is over", async () => (await status()) === "completed");
});

test.afterAll(async () => {
  await phloem?.stop();
});

for (const theme of ["light", "dark"] as const) {
  test(`every screen is accessible in the ${theme} theme`, async ({ page }) => {
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });

    await page.goto(phloem.url);
    await expect(page.getByRole("heading", { name: "Sign in with a link" })).toBeVisible();
    await picture(page, theme, "sign-in");
    // The browser counts a page that is refused as an error.
    errors.length = 0;

    await phloem.newSignInLink();
    await phloem.signIn(page);
    await expect(page.getByRole("link", { name: "System status line" })).toBeVisible();
    await picture(page, theme, "workflows");
    await page.getByRole("button", { name: "New workflow" }).first().click();
    await picture(page, theme, "new-workflow");

    await page.goto(`${phloem.url}/workflows/system-status`);
    const editor = new Editor(page);
    await expect(editor.node("Menu")).toBeVisible();
    await picture(page, theme, "editor");
    await editor.select("Menu");
    await picture(page, theme, "editor-settings");
    const phone = await ScreenPhone.open(page);
    await phone.call();
    await phone.hears("Press 1");
    await phone.press("2");
    await phone.isIn("oncall");
    await page.getByRole("button", { name: /^Fit/ }).click();
    await expect(editor.node("Room")).toHaveClass(/live/);
    await picture(page, theme, "editor-phone");
    await phone.hangUp();
    await page.getByRole("button", { name: "Run…" }).click();
    await picture(page, theme, "run-dialog");

    for (const place of ["runs", "numbers", "tokens"]) {
      await page.goto(`${phloem.url}/${place}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      await picture(page, theme, place);
    }
    await page.goto(`${phloem.url}/runs/${run}`);
    await expect(page.getByTestId("run-status")).toHaveText(/completed/i);
    await picture(page, theme, "run");
    expect(errors).toEqual([]);
  });
}

async function picture(page: Page, theme: string, name: string): Promise<void> {
  await page.screenshot({ path: path.join(PICTURES, `${name}-${theme}.png`) });
  await expectAccessible(page);
}
