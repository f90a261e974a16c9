/**
 * What firmware left is honoured first (arch/x86/pci/i386.c, pcibios_resource_survey): bridge windows, then BARs whose
 * decode is on, then the others, then ROMs. What cannot be claimed is placed anew later.
 */
import type { FunctionDescription } from "../machine/description";
import { writeIoWindow, writeMemoryWindow, writePrefetchableWindow } from "./bridge-window";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  PCI_BRIDGE_RESOURCES,
  PCI_ROM_RESOURCE,
  type PciBus,
  type PciDev,
  resourceName,
} from "./pci-dev";
import { formatResource, IORESOURCE, Resource } from "./resource";
import type { RunningKernel } from "./running-kernel";

const TWO_32 = 2 ** 32;
const COMMAND = { IO: 1, MEMORY: 2 } as const;

/** Puts into the registers what firmware had there, as the machine's description has it. */
export function programAsFirmware({ machine, config }: RunningKernel): void {
  for (const fn of machine.root.functions) {
    const { firmware = [] }: Partial<FunctionDescription> = machine.described.get(fn) ?? {};
    if (!firmware.length || !fn.place) continue;
    const bdf = {
      segment: 0,
      bus: fn.place.bus.number,
      device: fn.place.device,
      function: fn.place.function,
    };
    const spans = spansOf(firmware);
    const at = (index: number) => (spans[index]?.end ? spans[index] : undefined);
    for (let index = 0; index < PCI_ROM_RESOURCE; index++)
      writeBar(config, bdf, { index, start: at(index)?.start });
    const rom = at(PCI_ROM_RESOURCE);
    if (rom && !rom.flags) config.write32(bdf, spans.length > PCI_BRIDGE_RESOURCES ? 0x38 : 0x30, rom.start);
    if (spans.length <= PCI_BRIDGE_RESOURCES) continue;
    writeIoWindow(config, bdf, at(BRIDGE_IO));
    writeMemoryWindow(config, bdf, at(BRIDGE_MEMORY));
    writePrefetchableWindow(config, bdf, at(BRIDGE_PREFETCHABLE));
  }
}

interface FirmwareSpan {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
}

function spansOf(lines: readonly string[]): readonly FirmwareSpan[] {
  return lines
    .map((line) => line.split(" ").map(Number))
    .map(([start = 0, end = 0, flags = 0]) => ({ start, end, flags }));
}

/** A ROM that firmware copied to the video area is used there: known, but in no tree (pci_fixup_video). */
export function useShadowedRoms(kernel: RunningKernel): void {
  for (const dev of kernel.devices) {
    const fn = kernel.machine.root.functionAt(dev.bdf.bus, dev.bdf.device, dev.bdf.function);
    const rom = spansOf((fn && kernel.machine.described.get(fn)?.firmware) ?? [])[PCI_ROM_RESOURCE];
    if (!rom?.flags) continue;
    const resource = new Resource(dev.name, rom);
    dev.resource[PCI_ROM_RESOURCE] = resource;
    kernel.kernelLog.info(`pci ${dev.name}: Video device with shadowed ROM at ${formatResource(resource)}`);
  }
}

function writeBar(
  config: RunningKernel["config"],
  bdf: PciDev["bdf"],
  { index, start }: { index: number; start: number | undefined },
): void {
  if (start === undefined) return;
  config.write32(bdf, 0x10 + index * 4, start % TWO_32);
  if (start >= TWO_32) config.write32(bdf, 0x14 + index * 4, Math.floor(start / TWO_32));
}

/** Claims what it can; the rest has no place afterwards. */
export function claimFirmware(kernel: RunningKernel, roots: readonly PciBus[]): void {
  for (const root of roots) claimWindows(kernel, root);
  for (const root of roots) claimBars(kernel, root, { enabled: true });
  for (const root of roots) claimBars(kernel, root, { enabled: false });
  for (const dev of kernel.devices) claimRom(kernel, dev);
}

/** A window that is not inside one of the bus above is no window. */
function claimWindows(kernel: RunningKernel, bus: PciBus): void {
  for (const dev of bus.devices.filter(({ isBridge }) => isBridge)) {
    for (const [index, window] of dev.resource.entries()) {
      if (!window || index < PCI_BRIDGE_RESOURCES || window.size <= 0) continue;
      if (window.start === 0 || !claim(kernel, dev, index)) Object.assign(window, { start: 0, end: -1 });
    }
    if (dev.subordinate) claimWindows(kernel, dev.subordinate);
  }
}

function claimBars(kernel: RunningKernel, bus: PciBus, { enabled }: { readonly enabled: boolean }): void {
  for (const dev of bus.devices) {
    const command = kernel.config.read(dev.bdf, 4, 2);
    for (const [index, bar] of dev.resource.entries()) {
      if (!bar || index >= PCI_ROM_RESOURCE || bar.parent || bar.start === 0 || bar.has(IORESOURCE.PCI_FIXED))
        continue;
      const decodes = (command & (bar.has(IORESOURCE.IO) ? COMMAND.IO : COMMAND.MEMORY)) !== 0;
      if (decodes === enabled && !claim(kernel, dev, index)) forget(bar);
    }
    if (dev.subordinate) claimBars(kernel, dev.subordinate, { enabled });
  }
}

function claimRom(kernel: RunningKernel, dev: PciDev): void {
  const rom = dev.resource[PCI_ROM_RESOURCE];
  if (!rom || rom.start === 0 || rom.parent || rom.has(IORESOURCE.PCI_FIXED)) return;
  rom.flags &= ~1;
  if (!claim(kernel, dev, PCI_ROM_RESOURCE)) forget(rom);
}

/** pci_claim_resource: under the first window of the bus that holds it, if nothing is in its way. */
function claim({ kernelLog }: RunningKernel, dev: PciDev, index: number): boolean {
  const resource = dev.resource[index];
  if (!resource) return false;
  resource.flags &= ~IORESOURCE.UNSET;
  const what = `pci ${dev.name}: ${resourceName(index)} ${formatResource(resource)}`;
  const window = windowFor(dev.bus, resource);
  if (!window) {
    kernelLog.info(`${what}: can't claim; no compatible bridge window`);
    return false;
  }
  const conflict = window.request(resource);
  if (conflict)
    kernelLog.info(
      `${what}: can't claim; address conflict with ${conflict.name} ${formatResource(conflict)}`,
    );
  return !conflict;
}

/** A prefetchable window for what is not prefetchable is the firmware's mistake. */
function windowFor({ resources }: PciBus, resource: Resource): Resource | undefined {
  const kind = IORESOURCE.IO | IORESOURCE.MEM;
  const holds = resources.find(
    (it) => it.parent && !((it.flags ^ resource.flags) & kind) && it.contains(resource),
  );
  return holds?.has(IORESOURCE.PREFETCH) && !resource.has(IORESOURCE.PREFETCH) ? undefined : holds;
}

/** Its size stays known. */
function forget(resource: Resource): void {
  resource.end -= resource.start;
  resource.start = 0;
  resource.flags |= IORESOURCE.UNSET;
}
