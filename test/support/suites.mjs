/** Compiles test/e2e for an extension host: CommonJS, with `vscode` and the drivers of browsers left outside. */
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { out, root } from "./paths.mjs";

/** Where VS Code and mocha find the compiled suites. */
export const suites = path.join(out, "e2e");

export async function compileSuites() {
  const folder = path.join(root, "test/e2e");
  const entries = readdirSync(folder).filter((name) =>
    /^index\.ts$|\.(e2e|installed|picture)\.ts$/.test(name),
  );
  rmSync(suites, { recursive: true, force: true });
  await build({
    entryPoints: entries.map((name) => path.join(folder, name)),
    outdir: suites,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "playwright-core", "mocha", "axe-core"],
    logLevel: "warning",
  });
}
