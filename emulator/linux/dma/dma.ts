/**
 * The DMA API (kernel/dma/mapping.c): masks, coherent and streaming buffers. Each mapping is remembered, so that views
 * show it and mistakes have a name (`debug.ts`).
 */
import { offset, type PhysicalAddress, physical, type VirtualAddress } from "../../core/address";
import { hex } from "../../core/hex";
import type { DmaBufferView } from "../../machine/views";
import type { KernelBase } from "../kernel-base";
import { PAGE_OFFSET } from "../pages";
import { DmaDebug } from "./debug";
import { type Direction, DMA_BIDIRECTIONAL, DMA_MAPPING_ERROR, fromDevice, toDevice } from "./direction";
import type { DmaDevice, DmaMapping, DmaOps, PhysicalRange, Piece, Streaming } from "./mapping";
import { Reach } from "./reach";

const EIO = 5;
/** A mask that does not even reach ZONE_DMA helps nobody (dma_direct_supported). */
const SMALLEST_MASK = 2n ** 24n - 1n;
const DIRECT_MAP_END = offset(PAGE_OFFSET, 2 ** 46);

export interface ListEntry {
  readonly at: VirtualAddress;
  readonly bytes: number;
}

export class Dma {
  readonly debug: DmaDebug;
  /** What devices and the CPU do with the buffers. */
  readonly reach: Reach;
  readonly #kernel: KernelBase;
  readonly #opsOf: (dev: DmaDevice) => DmaOps;
  readonly #mappings: DmaMapping[] = [];

  constructor(kernel: KernelBase, opsOf: (dev: DmaDevice) => DmaOps) {
    this.#kernel = kernel;
    this.#opsOf = opsOf;
    this.debug = new DmaDebug(kernel, this.#mappings);
    this.reach = new Reach(kernel, this.#mappings);
  }

  /** 0, or -EIO (dma_set_mask, dma_set_coherent_mask). */
  setMask(dev: DmaDevice, mask: bigint, which: { streaming?: boolean; coherent?: boolean }): number {
    if (mask < SMALLEST_MASK) return -EIO;
    if (which.streaming) dev.dmaMask = mask;
    if (which.coherent) dev.coherentMask = mask;
    return 0;
  }

  /** The handle, or DMA_MAPPING_ERROR. */
  map(dev: DmaDevice, at: VirtualAddress, how: Streaming): bigint {
    const range = this.#rangeOf(dev, at, how.bytes);
    const mapped = range && this.#opsOf(dev).map(dev, range, how.direction);
    if (!range || !mapped) return DMA_MAPPING_ERROR;
    this.#add({ dev, virtual: at, ...range, ...how, ...mapped });
    return mapped.handle;
  }

  /** A list: what the device sees of it, by entry; undefined where it cannot be mapped (dma_map_sg returns 0). */
  mapList(dev: DmaDevice, list: readonly ListEntry[], direction: Direction): readonly Piece[] | undefined {
    const ranges = list.map(({ at, bytes }) => this.#rangeOf(dev, at, bytes));
    if (ranges.includes(undefined)) return undefined;
    const whole = ranges as readonly PhysicalRange[];
    const ops = this.#opsOf(dev);
    const pieces = ops.mapList ? ops.mapList(dev, whole, direction) : mapEach(ops, dev, whole, direction);
    if (!pieces) return undefined;
    const run = ops.mapList ? runOf(pieces) : undefined;
    let [piece, inside] = [0, 0];
    for (const [index, { at }] of list.entries()) {
      const { handle = 0n, bytes: length = 0, bounce } = pieces[piece] ?? {};
      const range = whole[index] ?? { physical: physical(0), bytes: 0 };
      this.#add({
        ...{ dev, handle: handle + BigInt(inside), virtual: at, ...range, direction, bounce },
        ...{ as: "scatter-gather", entries: list.length, run: index === 0 ? run : undefined },
      });
      inside += range.bytes;
      if (inside >= length) [piece, inside] = [piece + 1, 0];
    }
    return pieces;
  }

  /** dma_unmap_single, dma_unmap_page */
  unmap(dev: DmaDevice, handle: bigint, how: Streaming): void {
    const mapping = this.debug.checkUnmap(dev, handle, how);
    if (mapping) this.#end(mapping);
  }

  /** dma_unmap_sg */
  unmapList(dev: DmaDevice, list: readonly ListEntry[], direction: Direction): void {
    for (const { at, bytes } of list) {
      const mapping = this.debug.checkUnmapEntry(dev, at, { bytes, direction, entries: list.length });
      if (!mapping) continue;
      if (fromDevice(mapping.direction)) this.#copy(mapping, "back");
      this.#forget(mapping);
      const ops = this.#opsOf(dev);
      if (mapping.run) ops.unmap(dev, mapping.run, direction);
      else if (!ops.mapList) ops.unmap(dev, mapping, direction);
    }
  }

  sync(
    dev: DmaDevice,
    handle: bigint,
    how: { bytes: number; direction: Direction; to: "cpu" | "device" },
  ): void {
    const mapping = this.debug.checkSync(dev, handle, how);
    if (!mapping) return;
    mapping.owner = how.to;
    if (how.to === "cpu" && fromDevice(mapping.direction)) this.#copy(mapping, "back");
    if (how.to === "device" && toDevice(mapping.direction)) this.#copy(mapping, "out");
    this.reach.watch();
  }

  /** The same for one entry of a list. */
  syncEntry(
    dev: DmaDevice,
    at: VirtualAddress,
    how: { bytes: number; direction: Direction; to: "cpu" | "device" },
  ): void {
    const mapping = this.#mappings.find(
      (it) => it.dev === dev && it.virtual === at && it.as === "scatter-gather",
    );
    if (mapping) this.sync(dev, mapping.handle, how);
  }

