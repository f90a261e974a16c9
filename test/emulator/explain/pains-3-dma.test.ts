import type { PciDev } from "linux/pci";
import type { IoMem, KernelMem } from "linux/types";
import { describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import { q35 } from "../../../emulator/machine/built-in";
import type { MachineDescription } from "../../../emulator/machine/description";
import { functionOf } from "../../support/bench";
import { type DriverBench, driverBench, eduTransfer } from "../../support/driver";
import { ask, listen, mend } from "../../support/explaining";

const withIommu: MachineDescription = {
  ...q35,
  name: "remapped",
  title: "",
  iommu: "strict",
  functions: [
    { at: "00.0", device: "host-bridge" },
    { at: "03.0", device: "edu", name: "edu" },
  ],
};

interface Probed {
  readonly bench: DriverBench;
  readonly pdev: PciDev;
  readonly regs: IoMem;
}

function probed(machine: MachineDescription | string, run: (probed: Probed) => void): void {
  const bench = driverBench(machine);
  bench.bind((pdev) => {
    bench.pci.pci_enable_device(pdev);
    const regs = bench.pci.pci_iomap(pdev, 0, 0);
    if (!regs) throw new Error("not mapped");
    run({ bench, pdev, regs });
    return 0;
  });
}

function memory({ slab }: DriverBench, bytes: number): KernelMem {
  const made = slab.kmalloc(bytes, slab.GFP_KERNEL);
  if (!made) throw new Error("no memory");
  return made;
}

describe("11: no DMA and no message interrupt, for Bus Master Enable is off", () => {
  test("the last failure is the device's, and the line that the driver lacks is pci_set_master(pdev)", () => {
    probed("demo", ({ bench, regs }) => {
      const heard = listen(bench);
      eduTransfer(bench, regs, { handle: 0x500_0000n, bytes: 16, toRam: true });
      expect(heard).toHaveLength(1);
      const { explanation } = heard[0] ?? { explanation: ask(bench, "edu.ID") };
      expect(explanation).toMatchObject({ initiator: "edu", access: "write", answered: false });
      expect(explanation.decides).toMatchObject({ register: "edu.config.COMMAND", field: "MASTER", is: "0" });
      expect(explanation.mends[0]?.edit?.line).toBe("pci_set_master(pdev);");
      mend(bench, explanation);
      expect(ask(bench, explanation.input, { write: true }).answered).toBe(true);
    });
  });

  test("the way of the interrupt ends at the same bit", () => {
    probed("demo", ({ bench, pdev }) => {
      bench.pci.pci_alloc_irq_vectors(pdev, 1, 1, bench.pci.PCI_IRQ_MSI);
      const why = ask(bench, "edu.interrupt");
      expect(why.decides).toMatchObject({ register: "edu.config.COMMAND", field: "MASTER" });
      expect(why.sees).toBe("no interrupt: no handler runs");
    });
  });
});

describe("12: the DMA mask was not said", () => {
  test("the register that holds more bits than the device sent is named, and the mask", () => {
    probed("demo", ({ bench, pdev, regs }) => {
      bench.pci.pci_set_master(pdev);
      const heard = listen(bench);
      eduTransfer(bench, regs, { handle: 0x1_4fff_0000n, bytes: 16, toRam: true });
      const sent = 0x4fff_0000n & ((1n << 28n) - 1n);
      const failed = heard[0]?.explanation;
      const asked = failed ?? ask(bench, `iova@01:00.0:0x${sent.toString(16)}`, { write: true });
      expect(asked.notes.join(" ") + asked.sentence).toMatch(
        /edu\.DMA_DST holds 0x14fff0000, and the device drives 28 address bits only/,
      );
    });
  });
});

describe("13: swiotlb is full, or of no use", () => {
  test("a mapping that failed is no address of RAM, and the IOMMU-less machine says so", () => {
    probed("demo", ({ bench, pdev, regs }) => {
      const { dma, slab } = bench;
      bench.pci.pci_set_master(pdev);
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const buffer = memory(bench, 64);
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_TO_DEVICE);
      expect(dma.dma_mapping_error(pdev.dev, handle)).toBe(true);
      expect(bench.log().join("\n")).toMatch(/overflow \(mask fffffff/);
      const why = ask(bench, `iova@01:00.0:0x${BigInt.asUintN(64, handle).toString(16)}`);
      expect(why.sentence).toMatch(/no RAM is at 0xffffffffffffffff/);
      slab.kfree(buffer);
      expect(regs).toBeDefined();
    });
  });
});

describe("14: the device drops high address bits without a word", () => {
  test("it arrives elsewhere in RAM, and explaining the place says what was meant", () => {
    probed("demo", ({ bench, pdev, regs }) => {
      bench.pci.pci_set_master(pdev);
      eduTransfer(bench, regs, { handle: 0x2000_5000n, bytes: 16, toRam: true });
      const { answered, notes } = ask(bench, "iova@01:00.0:0x5000", { write: true });
      expect(answered).toBe(true);
      expect(notes.join(" ")).toMatch(
        /edu\.DMA_DST holds 0x20005000, and the device drives 28 address bits only/,
      );
    });
  });
});

describe("15: the IOMMU blocks it", () => {
  test("the wrong direction: PTE Write access is not set, with the entry, the buffer, and Linux's lines", () => {
    probed(withIommu, ({ bench, pdev, regs }) => {
      const { dma, slab } = bench;
      bench.pci.pci_set_master(pdev);
      const heard = listen(bench);
      const buffer = memory(bench, 64);
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_TO_DEVICE);
      dma.dma_mapping_error(pdev.dev, handle);
      const edu = functionOf(bench, "edu");
      edu.dmaWrite(bus(handle), new Uint8Array(4));
      const why = heard[0]?.explanation;
      expect(why?.sentence).toMatch(
        /PTE Write access is not set: W \(bit 1 of the second-level entry of level 1 at 0x\w+\) is 0; it lies inside the buffer of 64 bytes/,
      );
      expect(why?.log).toEqual([
        "DMAR: DRHD: handling fault status reg 2",
        expect.stringMatching(
          /^DMAR: \[DMA Write NO_PASID\] Request device \[00:03\.0\] fault addr 0x\w+ \[fault reason 0x05\] PTE Write access is not set$/,
        ),
      ]);
      expect(why?.mends[0]?.sentence).toContain("DMA_FROM_DEVICE or DMA_BIDIRECTIONAL");
      expect(why?.status.map(({ id }) => id)).toEqual(["dmar0.FSTS.PPF", "dmar0.FRCD_HIGH.F"]);
      dma.dma_unmap_single(pdev.dev, handle, 64, dma.DMA_TO_DEVICE);
      slab.kfree(buffer);
      expect(regs).toBeDefined();
    });
  });

  test("after the unmap: nobody holds the address any more", () => {
    probed(withIommu, ({ bench, pdev }) => {
      const { dma } = bench;
      bench.pci.pci_set_master(pdev);
      const buffer = memory(bench, 64);
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, dma.DMA_BIDIRECTIONAL);
      dma.dma_mapping_error(pdev.dev, handle);
      const text = `iova@00:03.0:0x${handle.toString(16)}`;
      expect(ask(bench, text, { write: true }).answered).toBe(true);
      dma.dma_unmap_single(pdev.dev, handle, 64, dma.DMA_BIDIRECTIONAL);
      const why = ask(bench, text, { write: true });
      expect(why.sentence).toContain("no buffer of this device holds the address now");
      expect(why.mends[0]?.sentence).toContain("unmap it only when the device is done");
    });
  });
});
