// Asks axe whether a page can be used by everybody.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Fails with what is wrong and where, by the rules of WCAG 2.2 A and AA; on the whole page, or within what a selector names. */
export async function expectAccessible(page: Page, within = "html"): Promise<void> {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).include(within).withTags(rules).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join("; ")}`);
  expect(found).toEqual([]);
}
