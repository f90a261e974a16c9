import { beforeEach, describe, expect, test } from "vitest";
import {
  fromHalves,
  highHalf,
  lowHalf,
  offset,
  physical,
  type VirtualAddress,
  virtual,
} from "../../../emulator/core/address";
import { PageFault } from "../../../emulator/mmu/page-fault";
import { PTE } from "../../../emulator/mmu/page-table";
import { type Bench, booted, enable, sequence } from "../../support/bench";

/**
 * The access path against a model without any TLB: it walks the tables, decodes, and looks, for every byte.
 * Pages: RAM, RAM behind a BAR, registers, nothing at all, and pages that are not mapped.
 */
const AREA = fromHalves(0xffffc900 | 0, 0x20000000);
const PAGES = 96;
let bench: Bench;
let layout: readonly number[];

beforeEach(() => {
  bench = booted();
  enable(bench, "edu");
  enable(bench, "shmem");
  const next = sequence(7);
  layout = Array.from({ length: PAGES }, (_, page) => kinds[page % kinds.length]?.(next()) ?? -1);
  const pages = [...Array(64).keys()].map((page) => physical(0x30000000 + page * 4096));
  const takePage = () => pages.pop() ?? physical(0);
  for (const [page, at] of layout.entries()) {
    if (at < 0) continue;
    bench.machine.pageTable.map(offset(AREA, page * 4096), physical(at), {
      flags: PTE.PRESENT | PTE.WRITE,
      takePage,
    });
  }
  bench.machine.cpu.flush();
});

const kinds: readonly ((random: number) => number)[] = [
  (random) => 0x10000000 + (random % 64) * 4096,
  (random) => 0x100000000 + (random % 64) * 4096,
  () => 0x40000000,
  () => 0x40200000,
  () => 0x60000000,
  () => -1,
];

function naive(at: VirtualAddress): number | "fault" {
  const found = bench.machine.pageTable.walk(highHalf(at), lowHalf(at));
  if (found < 0) return "fault";
  const decoded = bench.machine.physical.decode(physical(found));
  const inside = decoded.at + (found - decoded.start);
  if (decoded.kind === "io") return decoded.io.peek(inside, 1);
  return (decoded.memory.readWord(inside - (inside % 4)) >>> ((inside % 4) * 8)) & 0xff;
}

function naiveValue(at: VirtualAddress, width: number): bigint | "fault" {
  let value = 0n;
  for (let byte = width - 1; byte >= 0; byte--) {
    const found = naive(offset(at, byte));
    if (found === "fault") return "fault";
    value = (value << 8n) | BigInt(found);
  }
  return value;
}

function read(at: VirtualAddress, width: number): bigint | "fault" {
  const { cpu } = bench.machine;
  const [high, low] = [highHalf(at), lowHalf(at)];
  try {
    if (width === 8) return cpu.read64(high, low);
    if (width === 4) return BigInt(cpu.read32(high, low) >>> 0);
    return BigInt(width === 2 ? cpu.read16(high, low) : cpu.read8(high, low));
  } catch (error) {
    if (error instanceof PageFault) return "fault";
    throw error;
  }
}

function write(at: VirtualAddress, width: number, value: number): void {
  const { cpu } = bench.machine;
  const [high, low] = [highHalf(at), lowHalf(at)];
  try {
    if (width === 8) cpu.write64(high, low, (BigInt(value) << 32n) | BigInt(value));
    else if (width === 4) cpu.write32(high, low, value | 0);
    else if (width === 2) cpu.write16(high, low, value & 0xffff);
    else cpu.write8(high, low, value & 0xff);
  } catch (error) {
    if (!(error instanceof PageFault)) throw error;
  }
}

const isMemory = (page: number) => page % kinds.length < 2;

