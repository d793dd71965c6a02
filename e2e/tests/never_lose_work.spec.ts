// Work is never lost: a killed tab, a dead network, two people at one workflow.

import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Editor } from "../support/editor.ts";
import { eventually, Phloem } from "../support/phloem.ts";

let phloem: Phloem;
let writer: string;

test.beforeAll(async () => {
  phloem = await Phloem.start();
  writer = await phloem.token("write");
});
test.afterAll(() => phloem.stop());

const ADDRESS = "/api/v1/workflows/desk";

/** Puts a workflow of two steps on the server. */
async function desk(): Promise<void> {
  const nodes = {
    Start: { kind: "start", next: { incoming_call: "Hello" } },
    Hello: { kind: "speak", label: "Hello", config: { text: "Hi" }, next: { completed: "Bye" } },
    Bye: { kind: "speak", label: "Bye", config: { text: "Bye" } },
  };
  const layout = { Start: [0, 0], Hello: [0, 8], Bye: [0, 16] };
  await phloem.request(writer, "DELETE", ADDRESS);
  const answer = await phloem.request(writer, "PUT", ADDRESS, { format: 1, id: "desk", name: "Desk", nodes, layout });
  expect(answer.status, answer.text).toBeLessThan(300);
}

async function saved() {
  return (await phloem.request(writer, "GET", ADDRESS)).json().document;
}

/** Somebody else, without this editor, changes the draft. */
async function changedElsewhere(change: (document: Awaited<ReturnType<typeof saved>>) => void): Promise<void> {
  const document = await saved();
  change(document);
  const answer = await phloem.request(writer, "PUT", ADDRESS, document);
  expect(answer.status, answer.text).toBe(200);
}

async function open(page: Page): Promise<Editor> {
  await page.goto(`${phloem.url}/workflows/desk`);
  const editor = new Editor(page);
  await expect(editor.node("Hello")).toBeVisible();
  return editor;
}

async function signedIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await phloem.newSignInLink();
  await phloem.signIn(page);
  return page;
}

/** Ends the page's process as the system does when memory runs out: without a word to the page. */
async function kill(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  void session.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
}

test("a tab that is killed in the middle of typing loses nothing", async ({ context }) => {
  await desk();
  let page = await signedIn(context);
  let editor = await open(page);
  // The server takes nothing: what comes back can only come from this browser.
  await context.route("**/api/v1/workflows/desk", (route) => (route.request().method() === "PUT" ? route.abort() : route.fallback()));
  await editor.select("Hello");
  await page.locator("#field-text").click();
  await page.keyboard.press("End");
  await page.keyboard.type(", this is the front desk");
  await kill(page);

  page = await context.newPage();
  editor = await open(page);
  await expect(page.getByText("Brought back what was not saved yet")).toBeVisible();
  await editor.select("Hello");
  await expect(page.locator("#field-text")).toHaveValue("Hi, this is the front desk");

  // A field that counts only when it is left.
  const label = page.getByLabel("Label", { exact: true });
  await label.fill("");
  await label.pressSequentially("Greeting");
  await kill(page);

  page = await context.newPage();
  editor = await open(page);
  await expect(editor.node("Hello")).toContainText("Greeting");
  await context.unroute("**/api/v1/workflows/desk");
  await page.keyboard.press("Escape");
  await eventually("the server has it", async () => {
    const { Hello } = (await saved()).nodes;
    return Hello.label === "Greeting" && Hello.config.text === "Hi, this is the front desk";
  });
  // Nothing is left to bring back.
  await expect(page.getByTestId("saved")).toHaveText("Saved");
  await page.reload();
  await expect(editor.node("Hello")).toBeVisible();
  await expect(page.getByText("Brought back what was not saved yet")).toBeHidden();
});

test("what came back can be undone, and work goes on without a network", async ({ context }) => {
  await desk();
  let page = await signedIn(context);
  let editor = await open(page);
  await context.setOffline(true);
  await editor.select("Bye");
  await page.locator("#field-text").fill("So long");
  await expect(page.getByTestId("saved")).toContainText("Offline");
  await kill(page);
  await context.setOffline(false);

  await context.route("**/api/v1/workflows/desk", (route) => (route.request().method() === "PUT" ? route.abort() : route.fallback()));
  page = await context.newPage();
  editor = await open(page);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await editor.select("Bye");
  await expect(page.locator("#field-text")).toHaveValue("Bye");
  await context.unroute("**/api/v1/workflows/desk");

  await context.setOffline(true);
  await page.locator("#field-text").fill("Until tomorrow");
  await expect(page.getByTestId("saved")).toContainText("Offline");
  await context.setOffline(false);
  await expect(page.getByTestId("saved")).toHaveText("Saved");
  expect((await saved()).nodes.Bye.config.text).toBe("Until tomorrow");
});

test("two people who change one workflow choose: mine, theirs, or both", async ({ context }) => {
  await desk();
  const page = await signedIn(context);
  const editor = await open(page);
  const dialog = page.getByRole("dialog", { name: "Two drafts of this workflow" });
  const both = async (mine: string, theirs: string) => {
    await changedElsewhere(({ nodes }) => {
      nodes.Bye.config.text = theirs;
      nodes.Hello.config.text = `Hi from ${theirs}`;
    });
    await editor.select("Bye");
    await page.locator("#field-text").fill(mine);
    await expect(dialog).toBeVisible();
  };
  await both("Mine 1", "Theirs 1");
  await expect(dialog.getByRole("region", { name: "You changed" })).toContainText("“Bye”: changed");
  await expect(dialog.getByRole("region", { name: "They changed" })).toContainText("“Hello”: changed");
  await page.screenshot({ path: "test-results/two-drafts.png" });
  // Merged: their greeting, and of the step that both changed, theirs as well.
  await dialog.getByRole("group", { name: "Bye" }).getByText("Theirs").click();
  await dialog.getByRole("button", { name: "Merge both" }).click();
  await expect(page.getByTestId("saved")).toHaveText("Saved");
  const texts = async () => Object.values((await saved()).nodes).map((node) => (node as { config?: { text?: string } }).config?.text);
  expect(await texts()).toEqual(["Theirs 1", "Hi from Theirs 1", undefined]);

  await both("Mine 2", "Theirs 2");
  await dialog.getByText("Keep mine").first().click();
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await expect(page.getByTestId("saved")).toHaveText("Saved");
  expect(await texts()).toEqual(["Mine 2", "Hi from Theirs 1", undefined]);

  await both("Mine 3", "Theirs 3");
  await dialog.getByText("Take theirs").first().click();
  await dialog.getByRole("button", { name: "Take theirs" }).click();
  await expect(page.getByTestId("saved")).toHaveText("Saved");
  expect(await texts()).toEqual(["Theirs 3", "Hi from Theirs 3", undefined]);
  // Nobody's work is gone for good.
  await page.getByRole("button", { name: /^Undo/ }).click();
  await eventually("undo brings mine back", async () => (await texts())[0] === "Mine 3");
});
