/** Bundles and runs the scores. */
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

const out = "out/golden.mjs";
await build({
  entryPoints: ["test/support/score.ts"],
  bundle: true,
  platform: "node",
  format: "esm",
  outfile: out,
  logLevel: "warning",
});
process.exitCode =
  spawnSync(process.execPath, [out, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1;
