import type { PciDev } from "linux/pci";
import type * as Scatterlist from "linux/scatterlist";
import type { IoMem, KernelMem } from "linux/types";
import { describe, expect, test } from "vitest";
import { q35 } from "../../../emulator/machine/built-in";
import type { MachineDescription } from "../../../emulator/machine/description";
import { type DriverBench, driverBench, eduTransfer } from "../../support/driver";

const GIB = 2 ** 30;

/** edu on a machine with this much RAM: above 3 GiB of it there is some above 4 GiB, and swiotlb. */
function withRam(ram: number): MachineDescription {
  return {
    ...q35,
    ram,
    hostBridge: { ecam: "0xe0000000", windows: q35.hostBridge.windows.slice(4) },
    platform: [
      { start: "0x00001000", end: "0x0009fbff", name: "System RAM" },
      { start: "0x00100000", end: "0xbfffffff", name: "System RAM" },
      {
        start: "0x100000000",
        end: `0x${(0x100000000 + ram - 0xc0000000 - 1).toString(16)}`,
        name: "System RAM",
      },
    ],
    name: "large",
    title: "",
    functions: [
      { at: "00.0", device: "host-bridge" },
      { at: "03.0", device: "edu", name: "edu" },
    ],
  };
}

interface Probed {
  readonly bench: DriverBench;
  readonly pdev: PciDev;
  readonly regs: IoMem;
}

/** In a probe that has enabled the device and mapped its registers. */
function probed(machine: MachineDescription | string, run: (probed: Probed) => void): DriverBench {
  const bench = driverBench(machine);
  bench.bind((pdev) => {
    bench.pci.pci_enable_device(pdev);
    bench.pci.pci_set_master(pdev);
    bench.pci.pci_request_regions(pdev, "test");
    const regs = bench.pci.pci_iomap(pdev, 0, 0);
    if (!regs) throw new Error("not mapped");
    run({ bench, pdev, regs });
    bench.pci.pci_iounmap(pdev, regs);
    bench.pci.pci_release_regions(pdev);
    return 0;
  });
  return bench;
}

function memory(made: KernelMem | null): KernelMem {
  if (!made) throw new Error("no memory");
  return made;
}

describe("coherent memory", () => {
  test("lies where the coherent mask reaches: below 16 MiB for edu's 28 bits (kernel/dma/direct.c)", () => {
    probed("demo", ({ bench: { dma, slab }, pdev }) => {
      expect(dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28))).toBe(0);
      const buffer = dma.dma_alloc_coherent(pdev.dev, 8192, slab.GFP_KERNEL);
      expect(buffer?.dma_handle).toBeLessThan(0x1000000n);
      expect(buffer?.size).toBe(8192);
      if (buffer) dma.dma_free_coherent(pdev.dev, 8192, buffer.cpu_addr, buffer.dma_handle);
    });
  });

  test("is the same memory for the CPU and for the device", () => {
    probed("demo", ({ bench, pdev, regs }) => {
      const { dma, slab } = bench;
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const buffer = dma.dma_alloc_coherent(pdev.dev, 4096, slab.GFP_KERNEL);
      if (!buffer) throw new Error("none");
      buffer.cpu_addr.setBigUint64(8, 0x1122334455667788n);
      eduTransfer(bench, regs, { handle: buffer.dma_handle, bytes: 16, toRam: false });
      buffer.cpu_addr.setBigUint64(8, 0n);
      eduTransfer(bench, regs, { handle: buffer.dma_handle + 64n, bytes: 16, toRam: true });
      expect(buffer.cpu_addr.getBigUint64(72)).toBe(0x1122334455667788n);
      expect(bench.kernel.state().dma).toMatchObject([{ kind: "coherent", bytes: 4096, owner: "test" }]);
      dma.dma_free_coherent(pdev.dev, 4096, buffer.cpu_addr, buffer.dma_handle);
      expect(bench.kernel.state().dma).toEqual([]);
      expect(bench.checks()).toEqual([]);
    });
  });

  test("a mask of fewer than 24 bits is refused with -EIO", () => {
    probed("demo", ({ bench: { dma }, pdev }) => {
      expect(dma.dma_set_mask(pdev.dev, dma.DMA_BIT_MASK(20))).toBe(-5);
      expect(dma.dma_get_mask(pdev.dev)).toBe(0xffffffffn);
    });
  });

  test("pieces of a pool are cut from a page, and all of them come back", () => {
    const bench = probed("demo", ({ bench: { module, dma, slab }, pdev }) => {
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const { dma_pool_create, dma_pool_alloc, dma_pool_free, dma_pool_destroy } =
        module<typeof import("linux/dmapool")>("linux/dmapool");
      const pool = dma_pool_create("descriptors", pdev.dev, 24, 32, 0);
      if (!pool) throw new Error("none");
      const [a, b] = [dma_pool_alloc(pool, slab.GFP_KERNEL), dma_pool_alloc(pool, slab.GFP_KERNEL)];
      expect((b?.dma ?? 0n) - (a?.dma ?? 0n)).toBe(32n);
      if (a) dma_pool_free(pool, a.vaddr, a.dma);
      dma_pool_destroy(pool);
    });
    expect(bench.log()).toContain("test 0000:01:00.0: dma_pool_destroy descriptors, 1 blocks busy");
  });
});

