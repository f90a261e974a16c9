/**
 * `npm run bench`: each scenario in a process of its own, three times; the median, and its ratio to the bare loop.
 * `npm run bench -- --ux`: how the panel scrolls through a big machine.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { build } from "esbuild";

const TIMES = 3;
const ux = process.argv.includes("--ux");
const out = await compiled(ux ? "ux" : "access");

/** @param {string} name */
async function compiled(name) {
  const outfile = `out/bench/${name}.mjs`;
  mkdirSync("out/bench", { recursive: true });
  await build({
    entryPoints: [`test/bench/${name}.ts`],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: { vscode: "./test/support/vscode.ts" },
    outfile,
    logLevel: "warning",
  });
  return outfile;
}

/** @param {number} scenario */
function run(scenario) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [out, String(scenario)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout ? JSON.parse(stdout) : undefined;
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function access() {
  console.log(`Node ${process.version}; nanoseconds of CPU time for one 32-bit read, as a driver calls it\n`);
  /** @type {number | undefined} */
  let bare;
  for (let scenario = 0; ; scenario++) {
    const runs = Array.from({ length: TIMES }, () => run(scenario));
    if (!runs[0]) break;
    const nanoseconds = median(runs.map((/** @type {{ nanoseconds: number }} */ row) => row.nanoseconds));
    bare ??= nanoseconds;
    console.log(
      `${runs[0].name.padEnd(58)} ${nanoseconds.toFixed(2).padStart(7)} ns ${(nanoseconds / bare).toFixed(1).padStart(7)} ×`,
    );
  }
}

if (ux) process.exitCode = spawnSync(process.execPath, [out], { stdio: "inherit" }).status ?? 1;
else access();
