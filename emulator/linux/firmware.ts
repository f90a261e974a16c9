/**
 * What firmware left is honoured first (arch/x86/pci/i386.c, pcibios_resource_survey): bridge windows, then BARs whose
 * decode is on, then the others, then ROMs. What cannot be claimed is placed anew later.
 */
import type { FunctionDescription } from "../machine/description";
import type { Machine } from "../machine/machine";
import type { Bdf } from "../pci/bdf";
import type { PciFunction } from "../pci/function";
import { rootBusOf } from "../pci/root-bus";
import { writeIoWindow, writeMemoryWindow, writePrefetchableWindow } from "./bridge-window";
import { claim, clip } from "./claim";
import type { ConfigSpace } from "./config";
import type { Decisions } from "./decisions";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  devicesBelow,
  PCI_BRIDGE_RESOURCES,
  PCI_ROM_RESOURCE,
  type PciBus,
  type PciDev,
} from "./pci-dev";
import { formatResource, IORESOURCE, Resource } from "./resource";
import { writeWindow } from "./set-up-bridge";

const TWO_32 = 2 ** 32;
const COMMAND = { IO: 1, MEMORY: 2 } as const;
const ROM_ENABLE = 1;
const SRIOV_ID = 0x10;
const PCI_BRIDGE_CLASS = 0x0604;

interface Hardware {
  readonly machine: Machine;
  readonly config: ConfigSpace;
}

interface Claims extends Hardware {
  readonly decisions: Decisions;
  /** Where firmware had what could not be claimed: better than nowhere. */
  readonly firmware: Map<Resource, number>;
}

function bdfOf(fn: PciFunction): Bdf | undefined {
  if (!fn.place) return undefined;
  const { bus, device, function: number } = fn.place;
  return { segment: rootBusOf(fn)?.segment ?? 0, bus: bus.number, device, function: number };
}

/** Puts into the registers what firmware had there, as the machine's description has it. */
export function programAsFirmware({ machine, config }: Hardware): void {
  for (const fn of machine.root.functions) {
    const { firmware = [] }: Partial<FunctionDescription> = machine.described.get(fn) ?? {};
    const bdf = bdfOf(fn);
    if (!firmware.length || !bdf) continue;
    const spans = spansOf(firmware);
    const at = (index: number) => (spans[index]?.end ? spans[index] : undefined);
    for (let index = 0; index < PCI_ROM_RESOURCE; index++)
      writeBar(config, bdf, { index, start: at(index)?.start });
    const rom = at(PCI_ROM_RESOURCE);
    if (rom && !rom.flags) config.write32(bdf, spans.length > PCI_BRIDGE_RESOURCES ? 0x38 : 0x30, rom.start);
    if (spans.length > PCI_BRIDGE_RESOURCES) writeWindows(config, bdf, at);
    clearVirtualBars(config, bdf);
  }
}

/** No firmware places virtual functions. */
function clearVirtualBars(config: ConfigSpace, bdf: Bdf): void {
  const at = config.findExtendedCapability(bdf, SRIOV_ID);
  for (let index = 0; at && index < 6; index++) config.write32(bdf, at + 0x24 + index * 4, 0);
}

/** Takes out of a recorded machine's registers what its Linux had put there. */
export function forgetAddresses({ machine, config }: Hardware): void {
  for (const fn of machine.root.functions) {
    const bdf = bdfOf(fn);
    if (!bdf || machine.described.get(fn)?.config === undefined) continue;
    const header = config.read(bdf, 0x0e, 1) & 0x7f;
    const bars = header === 0 ? 6 : header === 1 ? 2 : 1;
    for (let index = 0; index < bars; index++) config.write32(bdf, 0x10 + index * 4, 0);
    if (header === 0) config.write32(bdf, 0x30, 0);
    clearVirtualBars(config, bdf);
    if (header !== 1) continue;
    config.write32(bdf, 0x38, 0);
    writeWindows(config, bdf, () => undefined);
  }
}