  allocate(dev: DmaDevice, bytes: number, gfp: number): DmaMapping | undefined {
    this.reach.checkMask(dev);
    const block = this.#opsOf(dev).allocate(dev, bytes, gfp);
    if (!block) return undefined;
    const virtual = offset(PAGE_OFFSET, block.physical);
    return this.#add({ dev, virtual, ...block, direction: DMA_BIDIRECTIONAL, as: "coherent" });
  }

  free(dev: DmaDevice, handle: bigint, { bytes, at }: { bytes: number; at: VirtualAddress }): void {
    const mapping = this.debug.checkFree(dev, handle, { bytes, at });
    if (!mapping) return;
    this.#forget(mapping);
    this.#opsOf(dev).free(dev, mapping);
  }

  /** dma_mapping_error() */
  failed(dev: DmaDevice, handle: bigint): boolean {
    for (const mapping of this.#mappings)
      if (mapping.dev === dev && mapping.handle === handle) mapping.checked = true;
    return handle === DMA_MAPPING_ERROR;
  }

  /** Physical address of memory in the direct map (virt_to_phys); undefined for all other addresses. */
  physicalOf(at: VirtualAddress): PhysicalAddress | undefined {
    return at >= PAGE_OFFSET && at < DIRECT_MAP_END ? physical(at - PAGE_OFFSET) : undefined;
  }

  get views(): readonly DmaBufferView[] {
    return this.#mappings.map((it) => ({
      handle: hex(it.handle),
      virtual: hex(it.virtual),
      physical: hex(it.physical),
      bytes: it.bytes,
      kind: it.as === "coherent" ? "coherent" : "streaming",
      direction: VIEW_DIRECTION[it.direction],
      owner: it.dev.driver,
      bdf: it.dev.pci.name,
      ...(it.bounce !== undefined && { bounce: hex(it.bounce) }),
    }));
  }

  #rangeOf(dev: DmaDevice, at: VirtualAddress, bytes: number): PhysicalRange | undefined {
    this.reach.checkMask(dev);
    const found = this.physicalOf(at);
    if (found !== undefined && bytes > 0) return { physical: found, bytes };
    this.#kernel.kernelLog.warn(`${dev.driver} ${dev.pci.name}: rejecting DMA map of vmalloc memory`);
    return undefined;
  }

  #add(made: Omit<DmaMapping, "checked" | "owner">): DmaMapping {
    const mapping: DmaMapping = {
      ...made,
      checked: made.as !== "single" && made.as !== "page",
      owner: "device",
    };
    this.#mappings.push(mapping);
    this.#copy(mapping, "out");
    this.reach.watch();
    this.#kernel.changed();
    return mapping;
  }

  #end(mapping: DmaMapping): void {
    if (fromDevice(mapping.direction)) this.#copy(mapping, "back");
    this.#forget(mapping);
    this.#opsOf(mapping.dev).unmap(mapping.dev, mapping, mapping.direction);
  }

  #forget(mapping: DmaMapping): void {
    this.#mappings.splice(this.#mappings.indexOf(mapping), 1);
    this.reach.remember(mapping);
    this.reach.watch();
    this.#kernel.changed();
  }

  /** To the copy that the device works on, or back from it. */
  #copy({ bounce, physical: at, bytes }: DmaMapping, way: "out" | "back"): void {
    if (bounce === undefined) return;
    const { ram, physical: map } = this.#kernel.machine;
    const [from, to] = way === "out" ? [at, bounce] : [bounce, at];
    const data = new Uint8Array(bytes);
    ram.copyOut(map.ramOffset(from) ?? 0, data);
    ram.copyIn(map.ramOffset(to) ?? 0, data);
  }
}

const VIEW_DIRECTION = ["bidirectional", "to-device", "from-device", "bidirectional"] as const;

/** Each entry by itself; none where one of them fails. */
function mapEach(
  ops: DmaOps,
  dev: DmaDevice,
  ranges: readonly PhysicalRange[],
  direction: Direction,
): readonly Piece[] | undefined {
  const mapped: Piece[] = [];
  for (const range of ranges) {
    const one = ops.map(dev, range, direction);
    if (one) mapped.push({ ...one, bytes: range.bytes });
    else {
      for (const piece of mapped) ops.unmap(dev, piece, direction);
      return undefined;
    }
  }
  return mapped;
}

/** All pieces of a list lie in one run of addresses. */
function runOf(pieces: readonly Piece[]): { readonly handle: bigint; readonly bytes: number } | undefined {
  const [first, last] = [pieces[0], pieces.at(-1)];
  return first && last && { handle: first.handle, bytes: Number(last.handle - first.handle) + last.bytes };
}
