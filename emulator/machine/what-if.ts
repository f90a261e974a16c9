/**
 * A machine as it would be with something changed: a larger BAR, no windows above 4 GiB, other options of Linux. The
 * description is changed, not the machine: whoever asks boots both and compares them.
 */
import { Arena } from "../core/arena";
import { digits } from "../core/hex";
import { Kernel } from "../linux/kernel";
import { PCI_OPTION_NAMES, PciOptionError, parsePciOptions } from "../linux/pci-options";
import type { Bar } from "../pci/bar";
import type { PciFunction } from "../pci/function";
import { bdfText } from "../pci/root-bus";
import type {
  FunctionDescription,
  HostBridgeDescription,
  MachineDescription,
  RecordedBar,
} from "./description";
import { Machine } from "./machine";

/** A wish that cannot be understood or met; the message is a sentence. */
export class WhatIfError extends Error {}

const FOUR_GIB = 2 ** 32;
const ARENA_BYTES = 2 ** 26;
const NO_HIGH_WINDOWS = "no-above-4g";
const UNITS = ["", "K", "M", "G", "T"];

/** In the words of the command line. */
export const WHAT_IF_FORMS = `${NO_HIGH_WINDOWS}, DEVICE.BAR2=256M, or what stands behind pci=: ${PCI_OPTION_NAMES.join(", ")}`;

/** Each wish changes the description that the one before left. Throws `WhatIfError`. */
export function whatIf(description: MachineDescription, wishes: readonly string[]): MachineDescription {
  checkOptions(description.pci ?? "");
  return wishes.reduce(changed, description);
}

function checkOptions(pci: string): void {
  try {
    parsePciOptions(pci);
  } catch (error) {
    if (error instanceof PciOptionError) throw new WhatIfError(error.message);
    throw error;
  }
}

function changed(description: MachineDescription, wish: string): MachineDescription {
  if (wish === NO_HIGH_WINDOWS) return withoutHighWindows(description);
  const [, device, index, size] = /^(\S+)\.BAR([0-5])=(\S+)$/i.exec(wish) ?? [];
  if (device !== undefined)
    return withBar(description, { device, index: Number(index), size: sizeOf(size ?? "") });
  const name = wish.split("=", 1)[0] ?? "";
  if (!PCI_OPTION_NAMES.includes(name))
    throw new WhatIfError(`What if "${wish}" is not understood: write ${WHAT_IF_FORMS}`);
  checkOptions(wish);
  return { ...description, pci: [description.pci, wish].filter(Boolean).join(",") };
}

/** As with "Above 4G Decoding" switched off in the firmware. */
function withoutHighWindows(description: MachineDescription): MachineDescription {
  const below = <T extends Pick<HostBridgeDescription, "windows">>(bridge: T): T => ({
    ...bridge,
    windows: bridge.windows.flatMap((window) => {
      if (window.kind === "io" || Number(window.end) < FOUR_GIB) return [window];
      return Number(window.start) < FOUR_GIB ? [{ ...window, end: FOUR_GIB - 1 }] : [];
    }),
  });
  const { hostBridge, hostBridges } = description;
  return {
    ...description,
    hostBridge: below(hostBridge),
    ...(hostBridges && { hostBridges: hostBridges.map(below) }),
  };
}

interface BarWish {
  /** Its name, or where it is. */
  readonly device: string;
  readonly index: number;
  readonly size: number;
}

function withBar(description: MachineDescription, wish: BarWish): MachineDescription {
  const machine = new Machine(description, Arena.create(ARENA_BYTES));
  // Numbered buses give functions their addresses; what stands in the registers is wanted from before.
  new Kernel(machine).boot();
  const [fn] = [...machine.described.keys()].filter((it) => isNamed(it, wish.device));
  machine.powerOn();
  const wanted = fn && machine.described.get(fn);
  if (!fn || !wanted) throw new WhatIfError(`There is no device "${wish.device}" in this machine`);
  const bar = fn.bars.find(({ index }) => index === wish.index);
  if (!bar) throw new WhatIfError(`${fn.name} has no BAR ${wish.index}`);
  const least = bar.kind === "io" ? 4 : 16;
  if (wish.size < least || (bar.kind !== "mem64" && wish.size > FOUR_GIB / 2))
    throw new WhatIfError(`A BAR of this kind has ${least} bytes to ${bar.kind === "mem64" ? "8T" : "2G"}`);
  const replacement = resized(fn, wanted, wish);
  const replace = (functions: readonly FunctionDescription[]): FunctionDescription[] =>
    functions.map((it) => {
      const own = it === wanted ? replacement : it;
      return it.below ? { ...own, below: replace(it.below) } : own;
    });
  const { functions, hostBridges } = description;
  return {
    ...description,
    functions: replace(functions),
    ...(hostBridges && {
      hostBridges: hostBridges.map((it) => ({ ...it, functions: replace(it.functions) })),
    }),
  };
}

function isNamed(fn: PciFunction, device: string): boolean {
  const name = bdfText(fn);
  return fn.name === device || name === device || name === `0000:${device}`;
}

/** Any model becomes a recorded function: its registers do not matter here, what its header asks for does. */
function resized(
  fn: PciFunction,
  { resources: _, firmware: __, ...description }: FunctionDescription,
  wish: BarWish,
): FunctionDescription {
  const bars = fn.bars.map((bar) => recordedBar(bar, bar.index === wish.index ? wish.size : bar.size));
  const size = Array.from({ length: fn.config.size }, (_, at) => digits(fn.configPeek(at, 1), 2));
  return { ...description, device: "recorded", config: description.config ?? size.join(""), bars };
}

function recordedBar({ index, kind, prefetchable }: Bar, size: number): RecordedBar {
  return { index: index as RecordedBar["index"], kind, size, ...(prefetchable && { prefetchable: true }) };
}

/** `256M`, `0x1000`; a power of two. */
function sizeOf(text: string): number {
  const [, number, unit = ""] = /^(0x[0-9a-f]+|\d+)([KMGT]?)$/i.exec(text) ?? [];
  const size = Number(number) * 1024 ** UNITS.indexOf(unit.toUpperCase());
  if (number === undefined || !Number.isSafeInteger(size) || !Number.isInteger(Math.log2(size)))
    throw new WhatIfError(`"${text}" is no size of a BAR: a power of two such as 256M`);
  return size;
}
