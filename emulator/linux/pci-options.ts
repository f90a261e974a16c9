/** What stands behind `pci=` on Linux's command line, as far as it decides where things go (drivers/pci/pci.c, pci_setup). */

export interface PciOptions {
  /** Several tries, with bridge windows released in between. By default only where virtual functions lack an address. */
  readonly realloc: boolean | undefined;
  /** Optional room of a hot-plug bridge, in bytes. */
  readonly hotplug: { readonly io: number; readonly memory: number; readonly prefetchable: number };
  /** Bus numbers that a hot-plug bridge gets at least. */
  readonly hotplugBuses: number;
  /** Bus numbers that firmware left are forgotten. */
  readonly assignBusses: boolean;
  /** The host bridge's windows are those of the firmware's tables (`_CRS`); without, all addresses. */
  readonly useCrs: boolean;
  /** What the memory map reserves is taken out of the host bridge's windows. */
  readonly useE820: boolean;
  /** Devices with more than eight functions behind one link. */
  readonly ari: boolean;
}

/** An option that Linux has not, or that decides nothing here; the message is a sentence. */
export class PciOptionError extends Error {}

const MIB = 2 ** 20;

export const DEFAULT_PCI_OPTIONS: PciOptions = {
  realloc: undefined,
  hotplug: { io: 256, memory: 2 * MIB, prefetchable: 2 * MIB },
  hotplugBuses: 1,
  assignBusses: false,
  useCrs: true,
  useE820: true,
  ari: true,
};

type Change = (value: string, options: PciOptions) => Partial<PciOptions>;

const hotplug =
  (...kinds: readonly (keyof PciOptions["hotplug"])[]): Change =>
  (value, options) => ({
    hotplug: { ...options.hotplug, ...Object.fromEntries(kinds.map((kind) => [kind, bytes(value)])) },
  });

const CHANGES: Readonly<Record<string, Change>> = {
  realloc: (value) => ({ realloc: value !== "off" }),
  hpiosize: hotplug("io"),
  hpmmiosize: hotplug("memory"),
  hpmmioprefsize: hotplug("prefetchable"),
  hpmemsize: hotplug("memory", "prefetchable"),
  hpbussize: (value) => ({ hotplugBuses: busCount(value) }),
  "assign-busses": () => ({ assignBusses: true }),
  nocrs: () => ({ useCrs: false }),
  use_crs: () => ({ useCrs: true }),
  use_e820: () => ({ useE820: true }),
  no_e820: () => ({ useE820: false }),
  noari: () => ({ ari: false }),
};

/** The names, as the command line has them. */
export const PCI_OPTION_NAMES: readonly string[] = Object.keys(CHANGES);

/** Of `realloc,hpmmiosize=8M`. Throws `PciOptionError`. */
export function parsePciOptions(text: string): PciOptions {
  const parts = text.split(",").filter((part) => part !== "");
  return parts.reduce(changed, DEFAULT_PCI_OPTIONS);
}

function changed(options: PciOptions, part: string): PciOptions {
  const [name = "", value = ""] = part.split("=", 2);
  const change = CHANGES[name];
  if (!change)
    throw new PciOptionError(`pci=${name} is no option here: there is ${PCI_OPTION_NAMES.join(", ")}`);
  return { ...options, ...change(value, options) };
}

/** `2M`, `0x200000`, `2097152` (lib/cmdline.c, memparse). */
function bytes(value: string): number {
  const [, number, unit = ""] = /^(0x[0-9a-f]+|\d+)([KMGT]?)$/i.exec(value) ?? [];
  const size = Number(number) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase());
  if (number === undefined || !Number.isSafeInteger(size))
    throw new PciOptionError(`"${value}" is no size: write it as 8M, 0x800000 or 8388608`);
  return size;
}

function busCount(value: string): number {
  const count = Number(value);
  if (value === "" || !Number.isInteger(count) || count < 0 || count > 0xff)
    throw new PciOptionError(`"${value}" is no number of buses: 0 to 255`);
  return count;
}
