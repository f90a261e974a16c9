/** DMA through the IOMMU (drivers/iommu/dma-iommu.c): addresses of the device's own domain, from below 4 GiB downwards. */
import { PAGE_SIZE, physical } from "../../core/address";
import type { Pages } from "../pages";
import { type Direction, DMA_BIDIRECTIONAL, fromDevice, toDevice } from "./direction";
import type { DmaDomain } from "./domain";
import { type IntelIommu, rightsOf } from "./intel-iommu";
import type { DmaDevice, DmaOps, Mapped, PhysicalRange } from "./mapping";

/** A PCI device gets an address of 32 bits where there is one, whatever its mask. */
const BELOW_4G = 2n ** 32n - 1n;
/** The domain's own end: 39 bits. */
const APERTURE = 2n ** 39n - 1n;

export class TranslatedDma implements DmaOps {
  readonly #iommu: IntelIommu;
  readonly #pages: Pages;

  constructor(iommu: IntelIommu, pages: Pages) {
    this.#iommu = iommu;
    this.#pages = pages;
  }

  map(dev: DmaDevice, range: PhysicalRange, direction: Direction): Mapped | undefined {
    const [only] = this.#mapPages(dev, [range], { direction, mask: dev.dmaMask }) ?? [];
    return only && { handle: only.handle };
  }

  /** One run of addresses; pieces that begin and end at page borders are one for the device. */
  mapList(dev: DmaDevice, ranges: readonly PhysicalRange[], direction: Direction) {
    const pieces = this.#mapPages(dev, ranges, { direction, mask: dev.dmaMask });
    const merged: { handle: bigint; bytes: number }[] = [];
    for (const { handle, bytes } of pieces ?? []) {
      const last = merged.at(-1);
      if (last && last.handle + BigInt(last.bytes) === handle) last.bytes += bytes;
      else merged.push({ handle, bytes });
    }
    return pieces && merged;
  }

  unmap(dev: DmaDevice, { handle, bytes }: { handle: bigint; bytes: number }): void {
    const domain = this.#domainOf(dev);
    const iova = handle & ~BigInt(PAGE_SIZE - 1);
    const whole = pagesOf(Number(handle - iova) + bytes);
    domain.unmap(iova, whole);
    this.#iommu.flush(domain, { iova, bytes: whole, done: () => domain.iova.free(iova, whole) });
  }

  allocate(dev: DmaDevice, bytes: number): (PhysicalRange & { handle: bigint }) | undefined {
    const at = this.#pages.allocate(bytes, Number.POSITIVE_INFINITY);
    if (at === undefined) return undefined;
    this.#pages.clear(at, pagesOf(bytes));
    const options = { direction: DMA_BIDIRECTIONAL, mask: dev.coherentMask } as const;
    const [mapped] = this.#mapPages(dev, [{ physical: at, bytes }], options) ?? [];
    return mapped && { physical: at, bytes, handle: mapped.handle };
  }

  free(dev: DmaDevice, block: PhysicalRange & { readonly handle: bigint }): void {
    this.unmap(dev, block);
    this.#pages.release(block.physical, block.bytes);
  }

  #mapPages(
    dev: DmaDevice,
    ranges: readonly PhysicalRange[],
    { direction, mask }: { readonly direction: Direction; readonly mask: bigint },
  ): readonly { readonly handle: bigint; readonly bytes: number }[] | undefined {
    const domain = this.#domainOf(dev);
    const total = ranges.reduce((sum, { physical: at, bytes }) => sum + pagesOf((at % PAGE_SIZE) + bytes), 0);
    const iova = allocate(domain, total, mask);
    if (iova === undefined) return undefined;
    const rights = rightsOf({ read: toDevice(direction), write: fromDevice(direction) });
    let next = iova;
    return ranges.map(({ physical: at, bytes }) => {
      const inside = at % PAGE_SIZE;
      const whole = pagesOf(inside + bytes);
      domain.map(next, physical(at - inside), { bytes: whole, rights });
      const handle = next + BigInt(inside);
      next += BigInt(whole);
      return { handle, bytes };
    });
  }

  #domainOf(dev: DmaDevice): DmaDomain {
    const domain = this.#iommu.domainOf(dev.pci);
    if (!domain) throw new RangeError(`${dev.pci.name} has no IOMMU domain`);
    return domain;
  }
}

function allocate({ iova }: DmaDomain, bytes: number, mask: bigint): bigint | undefined {
  const limit = mask < APERTURE ? mask : APERTURE;
  return (limit > BELOW_4G ? iova.allocate(bytes, BELOW_4G) : undefined) ?? iova.allocate(bytes, limit);
}

function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
}
