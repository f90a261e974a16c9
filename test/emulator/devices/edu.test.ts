import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { replay } from "../../../emulator/machine/replay";
import type { TranscriptRecord } from "../../../emulator/machine/replay/transcript";
import { booted, enable, iomap } from "../../support/bench";

const records = readFileSync("test/golden/qtest/edu.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as TranscriptRecord);

describe("edu", () => {
  test("answers as QEMU's did, record by record", () => {
    const { matched, explained, differences } = replay(records);
    expect(differences).toEqual([]);
    expect([matched, explained]).toEqual([275, 9]);
  });

  test("a transcript that was tampered with is found out, at its line", () => {
    const line = records.findIndex((it) => it.op === "readl" && it["value"] === 120);
    const tampered = records.with(line, { op: "readl", bar: 0, off: 8, value: 121 });
    expect(replay(tampered).differences).toEqual([
      { line: line + 1, sentence: "readl of BAR 0 + 8 gives 120, recorded was 121" },
    ]);
  });

  test("as hardware, refuses widths other than four bytes with all ones", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    expect([bench.io.ioread8(io), bench.io.ioread16(io)]).toEqual([0xff, 0xffff]);
    bench.io.iowrite8(1, io, 4);
    expect(bench.io.ioread32(io, 4)).toBe(0);
  });

  test("writes its message interrupt only with Bus Master on", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    bench.machine.cpu.onInterrupt = () => undefined;
    const edu = bench.machine.root.functions.find((it) => it.name === "edu");
    edu?.configWrite(0x44, { width: 4, value: 0xfee00000 });
    edu?.configWrite(0x4c, { width: 2, value: 0x41 });
    edu?.configWrite(0x42, { width: 2, value: 1 });
    edu?.configWrite(4, { width: 2, value: 3 });
    bench.io.iowrite32(1, io, 0x60);
    expect(bench.machine.interrupts.take()).toBeUndefined();
    edu?.configWrite(4, { width: 2, value: 7 });
    bench.io.iowrite32(1, io, 0x60);
    expect(bench.machine.interrupts.take()).toEqual({ kind: "message", vector: 0x41 });
  });
});
