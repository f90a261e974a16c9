/** `npm test`: everything, in order, and one line at the end that counts it. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { out, root } from "./paths.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const reports = path.join(out, "reports");
const npm = (/** @type {string} */ script) => ["npm", "run", "-s", script];
const vitest = (/** @type {string} */ project) => [
  ...["npx", "--no-install", "vitest", "run", "--project", project],
  ...["--reporter=default", "--reporter=json", `--outputFile.json=${path.join(reports, `${project}.json`)}`],
];

/** A stage counts by the reports it leaves, or as one test where it leaves none. */
const stages = [
  ...["format", "lint", "types", "arrows", "unused"].map((check) => ({
    title: `check ${check}`,
    command: npm(`check:${check}`),
    minutes: 5,
    reports: [],
  })),
  { title: "build", command: npm("build"), minutes: 4, reports: [] },
  { title: "unit", command: vitest("unit"), minutes: 8, reports: ["unit.json"] },
  { title: "dap", command: vitest("dap"), minutes: 12, reports: ["dap.json"] },
  {
    title: "dap, driver on the main thread",
    command: vitest("dap-main"),
    minutes: 12,
    reports: ["dap-main.json"],
  },
  {
    title: "e2e",
    command: ["node", "test/support/e2e.mjs"],
    minutes: 25,
    reports: ["e2e.json", "installed.json"],
  },
];

rmSync(reports, { recursive: true, force: true });
const total = { passed: 0, failed: 0, skipped: 0 };
for (const stage of stages) add(await runStage(stage));
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/**
 * @param {typeof stages[number]} stage
 * @returns {Promise<Count>}
 */
async function runStage({ title, command: [program = "", ...args], minutes, reports: files }) {
  console.log(`\n── ${title} ──`);
  const started = Date.now();
  const code = await run(program, args, { cwd: root, minutes });
  const count = sum(files.map(readReport));
  const seconds = Math.round((Date.now() - started) / 1000);
  const unreported = code !== 0 && count.failed === 0 ? 1 : 0;
  const alone = files.length === 0 && code === 0 ? 1 : 0;
  const result = { ...count, passed: count.passed + alone, failed: count.failed + unreported };
  console.log(`── ${title}: ${result.passed} passed, ${result.failed} failed in ${seconds} s ──`);
  return result;
}

/**
 * Mocha's count, or vitest's; a report that is missing is a failure.
 * @param {string} name
 * @returns {Count}
 */
function readReport(name) {
  const file = path.join(reports, name);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, "utf8"));
  if ("passed" in report) return report;
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {readonly Count[]} counts */
function sum(counts) {
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    result.passed += passed;
    result.failed += failed;
    result.skipped += skipped;
  }
  return result;
}

/** @param {Count} count */
function add(count) {
  Object.assign(total, sum([total, count]));
}
