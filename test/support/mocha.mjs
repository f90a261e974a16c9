/** Runs compiled end-to-end suites with mocha, inside an extension host or in plain Node, and leaves a count. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";

/**
 * Runs the files; `ROOTPORT_E2E` narrows to the titles that match it.
 * @param {readonly string[]} files Compiled, CommonJS.
 * @param {string} report Where to write `{ passed, failed, skipped, failures }`.
 * @returns {Promise<number>} How many tests failed.
 */
export function runSuites(files, report) {
  const only = process.env["ROOTPORT_E2E"];
  const mocha = new Mocha({
    ui: "tdd",
    timeout: 180_000,
    slow: 30_000,
    color: false,
    // As in vitest.config.mjs: where nobody waits, once more, and said.
    retries: process.env["CI"] ? 1 : 0,
    ...(only ? { grep: only } : {}),
  });
  for (const file of files) mocha.addFile(file);
  return new Promise((resolve) => {
    /** @type {string[]} */
    const failures = [];
    const runner = mocha.run((failed) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      mkdirSync(path.dirname(report), { recursive: true });
      writeFileSync(report, JSON.stringify({ passed: passes, failed, skipped: pending, failures }));
      resolve(failed);
    });
    runner.on("retry", (test, { message = "" }) => {
      console.log(`once more: ${test.fullTitle()}: ${message.split("\n", 1)[0]}`);
    });
    runner.on("fail", (test, { message = "" }) => {
      failures.push(`${test.fullTitle()}: ${message.split("\n", 1)[0]}`);
    });
  });
}
