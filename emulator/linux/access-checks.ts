/**
 * What a driver's accesses of device memory do wrong although nothing stops them: registers that it has not claimed,
 * reads with a side effect through a mapping that may repeat them, widths that a register refuses, addresses behind a
 * BAR. Only pages that may be wrong are looked at.
 */
import { PAGE_SIZE, type PhysicalAddress, type VirtualAddress } from "../core/address";
import { hex } from "../core/hex";
import type { AccessWatch, CpuAccess } from "../core/physical-space";
import type { Register } from "../core/register-map";
import type { BusError } from "../core/transaction";
import { bankBehind } from "../machine/register-names";
import { effectiveType, type MemoryType } from "../mmu/memory-type";
import type { Route } from "../pci/route";
import type { KernelBase } from "./kernel-base";
import { IORESOURCE } from "./resource";
import type { Area, Mapper } from "./vmalloc";

/** What each mapping function asks for, as sentences name it. */
const KINDS: Readonly<Partial<Record<MemoryType, string>>> = {
  WC: "write combining",
  WT: "write through",
  WB: "write back",
};

export class AccessChecks implements AccessWatch {
  readonly #kernel: KernelBase;
  readonly #next: AccessWatch;
  /** BARs that were told of: `edu 0`. */
  readonly #unclaimed = new Set<string>();
  /** Mappings that may repeat or merge reads. */
  #loose: readonly Area[] = [];

  /** `next` is asked first: the watchpoints. */
  constructor(kernel: KernelBase, next: AccessWatch) {
    this.#kernel = kernel;
    this.#next = next;
  }

