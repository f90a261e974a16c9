/** VS Code's debugger as it is on the screen: gutter, toolbar, Call Stack, Variables. */
import type { Locator } from "playwright-core";
import { until } from "./until";
import type { Workbench } from "./workbench";

type View = "variables" | "call-stack" | "breakpoints" | "watch";

export class Debugging {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get #page() {
    return this.#workbench.page;
  }

  /** Clicks the gutter of the active editor beside a line. */
  async breakpoint(line: number): Promise<void> {
    await this.#workbench.goToLine(line);
    const number = this.#page.locator(".editor-instance .line-numbers.active-line-number", {
      hasText: new RegExp(`^${line}$`),
    });
    await number.waitFor();
    const box = await number.boundingBox();
    if (!box) throw new Error(`Line ${line} is not on the screen`);
    await this.#page.mouse.click(box.x - 8, box.y + box.height / 2);
    await this.#page
      .locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified")
      .first()
      .waitFor();
  }

  /** Waits until the session stands at a line, and Call Stack says so. */
  async stopsAt(line: number): Promise<void> {
    await this.#inCallStack(this.#row("call-stack", new RegExp(`${line}(:\\d+)?$`)).first());
    await this.#page.locator(".debug-top-stack-frame-column, .codicon-debug-stackframe").first().waitFor({
      state: "attached",
    });
  }

  /** Waits until the innermost frame is that of a function. */
  async standsIn(name: RegExp): Promise<void> {
    await this.#inCallStack(this.#row("call-stack", /./).first().filter({ hasText: name }));
  }

  /** A tree that follows what stopped the driver may come to the front once more. */
  async #inCallStack(row: Locator): Promise<void> {
    await until(async () => {
      await this.#workbench.activity("Run and Debug");
      return row.isVisible();
    });
  }

  /** Runs to a line of the active editor. */
  async runTo(line: number): Promise<void> {
    await this.#workbench.goToLine(line);
    await this.#workbench.command("Debug: Run to Cursor");
    await this.stopsAt(line);
  }

  /** Why it stopped, beside the title of Call Stack. */
  reason(text: RegExp): Locator {
    return this.#page.locator(".call-stack-state-message").filter({ hasText: text });
  }

  async rows(view: View): Promise<readonly string[]> {
    return this.#row(view, /./).evaluateAll((rows) => rows.map((row) => row.textContent ?? ""));
  }

  /** What the Debug Console printed. */
  console(text: RegExp): Locator {
    return this.#page.locator(".repl .monaco-list-row").filter({ hasText: text }).last();
  }

  /** Waits for a row of Variables, opening the scopes if they are closed. */
  async variable(text: string | RegExp): Promise<string> {
    const scope = this.#row("variables", /./).first();
    await scope.waitFor();
    if ((await scope.getAttribute("aria-expanded")) === "false") await scope.click();
    const row = this.#row("variables", text).first();
    await row.waitFor();
    return (await row.textContent()) ?? "";
  }

  async press(key: "F5" | "F10" | "F11" | "Shift+F11" | "Shift+F5" | "F6"): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** The session is gone and so is its toolbar. */
  async ended(): Promise<void> {
    await this.toolbar().waitFor({ state: "hidden" });
  }

  toolbar(): Locator {
    return this.#page.locator(".debug-toolbar");
  }

  #row(view: View, text: string | RegExp): Locator {
    return this.#page.locator(`.debug-${view} .monaco-list-row`).filter({ hasText: text });
  }
}
