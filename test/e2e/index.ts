/** What VS Code calls in its extension host, once it has loaded the extension. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { runSuites } from "../support/mocha.mjs";

export async function run(): Promise<void> {
  const files = readdirSync(__dirname).filter((name) => name.endsWith(".e2e.cjs"));
  const suites = files.sort().map((name) => path.join(__dirname, name));
  const failed = await runSuites(suites, path.join(__dirname, "../reports/e2e.json"));
  if (failed > 0) throw new Error(`${failed} end-to-end tests failed`);
}
