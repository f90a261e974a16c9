/** What a bridge passes, put into its registers (drivers/pci/setup-bus.c, __pci_setup_bridge). */
import { writeIoWindow, writeMemoryWindow, writePrefetchableWindow } from "./bridge-window";
import type { ConfigSpace } from "./config";
import { BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE, type PciDev, span } from "./pci-dev";
import { formatResource, type Resource } from "./resource";

const WRITE = {
  [BRIDGE_IO]: writeIoWindow,
  [BRIDGE_MEMORY]: writeMemoryWindow,
  [BRIDGE_PREFETCHABLE]: writePrefetchableWindow,
} as const;
const ALL: readonly number[] = [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE];

interface Says {
  info(line: string): void;
}

interface Parts {
  readonly config: ConfigSpace;
  readonly log: Says;
}

/** Of the windows named by index, by default all; one without a place is closed. */
export function setUpBridge(
  dev: PciDev,
  { config, log, indices = ALL }: Parts & { readonly indices?: readonly number[] },
): void {
  if (!dev.subordinate) return;
  log.info(`pci ${dev.name}: PCI bridge to ${span(dev.subordinate)}`);
  for (const index of indices) {
    const window = dev.resource[index];
    writeWindow(dev, { config, log, index, window: window?.parent && window });
  }
}

/** One window, as it is or closed. */
export function writeWindow(
  dev: PciDev,
  { config, log, index, window }: Parts & { index: number; window: Resource | undefined },
): void {
  if (window) log.info(`pci ${dev.name}:   bridge window ${formatResource(window)}`);
  const kind = index === BRIDGE_IO ? "io" : "memory";
  const onBus = window && { start: config.toBus(kind, window.start), end: config.toBus(kind, window.end) };
  WRITE[index as keyof typeof WRITE](config, dev.bdf, onBus);
}
