// The phone on the screen, as a caller uses it.

import { expect, type Locator, type Page } from "@playwright/test";

export class ScreenPhone {
  private readonly phone: Locator;

  private constructor(page: Page) {
    this.phone = page.getByRole("region", { name: "Phone" });
  }

  static async open(page: Page): Promise<ScreenPhone> {
    await page.getByRole("button", { name: "Try it" }).click();
    const phone = new ScreenPhone(page);
    await expect(phone.phone).toBeVisible();
    return phone;
  }

  /** Calls the workflow; also once more after a call. */
  async call(): Promise<void> {
    await this.phone.getByRole("button", { name: /Call this workflow|Call again/ }).click();
  }

  /** Waits until this was said or noted, as the `count`-th time in this call. */
  async hears(text: string | RegExp, count = 1): Promise<void> {
    const captions = this.phone.getByRole("list", { name: "What is said" }).getByRole("listitem").filter({ hasText: text });
    await expect(captions).toHaveCount(count, { timeout: 20_000 });
  }

  async press(key: string): Promise<void> {
    await this.phone.getByRole("button", { name: `Key ${key}`, exact: true }).click();
  }

  /** Says something while words are waited for. */
  async says(words: string): Promise<void> {
    await this.phone.getByLabel("What you say").fill(words);
    await this.phone.getByRole("button", { name: "Say it" }).click();
  }

  /** What can be listened to after the call. */
  get recordings(): Locator {
    return this.phone.getByLabel("What was recorded");
  }

  /** Sends a text to the workflow. */
  async texts(text: string): Promise<void> {
    await this.phone.getByRole("tab", { name: /^Texts/ }).click();
    await this.phone.getByLabel("Text to the workflow").fill(text);
    await this.phone.getByRole("button", { name: "Send" }).click();
  }

  /** A message that came or went. */
  message(text: string | RegExp): Locator {
    return this.phone.getByRole("list", { name: "Texts" }).getByRole("listitem").filter({ hasText: text });
  }

  /** Lets the time for a key run out. */
  async staySilent(): Promise<void> {
    await this.phone.getByRole("button", { name: "Stay silent" }).click();
  }

  async isIn(conference: string): Promise<void> {
    await expect(this.phone.getByText(`In the conference “${conference}”`)).toBeVisible();
  }

  async hangUp(): Promise<void> {
    await this.phone.getByRole("button", { name: "Hang up" }).click();
    await this.isOver();
  }

  async isOver(): Promise<void> {
    await expect(this.phone.getByText("The call is over.")).toBeVisible({ timeout: 20_000 });
  }

  get runLink(): Locator {
    return this.phone.getByRole("link", { name: "See the run" });
  }
}
