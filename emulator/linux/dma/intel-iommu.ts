/**
 * The driver of the DMA remapping unit (drivers/iommu/intel/iommu.c, dmar.c): it builds the tables, gives each IOMMU
 * group a domain, flushes, and logs the faults.
 * Not modelled: queued invalidation and interrupt remapping, which the unit does not offer.
 */
import { PAGE_SIZE, type PhysicalAddress, physical } from "../../core/address";
import { digits } from "../../core/hex";
import { DMAR, type Iommu } from "../../iommu/iommu";
import { CONTEXT, FAULT_REASONS, SL } from "../../iommu/remapping-tables";
import type { IommuMode } from "../../machine/description";
import type { Bdf } from "../../pci/bdf";
import type { KernelBase } from "../kernel-base";
import type { Pages } from "../pages";
import type { PciBus, PciDev } from "../pci-dev";
import { IORESOURCE, Resource } from "../resource";
import { DmaDomain } from "./domain";
import { FlushQueue } from "./flush-queue";
import { IommuGroups } from "./groups";
import type { Range } from "./iova";

const REGISTER = {
  GCMD: 0x18,
  RTADDR: 0x20,
  CCMD: 0x28,
  FSTS: 0x34,
  FECTL: 0x38,
  FEDATA: 0x3c,
  FEADDR: 0x40,
} as const;
const [IVA, IOTLB, FRCD] = [0xf0, 0xf8, 0x220];
const [SET_ROOT, TRANSLATE] = [0x4000_0000, 0x8000_0000];
const MESSAGES: Range = { start: 0xfee0_0000n, end: 0xfeef_ffffn };
const MESSAGE_ADDRESS = 0xfee0_0000;
const THREE_LEVELS = 1;
const INVALIDATE = 1n << 63n;
const GLOBAL_CONTEXT = 1n << 61n;
const BY_PAGE = 3n << 60n;
const BY_DOMAIN = 2n << 60n;
/** Above this many pages, the whole domain is flushed (the unit's MAMV of 18 would do more; Linux asks so, too). */
const MOST_PAGES = 2 ** 18;
/** printk's default rate limit: so many in five seconds. */
const BURST = 10;
const INTERVAL_NS = 5_000_000_000;

export class IntelIommu {
  groups: IommuGroups;
  readonly #kernel: KernelBase;
  readonly #unit: Iommu;
  readonly #pages: Pages;
  readonly #mode: IommuMode;
  readonly #queue: FlushQueue;
  /** By group. */
  readonly #domains = new Map<number, DmaDomain>();
  readonly #contexts = new Map<number, PhysicalAddress>();
  readonly #root: PhysicalAddress;
  #printed = { since: 0, lines: 0 };

  constructor(kernel: KernelBase, unit: Iommu, pages: Pages) {
    this.#kernel = kernel;
    this.#unit = unit;
    this.#pages = pages;
    this.#mode = kernel.machine.description.iommu ?? "off";
    this.groups = new IommuGroups(kernel.config);
    this.#queue = new FlushQueue(kernel, () => this.#flushEverything());
    this.#root = pages.take();
  }

  /** Before enumeration: the unit is found and named in /proc/iomem. */
  announce(): void {
    const { kernelLog, iomem } = this.#kernel;
    const { registers } = this.#unit.bank;
    const line = (text: string) => kernelLog.info(`DMAR: ${text}`);
    line("Host address width 39");
    line(`DRHD base: 0x${digits(DMAR.base, 14)} flags: 0x0`);
    const [cap, ecap] = [registers.get("CAP"), registers.get("ECAP")].map((value) => digits(value));
    line(`dmar0: reg_base_addr ${digits(DMAR.base)} ver 1:0 cap ${cap} ecap ${ecap}`);
    if (iomem.children.some(({ name }) => name === "dmar0")) return;
    const end = DMAR.base + DMAR.bytes - 1;
    iomem.insert(new Resource("dmar0", { start: DMAR.base, end, flags: IORESOURCE.MEM | IORESOURCE.BUSY }));
  }

