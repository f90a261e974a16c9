import path from "node:path";
import { defineConfig } from "vitest/config";

const project = (name, include, more = {}) => ({ test: { name, include, ...more } });

// Conversations with what `npm run build` made, in dist/: each starts processes, so one file at a time. Where nobody
// waits, one that fails is held once more, and the report says so: the machine may have been busy with something else.
const conversations = (name, env, include = ["test/host/**/*.test.ts"]) =>
  project(name, include, {
    env,
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    retry: process.env.CI ? 1 : 0,
  });

export default defineConfig({
  test: {
    projects: [
      project("unit", ["test/**/*.test.ts"], {
        exclude: ["test/host/**", "test/e2e/**", "test/golden/**"],
        testTimeout: 120_000,
        alias: { vscode: path.join(import.meta.dirname, "test/support/vscode.ts") },
      }),
      conversations("dap", {}),
      conversations("dap-main", { ROOTPORT_PROCESS_MODEL: "main" }),
      conversations("stress", { ROOTPORT_STRESS: "full" }, ["test/host/stress.test.ts"]),
    ],
  },
});