describe("swiotlb", () => {
  test("gives edu nothing on a machine whose pool lies above its 28 bits: an error, and Linux's line", () => {
    const bench = probed(withRam(8 * GIB), ({ bench: { dma, slab }, pdev }) => {
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const buffer = memory(slab.kmalloc(64, slab.GFP_KERNEL));
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_TO_DEVICE);
      expect(dma.dma_mapping_error(pdev.dev, handle)).toBe(true);
      slab.kfree(buffer);
    });
    expect(bench.log()).toContain("PCI-DMA: Using software bounce buffering for IO (SWIOTLB)");
    expect(bench.log().find((text) => text.includes("overflow"))).toMatch(
      /^test 0000:00:03\.0: swiotlb addr 0x00000000b[0-9a-f]{7}\+64 overflow \(mask fffffff, bus limit 0\)\.$/,
    );
  });

  test("is not there where all RAM is below 4 GiB: then the address itself overflows", () => {
    const bench = probed("demo", ({ bench: { dma, slab }, pdev }) => {
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const buffer = memory(slab.kmalloc(64, slab.GFP_KERNEL));
      expect(dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_TO_DEVICE)).toBe(dma.DMA_MAPPING_ERROR);
      slab.kfree(buffer);
    });
    expect(bench.log().find((text) => text.includes("overflow"))).toMatch(
      /DMA addr 0x0{8}3[0-9a-f]{7}\+64 overflow/,
    );
  });

  /** A device of 32 bits whose buffers lie above 4 GiB. */
  const bounced = (run: (probed: Probed) => void) =>
    probed(withRam(8 * GIB), (given) => {
      given.bench.dma.dma_set_mask_and_coherent(given.pdev.dev, given.bench.dma.DMA_BIT_MASK(32));
      run(given);
    });
  const edu = ({ machine }: DriverBench) => {
    const found = machine.root.functions.find(({ name }) => name === "edu");
    if (!found) throw new Error("no edu");
    return found;
  };

  test("copies out as it maps and back as it unmaps", () => {
    bounced(({ bench, pdev }) => {
      const { dma, slab } = bench;
      const buffer = memory(slab.kmalloc(64, slab.GFP_KERNEL));
      buffer.setUint32(0, 0xaaaa5555);
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_BIDIRECTIONAL);
      expect(dma.dma_mapping_error(pdev.dev, handle)).toBe(false);
      const [view] = bench.kernel.state().dma;
      expect(view).toMatchObject({ handle: view?.bounce, kind: "streaming" });
      const data = new Uint8Array(4);
      edu(bench).dmaRead(handle as never, data);
      expect([...data]).toEqual([0x55, 0x55, 0xaa, 0xaa]);
      edu(bench).dmaWrite(handle as never, new Uint8Array([1, 2, 3, 4]));
      dma.dma_unmap_single(pdev.dev, handle, 64, dma.DMA_BIDIRECTIONAL);
      expect(buffer.getUint32(0)).toBe(0x04030201);
      slab.kfree(buffer);
    });
  });

  test("shows the CPU old bytes until dma_sync_single_for_cpu()", () => {
    const bench = bounced(({ bench: inner, pdev }) => {
      const { dma, slab } = inner;
      const buffer = memory(slab.kzalloc(64, slab.GFP_KERNEL));
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_FROM_DEVICE);
      dma.dma_mapping_error(pdev.dev, handle);
      edu(inner).dmaWrite(handle as never, new Uint8Array([7]));
      expect(buffer.getUint8(0)).toBe(0);
      dma.dma_sync_single_for_cpu(pdev.dev, handle, 64, dma.DMA_FROM_DEVICE);
      expect(buffer.getUint8(0)).toBe(7);
      dma.dma_unmap_single(pdev.dev, handle, 64, dma.DMA_FROM_DEVICE);
      slab.kfree(buffer);
    });
    expect(bench.checks().filter((check) => check !== "dma-mask")).toEqual(["missing-sync"]);
  });

  test("takes at most 256 KiB at once, and says when it is full", () => {
    const bench = bounced(({ bench: { dma, slab }, pdev }) => {
      const small = memory(slab.kmalloc(256 << 10, slab.GFP_KERNEL));
      const handle = dma.dma_map_single(pdev.dev, small, 256 << 10, dma.DMA_TO_DEVICE);
      expect(dma.dma_mapping_error(pdev.dev, handle)).toBe(false);
      const large = memory(slab.kmalloc((256 << 10) + 1, slab.GFP_KERNEL));
      expect(dma.dma_map_single(pdev.dev, large, (256 << 10) + 1, dma.DMA_TO_DEVICE)).toBe(
        dma.DMA_MAPPING_ERROR,
      );
      dma.dma_unmap_single(pdev.dev, handle, 256 << 10, dma.DMA_TO_DEVICE);
      for (const mem of [small, large]) slab.kfree(mem);
    });
    expect(bench.log()).toContain(
      "test 0000:00:03.0: swiotlb buffer is full (sz: 262145 bytes), total 32768 (slots), used 128 (slots)",
    );
  });
});

