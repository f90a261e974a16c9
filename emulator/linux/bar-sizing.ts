/**
 * Sizing (drivers/pci/probe.c, __pci_read_base; iov.c, sriov_init): write ones, read back which bits stick, restore. The
 * lowest bit that sticks is the size; the bits that do not say the kind.
 */
import type { Bdf } from "../pci/bdf";
import type { ConfigSpace } from "./config";
import type { KernelLog } from "./log";
import { PCI_IOV_RESOURCES, PCI_ROM_RESOURCE, type PciDev } from "./pci-dev";
import { formatResource, IORESOURCE, Resource } from "./resource";

interface Context {
  readonly config: ConfigSpace;
  readonly log: KernelLog;
}

const SRIOV_ID = 0x10;
const TWO_32 = 2 ** 32;
const PAGE = 4096;

/** With decode off: what a BAR says while it is sized is nobody's address. */
export function sizeBars(dev: PciDev, { config, log }: Context, count: 1 | 2 | 6): void {
  const command = config.read(dev.bdf, 4, 2);
  config.write(dev.bdf, 4, { width: 2, value: command & ~3 });
  const found = sizeRow(dev, config, { at: 0x10, count });
  for (const { index, resource } of found) {
    dev.resource[index] = resource;
    log.info(`pci ${dev.name}: BAR ${index} ${formatResource(resource)}`);
  }
  const rom = count === 1 ? undefined : sizeRom(dev, config, count === 6 ? 0x30 : 0x38);
  if (rom) {
    dev.resource[PCI_ROM_RESOURCE] = rom;
    log.info(`pci ${dev.name}: ROM ${formatResource(rom)}`);
  }
  config.write(dev.bdf, 4, { width: 2, value: command });
  for (const resource of dev.resource) if (resource) resource.flags |= IORESOURCE.UNSET;
}

/**
 * The BARs that virtual functions share: the part of one, times how many there can be. A part that is no whole number of
 * pages spoils them all.
 */
export function sizeVirtualBars(dev: PciDev, { config, log }: Context): void {
  const capability = config.findExtendedCapability(dev.bdf, SRIOV_ID);
  const total = capability ? config.read(dev.bdf, capability + 0x0e, 2) : 0;
  if (!total) return;
  const last = PCI_IOV_RESOURCES + 6;
  for (const { index, resource } of sizeRow(dev, config, { at: capability + 0x24, count: 6 })) {
    log.info(`pci ${dev.name}: VF BAR ${index} ${formatResource(resource)}`);
    if (resource.size % PAGE) {
      dev.resource.fill(undefined, PCI_IOV_RESOURCES, last);
      return;
    }
    resource.part = resource.size;
    resource.end = resource.start + resource.size * total - 1;
    dev.resource[PCI_IOV_RESOURCES + index] = resource;
    log.info(
      `pci ${dev.name}: VF BAR ${index} ${formatResource(resource)}: contains BAR ${index} for ${total} VFs`,
    );
    resource.flags |= IORESOURCE.UNSET;
  }
}

interface Row {
  readonly at: number;
  readonly count: number;
}

interface Found {
  readonly index: number;
  readonly resource: Resource;
}

/** BARs one after the other; a 64-bit one takes two places. */
function sizeRow(dev: PciDev, config: ConfigSpace, { at, count }: Row): readonly Found[] {
  const found: Found[] = [];
  for (let index = 0; index < count; index++) {
    const resource = sizeBar(dev, config, at + index * 4);
    if (!resource) continue;
    found.push({ index, resource });
    if (resource.has(IORESOURCE.MEM_64)) index++;
  }
  return found;
}

function sizeBar(dev: PciDev, config: ConfigSpace, at: number): Resource | undefined {
  const [low, ones] = probe(config, dev.bdf, at);
  if (ones === 0) return undefined;
  if (ones & 1) {
    const size = lowestBit(BigInt((ones & 0xfffc) >>> 0));
    return resourceOf(dev, { start: config.toCpu("io", low & ~3), size, flags: IORESOURCE.IO | (low & 3) });
  }
  const wide = (low & 6) === 4;
  const [high, highOnes] = wide ? probe(config, dev.bdf, at + 4) : [0, 0xffffffff];
  const size = lowestBit((BigInt(highOnes) << 32n) | BigInt((ones & ~15) >>> 0));
  const kind = IORESOURCE.MEM | (wide ? IORESOURCE.MEM_64 : 0) | (low & 8 ? IORESOURCE.PREFETCH : 0);
  const start = config.toCpu("memory", high * TWO_32 + ((low & ~15) >>> 0));
  return resourceOf(dev, { start, size, flags: kind | (low & 15) });
}

/** The enable bit is left out: a ROM that is being sized must not answer. */
function sizeRom(dev: PciDev, config: ConfigSpace, at: number): Resource | undefined {
  const value = config.read32(dev.bdf, at);
  config.write32(dev.bdf, at, 0xfffff800);
  const size = lowestBit(BigInt((config.read32(dev.bdf, at) & 0xfffff800) >>> 0));
  config.write32(dev.bdf, at, value);
  const { MEM, PREFETCH, READONLY } = IORESOURCE;
  return resourceOf(dev, {
    start: config.toCpu("memory", (value & 0xfffff800) >>> 0),
    size,
    flags: MEM | PREFETCH | READONLY | (value & 1),
  });
}

/** The BAR's value, and what it reads after ones were written; then restored. */
function probe(config: ConfigSpace, where: Bdf, at: number): readonly [value: number, ones: number] {
  const value = config.read32(where, at);
  config.write32(where, at, 0xffffffff);
  const ones = config.read32(where, at);
  config.write32(where, at, value);
  return [value, ones];
}

function resourceOf(
  dev: PciDev,
  { start, size, flags }: { start: number; size: number; flags: number },
): Resource | undefined {
  if (size === 0) return undefined;
  return new Resource(dev.name, { start, end: start + size - 1, flags: flags | IORESOURCE.SIZEALIGN });
}

function lowestBit(mask: bigint): number {
  return Number(mask & -mask);
}
