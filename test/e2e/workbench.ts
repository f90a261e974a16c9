/** VS Code's window, used as a person uses it: by what can be seen, clicked and typed. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from "playwright-core";
import { until } from "./until";

const screenshots = path.join(__dirname, "../screenshots");

export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(60_000);
  }

  /** The window of the editor that runs this test, through its debugging port. */
  static async attach(port: string): Promise<{ workbench: Workbench; browser: Browser }> {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      if (await page.locator(".monaco-workbench").count()) return { workbench: new Workbench(page), browser };
    }
    throw new Error("No window of the editor shows a workbench");
  }

  /** Runs a command from the palette by its title. */
  async command(title: string): Promise<void> {
    const palette = this.page.locator(".quick-input-widget");
    await this.page.keyboard.press("F1");
    await palette.locator(".monaco-list-row").first().waitFor();
    await this.page.keyboard.type(title);
    await palette.locator(`.monaco-list-row.focused[aria-label^="${title}"]`).waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** Shows a container of the activity bar; a second click would hide it. */
  async activity(label: string): Promise<void> {
    const item = this.page.locator(".activitybar .action-item", {
      has: this.page.locator(`a[aria-label^="${label}"]`),
    });
    await item.waitFor();
    if (!(await item.getAttribute("class"))?.includes("checked")) await item.click();
  }

  /** Opens a file of the first folder by double click in the Explorer. */
  async open(name: string): Promise<void> {
    await this.activity("Explorer");
    const row = this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name });
    const tab = this.page.locator(`.tab.active[data-resource-name="${name}"]`);
    // A file that appears just now moves the rows under the pointer.
    await until(async () => {
      await row.dblclick();
      return tab.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    });
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** Opens a driver and waits until the extension knows it for one. */
  async openDriver(name: string): Promise<void> {
    await this.open(name);
    await this.page.locator(".editor-actions .action-label[aria-label^='Debug Driver']").waitFor();
  }

  /** Puts the cursor of the active editor on a line, so that it is on the screen. */
  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press("Control+g");
    await this.page.locator(".quick-input-widget input[type=text]").waitFor();
    await this.page.keyboard.type(`${line}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: `${line}` }).waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** The rows of a pane, by the title in its header. */
  pane(title: string): Locator {
    return this.page.locator(".pane", { has: this.page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** Inside the webview of the active editor or panel. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready >> visible=true").frameLocator("#active-frame");
  }

  /** A message, in the list behind the bell: an editor under test holds toasts back. */
  async notification(text: string | RegExp): Promise<Locator> {
    const message = this.page.locator(".notification-list-item", { hasText: text });
    const bell = this.page.locator(".statusbar-item[id='status.notifications']");
    await until(async () => {
      if (!(await this.page.locator(".notifications-center.visible").count())) await bell.click();
      return message.isVisible();
    });
    // The bell's tooltip would lie over the buttons.
    await this.page.mouse.move(700, 200);
    await this.page.locator(".monaco-hover.workbench-hover").waitFor({ state: "hidden" });
    return message;
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  /** Types into the input box that a command has opened, and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input[type=text]");
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press("Enter");
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }
}
