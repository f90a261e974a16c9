/** linux/dma-mapping, linux/dmapool and linux/scatterlist: buffers that a device reaches. */
import type { Device } from "linux/device";
import type * as header from "linux/dma-mapping";
import type * as pool from "linux/dmapool";
import type * as scatterlist from "linux/scatterlist";
import type { KernelMem } from "linux/types";
import { offset, PAGE_SIZE, type VirtualAddress } from "../../core/address";
import type { BoundDevice } from "../bound-device";
import {
  type Direction,
  DMA_BIDIRECTIONAL,
  DMA_FROM_DEVICE,
  DMA_MAPPING_ERROR,
  DMA_NONE,
  DMA_TO_DEVICE,
} from "../dma/direction";
import type { MappedAs } from "../dma/mapping";
import { KernelMemory, kernelMemory } from "../memory/kernel-memory";
import type { RunningKernel } from "../running-kernel";

const bound = (dev: Device): BoundDevice => dev as unknown as BoundDevice;
const addressOf = (mem: KernelMem): VirtualAddress => kernelMemory(mem).address;

export function dmaModule(kernel: RunningKernel): typeof header {
  return {
    DMA_BIDIRECTIONAL,
    DMA_TO_DEVICE,
    DMA_FROM_DEVICE,
    DMA_NONE,
    DMA_MAPPING_ERROR,
    DMA_BIT_MASK: (n) => (n >= 64 ? 0xffff_ffff_ffff_ffffn : (1n << BigInt(n)) - 1n),
    ...masks(kernel),
    ...coherent(kernel),
    ...streaming(kernel),
    ...lists(kernel),
  };
}

function masks({ services }: RunningKernel) {
  const set = (which: { streaming?: boolean; coherent?: boolean }) => (dev: Device, mask: bigint) =>
    services.dma.setMask(bound(dev), mask, which);
  return {
    dma_set_mask: set({ streaming: true }),
    dma_set_coherent_mask: set({ coherent: true }),
    dma_set_mask_and_coherent: set({ streaming: true, coherent: true }),
    dma_get_mask: (dev: Device) => bound(dev).dmaMask,
  };
}

function coherent({ services }: RunningKernel) {
  const allocate = (dev: Device, size: number, gfp: number) => {
    const made = services.dma.allocate(bound(dev), size, gfp);
    return made
      ? { cpu_addr: new KernelMemory(services.memory, made.virtual), dma_handle: made.handle, size }
      : null;
  };
  const free = (dev: Device, size: number, cpu_addr: KernelMem, handle: bigint) =>
    services.dma.free(bound(dev), handle, { bytes: size, at: addressOf(cpu_addr) });
  return {
    dma_alloc_coherent: allocate,
    dma_free_coherent: free,
    dmam_alloc_coherent: (dev: Device, size: number, gfp: number) => {
      const made = allocate(dev, size, gfp);
      if (made) bound(dev).manage(() => free(dev, size, made.cpu_addr, made.dma_handle));
      return made;
    },
  };
}

function streaming({ services: { dma } }: RunningKernel) {
  const map = (dev: Device, at: VirtualAddress, how: { bytes: number; direction: Direction; as: MappedAs }) =>
    dma.map(bound(dev), at, how);
  const unmap = (as: MappedAs) => (dev: Device, handle: bigint, size: number, dir: Direction) =>
    dma.unmap(bound(dev), handle, { bytes: size, direction: dir, as });
  const sync = (to: "cpu" | "device") => (dev: Device, handle: bigint, size: number, dir: Direction) =>
    dma.sync(bound(dev), handle, { bytes: size, direction: dir, to });
  return {
    dma_map_single: (dev: Device, mem: KernelMem, size: number, dir: Direction) =>
      map(dev, addressOf(mem), { bytes: size, direction: dir, as: "single" }),
    dma_map_page: (dev: Device, page: KernelMem, off: number, size: number, dir: Direction) =>
      map(dev, offset(addressOf(page), off), { bytes: size, direction: dir, as: "page" }),
    dma_unmap_single: unmap("single"),
    dma_unmap_page: unmap("page"),
    dma_mapping_error: (dev: Device, handle: bigint) => dma.failed(bound(dev), handle),
    dma_sync_single_for_cpu: sync("cpu"),
    dma_sync_single_for_device: sync("device"),
  };
}

