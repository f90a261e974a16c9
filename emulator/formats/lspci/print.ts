/** What `lspci` of pciutils 3.9.0 prints of a machine whose sysfs is known. */
import type { SysfsDevice } from "../../linux/sysfs";
import type { PciNames } from "../pci-names";
import { busSees } from "./bus-centric";
import { idFilter, slotFilter } from "./filter";
import { hexDump } from "./hex-dump";
import { Naming, type Numbers } from "./naming";
import { block, machineReadable, terse } from "./terse";
import { formatTree } from "./tree";
import { driverLine, subsystemLine, verboseLines } from "./verbose";

/** Its options; a number says how often the letter was given. */
export interface LspciOptions {
  readonly v?: number;
  readonly n?: number;
  readonly m?: number;
  readonly x?: number;
  readonly t?: boolean;
  readonly b?: boolean;
  readonly D?: boolean;
  readonly k?: boolean;
  readonly s?: string;
  readonly d?: string;
}

const NUMBERS: readonly Numbers[] = ["none", "only", "both"];

/** Throws `FilterError`. */
export function printLspci(
  all: readonly SysfsDevice[],
  { names, ...options }: LspciOptions & { readonly names: PciNames },
): string {
  const naming = new Naming(names, NUMBERS[Math.min(options.n ?? 0, 2)] ?? "both");
  const devices = options.b ? all.map(busSees) : all;
  const chosen = devices.filter(filterOf(options));
  if (options.t) return formatTree(devices, { naming, names: (options.v ?? 0) > 0, chosen: new Set(chosen) });
  return chosen.map((device) => `${printed(device, { ...options, naming }).join("\n")}\n`).join("");
}

function filterOf({ s, d }: LspciOptions): (device: SysfsDevice) => boolean {
  const filters = [...(s === undefined ? [] : [slotFilter(s)]), ...(d === undefined ? [] : [idFilter(d)])];
  return (device) => filters.every((accepts) => accepts(device));
}

/** A function's lines; an empty one ends it where there are several. */
function printed(
  device: SysfsDevice,
  options: LspciOptions & { readonly naming: Naming },
): readonly string[] {
  const { v: verbosity = 0, m = 0, x = 0, naming, D: domain = false, b: busCentric = false } = options;
  const shared = { naming, domain, verbosity };
  const ends = verbosity || x ? [""] : [];
  const bytes = x ? hexDump(device, x) : [];
  if (m && verbosity)
    return [...block(device, { ...shared, old: m === 1, driver: options.k === true }), ...bytes, ...ends];
  if (m) return [machineReadable(device, shared), ...bytes, ...ends];
  const below = verbosity
    ? verboseLines(device, { naming, verbosity, busCentric })
    : options.k
      ? [...subsystemLine({ device, naming }), ...driverLine(device)]
      : [];
  return [terse(device, shared), ...below, ...bytes, ...ends];
}
