import { defineConfig } from "vitest/config";

const project = (name, include, more = {}) => ({ test: { name, include, ...more } });

export default defineConfig({
  test: {
    projects: [
      project("unit", ["test/**/*.test.ts"], {
        exclude: ["test/host/**", "test/e2e/**", "test/golden/**"],
        testTimeout: 20_000,
      }),
      // Conversations with what `npm run build` made, in dist/: each starts processes, so one file at a time.
      project("dap", ["test/host/**/*.test.ts"], {
        fileParallelism: false,
        testTimeout: 30_000,
        hookTimeout: 120_000,
      }),
    ],
  },
});