  /** After enumeration: every device gets its group and its address space, and translation begins. */
  start(roots: readonly PciBus[]): void {
    const { kernelLog } = this.#kernel;
    const translated = this.#mode !== "passthrough";
    kernelLog.info(
      `iommu: Default domain type: ${translated ? "Translated" : "Passthrough (set via kernel command line)"} `,
    );
    if (translated)
      kernelLog.info(
        `iommu: DMA domain TLB invalidation policy: ${this.#mode === "strict" ? "strict" : "lazy"} mode `,
      );
    for (const text of ["No RMRR found", "No ATSR found", "dmar0: Using Register based invalidation"])
      kernelLog.info(`DMAR: ${text}`);
    // A second boot begins anew.
    this.groups = new IommuGroups(this.#kernel.config);
    this.#domains.clear();
    this.groups.addAll(roots, (dev, group) => this.#attach(dev, group));
    this.#enable();
    kernelLog.info("DMAR: Intel(R) Virtualization Technology for Directed I/O");
  }

  /** The address space of a device; undefined where its requests pass as they are. */
  domainOf(dev: PciDev): DmaDomain | undefined {
    const group = this.groups.groupOf(dev) ?? this.#attachLate(dev);
    return this.#domains.get(group);
  }

  /** After entries were cleared: at once, or with the others of the queue, and only then are the addresses free. */
  flush(domain: DmaDomain, { iova, bytes, done }: { iova: bigint; bytes: number; done: () => void }): void {
    if (this.#mode !== "strict") {
      this.#queue.add(done);
      return;
    }
    this.#invalidate(domain, iova, bytes);
    done();
  }

  get strict(): boolean {
    return this.#mode === "strict";
  }

  /** What is still to be flushed. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** A card that came while the machine ran. */
  #attachLate(dev: PciDev): number {
    const group = this.groups.add(dev, this.#kernel.devices);
    this.#attach(dev, group);
    this.#unit.bank.write64(REGISTER.CCMD, INVALIDATE | GLOBAL_CONTEXT);
    return group;
  }

  #attach(dev: PciDev, group: number): void {
    this.#kernel.kernelLog.info(`pci ${dev.name}: Adding to iommu group ${group}`);
    const domain = this.#mode === "passthrough" ? undefined : this.#domainOfGroup(group);
    for (const id of this.groups.aliases(dev)) this.#setContext(id, domain);
  }

  #domainOfGroup(group: number): DmaDomain {
    const known = this.#domains.get(group);
    if (known) return known;
    const { machine } = this.#kernel;
    const windows = machine.root.windows.filter(({ kind }) => kind === "memory");
    const reserved = windows.map(({ start, end, offset }) => ({
      start: BigInt(start) - BigInt(offset),
      end: BigInt(end) - BigInt(offset),
    }));
    // Domain 0 is none.
    const id = this.#domains.size + 1;
    const domain = new DmaDomain(id, { machine, pages: this.#pages, reserved: [...reserved, MESSAGES] });
    this.#domains.set(group, domain);
    return domain;
  }

  #setContext({ bus, device, function: fn }: Bdf, domain: DmaDomain | undefined): void {
    const table = this.#contexts.get(bus) ?? this.#pages.take();
    this.#contexts.set(bus, table);
    this.#store(physical(this.#root + bus * 16), table | CONTEXT.PRESENT);
    const at = physical(table + ((device << 3) | fn) * 16);
    this.#store(at, domain ? domain.root | CONTEXT.PRESENT : CONTEXT.PASS_THROUGH | CONTEXT.PRESENT);
    this.#store(physical(at + 8), THREE_LEVELS | ((domain?.id ?? 0) << 8));
  }

  #enable(): void {
    const { bank } = this.#unit;
    const { irq } = this.#kernel;
    bank.write64(REGISTER.RTADDR, BigInt(this.#root));
    bank.write(REGISTER.GCMD, { width: 4, value: SET_ROOT });
    bank.write64(REGISTER.CCMD, INVALIDATE | GLOBAL_CONTEXT);
    this.#flushEverything();
    bank.write(REGISTER.FEDATA, { width: 4, value: irq.allocateOwn("dmar0", () => this.#fault()) });
    bank.write(REGISTER.FEADDR, { width: 4, value: MESSAGE_ADDRESS });
    bank.write(REGISTER.FECTL, { width: 4, value: 0 });
    bank.write(REGISTER.GCMD, { width: 4, value: TRANSLATE });
  }

  #invalidate({ id }: DmaDomain, iova: bigint, bytes: number): void {
    const { bank } = this.#unit;
    const pages = 2 ** Math.ceil(Math.log2(bytes / PAGE_SIZE));
    const wide = pages > MOST_PAGES;
    if (!wide) bank.write64(IVA, (iova & ~BigInt(pages * PAGE_SIZE - 1)) | BigInt(Math.log2(pages)));
    bank.write64(IOTLB, INVALIDATE | (wide ? BY_DOMAIN : BY_PAGE) | (BigInt(id) << 32n));
  }

  #flushEverything(): void {
    for (const { id } of this.#domains.values())
      this.#unit.bank.write64(IOTLB, INVALIDATE | BY_DOMAIN | (BigInt(id) << 32n));
  }

  /** dmar_fault(): reads the record, says what it holds, and frees it. */
  #fault(): void {
    const { bank } = this.#unit;
    const status = bank.read(REGISTER.FSTS, 4);
    const loud = this.#mayPrint();
    if (loud) this.#kernel.kernelLog.err(`DMAR: DRHD: handling fault status reg ${digits(status)}`);
    const high = bank.read(FRCD + 12, 4);
    if (high & TRANSLATE) {
      if (loud) this.#say(high, bank.read(FRCD + 8, 4) & 0xffff, bank.read64(FRCD));
      bank.write(FRCD + 12, { width: 4, value: TRANSLATE });
    }
    bank.write(REGISTER.FSTS, { width: 4, value: 1 });
  }

  #say(high: number, source: number, address: bigint): void {
    const [bus, device, fn] = [source >>> 8, (source >>> 3) & 31, source & 7];
    const reason = high & 0xff;
    const kind = high & SET_ROOT ? "Read" : "Write";
    this.#kernel.kernelLog.err(
      `DMAR: [DMA ${kind} NO_PASID] Request device [${digits(bus, 2)}:${digits(device, 2)}.${fn}] fault addr 0x${digits(address)} [fault reason 0x${digits(reason, 2)}] ${FAULT_REASONS[reason] ?? "Unknown"}`,
    );
  }

  #mayPrint(): boolean {
    const { now } = this.#kernel.machine.clock;
    if (now - this.#printed.since > INTERVAL_NS) this.#printed = { since: now, lines: 0 };
    return this.#printed.lines++ < BURST;
  }

  #store(at: PhysicalAddress, value: number): void {
    const { physical: memory } = this.#kernel.machine;
    memory.writeWord(at, value | 0);
    memory.writeWord(physical(at + 4), Math.floor(value / 2 ** 32));
  }
}

/** What a mapping lets the device do, as bits of its entries. */
export function rightsOf({ read, write }: { readonly read: boolean; readonly write: boolean }): number {
  return (read ? SL.READ : 0) | (write ? SL.WRITE : 0);
}
