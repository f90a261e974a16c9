/** The tables of DMA remapping backwards: which addresses of which functions reach a page of RAM. */
import { type PhysicalAddress, physical } from "../core/address";
import { hex } from "../core/hex";
import type { Iommu } from "../iommu/iommu";
import { SL } from "../iommu/remapping-tables";
import type { Hardware } from "../machine/hardware";
import { bdfOf } from "../machine/watch-target";
import type { Alias } from "../machine/way-views";
import type { PciFunction } from "../pci/function";

const ENTRIES = 512;
const PAGE = 4096;
const MOST = 256;

/** A table of a domain: where it lies, which level it is, and the first address that it maps. */
interface Table {
  readonly at: PhysicalAddress;
  readonly level: number;
  readonly base: bigint;
}

export function ioVirtuals(machine: Hardware, iommu: Iommu, wanted: PhysicalAddress): readonly Alias[] {
  return machine.root.functions.flatMap((fn) => {
    const domain = domainOf(iommu, fn);
    if (domain === "passed through") return [alias(fn, BigInt(wanted), "passed through by the IOMMU")];
    if (!domain) return [];
    const found: bigint[] = [];
    scan(machine, { wanted, found }, domain);
    return found.map((at) => alias(fn, at, `domain of ${bdfOf(fn)}`));
  });
}

function alias(fn: PciFunction, at: bigint, by: string): Alias {
  return { space: "iova", address: `iova@${bdfOf(fn)}:${hex(at)}`, by };
}

/** The tables of a function's domain, from the first second-level entry that any walk reads. */
function domainOf(iommu: Iommu, fn: PciFunction): Table | "passed through" | undefined {
  let first: Table | undefined;
  const walked = iommu.walk({ requester: iommu.requesterOf(fn), address: 0n, write: false }, (step) => {
    if (step.table === "second-level" && step.level !== undefined)
      first ??= { at: physical(step.at - step.index * 8), level: step.level, base: 0n };
  });
  return walked.kind === "passed-through" ? "passed through" : first;
}

interface Search {
  readonly wanted: PhysicalAddress;
  readonly found: bigint[];
}

function scan(machine: Hardware, search: Search, { at, level, base }: Table): void {
  const size = PAGE * 512 ** (level - 1);
  for (let index = 0; index < ENTRIES && search.found.length < MOST; index++) {
    const low = entry(machine, at + index * 8);
    if ((low & BigInt(SL.READ | SL.WRITE)) === 0n) continue;
    const to = Number(low & 0x000f_ffff_ffff_f000n);
    const first = base + BigInt(index) * BigInt(size);
    if (level > 1 && !(low & BigInt(SL.LARGE)))
      scan(machine, search, { at: physical(to), level: level - 1, base: first });
    else if (search.wanted >= to && search.wanted < to + size)
      search.found.push(first + BigInt(search.wanted - to));
  }
}

function entry(machine: Hardware, at: number): bigint {
  const word = (where: number) => BigInt((machine.physical.readWord(physical(where)) ?? 0) >>> 0);
  return word(at) | (word(at + 4) << 32n);
}