describe("the access path and a naive model agree", () => {
  test("on 60,000 random reads and writes of all widths and alignments in memory", () => {
    const next = sequence(1);
    let differ = 0;
    for (let turn = 0; turn < 60_000; turn++) {
      const page = next() % PAGES;
      if (!isMemory(page)) continue;
      const width = [1, 2, 4, 8][next() % 4] ?? 4;
      const at = offset(AREA, page * 4096 + (next() % 4096));
      const endPage = Math.floor((at - AREA + width - 1) / 4096);
      if (endPage !== page && !isMemory(endPage)) continue;
      if (next() % 3 === 0) write(at, width, next());
      if (read(at, width) !== naiveValue(at, width)) differ++;
      if (turn % 5000 === 17)
        bench.machine.watchpoints.replace("own", [
          { id: "w", spec: `0x${(layout[page] ?? 0).toString(16)}+16 rw` },
        ]);
    }
    expect(differ).toBe(0);
  });

  test("on aligned 32-bit reads of registers that have no side effect, and of holes", () => {
    const next = sequence(2);
    for (let turn = 0; turn < 20_000; turn++) {
      const page = next() % PAGES;
      const at = offset(AREA, page * 4096 + (next() % 1024) * 4);
      const alike = page % kinds.length !== 2 || (lowHalf(at) & 0xfff) < 0x80;
      if (alike) expect(read(at, 4)).toBe(naiveValue(at, 4));
    }
  });
});

describe("one compare refuses all that is not a plain hit", () => {
  test("an empty TLB answers no address, aligned or not", () => {
    for (let at = 0; at < 16; at++) expect(read(virtual(at), 4)).toBe("fault");
  });

  test("an unaligned read does not hit the entry of its page", () => {
    write(AREA, 4, 0x44332211);
    write(offset(AREA, 4), 4, 0x88776655);
    expect(read(AREA, 4)).toBe(0x44332211n);
    expect([1, 2, 3].map((by) => read(offset(AREA, by), 4))).toEqual([0x55443322n, 0x66554433n, 0x77665544n]);
  });

  test("an access that crosses a page takes its bytes from both pages", () => {
    write(offset(AREA, 4094), 2, 0x2211);
    write(offset(AREA, 4096), 2, 0x4433);
    expect(read(offset(AREA, 4094), 4)).toBe(0x44332211n);
    expect(read(offset(AREA, 4092), 8)).toBe(naiveValue(offset(AREA, 4092), 8));
  });

  test("two addresses that share an entry do not answer for each other", () => {
    const far = offset(AREA, 1024 * 4096);
    bench.machine.pageTable.map(far, physical(0x11000000), {
      flags: PTE.PRESENT | PTE.WRITE,
      takePage: () => physical(0x30800000),
    });
    write(AREA, 4, 1);
    write(far, 4, 2);
    expect([read(AREA, 4), read(far, 4), read(AREA, 4)]).toEqual([1n, 2n, 1n]);
  });

  test("a page that was read as zeros shows what is written to it later", () => {
    const page = offset(AREA, 0);
    expect(read(offset(page, 64), 4)).toBe(0n);
    write(offset(page, 64), 4, 99);
    expect(read(offset(page, 64), 4)).toBe(99n);
  });

  test("a write to a read-only page faults and says so", () => {
    const at = offset(AREA, 200 * 4096);
    bench.machine.pageTable.map(at, physical(0x12000000), {
      flags: PTE.PRESENT,
      takePage: () => physical(0x30900000),
    });
    expect(read(at, 4)).toBe(0n);
    expect(() => bench.machine.cpu.write32(highHalf(at), lowHalf(at), 1)).toThrow(/permissions violation/);
  });

  test("every width of a watched page is seen, and no access of another page", () => {
    const seen: string[] = [];
    bench.machine.watchpoints.replace("own", [{ id: "w", spec: `0x${(layout[0] ?? 0).toString(16)}+4 rw` }]);
    bench.machine.watchpoints.onHit = ({ access, bytes }) => seen.push(`${access} ${bytes}`);
    for (const width of [1, 2, 4, 8]) {
      write(AREA, width, 0);
      read(AREA, width);
      read(offset(AREA, 4), width);
      read(offset(AREA, 4096), width);
    }
    expect(seen).toEqual([
      "write 1",
      "read 1",
      "write 2",
      "read 2",
      "write 4",
      "read 4",
      "write 8",
      "read 8",
    ]);
  });
});
