// A workflow goes from one server to another and back into git without a changed byte.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { Editor } from "../support/editor.ts";
import { Phloem, REPOSITORY } from "../support/phloem.ts";

const HAND_WRITTEN = path.join(REPOSITORY, "e2e/workflows/page-and-meet.json");
const EXAMPLE = path.join(REPOSITORY, "workflows/system-status.json");

test("what is exported, imported elsewhere and exported again has the same bytes", async ({ browser }, testInfo) => {
  const [here, there] = [await Phloem.start(), await Phloem.start()];
  try {
    const first = await (await browser.newContext()).newPage();
    await here.signIn(first);
    await importFile(first, HAND_WRITTEN);
    const editor = new Editor(first);
    await editor.select("Page");
    await editor.fill("ring_timeout_s", "25");
    await first.getByLabel("Label", { exact: true }).fill("Ring “them” – 呼び出し");
    await first.getByLabel("Label", { exact: true }).press("Enter");
    await expect(first.getByText("Saved", { exact: true })).toBeVisible();
    const exported = await exportFile(first, testInfo.outputPath("first.json"));
    expect(exported).toContain('"ring_timeout_s": 25');
    expect(exported).toContain("Ring “them” – 呼び出し");

    const second = await (await browser.newContext()).newPage();
    await there.signIn(second);
    await importFile(second, testInfo.outputPath("first.json"));
    await expect(new Editor(second).node("Page")).toBeVisible();
    expect(await exportFile(second, testInfo.outputPath("second.json"))).toBe(exported);

    await there.command("export", "--data", there.data, "--out", testInfo.outputPath("all"));
    expect(await readFile(testInfo.outputPath("all/page-and-meet.json"), "utf8")).toBe(exported);
  } finally {
    await here.stop();
    await there.stop();
  }
});

test("an example is exported as it stands in the repository", async ({ page }, testInfo) => {
  const phloem = await Phloem.start();
  try {
    await phloem.signIn(page);
    await page.goto(`${phloem.url}/workflows/system-status`);
    await expect(new Editor(page).node("Menu")).toBeVisible();
    expect(await exportFile(page, testInfo.outputPath("example.json"))).toBe(await readFile(EXAMPLE, "utf8"));
  } finally {
    await phloem.stop();
  }
});

test("a file that is not a workflow changes nothing and is explained", async ({ page }, testInfo) => {
  const phloem = await Phloem.start();
  try {
    await phloem.signIn(page);
    await page.getByTestId("import-file").setInputFiles({
      name: "broken.json",
      mimeType: "application/json",
      buffer: Buffer.from('{"format": 1, "id": "x", "name": "X", "nodes": [}'),
    });
    await expect(page.getByRole("dialog")).toContainText(/not a workflow/i);
    await page.screenshot({ path: testInfo.outputPath("refused.png") });
  } finally {
    await phloem.stop();
  }
});

async function importFile(page: Page, file: string): Promise<void> {
  await page.getByTestId("import-file").setInputFiles(file);
  await expect(page.getByTestId("canvas")).toBeVisible();
}

/** What the editor's export button gives. */
async function exportFile(page: Page, to: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export file" }).click(),
  ]);
  await download.saveAs(to);
  return readFile(to, "utf8");
}
