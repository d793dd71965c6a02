// The phone on the screen is spoken into, leaves a message, and answers on WhatsApp.

import { expect, test } from "@playwright/test";
import { expectAccessible } from "../support/accessibility.ts";
import { Editor } from "../support/editor.ts";
import { Phloem } from "../support/phloem.ts";
import { ScreenPhone } from "../support/phone.ts";

/** The number that starts the workflow, and that its messages come from. */
const OURS = "+15550100003";

const WORKFLOW = {
  format: 1,
  id: "reception",
  name: "Reception",
  nodes: {
    Start: { kind: "start", next: { incoming_call: "Listen", incoming_message: "Offer" } },
    Listen: {
      kind: "get_speech",
      config: { prompt: { speak: "What is it about?" }, timeout_s: 60 },
      next: { speech: "Message", digits: "Bye", no_input: "Bye" },
    },
    Message: {
      kind: "record_audio",
      config: { prompt: { speak: "About {{ Listen.speech }}: please leave a message." }, silence_timeout_s: 60 },
      next: { recorded: "Bye", no_input: "Bye" },
    },
    Bye: { kind: "speak", config: { text: "Goodbye." } },
    Offer: {
      kind: "send_whatsapp",
      config: { to: "+15550199001", from: OURS, type: "interactive", text: "Shall we call you back?", buttons: ["Yes", "No"] },
      next: { sent: "Answer" },
    },
    Answer: { kind: "sms_menu", config: { from: OURS, choices: [{ name: "Yes" }, { name: "No" }] }, next: { Yes: "Fine" } },
    Fine: { kind: "send_sms", config: { to: "+15550199001", from: OURS, text: "We call you in a minute." } },
  },
};

let phloem: Phloem;

test.beforeAll(async () => {
  phloem = await Phloem.start();
  const token = await phloem.token("write");
  const saved = await phloem.request(token, "PUT", "/api/v1/workflows/reception", WORKFLOW);
  expect(saved.status, saved.text).toBeLessThan(300);
  const published = await phloem.request(token, "POST", "/api/v1/workflows/reception/publish", {});
  expect(published.status, published.text).toBeLessThan(300);
  await phloem.control("PUT", `/numbers/${OURS}`, { workflow: "reception" });
});

test.afterAll(async () => {
  await phloem?.stop();
});

test("a caller says what it is about and leaves a message that can be heard", async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
  await page.goto(`${phloem.url}/workflows/reception`);
  const editor = new Editor(page);
  await expect(editor.node("Listen")).toBeVisible();
  const phone = await ScreenPhone.open(page);
  await phone.call();
  await phone.hears("What is it about?");
  await expect(page.getByText("Waits for words, or up to 32 keys")).toBeVisible();
  await expectAccessible(page, ".phone");
  await phone.says("my bill");
  await phone.hears("About my bill: please leave a message.");
  await expect(page.getByText(/^Records you/)).toBeVisible({ timeout: 20_000 });
  await phone.says("Please call me back.");
  await phone.hears("Please call me back.");
  await phone.press("hash");
  await phone.hears("Goodbye.");
  await phone.isOver();
  await expect(phone.recordings).toHaveCount(1);
  await expectAccessible(page, ".phone");

  await phone.runLink.click();
  await expect(page.getByText("Said “my bill”")).toBeVisible();
  await expect(page.getByLabel("The recording", { exact: true })).toHaveCount(1);
});

test("an answer on WhatsApp is one press", async ({ page }) => {
  await phloem.newSignInLink();
  await phloem.signIn(page);
  await page.goto(`${phloem.url}/workflows/reception`);
  await expect(new Editor(page).node("Offer")).toBeVisible();
  const phone = await ScreenPhone.open(page);
  await phone.texts("Hello");
  const offer = phone.message("Shall we call you back?");
  await expect(offer).toContainText("WhatsApp");
  await expect(new Editor(page).node("Answer")).toHaveClass(/live/);
  await expectAccessible(page, ".phone");
  await offer.getByRole("button", { name: "Yes" }).click();
  await expect(phone.message("We call you in a minute.")).toBeVisible();
});
