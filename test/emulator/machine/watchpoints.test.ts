import type { IoMem } from "linux/io";
import { beforeEach, describe, expect, test } from "vitest";
import type { WatchHit } from "../../../emulator/machine/views";
import { parseWatch } from "../../../emulator/machine/watch-spec";
import { type Bench, booted, enable, iomap } from "../../support/bench";

let bench: Bench;
let io: IoMem;
let hits: WatchHit[];

beforeEach(() => {
  bench = booted();
  enable(bench, "edu");
  io = iomap(bench, "edu");
  hits = [];
  bench.machine.watchpoints.onHit = (hit) => hits.push(hit);
});

const watch = (...specs: readonly string[]) =>
  bench.machine.watchpoints.replace(
    "own",
    specs.map((spec, index) => ({ id: `w${index}`, spec })),
  );

describe("a watchpoint", () => {
  test("tells of a write before it takes effect, with register, old and new value", () => {
    watch("edu.LIVENESS w");
    bench.machine.watchpoints.onHit = (hit) => {
      hits.push(hit);
      expect(bench.machine.devices.flatMap(({ banks }) => banks)[0]?.registers.value("LIVENESS")).toBe(0);
    };
    bench.io.iowrite32(0x12345678, io, 4);
    expect(hits.map(({ text }) => text)).toEqual(["write edu.LIVENESS 0x0 → 0x12345678"]);
    expect(bench.io.ioread32(io, 4)).toBe(0xedcba987);
  });

  test("on reads does not see writes, on another register sees nothing", () => {
    watch("edu.STATUS r");
    bench.io.iowrite32(0x80, io, 0x20);
    bench.io.ioread32(io, 0x24);
    expect(hits).toEqual([]);
    bench.io.ioread32(io, 0x20);
    expect(hits.map(({ access, target }) => `${access} ${target}`)).toEqual(["read edu.STATUS"]);
  });

  test("by physical and by virtual address sees the same access as by name", () => {
    const [mapping] = bench.kernel.state().mappings;
    watch("edu.FACTORIAL w", "0x40000008+4 w", `${mapping?.virtual.slice(0, -1)}8+4 w`);
    bench.io.iowrite32(5, io, 8);
    expect(hits.map(({ ids }) => ids)).toEqual([["w0", "w1", "w2"]]);
  });

  test("follows its register when the BAR moves", () => {
    watch("edu.FACTORIAL w");
    bench.machine.root.functions
      .find(({ name }) => name === "edu")
      ?.configWrite(0x10, { width: 4, value: 0x40100000 });
    const moved = iomap(bench, "edu");
    bench.io.iowrite32(5, moved, 8);
    expect(hits).toHaveLength(1);
  });

  test("of one owner outlives the other owner's list", () => {
    watch("edu.FACTORIAL w");
    bench.machine.watchpoints.replace("native", []);
    bench.io.iowrite32(5, io, 8);
    expect(hits).toHaveLength(1);
  });

  test("that cannot bind yet waits; one that never can says why", () => {
    const status = watch("0xffffc90040000000 w", "edu.NONSENSE w", "edu.FACTORIAL q", "edu");
    expect(status.map(({ verified, never }) => [verified, never ?? false])).toEqual([
      [false, false],
      [false, true],
      [false, true],
      [false, true],
    ]);
    for (const { message } of status) expect(message).toMatch(/^[A-Z0].*\w/);
  });

  test("on RAM sees accesses of every width that touch it, once each", () => {
    const at = bench.io.ioremap(0x100000010, 64);
    enable(bench, "shmem");
    bench.machine.root.functions.find(({ name }) => name === "rp1")?.configWrite(4, { width: 2, value: 7 });
    if (!at) throw new Error("not mapped");
    watch("0x100000012+1 rw");
    bench.io.iowrite32(1, at);
    bench.io.iowrite8(1, at, 1);
    bench.io.iowrite8(1, at, 2);
    bench.io.ioread16(at, 2);
    expect(hits.map(({ access, bytes }) => `${access} ${bytes}`)).toEqual(["write 4", "write 1", "read 2"]);
  });
});

describe("the text of a watchpoint", () => {
  test.each([
    ["edu.FACTORIAL w", { target: { kind: "register", name: "edu.FACTORIAL" }, read: false, write: true }],
    [
      "edu.STATUS.COMPUTING",
      { target: { kind: "register", name: "edu.STATUS.COMPUTING" }, read: true, write: true },
    ],
    [
      "0x40000008+8 r",
      { target: { kind: "address", address: 0x40000008n, bytes: 8 }, read: true, write: false },
    ],
  ])("%s is understood", (text, spec) => {
    expect(parseWatch(text)).toEqual(spec);
  });

  test.each(["", "edu", "edu. w", "0x w", "0x10+0", "edu.A w if 1", "edu.A x", "0x10+99999999999999999999"])(
    "%j is refused with a sentence",
    (text) => {
      expect(parseWatch(text)).toMatch(/^Cannot (read|watch) /);
    },
  );
});
