// The editor as a person uses it: drags from the palette, draws edges with the mouse, fills in forms.

import { expect, type Locator, type Page } from "@playwright/test";

export class Editor {
  constructor(readonly page: Page) {}

  get canvas(): Locator {
    return this.page.getByTestId("canvas");
  }

  /** The panel beside the canvas, with the settings of what is selected. */
  get panel(): Locator {
    return this.page.getByRole("complementary", { name: "Settings" });
  }

  node(name: string): Locator {
    return this.canvas.locator(`[data-node="${name}"]`);
  }

  port(node: string, state: string): Locator {
    return this.canvas.locator(`[data-port-node="${node}"][data-port-state="${state}"]`);
  }

  /** Drags a component from the palette onto the canvas and names the node; `at` is a part of the canvas' size from its upper left. */
  async drag(kind: string, name: string, at: { x: number; y: number }): Promise<void> {
    const item = this.page.locator(`.palette [data-kind="${kind}"]`).last();
    await item.scrollIntoViewIfNeeded();
    const [from, to] = [await middle(item), await this.canvas.boundingBox()];
    if (!to) throw new Error("the canvas is not shown");
    await this.dragMouse(from, { x: to.x + at.x * to.width, y: to.y + at.y * to.height });
    await this.rename(name);
  }

  /** Gives the selected node the name by which texts refer to it. */
  async rename(name: string): Promise<void> {
    const field = this.page.getByLabel("Name in texts");
    await field.fill(name);
    await field.press("Enter");
    await expect(this.node(name)).toBeVisible();
  }

  /** Draws an edge from a way out to a node. */
  async connect(from: string, state: string, to: string): Promise<void> {
    await this.dragMouse(await middle(this.port(from, state)), await middle(this.node(to)));
    await expect(this.canvas.locator(`[data-edge="${from}.${state}"]`)).toBeAttached();
  }

  /** Selects a node and waits for its settings. */
  async select(name: string): Promise<void> {
    await this.node(name).click({ position: { x: 60, y: 14 } });
    await expect(this.page.getByLabel("Name in texts")).toHaveValue(name);
  }

  /** Fills in a field of the selected node, by its key in the file. */
  async fill(key: string, text: string): Promise<void> {
    const field = this.page.locator(`#field-${key}`);
    if (!(await field.isVisible())) await this.panel.getByText("More settings").click();
    await field.fill(text);
    await field.blur();
  }

  /** Makes the rows of the selected switch: a way out for each value. */
  async cases(rows: [name: string, value: string][]): Promise<void> {
    // A new switch may begin with rows; more are added until there is one for each.
    const present = this.page.getByLabel("Name of the way out");
    while ((await present.count()) < rows.length) {
      const before = await present.count();
      await this.page.getByRole("button", { name: "Add a way out" }).click();
      await expect(present).toHaveCount(before + 1);
    }
    for (const [index, [name, value]] of rows.entries()) {
      await present.nth(index).fill(name);
      await present.nth(index).press("Enter");
      await this.page.getByLabel("Value", { exact: true }).nth(index).fill(value);
    }
  }

  /** Makes a new workflow and opens it. */
  static async create(page: Page, name: string): Promise<Editor> {
    await page.getByRole("button", { name: "New workflow" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Create" }).click();
    const editor = new Editor(page);
    await expect(editor.node("Start")).toBeVisible();
    return editor;
  }

  /** The group of inputs that belong together under this name. */
  group(name: string): Locator {
    return this.panel.getByRole("group", { name, exact: true });
  }

  /** Brings the whole drawing into view, with room around it: the map and the tools lie over the canvas' border. */
  async fit(): Promise<void> {
    await this.canvas.getByRole("button", { name: /^Fit/ }).click();
    await this.canvas.getByRole("button", { name: "Zoom out" }).click();
  }

  /** Publishes the draft. */
  async publish(): Promise<void> {
    await expect(this.page.getByText("Saved", { exact: true })).toBeVisible();
    await this.page.getByRole("button", { name: "Publish…" }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }).click();
    await expect(this.page.getByRole("dialog")).toBeHidden();
  }

  private async dragMouse(from: Point, to: Point): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    // A drag begins after some pixels and follows in steps, as a hand's does.
    await mouse.move(from.x + 8, from.y + 4, { steps: 2 });
    await mouse.move(to.x, to.y, { steps: 8 });
    await mouse.up();
  }
}

interface Point {
  x: number;
  y: number;
}

/** The middle of an element that has come to rest; the camera glides. */
async function middle(element: Locator): Promise<Point> {
  let before = "";
  let point = { x: 0, y: 0 };
  await expect(async () => {
    const box = await element.boundingBox();
    if (!box) throw new Error(`${element} is not shown`);
    point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const now = JSON.stringify(box);
    const isAtRest = now === before;
    before = now;
    expect(isAtRest).toBe(true);
  }).toPass({ intervals: [60] });
  return point;
}
