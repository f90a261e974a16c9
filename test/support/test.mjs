/** `npm test`: everything, in order, and one line at the end that counts it. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { majors, nodeOf } from "./nodes.mjs";
import { out, root } from "./paths.mjs";

/** `failures`: the failed tests' names, each with the first line of its message. */
/** @typedef {{ passed: number, failed: number, skipped: number, failures: readonly string[] }} Count */

const reports = path.join(out, "reports");
const npm = (/** @type {string} */ script) => ["npm", "run", "-s", script];
const vitest = (/** @type {string} */ project, { node = process.execPath, report = project } = {}) => [
  ...[node, "node_modules/vitest/vitest.mjs", "run", "--project", project],
  ...["--reporter=default", "--reporter=json", `--outputFile.json=${path.join(reports, `${report}.json`)}`],
];

/** @type {(title: string, options?: { node?: string, suffix?: string }) => Stage[]} */
const conversations = (title, { node, suffix = "" } = {}) =>
  ["dap", "dap-main"].map((project) => ({
    title: `${project === "dap" ? title : `${title}, driver on the main thread`}`,
    command: vitest(project, { ...(node ? { node } : {}), report: `${project}${suffix}` }),
    minutes: 30,
    reports: [`${project}${suffix}.json`],
  }));

/**
 * A stage counts by the reports it leaves, or as one test where it leaves none.
 * @typedef {{ title: string, command: readonly string[], minutes: number, reports: readonly string[] }} Stage
 * @type {readonly Stage[]}
 */
const stages = [
  ...["format", "lint", "types", "arrows", "unused"].map((check) => ({
    title: `check ${check}`,
    command: npm(`check:${check}`),
    minutes: 5,
    reports: [],
  })),
  { title: "build", command: npm("build"), minutes: 4, reports: [] },
  { title: "unit", command: vitest("unit"), minutes: 40, reports: ["unit.json"] },
  ...conversations("dap"),
  ...(await onOtherNodes()),
  ...(process.env["CI"]
    ? [{ title: "stress", command: vitest("stress"), minutes: 40, reports: ["stress.json"] }]
    : []),
  {
    title: "e2e",
    command: ["node", "test/support/e2e.mjs"],
    minutes: 45,
    reports: ["e2e.json", "installed.json"],
  },
];

rmSync(reports, { recursive: true, force: true });
const counts = [];
for (const stage of stages) counts.push(await runStage(stage));
const total = sum(counts);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
for (const failure of total.failures) console.log(`\nFAILED ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** The same conversations on the other versions of Node that VS Code comes with, where nobody waits. */
async function onOtherNodes() {
  if (!process.env["CI"]) return [];
  const others = majors.filter((major) => !process.versions.node.startsWith(`${major}.`));
  const nodes = await Promise.all(others.map(nodeOf));
  return others.flatMap((major, index) => {
    const node = nodes[index];
    return node ? conversations(`dap on Node ${major}`, { node, suffix: `-node-${major}` }) : [];
  });
}

/**
 * @param {Stage} stage
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
  const failures = [...count.failures, ...(unreported ? [`it ended with exit code ${code}`] : [])].map(
    (failure) => `${title}: ${failure}`,
  );
  const result = { ...count, passed: count.passed + alone, failed: count.failed + unreported, failures };
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
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, failures: [`${name} is missing`] };
  const report = JSON.parse(readFileSync(file, "utf8"));
  if ("passed" in report) return report;
  const failures = report.testResults.flatMap(failuresOf);
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/**
 * Of one test file in vitest's report; a file that could not be loaded is one failure.
 * @param {{ name: string, status: string, message: string,
 *   assertionResults: { fullName: string, status: string, failureMessages: string[] }[] }} file
 */
function failuresOf({ name, status, message, assertionResults }) {
  const place = path.relative(root, name);
  if (status === "failed" && assertionResults.length === 0) return [`${place}: ${firstLine(message)}`];
  return assertionResults
    .filter((test) => test.status === "failed")
    .map((test) => `${place}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
}

function firstLine(text = "") {
  return text.split("\n", 1)[0] ?? "";
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
function sum(counts) {
  const of = (/** @type {"passed" | "failed" | "skipped"} */ what) =>
    counts.reduce((total, count) => total + count[what], 0);
  return {
    passed: of("passed"),
    failed: of("failed"),
    skipped: of("skipped"),
    failures: counts.flatMap(({ failures }) => failures),
  };
}
