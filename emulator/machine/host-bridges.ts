/** The host bridges of a description: their buses, their windows, and the RAM that these leave below 4 GiB. */
import { Mtrr } from "../mmu/mtrr";
import type { HostWindow } from "../pci/root-complex";
import type { HostBridgeDescription, MachineDescription } from "./description";
import { DescriptionError } from "./description-error";

const FOUR_GIB = 2 ** 32;

export function windowsOf({ bus, windows }: Pick<HostBridgeDescription, "bus" | "windows">): HostWindow[] {
  return windows.map(({ kind, start, end, offset = 0 }) => ({
    kind,
    start: Number(start),
    end: Number(end),
    offset: Number(offset),
    bus,
  }));
}

/** Each root bus has one host bridge. Throws `DescriptionError`. */
export function checkBuses(hostBridges: readonly HostBridgeDescription[]): void {
  const taken = new Set([0]);
  for (const [index, { bus }] of hostBridges.entries()) {
    if (taken.has(bus))
      throw new DescriptionError(
        ["hostBridges", index, "bus"],
        `Root bus 0x${bus.toString(16)} has a host bridge already`,
      );
    taken.add(bus);
  }
}

/** RAM below 4 GiB ends where the first window or ECAM begins. */
export function lowRamOf({ ram, hostBridge, hostBridges = [] }: MachineDescription): number {
  const memory = [hostBridge, ...hostBridges]
    .flatMap(({ windows }) => windows)
    .filter(({ kind, start }) => kind === "memory" && Number(start) >= 0x100000);
  const starts = [...memory.map(({ start }) => Number(start)), Number(hostBridge.ecam)];
  return Math.min(ram, ...starts.filter((start) => start < FOUR_GIB));
}

/** The video hole and the ROMs of the first MiB are no RAM for the range registers. */
const VIDEO_HOLE = { start: 0xa0000, end: 0xc0000 } as const;

/** What firmware writes into the memory type range registers: RAM is write-back. */
export function rangeTypesOf(description: MachineDescription): Mtrr {
  const low = lowRamOf(description);
  const high = FOUR_GIB + description.ram - low;
  const all = [
    { start: 0, end: VIDEO_HOLE.start, type: "WB" },
    { start: VIDEO_HOLE.end, end: low, type: "WB" },
    { start: FOUR_GIB, end: high, type: "WB" },
  ] as const;
  return new Mtrr(all.filter(({ start, end }) => end > start));
}