  /** A mapping was made: another type than was asked for is told, and loose ones are looked at. */
  mapped(area: Area | undefined, wanted: MemoryType): void {
    if (!area) return;
    if (KINDS[area.type]) this.#loose = [...this.#loose, area];
    if (area.type === wanted || (wanted === "WB" && area.type === "UC-")) return;
    this.#kernel.services.sanitizer.report("memory-type", `${area.start}`, {
      level: "warning",
      text: `the mapping of ${hex(area.physical)} is ${area.type}, not ${wanted}: another mapping of the same range is`,
      explanation:
        "Two mappings of one range have one memory type, that of the first: unmap the other one before.",
    });
  }

  /** A mapping of RAM was refused. */
  ramMapped(at: PhysicalAddress, by: Mapper): void {
    this.#kernel.services.sanitizer.report("ioremap-of-ram", hex(at), {
      level: "error",
      text: `${by}() of ${hex(at)}, which is System RAM, returns NULL`,
      explanation:
        "Map what pci_resource_start() says with pci_iomap(); for RAM use memremap(…, MEMREMAP_WB).",
    });
  }

  /** Called as an address faults: what was there. */
  faulted(address: VirtualAddress): string | undefined {
    const { vmalloc, services } = this.#kernel;
    const gone = vmalloc.goneAt(address);
    const before = vmalloc.areas.find(
      ({ start, bytes }) => address >= start + bytes && address < start + bytes + PAGE_SIZE,
    );
    if (before) this.#behind(before, address);
    if (!gone) return undefined;
    const { by, owner, physical: at, start } = gone.area;
    const what = `${by}() of ${owner} had mapped ${hex(at + (address - start))} here`;
    services.sanitizer.report("use-after-unmap", `${start}`, {
      level: "error",
      text: `${hex(at + (address - start))} is used after it was unmapped`,
      explanation: `${what}: stop using the mapping, interrupts included, before it is unmapped.`,
    });
    return `rootport: ${what}; it was unmapped at ${(gone.time / 1e6).toFixed(3)} ms`;
  }

  covers(page: PhysicalAddress): boolean {
    if (this.#next.covers(page)) return true;
    if (!this.#kernel.services.sanitizer.on) return false;
    return this.#unclaimedAt(page) !== undefined || this.#looseAt(page) !== undefined;
  }

  check(access: CpuAccess): void {
    this.#next.check(access);
    this.#checkClaim(access.physical);
    if (access.value === undefined) this.#checkRead(access);
  }

  /** A transaction of the CPU that did not end well. */
  failed({ kind, initiator, address, bytes, write, sentence }: BusError): void {
    if (initiator !== "cpu" || kind !== "refused-width") {
      if (initiator === "cpu" && kind === "master-abort") this.#unanswered(address, bytes);
      else if (kind === "dma-blocked") this.#blocked(initiator, write, sentence);
      return;
    }
    const aligned = address % BigInt(bytes) === 0n;
    this.#kernel.services.sanitizer.report(
      aligned ? "refused-width" : "unaligned",
      `${address} ${bytes} ${write}`,
      {
        level: "error",
        text: aligned ? sentence : `${sentence.split(":")[0]}: the address is no multiple of ${bytes}`,
        explanation: `A read returns all ones, a write is lost: use the accessor of the register's width, at its start.`,
      },
    );
  }

  #behind({ physical: at, bytes, by, owner }: Area, address: VirtualAddress): void {
    this.#kernel.services.sanitizer.report("beyond-the-mapping", `${at}`, {
      level: "error",
      text: `${hex(address)} is behind the ${bytes} bytes that ${by}() of ${owner} mapped of ${hex(at)}`,
      explanation: "Map as much as pci_resource_len() says, and stay inside it.",
    });
  }

  /** Nothing answers, and the address is inside a page that is mapped: behind what the BAR has of it. */
  #unanswered(address: bigint, bytes: number): void {
    const { vmalloc, services, machine } = this.#kernel;
    const at = Number(address);
    const area = vmalloc.areas.find((it) => at >= it.physical && at < it.physical + it.bytes);
    const bar = machine.root.functions
      .flatMap((fn) => fn.bars.map((it) => ({ fn, it, end: Number(it.base) + it.size })))
      .find(
        ({ it, end }) =>
          it.kind !== "io" && at >= end && Math.floor(at / PAGE_SIZE) === Math.floor((end - 1) / PAGE_SIZE),
      );
    if (!area || !bar) return;
    services.sanitizer.report("beyond-the-mapping", `${bar.fn.name} ${bar.it.index}`, {
      level: "error",
      text: `an access of ${bytes} bytes at ${hex(at)} is behind BAR ${bar.it.index} of ${bar.fn.name}, which has ${bar.it.size} bytes`,
      explanation:
        "A mapping is made of whole pages, but the BAR ends before: stay inside pci_resource_len().",
    });
  }

  #blocked(initiator: string, write: boolean, sentence: string): void {
    if (!sentence.includes("Bus Master Enable")) return;
    const dev = this.#kernel.boundTo(initiator);
    if (!dev) return;
    this.#kernel.services.sanitizer.report("dma-without-bus-master", initiator, {
      level: "error",
      text: `${initiator} cannot ${write ? "write" : "read"}: its request is blocked, Bus Master Enable is off`,
      explanation:
        "Call pci_set_master(pdev) after pci_enable_device(pdev): it lets DMA and message interrupts out.",
      fix: { insert: "pci_set_master(pdev);" },
    });
  }

  #checkClaim(at: PhysicalAddress): void {
    const found = this.#unclaimedAt(at);
    if (!found) return;
    this.#unclaimed.add(found.key);
    this.#kernel.services.sanitizer.report("no-claim", found.key, {
      level: "warning",
      text: `BAR ${found.bar} of ${found.name} is used, and nobody has claimed it`,
      explanation:
        "Call pci_request_regions(pdev, name) before it is mapped: it names the owner in /proc/iomem and refuses a second one.",
      fix: { insert: `pci_request_regions(pdev, "${this.#kernel.owner}");` },
    });
  }

  #checkRead({ physical: at, bytes }: CpuAccess): void {
    const area = this.#looseAt(at);
    const route = area && this.#routeOf(at);
    if (!area || !route) return;
    const bank = bankBehind(this.#kernel.machine, route.bar);
    const inside = at - Number(route.bar.base);
    const [name, register] =
      Object.entries(bank?.registers.map ?? {}).find(
        ([, it]) => inside < it.at + it.width / 8 && inside + bytes > it.at,
      ) ?? [];
    if (!name || !register || !hasReadEffect(register)) return;
    this.#kernel.services.sanitizer.report("side-effect-read", `${bank?.name}.${name}`, {
      level: "error",
      text: `a read of ${bank?.name}.${name} changes the device, and the mapping is ${KINDS[area.type]}: the CPU may read it ahead, twice, or not at all`,
      explanation: `Map registers with ioremap() or pci_iomap(); ${area.by}() is for memory.`,
    });
  }

  #looseAt(at: PhysicalAddress): Area | undefined {
    if (this.#loose.length === 0) return undefined;
    const { areas } = this.#kernel.vmalloc;
    const area = this.#loose.find((it) => at >= it.physical && at < it.physical + it.bytes);
    if (!area || !areas.includes(area)) return undefined;
    const type = effectiveType(this.#kernel.machine.mtrr.typeOf(at), area.type);
    return type === "UC" ? undefined : area;
  }

  #unclaimedAt(at: PhysicalAddress): { key: string; name: string; bar: number } | undefined {
    const route = this.#routeOf(at);
    if (!route) return undefined;
    const { function: fn, bar } = route;
    const key = `${fn.name} ${bar.index}`;
    if (this.#unclaimed.has(key) || !this.#kernel.boundTo(fn.name)) return undefined;
    return this.#isClaimed(at) ? undefined : { key, name: fn.name, bar: bar.index };
  }

  #isClaimed(at: PhysicalAddress): boolean {
    for (const { resource } of this.#kernel.iomem.walk())
      if (resource.has(IORESOURCE.BUSY) && resource.contains({ start: at, end: at })) return true;
    return false;
  }

  #routeOf(at: PhysicalAddress): (Route & { kind: "bar" }) | undefined {
    const { physical: map } = this.#kernel.machine;
    if (map.ramOffset(at) !== undefined) return undefined;
    const route = map.routeOf(at);
    return route?.kind === "bar" ? route : undefined;
  }
}

function hasReadEffect({ access, fields = {} }: Register): boolean {
  return access === "rc" || Object.values(fields).some((field) => field.access === "rc");
}
