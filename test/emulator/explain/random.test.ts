import { describe, expect, test } from "vitest";
import { type PhysicalAddress, physical, virtual } from "../../../emulator/core/address";
import type { Machine } from "../../../emulator/machine/machine";
import { type Level, PTE, pageSizeAt } from "../../../emulator/mmu/page-table";
import { addresses, faults } from "../../support/addresses";
import { type Bench, booted, type Random, sequence } from "../../support/bench";
import { randomMachine } from "../../support/random-topology";

const MACHINES = process.env["CI"] ? 200 : 30;
const TABLES = process.env["CI"] ? 200 : 20;

/** Command bits, and sometimes a power state, that nobody chose. */
function disturb({ root }: Machine, random: Random): void {
  for (const fn of root.functions) fn.configWrite(4, { width: 2, value: random() & 7 });
}

describe("on machines as no vendor would build them", () => {
  test(`${MACHINES} of them, with random command bits: what arrives is found again`, () => {
    for (let seed = 1; seed <= MACHINES; seed++) {
      const random = sequence(seed * 7919);
      const { machine } = booted(randomMachine(random));
      disturb(machine, random);
      const found = addresses(machine, random).flatMap((it) => faults(machine, it));
      expect(found, `seed ${seed}`).toEqual([]);
    }
  });
});

const LEVELS: readonly Level[] = [1, 1, 1, 2, 3];
const CACHE_BITS = [0, PTE.PWT, PTE.PCD, PTE.PCD | PTE.PWT];
/** Where tables may be made: RAM that nobody uses. */
const FREE = 0x3000_0000;

/** Maps random pages of RAM, of devices and of nothing, some of them twice. */
function mapAtRandom({ machine }: Bench, random: Random): readonly string[] {
  let next = FREE;
  const takePage = (): PhysicalAddress => {
    next += 0x1000;
    return physical(next);
  };
  const targets = [0x4000_0000, 0x4010_0000, 0xb010_0000, 0x500_0000, 0x5000_0000];
  return Array.from({ length: 40 }, () => {
    const level = LEVELS[random() % LEVELS.length] ?? 1;
    const size = pageSizeAt(level);
    const to = (targets[random() % targets.length] ?? 0) + (random() % 16) * 0x1000;
    const from = virtual(-(2 ** 46) + (random() % 64) * 2 ** 39 + (random() % 8) * size);
    const flags = PTE.PRESENT | (random() & PTE.WRITE) | (CACHE_BITS[random() % 4] ?? 0);
    const before = machine.pageTable.walk(Math.floor(from / 2 ** 32), from | 0);
    if (before < 0) machine.pageTable.map(from, physical(to - (to % size)), { flags, level, takePage });
    return `0x${BigInt.asUintN(64, BigInt(from + (random() % 0x1000))).toString(16)}`;
  });
}

describe("on page tables as no kernel would make them", () => {
  test(`${TABLES} of them: each virtual address that arrives is found again from where it leads`, () => {
    for (let seed = 1; seed <= TABLES; seed++) {
      const random = sequence(seed * 104_729);
      const bench = booted();
      for (const fn of bench.machine.root.functions) fn.configWrite(4, { width: 2, value: 7 });
      const asked = mapAtRandom(bench, random);
      const found = asked.flatMap((it) => faults(bench.machine, it));
      expect(found, `seed ${seed}`).toEqual([]);
    }
  });
});
