/** `npm run bench`: each scenario in a process of its own, three times; the median, and its ratio to the bare loop. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { build } from "esbuild";

const out = "out/bench/access.mjs";
const TIMES = 3;

mkdirSync("out/bench", { recursive: true });
await build({
  entryPoints: ["test/bench/access.ts"],
  bundle: true,
  platform: "node",
  format: "esm",
  outfile: out,
  logLevel: "warning",
});

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