function writeWindows(config: ConfigSpace, bdf: Bdf, at: (index: number) => FirmwareSpan | undefined): void {
  writeIoWindow(config, bdf, at(BRIDGE_IO));
  writeMemoryWindow(config, bdf, at(BRIDGE_MEMORY));
  writePrefetchableWindow(config, bdf, at(BRIDGE_PREFETCHABLE));
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
export function useShadowedRoms({ machine, decisions }: Claims, devices: readonly PciDev[]): void {
  for (const dev of devices) {
    const fn = machine.root.functionAt(dev.bdf);
    const rom = spansOf((fn && machine.described.get(fn)?.firmware) ?? [])[PCI_ROM_RESOURCE];
    if (!rom?.flags) continue;
    const resource = new Resource(dev.name, rom);
    dev.resource[PCI_ROM_RESOURCE] = resource;
    decisions.info(`pci ${dev.name}: Video device with shadowed ROM at ${formatResource(resource)}`);
  }
}

function writeBar(
  config: ConfigSpace,
  bdf: Bdf,
  { index, start }: { index: number; start: number | undefined },
): void {
  if (start === undefined) return;
  config.write32(bdf, 0x10 + index * 4, start % TWO_32);
  if (start >= TWO_32) config.write32(bdf, 0x14 + index * 4, Math.floor(start / TWO_32));
}

/** Claims what it can; the rest has no place afterwards. */
export function claimFirmware(claims: Claims, roots: readonly PciBus[]): void {
  for (const root of roots) claimWindows(claims, root);
  for (const root of roots) claimBars(claims, root, { enabled: true });
  for (const root of roots) claimBars(claims, root, { enabled: false });
  for (const dev of roots.flatMap((root) => [...devicesBelow(root)])) claimRom(claims, dev);
}

/** A window that is not inside one of the bus above is no window. */
function claimWindows(claims: Claims, bus: PciBus): void {
  for (const dev of bus.devices.filter(({ isBridge }) => isBridge)) {
    for (const [index, window] of dev.resource.entries()) {
      if (!window || index < PCI_BRIDGE_RESOURCES || window.size <= 0) continue;
      if (window.start === 0 || !claimWindow(claims, dev, index))
        Object.assign(window, { start: 0, end: -1, flags: 0 });
    }
    if (dev.subordinate) claimWindows(claims, dev.subordinate);
  }
}

/** What reaches out of the windows above is cut to them (pci_claim_bridge_resource). */
function claimWindow({ decisions, config }: Claims, dev: PciDev, index: number): boolean {
  if (claim(decisions, dev, index) || dev.class >>> 8 !== PCI_BRIDGE_CLASS) return true;
  if (!clip(decisions, dev, index)) return false;
  const window = dev.resource[index];
  if (window) writeWindow(dev, { config, log: decisions, index, window });
  return claim(decisions, dev, index);
}

function claimBars(claims: Claims, bus: PciBus, { enabled }: { readonly enabled: boolean }): void {
  for (const dev of bus.devices) {
    const command = claims.config.read(dev.bdf, 4, 2);
    for (const [index, bar] of dev.resource.entries()) {
      if (!bar || index === PCI_ROM_RESOURCE || index >= PCI_BRIDGE_RESOURCES) continue;
      if (bar.parent || bar.start === 0 || bar.has(IORESOURCE.PCI_FIXED)) continue;
      const decodes = (command & (bar.has(IORESOURCE.IO) ? COMMAND.IO : COMMAND.MEMORY)) !== 0;
      if (decodes === enabled && !claim(claims.decisions, dev, index)) forget(claims, bar);
    }
    if (enabled) switchRomOff(claims, dev);
    if (dev.subordinate) claimBars(claims, dev.subordinate, { enabled });
  }
}

/** Its address is kept, but it does not answer. */
function switchRomOff({ config }: Claims, { bdf, isBridge, resource }: PciDev): void {
  const rom = resource[PCI_ROM_RESOURCE];
  if (!rom || rom.has(IORESOURCE.PCI_FIXED) || !(rom.flags & ROM_ENABLE)) return;
  rom.flags &= ~ROM_ENABLE;
  const at = isBridge ? 0x38 : 0x30;
  config.write32(bdf, at, config.read32(bdf, at) & ~ROM_ENABLE);
}

function claimRom(claims: Claims, dev: PciDev): void {
  const rom = dev.resource[PCI_ROM_RESOURCE];
  if (!rom || rom.start === 0 || rom.parent || rom.has(IORESOURCE.PCI_FIXED)) return;
  if (claim(claims.decisions, dev, PCI_ROM_RESOURCE)) return;
  forget(claims, rom);
  claims.firmware.delete(rom);
}

/** Its size stays known, and where firmware had it. */
function forget({ firmware }: Claims, resource: Resource): void {
  firmware.set(resource, resource.start);
  resource.end -= resource.start;
  resource.start = 0;
  resource.flags |= IORESOURCE.UNSET;
}
