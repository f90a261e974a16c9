/** A tree view: rows are found by their text, opened by their twistie. */
import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench";

export class Tree {
  readonly #workbench: Workbench;
  readonly #rows: Locator;

  constructor(workbench: Workbench, title: string) {
    this.#workbench = workbench;
    this.#rows = workbench.pane(title).locator(".monaco-list-row");
  }

  row(text: string | RegExp): Locator {
    return this.#rows.filter({ hasText: text }).first();
  }

  /** Opens a row's children, unless they are open. */
  async expand(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) === "false")
      await row.locator(".monaco-tl-twistie").click();
    await this.#workbench.page.waitForTimeout(300);
  }

  /** Clicks an inline action of a row: they show on hover. */
  async inline(text: string | RegExp, action: string): Promise<void> {
    const row = this.row(text);
    await row.hover();
    await row.locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** Chooses from a row's context menu. */
  async menu(text: string | RegExp, item: string): Promise<void> {
    const { page } = this.#workbench;
    await this.row(text).click({ button: "right" });
    const entry = page.locator(".monaco-menu .action-label", { hasText: item }).first();
    await entry.hover();
    // VS Code ignores the button that is let go right after a menu has opened.
    await page.waitForTimeout(300);
    await entry.click();
    await entry.waitFor({ state: "hidden" });
  }

  /** What can be seen, row by row. */
  async text(): Promise<readonly string[]> {
    return this.#rows.evaluateAll((rows) => rows.map((row) => row.textContent ?? ""));
  }
}
