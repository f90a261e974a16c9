/** The panel as a page in a real browser, on either UI kit, talking to a stand-in for the editor. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import type { FromPanel, ToPanel } from "../../webview/protocol";
import { browserArguments, findBrowser } from "../support/editor/browser.mjs";
import { root } from "../support/paths.mjs";

export type Kit = "kit" | "kit.elements";

const webview = path.join(root, "webview");
const html = `<!DOCTYPE html><link rel="stylesheet" href="/panel.css"><main id="panel"></main><script>
  window.said = [];
  let state;
  window.acquireVsCodeApi = () => ({ postMessage: (m) => said.push(m), getState: () => state, setState: (s) => { state = s; } });
</script><script type="module" src="/panel.js"></script>`;

const types: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css", ttf: "font/ttf" };

/** Builds the panel with `kit` as `esbuild.mjs` does. */
async function bundle(kit: Kit, outdir: string): Promise<void> {
  const chosen = { filter: /^\.\.?\/kit$/ };
  await build({
    entryPoints: { panel: path.join(webview, "main.ts") },
    bundle: true,
    format: "esm",
    outdir,
    plugins: [
      { name: "kit", setup: ({ onResolve }) => onResolve(chosen, () => ({ path: `${webview}/${kit}.ts` })) },
    ],
  });
  await build({
    entryPoints: { panel: path.join(webview, "styles.css") },
    bundle: true,
    outdir,
    loader: { ".ttf": "copy" },
    assetNames: "[name]",
  });
}

export class PanelPage {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(page: Page, browser: Browser, folder: string) {
    this.page = page;
    this.#browser = browser;
    this.#folder = folder;
  }

  static async open(kit: Kit): Promise<PanelPage> {
    const folder = mkdtempSync(path.join(tmpdir(), "panel-"));
    await bundle(kit, folder);
    const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArguments });
    const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    page.setDefaultTimeout(5000);
    await page.route("http://panel.test/**", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") return route.fulfill({ contentType: "text/html", body: html });
      const type = types[pathname.split(".").at(-1) ?? ""];
      return route.fulfill({
        path: path.join(folder, pathname),
        ...(type !== undefined && { contentType: type }),
      });
    });
    const panel = new PanelPage(page, browser, folder);
    await panel.reload();
    return panel;
  }

  /** As VS Code does when a hidden panel is shown again; what it kept by setState is lost here. */
  async reload(): Promise<void> {
    await this.page.goto("http://panel.test/");
    await this.page.waitForFunction("said.some((message) => message.type === 'ready')");
  }

  async tell(message: ToPanel): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, "*"), message);
  }

  /** What the panel said since it was last asked, `ready` left out. */
  async said(): Promise<readonly FromPanel[]> {
    const all = await this.page.evaluate<FromPanel[]>("said.splice(0)");
    return all.filter(({ type }) => type !== "ready");
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true });
  }
}
