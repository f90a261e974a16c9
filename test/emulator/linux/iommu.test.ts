import { describe, expect, test } from "vitest";
import { q35 } from "../../../emulator/machine/built-in";
import type { IommuMode, MachineDescription } from "../../../emulator/machine/description";
import { importMachine } from "../../../emulator/machine/import";
import { driverBench, eduTransfer } from "../../support/driver";
import { topology } from "../../support/golden";

/** Lines and addresses as in golden-extra e1: edu by devmem on a machine with an Intel IOMMU. */
function machine(iommu: IommuMode): MachineDescription {
  return {
    ...q35,
    name: "edu-iommu",
    title: "",
    iommu,
    functions: [
      { at: "00.0", device: "host-bridge" },
      { at: "03.0", device: "edu", name: "edu" },
    ],
  };
}

describe("Linux with a remapping unit", () => {
  test("finds it, names it in /proc/iomem, and says what it does with it", () => {
    const { log, kernel } = driverBench(machine("translated"));
    expect(log().filter((text) => /DMAR|iommu/.test(text))).toEqual([
      "DMAR: Host address width 39",
      "DMAR: DRHD base: 0x000000fed90000 flags: 0x0",
      "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c22260206 ecap f00f40",
      "iommu: Default domain type: Translated ",
      "iommu: DMA domain TLB invalidation policy: lazy mode ",
      "DMAR: No RMRR found",
      "DMAR: No ATSR found",
      "DMAR: dmar0: Using Register based invalidation",
      "pci 0000:00:00.0: Adding to iommu group 0",
      "pci 0000:00:03.0: Adding to iommu group 1",
      "DMAR: Intel(R) Virtualization Technology for Directed I/O",
    ]);
    expect(kernel.state().iomem.find(({ name }) => name === "dmar0")).toMatchObject({
      start: "0xfed90000",
      end: "0xfed90fff",
    });
    expect(kernel.state().interrupts).toContainEqual({ irq: 24, name: "dmar0", count: 0, kind: "msi" });
  });

  test("logs a fault as it does on a real machine, read and write", () => {
    const bench = driverBench(machine("strict"));
    bench.bind((pdev) => {
      bench.pci.pci_enable_device(pdev);
      bench.pci.pci_set_master(pdev);
      const regs = bench.pci.pci_iomap(pdev, 0, 0);
      if (!regs) return -12;
      eduTransfer(bench, regs, { handle: 0x1000n, bytes: 4, toRam: false });
      eduTransfer(bench, regs, { handle: 0x123456789000n, bytes: 4, toRam: true });
      return 0;
    });
    expect(bench.log().filter((text) => /DRHD: handling|Request device/.test(text))).toEqual([
      "DMAR: DRHD: handling fault status reg 2",
      "DMAR: [DMA Read NO_PASID] Request device [00:03.0] fault addr 0x1000 [fault reason 0x06] PTE Read access is not set",
      "DMAR: DRHD: handling fault status reg 2",
      "DMAR: [DMA Write NO_PASID] Request device [00:03.0] fault addr 0x6789000 [fault reason 0x05] PTE Write access is not set",
    ]);
  });
});

describe("IOMMU groups", () => {
  const boots = topology("t18-intel-iommu");

  test.each(Object.keys(boots))("are those of the real Linux on t18, %s", (variant) => {
    const texts = boots[variant] ?? {};
    const description = importMachine({
      name: "t18",
      dump: texts["lspci-xxxx.txt"] ?? "",
      ...(texts["iomem.txt"] !== undefined && { iomem: texts["iomem.txt"] }),
      ...(texts["resource.txt"] !== undefined && { resource: texts["resource.txt"] }),
    });
    const { log } = driverBench({ ...description, iommu: "translated" });
    const real = (texts["dmesg-pci.txt"] ?? "").split("\n").filter((line) => /to iommu group/.test(line));
    expect(real.length).toBe(13);
    expect(log().filter((line) => /to iommu group/.test(line))).toEqual(
      real.map((line) => line.replace(/^\[.*?\] /, "")),
    );
  });
});

describe("a streaming buffer behind the unit", () => {
  function lent(iommu: IommuMode) {
    const bench = driverBench(machine(iommu));
    const seen = { handle: 0n, after: "", faults: 0 };
    bench.bind((pdev) => {
      const { pci, dma, slab } = bench;
      pci.pci_enable_device(pdev);
      pci.pci_set_master(pdev);
      pci.pci_request_regions(pdev, "test");
      const regs = pci.pci_iomap(pdev, 0, 0);
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const buffer = slab.kmalloc(64, slab.GFP_KERNEL);
      if (!regs || !buffer) return -12;
      buffer.setUint32(0, 0x11223344);
      seen.handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_TO_DEVICE);
      if (dma.dma_mapping_error(pdev.dev, seen.handle)) return -12;
      eduTransfer(bench, regs, { handle: seen.handle, bytes: 64, toRam: false });
      seen.faults = bench.log().filter((text) => text.includes("fault addr")).length;
      dma.dma_unmap_single(pdev.dev, seen.handle, 64, dma.DMA_TO_DEVICE);
      seen.after = blockedNow(seen.handle) ? "blocked" : "passes";
      slab.kfree(buffer);
      return 0;
    });
    function blockedNow(handle: bigint): boolean {
      const fn = bench.machine.root.functions.find(({ name }) => name === "edu");
      return fn?.dmaRead(handle as never, new Uint8Array(4)) !== "SC";
    }
    return { bench, seen };
  }

  test("has an address below what the mask reaches, from the top down, in the device's own space", () => {
    const { seen } = lent("strict");
    expect(seen.handle >> 12n).toBe(0xffffn);
    expect(seen.faults).toBe(0);
  });

  test("is out of reach as soon as it is unmapped, where flushing is strict", () => {
    expect(lent("strict").seen.after).toBe("blocked");
  });

  test("stays in reach until the queue is flushed, where flushing is lazy; 10 ms later it is not", () => {
    const { bench, seen } = lent("translated");
    expect(seen.after).toBe("passes");
    expect(bench.checks()).toEqual(["dma-outside-a-mapping"]);
    bench.delay.mdelay(11);
    const fn = bench.machine.root.functions.find(({ name }) => name === "edu");
    expect(fn?.dmaRead(seen.handle as never, new Uint8Array(4))).toBe("UR");
  });

  test("has its physical address where requests pass through", () => {
    const { bench, seen } = lent("passthrough");
    expect(seen.handle).toBe(0xffffffffffffffffn);
    expect(bench.log().some((text) => text.includes("Passthrough"))).toBe(true);
  });
});
