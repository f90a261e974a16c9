import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Arena } from "../../emulator/core/arena";
import { Kernel } from "../../emulator/linux/kernel";
import { builtIn } from "../../emulator/machine/built-in";
import type { MachineDescription } from "../../emulator/machine/description";
import { Machine } from "../../emulator/machine/machine";
import { importFolder, writeMachine } from "../../extension/host/import-folder";
import { describeMachine, MachineProblem } from "../../extension/host/machine-file";
import { sequence } from "../support/bench";
import { type Texts, topology } from "../support/golden";

const folder = mkdtempSync(join(tmpdir(), "rootport-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let turns = 0;

type Random = () => number;

/** One thing that goes wrong with a text on its way into a bug report, or that somebody does to it on purpose. */
const mutations: readonly ((text: string, next: Random) => string)[] = [
  (text, next) => text.slice(0, next() % (text.length + 1)),
  (text, next) => withLines(text, (lines) => lines.splice(next() % lines.length, 1 + (next() % 4))),
  (text, next) =>
    withLines(text, (lines) => lines.splice(next() % lines.length, 0, lines[next() % lines.length] ?? "")),
  (text, next) =>
    withLines(text, (lines) =>
      lines.splice(next() % lines.length, 0, GARBAGE[next() % GARBAGE.length] ?? ""),
    ),
  (text, next) => replaceAt(text, next() % text.length, String.fromCharCode(next() % 256)),
  (text, next) => replaceAt(text, next() % text.length, "0123456789abcdef"[next() % 16] ?? "0"),
  (text, next) =>
    text.replace(
      new RegExp(`(?<=^[^]{${next() % Math.min(text.length, 30000)}})[0-9a-f]{2,8}`),
      "ffffffffffffffff",
    ),
  (text, next) => text.slice(next() % text.length) + text.slice(0, next() % text.length),
  (text) => text.replaceAll("\n", "\r\n"),
];

const GARBAGE = [
  "",
  " ",
  "\u0000\u0001",
  "ff:1f.7 ",
  "00:00.0 again",
  "10: ",
  "00: zz",
  "-",
  "[mem 0x",
  "{".repeat(99),
  "9".repeat(400),
  "💥",
];

function withLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split("\n");
  change(lines);
  return lines.join("\n");
}

function replaceAt(text: string, at: number, character: string): string {
  return text.slice(0, at) + character + text.slice(at + 1);
}

/** It opens and boots, or it is refused with one line for people. */
function survives(open: () => MachineDescription): "booted" | "refused" {
  try {
    const kernel = new Kernel(new Machine(open(), Arena.create(1 << 27)));
    kernel.boot(turns++ % 2 ? "as-is" : "scratch");
    kernel.state();
    return "booted";
  } catch (error) {
    if (!(error instanceof MachineProblem)) throw error;
    expect(error.message).toMatch(/^[^\n]{10,400}\.$/);
    return "refused";
  }
}

function boot(texts: Texts): "booted" | "refused" {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return survives(() => importFolder(folder));
}

describe("2,000 garbled, truncated and hostile texts", () => {
  const names = [
    "lspci-xxxx.txt",
    "lspci-xxxx.txt",
    "iomem.txt",
    "ioports.txt",
    "resource.txt",
    "dmesg-pci.txt",
  ];

  test("1,000 folders: each is imported and boots, or is refused with one sentence", () => {
    const next = sequence(0x5eed);
    const texts = topology("t03-nvme-rp")["scratch"] ?? {};
    const outcomes = { booted: 0, refused: 0 };
    for (let turn = 0; turn < 1000; turn++) {
      const name = names[next() % names.length] ?? "";
      const mutate = mutations[next() % mutations.length];
      outcomes[boot({ ...texts, [name]: mutate?.(texts[name] ?? "", next) ?? "" })]++;
    }
    expect(outcomes.booted).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
  }, 300_000);

  test("1,000 machine files: each boots, or is refused with one sentence", () => {
    const next = sequence(0xf11e);
    boot(topology("t03-nvme-rp")["scratch"] ?? {});
    const valid = [importFolder(folder), builtIn.get("demo")].map((machine) =>
      JSON.stringify(machine, undefined, 1),
    );
    const outcomes = { booted: 0, refused: 0 };
    const path = join(folder, "machine.pcie.json");
    for (let turn = 0; turn < 1000; turn++) {
      const text = valid[turn % 2] ?? "";
      writeFileSync(path, mutations[next() % mutations.length]?.(text, next) ?? "");
      outcomes[survives(() => describeMachine(path))]++;
    }
    expect(outcomes.booted).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
  }, 300_000);

  test("a machine file that cannot be written leaves nothing half-written", () => {
    const machine = builtIn.get("demo");
    const before = readdirSync(folder);
    expect(() => machine && writeMachine(machine, join(folder, "gone", "x.pcie.json"))).toThrow(
      /cannot be written \(ENOENT\)/,
    );
    expect(readdirSync(folder)).toEqual(before);
  });
});
