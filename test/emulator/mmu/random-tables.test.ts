import { expect, test } from "vitest";
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
import { type Level, PTE, pageSizeAt } from "../../../emulator/mmu/page-table";
import { type Bench, functionOf, type Random, sequence, wired } from "../../support/bench";

/**
 * Fast path, table walk and a model that knows nothing of either, over random tables with pages of all sizes, BARs that
 * are moved, and command bits that go on and off. The model is a list of mappings and a map of bytes.
 */
const AREA = fromHalves(0xffffc910 | 0, 0);
const SLOTS = 24;
const SLOT_BYTES = 2 ** 30;
const STEPS = 40_000;
const ROUNDS = 50;

interface Mapping {
  readonly at: VirtualAddress;
  readonly to: number;
  readonly level: Level;
  readonly writable: boolean;
}

interface Model {
  readonly mappings: Map<number, Mapping>;
  readonly bytes: Map<number, number>;
  /** Where the shared memory's BAR is. */
  bar: number;
  decoding: boolean;
}

const RAM = { start: 0x1000_0000, bytes: 0x1000_0000 } as const;
const SHARED_BYTES = 4 << 20;

function shared(bench: Bench) {
  return functionOf(bench, "shmem");
}

/** What a change of the machine changes in the model. */
function change(bench: Bench, model: Model, next: Random): void {
  const slot = next() % SLOTS;
  const at = offset(AREA, slot * SLOT_BYTES);
  const { cpu, pageTable } = bench.machine;
  const kind = next() % 8;
  if (kind === 0) {
    model.decoding = !model.decoding;
    shared(bench).configWrite(4, { width: 2, value: model.decoding ? 7 : 5 });
    return;
  }
  if (kind === 1) {
    model.bar = 0x1_0000_0000 + (next() % 64) * SHARED_BYTES;
    shared(bench).configWrite(0x18, { width: 4, value: model.bar % 2 ** 32 });
    shared(bench).configWrite(0x1c, { width: 4, value: Math.floor(model.bar / 2 ** 32) });
    return;
  }
  const old = model.mappings.get(slot);
  if (old) pageTable.unmap(old.at, old.level);
  model.mappings.delete(slot);
  if (kind !== 2) {
    const level = ([1, 1, 2] as const)[next() % 3] ?? 1;
    const size = pageSizeAt(level);
    const place = next() % 3 ? RAM.start + (next() % (RAM.bytes / size)) * size : model.bar;
    const mapping = { at, to: place - (place % size), level, writable: next() % 4 !== 0 };
    pageTable.map(at, physical(mapping.to), {
      flags: PTE.PRESENT | (mapping.writable ? PTE.WRITE : 0),
      level,
      takePage: () => physical(0),
    });
    model.mappings.set(slot, mapping);
  }
  cpu.flush();
}

/** The physical address by the list of mappings alone. */
function placeOf(model: Model, at: VirtualAddress, write: boolean): number | "fault" {
  const slot = Math.floor((at - AREA) / SLOT_BYTES);
  const mapping = model.mappings.get(slot);
  if (!mapping || at - mapping.at >= pageSizeAt(mapping.level) || (write && !mapping.writable))
    return "fault";
  return mapping.to + (at - mapping.at);
}

/** The cell that a physical address names: bytes of RAM, or of the shared memory wherever its BAR is; or nothing. */
function cellOf(model: Model, place: number): number | undefined {
  if (place >= RAM.start && place < RAM.start + RAM.bytes) return place;
  const inside = place - model.bar;
  return model.decoding && inside >= 0 && inside < SHARED_BYTES ? -1 - inside : undefined;
}

function expected(model: Model, at: VirtualAddress, width: number): number | "fault" {
  const place = placeOf(model, at, false);
  if (place === "fault") return "fault";
  let value = 0;
  for (let byte = width - 1; byte >= 0; byte--) {
    const cell = cellOf(model, place + byte);
    value = value * 256 + (cell === undefined ? 0xff : (model.bytes.get(cell) ?? 0));
  }
  return value;
}

function store(model: Model, at: VirtualAddress, { width, value }: { width: number; value: number }): void {
  const place = placeOf(model, at, true);
  if (place === "fault") return;
  for (let byte = 0; byte < width; byte++) {
    const cell = cellOf(model, place + byte);
    if (cell !== undefined) model.bytes.set(cell, (value >>> (byte * 8)) & 0xff);
  }
}

function faulting<T>(run: () => T): T | "fault" {
  try {
    return run();
  } catch (error) {
    if (error instanceof PageFault) return "fault";
    throw error;
  }
}

function read({ machine: { cpu } }: Bench, at: VirtualAddress, width: number): number | "fault" {
  const [high, low] = [highHalf(at), lowHalf(at)];
  return faulting(() =>
    width === 4 ? cpu.read32(high, low) >>> 0 : width === 2 ? cpu.read16(high, low) : cpu.read8(high, low),
  );
}

function write(
  { machine: { cpu } }: Bench,
  at: VirtualAddress,
  access: { width: number; value: number },
): void {
  const [high, low, { width, value }] = [highHalf(at), lowHalf(at), access];
  faulting(() => {
    if (width === 4) cpu.write32(high, low, value | 0);
    else if (width === 2) cpu.write16(high, low, value & 0xffff);
    else cpu.write8(high, low, value & 0xff);
  });
}

/** A virtual address in some slot, inside its mapping most of the time, aligned or not. */
function someAddress(model: Model, next: Random, width: number): VirtualAddress {
  const slot = next() % SLOTS;
  const size = model.mappings.get(slot) ? pageSizeAt(model.mappings.get(slot)?.level ?? 1) : 4096;
  const inside = (next() % 16) * (size / 16) + (next() % 4) * width;
  const away = next() % 50 === 0 ? size : 0;
  return virtual(AREA + slot * SLOT_BYTES + ((inside + away) % (2 * size)));
}

test(`fast path, walk and a naive model agree on ${(STEPS * ROUNDS) / 1e6} million random accesses`, () => {
  const bench = wired({ at: "04.0", device: "ivshmem", name: "shmem" });
  const next = sequence(11);
  let pages = 0x3000_0000;
  const { pageTable } = bench.machine;
  const map = pageTable.map.bind(pageTable);
  const takePage = () => {
    pages += 4096;
    return physical(pages);
  };
  // Tables come from pages of their own.
  pageTable.map = (at, to, options) => map(at, to, { ...options, takePage: () => takePage() });
  const bar = Number(shared(bench).bars.find(({ index }) => index === 2)?.base);
  const model: Model = { mappings: new Map(), bytes: new Map(), bar, decoding: true };
  let [differ, walked] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    for (let times = 0; times < 6; times++) change(bench, model, next);
    for (let step = 0; step < STEPS; step++) {
      const width = [1, 2, 4][next() % 3] ?? 4;
      const at = someAddress(model, next, width);
      if (next() % 4 === 0) {
        const value = next();
        write(bench, at, { width, value });
        store(model, at, { width, value });
      } else if (read(bench, at, width) !== expected(model, at, width)) differ++;
      if (step % 16) continue;
      const found = pageTable.walk(highHalf(at), lowHalf(at));
      if ((found < 0 ? "fault" : found) !== placeOf(model, at, false)) walked++;
    }
  }
  expect([differ, walked]).toEqual([0, 0]);
}, 120_000);
