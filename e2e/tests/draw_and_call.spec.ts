// Somebody who does not program draws a status line, publishes it, calls it and sees what happened.

import { expect, test } from "@playwright/test";
import { Editor } from "../support/editor.ts";
import { Phloem } from "../support/phloem.ts";
import { ScreenPhone } from "../support/phone.ts";
import type { Ledger } from "../support/simulator.ts";
import { StatusService } from "../support/status_service.ts";

let service: StatusService;
let phloem: Phloem;

test.beforeAll(async () => {
  service = await StatusService.start({ status: "all systems work" });
  phloem = await Phloem.start({ env: { PHLOEM_EGRESS_ALLOW: service.host } });
});

test.afterAll(async () => {
  await phloem?.stop();
  await service?.stop();
});

test("a status line is drawn by drag and drop, published, and answers every key", async ({ page }) => {
  await phloem.signIn(page);
  await page.getByRole("button", { name: "New workflow" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Status by hand");
  await page.getByRole("button", { name: "Create" }).click();

  const editor = new Editor(page);
  await expect(editor.node("Start")).toBeVisible();
  await drawStatusLine(editor, `http://${service.host}/status`);
  await expect(page.getByText(/to fix/)).toHaveCount(0);
  await editor.publish();

  const phone = await ScreenPhone.open(page);
  await phone.call();
  await phone.hears("Press 1 for the status");
  await phone.press("1");
  await phone.hears("The status is: all systems work.");
  expect(service.requests.map((request) => request.path)).toEqual(["/status"]);
  await phone.hears("Press 1 for the status", 2);
  await phone.press("9");
  await phone.hears("That key is not a choice.");
  await phone.hears("Press 1 for the status", 3);
  await phone.press("2");
  await phone.isIn("oncall");
  await phone.hangUp();

  await phone.runLink.click();
  await expect(page.getByTestId("run-status")).toHaveText(/completed/i);
  for (const node of ["Start", "Menu", "Choice", "Ask", "Tell", "Wrong", "Room"]) {
    await expect(editor.node(node)).toHaveClass(/visited/);
  }
  await expect(editor.node("Bye")).not.toHaveClass(/visited/);
  const ledger = await phloem.control<Ledger>("GET", "/ledger");
  expect(ledger.calls).toHaveLength(1);
  expect(ledger.conferences).toHaveLength(1);
});

test("silence is asked again, then the line says goodbye", async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
  await page.goto(`${phloem.url}/workflows/system-status`);
  const phone = await ScreenPhone.open(page);
  await phone.call();
  await phone.hears("Press 1 for");
  await phone.staySilent();
  await phone.hears("Press 1 for", 2);
  await phone.staySilent();
  await phone.hears("Goodbye.");
  await phone.isOver();
});

/** The drawing of the example `system-status`, made from an empty canvas with the mouse. */
async function drawStatusLine(editor: Editor, url: string): Promise<void> {
  const { page } = editor;
  await editor.drag("get_digits", "Menu", { x: 0.5, y: 0.18 });
  await page.getByLabel("What is said").fill("Press 1 for the status, 2 for the engineer.");
  await editor.fill("max_digits", "1");
  await editor.fill("retries", "1");

  await editor.drag("switch", "Choice", { x: 0.82, y: 0.18 });
  await editor.fill("value", "{{ Menu.digits }}");
  await editor.cases([
    ["Status", "1"],
    ["Engineer", "2"],
  ]);

  await editor.drag("http_request", "Ask", { x: 0.2, y: 0.55 });
  await editor.fill("url", url);

  await editor.drag("speak", "Tell", { x: 0.5, y: 0.55 });
  await editor.fill("text", "The status is: {{ Ask.response.status }}.");

  await editor.drag("conference", "Room", { x: 0.82, y: 0.55 });
  await editor.fill("name", "oncall");

  await editor.drag("speak", "Wrong", { x: 0.2, y: 0.85 });
  await editor.fill("text", "That key is not a choice.");

  await editor.drag("speak", "Bye", { x: 0.5, y: 0.85 });
  await editor.fill("text", "Goodbye.");

  await editor.fit();
  await editor.connect("Start", "incoming_call", "Menu");
  await editor.connect("Menu", "digits", "Choice");
  await editor.connect("Menu", "no_input", "Bye");
  await editor.connect("Choice", "Status", "Ask");
  await editor.connect("Choice", "Engineer", "Room");
  await editor.connect("Choice", "no_match", "Wrong");
  await editor.connect("Ask", "success", "Tell");
  await editor.connect("Ask", "failed", "Bye");
  await editor.connect("Tell", "completed", "Menu");
  await editor.connect("Wrong", "completed", "Menu");
}
