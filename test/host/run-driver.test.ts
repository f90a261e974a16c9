import { spawn } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { cli, driver, lineOf } from "./conversation";

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function rootport(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, "run", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, error] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (error += chunk));
    child.once("close", (code) => resolve({ code, out, error }));
  });
}

describe("rootport run", () => {
  it("runs a driver, reports what it prints and each watched access, and ends with 0", async () => {
    const program = driver("factorial");
    const { code, out } = await rootport(program, "--watch", "edu.FACTORIAL w");
    expect(code).toBe(0);
    expect(out).toContain("write edu.FACTORIAL 0x0 → 0x1 by factorial()");
    expect(out).toContain(`factorial.ts:${lineOf(program, "iowrite32(n, card.io")}`);
    expect(out).toMatch(/^sum 9$/m);
    expect(out).toMatch(/removed$/m);
  });

  it("ends with 1 and one sentence when the driver fails", async () => {
    const { code, error } = await rootport(driver("fault"));
    expect(code).toBe(1);
    expect(error).toMatch(/fault\.ts:\d+: .*page fault.* in probe\(\)/);
  });

  it.each([
    ["a driver that is not there", [path.join("/", "gone.ts")], /gone\.ts:1: the file cannot be read/],
    ["a machine that is not there", [driver("factorial"), "--machine", "nonsense"], /no machine "nonsense"/],
    [
      "a watchpoint that can never bind",
      [driver("factorial"), "--watch", "edu.NONSENSE w"],
      /no register edu\.NONSENSE/,
    ],
  ])("ends with 2 and one line for %s", async (_title, args, sentence) => {
    const { code, out, error } = await rootport(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error.trim().split("\n")).toEqual([expect.stringMatching(sentence)]);
  });
});