function lists({ services: { dma } }: RunningKernel) {
  const entries = (list: readonly scatterlist.Scatterlist[]) =>
    list.map((sg) => ({ at: addressOf(sg.mem as KernelMem), bytes: sg.length }));
  const sync =
    (to: "cpu" | "device") => (dev: Device, list: readonly scatterlist.Scatterlist[], dir: Direction) => {
      for (const { at, bytes } of entries(list)) dma.syncEntry(bound(dev), at, { bytes, direction: dir, to });
    };
  return {
    dma_map_sg: (dev: Device, list: scatterlist.Scatterlist[], dir: Direction) => {
      const pieces = dma.mapList(bound(dev), entries(list), dir) ?? [];
      for (const [index, sg] of list.entries()) {
        const piece = pieces[index];
        Object.assign(sg, { dma_address: piece?.handle ?? 0n, dma_length: piece?.bytes ?? 0 });
      }
      return pieces.length;
    },
    dma_unmap_sg: (dev: Device, list: readonly scatterlist.Scatterlist[], dir: Direction) =>
      dma.unmapList(bound(dev), entries(list), dir),
    dma_sync_sg_for_cpu: sync("cpu"),
    dma_sync_sg_for_device: sync("device"),
  };
}

export function scatterlistModule(): typeof scatterlist {
  const set = (sg: scatterlist.Scatterlist, mem: KernelMem, length: number) => {
    Object.assign(sg, { mem, length });
  };
  const fresh = (): scatterlist.Scatterlist => ({ mem: null, length: 0, dma_address: 0n, dma_length: 0 });
  return {
    sg_init_table: (n) => Array.from({ length: n }, fresh),
    sg_init_one: (mem, length) => {
      const sg = fresh();
      set(sg, mem, length);
      return sg;
    },
    sg_set_buf: set,
    sg_dma_address: (sg) => sg.dma_address,
    sg_dma_len: (sg) => sg.dma_length,
  };
}

interface Pool {
  readonly name: string;
  readonly dev: Device;
  readonly size: number;
  /** Pages that pieces are cut from. */
  readonly pages: { readonly cpu_addr: KernelMem; readonly dma_handle: bigint; readonly size: number }[];
  readonly free: { readonly vaddr: KernelMem; readonly dma: bigint }[];
  taken: number;
}

/** Small coherent pieces, cut from pages (mm/dmapool.c). */
export function dmaPoolModule(kernel: RunningKernel): typeof pool {
  const { dma_alloc_coherent, dma_free_coherent } = coherent(kernel);
  const inside = (given: pool.DmaPool) => given as unknown as Pool;
  return {
    dma_pool_create: (name, dev, size, align) => {
      const whole = Math.ceil(size / Math.max(align, 1)) * Math.max(align, 1);
      const made: Pool = { name, dev, size: whole, pages: [], free: [], taken: 0 };
      return made as unknown as pool.DmaPool;
    },
    dma_pool_alloc: (given, gfp) => {
      const it = inside(given);
      if (it.free.length === 0) {
        const page = dma_alloc_coherent(it.dev, Math.max(PAGE_SIZE, it.size), gfp);
        if (!page) return null;
        it.pages.push(page);
        for (let at = Math.floor(page.size / it.size) - 1; at >= 0; at--)
          it.free.push({
            vaddr: page.cpu_addr.plus(at * it.size),
            dma: page.dma_handle + BigInt(at * it.size),
          });
      }
      it.taken++;
      return it.free.pop() ?? null;
    },
    dma_pool_free: (given, vaddr, dma) => {
      inside(given).taken--;
      inside(given).free.push({ vaddr, dma });
    },
    dma_pool_destroy: (given) => {
      const { name, dev, pages, taken } = inside(given);
      const { driver, pci } = bound(dev);
      if (taken > 0)
        kernel.kernelLog.err(`${driver} ${pci.name}: dma_pool_destroy ${name}, ${taken} blocks busy`);
      for (const { cpu_addr, dma_handle, size } of pages.splice(0))
        dma_free_coherent(dev, size, cpu_addr, dma_handle);
    },
  };
}