describe("a list of buffers", () => {
  test("is one run of addresses behind an IOMMU, as many pieces as there are without", () => {
    const pieces = (iommu: "off" | "strict") => {
      let seen: readonly bigint[] = [];
      const machine: MachineDescription = { ...withRam(8 * GIB), iommu };
      const bench = probed(machine, ({ bench: { dma, slab, module }, pdev }) => {
        const { sg_set_buf, sg_init_table } = module<typeof Scatterlist>("linux/scatterlist");
        dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(64));
        const buffers = [0, 1, 2].map(() => memory(slab.kmalloc(4096, slab.GFP_KERNEL)));
        const list = sg_init_table(3);
        for (const [index, sg] of list.entries()) sg_set_buf(sg, memory(buffers[index] ?? null), 4096);
        const n = dma.dma_map_sg(pdev.dev, list, dma.DMA_TO_DEVICE);
        seen = list.slice(0, n).map(({ dma_length }) => BigInt(dma_length));
        dma.dma_unmap_sg(pdev.dev, list, dma.DMA_TO_DEVICE);
        for (const buffer of buffers) slab.kfree(buffer);
      });
      expect(bench.kernel.state().dma).toEqual([]);
      expect(bench.checks().filter((check) => check !== "dma-mask")).toEqual([]);
      return seen;
    };
    expect(pieces("strict")).toEqual([12288n]);
    expect(pieces("off")).toEqual([4096n, 4096n, 4096n]);
  });
});

describe("memory of vmalloc()", () => {
  test("is no memory for a device: it lies anywhere", () => {
    const bench = probed("demo", ({ bench: { dma, module }, pdev }) => {
      const { vmalloc, vfree } = module<typeof import("linux/vmalloc")>("linux/vmalloc");
      const buffer = memory(vmalloc(8192));
      buffer.setUint32(4094, 0x01020304);
      expect(buffer.getUint32(4094)).toBe(0x01020304);
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      expect(dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_TO_DEVICE)).toBe(dma.DMA_MAPPING_ERROR);
      vfree(buffer);
      expect(() => buffer.getUint8(0)).toThrow(/vmalloc\(\) of vmalloc had mapped/);
    });
    expect(bench.log()).toContain("test 0000:01:00.0: rejecting DMA map of vmalloc memory");
  });
});
