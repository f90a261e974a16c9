import type { IoMem } from "linux/io";
import { beforeEach, describe, expect, test } from "vitest";
import { bus, physical } from "../../../emulator/core/address";
import { Kernel } from "../../../emulator/linux/kernel";
import type { WatchHit } from "../../../emulator/machine/views";
import { type Bench, booted, enable, functionOf, iomap } from "../../support/bench";

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

  test("waits while its BAR has no address, and binds again when Linux has enumerated anew", () => {
    watch("edu.FACTORIAL w");
    const edu = functionOf(bench, "edu");
    const [before] = edu.bars.map(({ base }) => base);
    edu.configWrite(0x10, { width: 4, value: 0 });
    expect(bench.machine.watchpoints.statuses("own")).toMatchObject([
      { verified: false, message: "BAR 0 of edu has no address yet" },
    ]);
    const kernel = new Kernel(bench.machine);
    kernel.reboot();
    bench = { ...bench, kernel };
    enable(bench, "edu");
    expect(edu.bars.map(({ base }) => base)).toEqual([before]);
    expect(bench.machine.watchpoints.statuses("own")).toMatchObject([{ verified: true }]);
    bench.io.iowrite32(5, iomap(bench, "edu"), 8);
    expect(hits.map(({ text }) => text)).toEqual(["write edu.FACTORIAL 0x0 → 0x5"]);
  });

  test("on a DMA buffer, by the device's address of it, sees the device's writes and the CPU's", () => {
    const edu = functionOf(bench, "edu");
    watch("iova@edu:0x200000+4096 w");
    expect(bench.machine.watchpoints.statuses("own")).toMatchObject([{ verified: true }]);
    edu.dmaWrite(bus(0x200ff8n), Uint8Array.of(1, 2, 3, 4));
    edu.dmaWrite(bus(0x201000n), Uint8Array.of(1, 2, 3, 4));
    expect(hits.map(({ text }) => text)).toEqual(["DMA of edu: write 0x200ff8 0x0 → 0x4030201"]);
    watch("iova@nobody:0x200000");
    expect(bench.machine.watchpoints.statuses("own")).toMatchObject([{ never: true }]);
  });

  test("of one owner outlives the other owner's list", () => {
    watch("edu.FACTORIAL w");
    bench.machine.watchpoints.replace("native", []);
    bench.io.iowrite32(5, io, 8);
    expect(hits).toHaveLength(1);
  });

  test("that cannot bind yet waits; one that never can says why", () => {
    const status = watch("0xffffc90040000000 w", "edu.NONSENSE w", "edu.FACTORIAL q", "nonsense");
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

describe("a watchpoint that wants only some accesses", () => {
  const STATUS = 0x20;
  const write = (value: number, at: number) => bench.io.iowrite32(value, io, at);
  const texts = () => hits.map(({ text }) => text);

  test("tells of those for which its condition is true", () => {
    watch("edu.LIVENESS w if $value & 1 && $old == 0xfffffffc");
    for (const value of [3, 2, 3, 5]) write(value, 4);
    expect(texts()).toEqual(["write edu.LIVENESS 0xfffffffc → 0x5"]);
  });

  test("compares the bits of its field, and names the fields that change", () => {
    watch("edu.STATUS.IRQFACT w if $value == 1 && $old == 0");
    write(0x80, STATUS);
    write(0x80, STATUS);
    expect(texts()).toEqual(["write edu.STATUS 0x0 → 0x80 (IRQFACT 0x0 → 0x1)"]);
  });

  test("on changes tells of a write only where the value becomes another", () => {
    watch("edu.STATUS change");
    write(0, STATUS);
    write(0x80, STATUS);
    write(0x80, STATUS);
    expect(texts()).toEqual(["write edu.STATUS 0x0 → 0x80 (IRQFACT 0x0 → 0x1)"]);
  });

  test("on changes tells of the device's own at the driver's next access, wherever that is", () => {
    watch("edu.STATUS.COMPUTING change");
    bench.io.ioread32(io, 0);
    write(5, 8);
    expect(texts()).toEqual([]);
    bench.io.ioread32(io, 0);
    expect(texts()).toEqual([
      "edu.STATUS was changed by the device: 0x0 → 0x1 (COMPUTING 0x0 → 0x1), seen at the access",
    ]);
  });

  test("once is done after that, also when its list is sent again, and says so", () => {
    watch("edu.FACTORIAL w once");
    write(3, 8);
    const [status] = watch("edu.FACTORIAL w once");
    write(4, 8);
    expect(texts()).toHaveLength(1);
    expect(status).toMatchObject({ verified: false, message: expect.stringMatching(/once/) });
  });

  test("counts its matches, not all accesses, and goes on counting when its list is sent again", () => {
    watch("edu.LIVENESS w hit 2 if $value > 9", "edu.LIVENESS w hit %2", "edu.LIVENESS w hit >=4");
    for (const value of [1, 10]) write(value, 4);
    watch("edu.LIVENESS w hit 2 if $value > 9", "edu.LIVENESS w hit %2", "edu.LIVENESS w hit >=4");
    for (const value of [2, 11, 12]) write(value, 4);
    expect(hits.map(({ ids }) => ids.join())).toEqual(["w1", "w0,w1,w2", "w2"]);
  });

  test("logs where all that match log, and stops where one does not", () => {
    watch("edu.LIVENESS w log", "edu.LIVENESS w if $value == 2");
    for (const value of [1, 2]) write(value, 4);
    expect(hits.map(({ log }) => log)).toEqual([true, false]);
  });

  test("for the first touch of a device or a BAR tells of the first access to any of it", () => {
    watch("edu once", "edu.BAR0 once");
    bench.io.ioread32(io, STATUS);
    bench.io.ioread32(io, 0);
    expect(hits.map(({ ids, text }) => [ids.join(), text])).toEqual([["w0,w1", "read edu.STATUS = 0x0"]]);
  });

  test("knows device and initiator, and sees a DMA as the part that it watches", () => {
    watch(
      "edu.LIVENESS w if $dev == 'edu' && $initiator == 'cpu'",
      "0x1004+4 w if $initiator == 'dma' && $dev == 'edu'",
    );
    write(1, 4);
    const data = Uint8Array.from([9, 9, 9, 9, 1, 2, 3, 4, 9]);
    bench.machine.watchpoints.dma({ function: "edu", address: physical(0x1000), bytes: 9, data });
    bench.machine.watchpoints.dma({ function: "edu", address: physical(0x1000), bytes: 4, data });
    expect(texts()).toEqual(["write edu.LIVENESS 0x0 → 0x1", "DMA of edu: write 0x1004 0x0 → 0x4030201"]);
  });

  test("on a port or a configuration register sees the driver's access to it, before it takes effect", () => {
    watch("port:0x3f8+8 w", "edu.config.COMMAND w", "serial.BAR0 r once");
    const { portMap } = bench.machine;
    portMap.write(0x3f9, { width: 1, value: 7 });
    portMap.read(0x3f9, 1);
    const edu = bench.kernel.devices.find(({ name }) => name.endsWith("01:00.0"));
    if (!edu) throw new Error("there is no edu");
    bench.kernel.config.write(edu.bdf, 4, { width: 2, value: 0 });
    portMap.read(0x3000, 1);
    portMap.read(0x3000, 1);
    expect(texts()).toEqual([
      "write port 0x3f9 0xff → 0x7",
      expect.stringMatching(/^write edu\.config\.COMMAND 0x7 → 0x0 \(IO 0x1 → 0x0, MEMORY 0x1 → 0x0/),
      expect.stringMatching(/^read serial/),
    ]);
  });
});

test("three lists never interfere, and one access makes one hit of all that match", () => {
  const { watchpoints } = bench.machine;
  for (const owner of ["native", "own", "source"] as const)
    watchpoints.replace(owner, [{ id: owner, spec: "edu.LIVENESS w" }]);
  watchpoints.replace("own", []);
  bench.io.iowrite32(1, io, 4);
  expect(hits.map(({ ids }) => ids)).toEqual([["native", "source"]]);
});
