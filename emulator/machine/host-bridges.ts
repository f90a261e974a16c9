/** The host bridges of a description: their buses, their windows, and the RAM that these leave below 4 GiB. */
import { digits } from "../core/hex";
import { Mtrr } from "../mmu/mtrr";
import type { HostWindow } from "../pci/root-complex";
import type { HostBridgeDescription, MachineDescription } from "./description";
import { DescriptionError } from "./description-error";
import type { EcamRange } from "./physical-map";

const FOUR_GIB = 2 ** 32;

type Leads = Pick<HostBridgeDescription, "bus" | "segment" | "windows">;

export function windowsOf({ bus, segment = 0, windows }: Leads): HostWindow[] {
  return windows.map(({ kind, start, end, offset = 0 }) => ({
    kind,
    start: Number(start),
    end: Number(end),
    offset: Number(offset),
    bus,
    segment,
  }));
}

/** Each root bus has one host bridge. Throws `DescriptionError`. */
export function checkBuses(hostBridges: readonly HostBridgeDescription[]): void {
  const name = (segment: number, bus: number) => `${digits(segment, 4)}:${digits(bus, 2)}`;
  const taken = new Set([name(0, 0)]);
  for (const [index, { bus, segment = 0 }] of hostBridges.entries()) {
    const root = name(segment, bus);
    if (taken.has(root))
      throw new DescriptionError(["hostBridges", index, "bus"], `Root bus ${root} has a host bridge already`);
    taken.add(root);
  }
}

/** Where each segment's configuration space is memory-mapped. Throws `DescriptionError` where one has none. */
export function ecamsOf({ hostBridge, hostBridges = [] }: MachineDescription): readonly EcamRange[] {
  const ranges: EcamRange[] = [{ segment: 0, start: Number(hostBridge.ecam) }];
  for (const [index, { segment = 0, ecam }] of hostBridges.entries()) {
    if (ranges.some((it) => it.segment === segment)) continue;
    if (ecam === undefined)
      throw new DescriptionError(
        ["hostBridges", index, "segment"],
        `Segment ${segment} has no configuration space: give its first host bridge an "ecam" address`,
      );
    ranges.push({ segment, start: Number(ecam) });
  }
  return ranges;
}

/** RAM below 4 GiB ends where the first window or ECAM begins. */
export function lowRamOf({ ram, hostBridge, hostBridges = [] }: MachineDescription): number {
  const memory = [hostBridge, ...hostBridges]
    .flatMap(({ windows }) => windows)
    .filter(({ kind, start }) => kind === "memory" && Number(start) >= 0x100000);
  const ecams = [hostBridge, ...hostBridges].flatMap(({ ecam }) => ecam ?? []);
  const starts = [...memory.map(({ start }) => Number(start)), ...ecams.map(Number)];
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
