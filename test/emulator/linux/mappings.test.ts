import { describe, expect, test } from "vitest";
import { highHalf, lowHalf, virtual } from "../../../emulator/core/address";
import { q35 } from "../../../emulator/machine/built-in";
import { memoryTypeOf } from "../../../emulator/mmu/memory-type";
import { type Bench, booted, enable } from "../../support/bench";

const SHARED = 0x1_0000_0000;
const log = ({ kernel }: Bench) => kernel.log.map(({ text }) => text);

/** Level and memory type of the entry that a mapping's address ends at. */
function entryOf({ machine }: Bench, at: string): readonly [level: number, type: string] {
  const address = virtual(Number(BigInt.asIntN(64, BigInt(at))));
  machine.pageTable.walk(highHalf(address), lowHalf(address));
  const { leaf, leafLevel } = machine.pageTable;
  return [leafLevel, memoryTypeOf(leaf, leafLevel)];
}

describe("a mapping's page-table entries (arch/x86/mm/ioremap.c)", () => {
  test.each([
    ["ioremap", "UC-"],
    ["ioremap_uc", "UC"],
    ["ioremap_wc", "WC"],
    ["ioremap_wt", "WT"],
    ["ioremap_cache", "UC-"],
  ] as const)("have the type that %s asks for: %s", (how, type) => {
    const bench = booted();
    bench.io[how](0x40000000, 4096);
    const [mapping] = bench.kernel.state().mappings;
    expect(entryOf(bench, mapping?.virtual ?? "")).toEqual([1, type]);
  });

  test("are 2 MiB large where address and place are aligned to them", () => {
    const bench = booted();
    bench.io.ioremap(SHARED, 4 << 20);
    const [mapping] = bench.kernel.state().mappings;
    expect(entryOf(bench, mapping?.virtual ?? "")).toEqual([2, "UC-"]);
    expect(Number(BigInt(mapping?.virtual ?? 0) % (2n << 20n))).toBe(0);
  });

  test("of two mappings of one range agree: the later one gets the first one's type (memtype.c)", () => {
    const bench = booted();
    bench.io.ioremap(SHARED, 4096);
    bench.io.ioremap_wc(SHARED, 4096);
    expect(bench.kernel.state().mappings.map(({ memoryType }) => memoryType)).toEqual([
      "uncached-minus",
      "uncached-minus",
    ]);
  });
});

describe("memremap (kernel/iomem.c)", () => {
  test("of RAM is the direct map, and no mapping of its own", () => {
    const bench = booted();
    const mem = bench.io.memremap(0x10000000, 4096, bench.io.MEMREMAP_WB);
    mem?.setUint32(0, 5);
    expect(bench.machine.ram.readWord(0x10000000)).toBe(5);
    expect(bench.kernel.state().mappings).toEqual([]);
  });

  test("of RAM write-through is refused with Linux's line, so is a range that is half RAM", () => {
    const bench = booted();
    expect(bench.io.memremap(0x10000000, 4096, bench.io.MEMREMAP_WT)).toBeNull();
    expect(bench.io.memremap(0x3ffff000, 8192, bench.io.MEMREMAP_WB)).toBeNull();
    expect(log(bench)).toContain("memremap attempted on ram 0x0000000010000000 size: 0x1000");
    expect(log(bench)).toContain("memremap attempted on mixed range 0x000000003ffff000 size: 0x2000");
  });

  test("of a BAR write-back is uncached: its range register does not say write-back", () => {
    const bench = booted();
    enable(bench, "shmem");
    const mem = bench.io.memremap(SHARED, 4096, bench.io.MEMREMAP_WB);
    mem?.setUint32(8, 7);
    expect(mem?.getUint32(8)).toBe(7);
    expect(bench.kernel.state().mappings[0]?.memoryType).toBe("uncached-minus");
  });
});

describe("page 0 of the note's example, ioremap(42, 4)", () => {
  test("is reserved, not RAM: it maps, and keeps its offset in the page", () => {
    const bench = booted();
    expect(bench.io.ioremap(42, 4)).not.toBeNull();
    expect(bench.kernel.state().mappings[0]?.physical).toBe("0x0");
  });
});

describe("an address that is not mapped", () => {
  const read = ({ machine }: Bench, at: number) =>
    machine.cpu.read32(highHalf(virtual(at)), lowHalf(virtual(at)));

  test("is reported with the entries that were met, as dump_pagetable() prints them", () => {
    expect(() => read(booted(), -0x3600_0000_0000)).toThrow(
      /PGD [0-9a-f]+(\n|$)|PGD [0-9a-f]+ P4D [0-9a-f]+ PUD 0/,
    );
  });

  test("below the first page is a NULL pointer dereference", () => {
    expect(() => read(booted(), 8)).toThrow(
      /^BUG: kernel NULL pointer dereference, address: 0000000000000008\n#PF: supervisor read access/,
    );
  });

  test("that was unmapped says who had mapped it, and when that ended", () => {
    const bench = booted();
    const io = bench.io.ioremap(0x40000000, 4096);
    if (!io) throw new Error("not mapped");
    bench.io.iounmap(io);
    expect(() => bench.io.ioread32(io, 4)).toThrow(
      /ioremap\(\) of insmod had mapped 0x40000004 here; it was unmapped at/,
    );
  });

  test("that is not canonical is a general protection fault: no table is asked", () => {
    const { machine } = booted();
    expect(() => machine.cpu.read32(0x0001_0000, 0)).toThrow(
      /^general protection fault, probably for non-canonical address 0x0001000000000000/,
    );
  });
});

describe("kmalloc() and vmalloc() addresses", () => {
  test("lie in the direct map and in the vmalloc range (Documentation/x86/x86_64/mm.rst)", () => {
    const { kernel } = booted();
    const { heap } = kernel.services;
    expect(BigInt.asUintN(64, BigInt(heap.kmalloc(64, 0xcc0) ?? 0)) >> 40n).toBe(0xffff88n);
    expect(BigInt.asUintN(64, BigInt(heap.vmalloc(64, "test") ?? 0)) >> 40n).toBe(0xffffc9n);
  });
});

describe("a host bridge that shifts addresses", () => {
  const OFFSET = 0x1000_0000;
  const windows = q35.hostBridge.windows.map((window) =>
    window.start === "0x40000000" ? { ...window, offset: OFFSET } : window,
  );
  const shifted = {
    ...q35,
    name: "shifted",
    title: "",
    hostBridge: { ...q35.hostBridge, windows },
    functions: [
      { at: "00.0", device: "host-bridge" },
      { at: "03.0", device: "edu", name: "edu" },
    ],
  };

  test("gives the BAR the bus address and /proc/iomem the CPU's, and both reach the register", () => {
    const bench = booted(shifted);
    enable(bench, "edu");
    const fn = bench.machine.root.functions.find(({ name }) => name === "edu");
    const line = bench.kernel.state().iomem.find(({ name }) => name === "0000:00:03.0");
    expect(Number(line?.start) - Number(fn?.bars[0]?.base)).toBe(OFFSET);
    const io = bench.io.ioremap(Number(line?.start), 4096);
    expect(io && bench.io.ioread32(io)).toBe(0x010000ed);
  });
});
