/** A driver that does everything right, but for what a test makes it do between probe and remove. */

import type { PciDev } from "linux/pci";
import type * as Spinlock from "linux/spinlock";
import type { IoMem, KernelMem } from "linux/types";
import { q35 } from "../../emulator/machine/built-in";
import type { MachineDescription } from "../../emulator/machine/description";
import { type DriverBench, driverBench, eduTransfer } from "./driver";

/** edu, shared memory and a card with registers that a read clears, all on the root bus. */
export const machine: MachineDescription = {
  ...q35,
  name: "checked",
  title: "",
  functions: [
    { at: "00.0", device: "host-bridge" },
    { at: "03.0", device: "edu", name: "edu" },
    { at: "04.0", device: "ivshmem", name: "shmem" },
  ],
};

export interface Given {
  readonly bench: DriverBench;
  readonly pdev: PciDev;
  readonly regs: IoMem;
  /** 64 bytes that edu reaches. */
  readonly buffer: KernelMem;
}
export type Driver = (given: Given) => void;

/** A driver that does everything right, but for what `wrong` does between probe and remove. */
export function checksOf(driver: Driver): readonly string[] {
  const bench = driverBench(machine);
  const { pci, dma, slab } = bench;
  let leave = () => undefined as unknown;
  bench.bind(
    (pdev) => {
      pci.pci_enable_device(pdev);
      pci.pci_request_regions(pdev, "test");
      pci.pci_set_master(pdev);
      dma.dma_set_mask_and_coherent(pdev.dev, dma.DMA_BIT_MASK(28));
      const regs = pci.pci_iomap(pdev, 0, 0);
      const buffer = slab.kzalloc(64, slab.GFP_KERNEL | slab.GFP_DMA);
      if (!regs || !buffer) throw new Error("no memory");
      leave = () => {
        pci.pci_iounmap(pdev, regs);
        slab.kfree(buffer);
        pci.pci_release_regions(pdev);
        pci.pci_disable_device(pdev);
      };
      try {
        driver({ bench, pdev, regs, buffer });
      } catch (error) {
        if (!/page fault|blocked/.test(String(error))) throw error;
      }
      return 0;
    },
    () => void leave(),
  );
  bench.unbind();
  return bench.checks();
}

/** A streaming mapping for the time of `during`. */
export function lent(
  { bench: { dma }, pdev, buffer }: Given,
  direction: 0 | 1 | 2,
  during: (handle: bigint) => void,
): void {
  const handle = dma.dma_map_single(pdev.dev, buffer, 64, direction);
  if (dma.dma_mapping_error(pdev.dev, handle)) throw new Error("not mapped");
  during(handle);
  dma.dma_unmap_single(pdev.dev, handle, 64, direction);
}

export const transfer = ({ bench, regs }: Given, handle: bigint, toRam: boolean, bytes = 64) =>
  eduTransfer(bench, regs, { handle, bytes, toRam });
export const edu = ({ bench }: Given) => bench.machine.root.functions.find(({ name }) => name === "edu");
export const atomically = (given: Given, run: () => void) => {
  const { spin_lock, spin_lock_init, spin_unlock } = given.bench.module<typeof Spinlock>("linux/spinlock");
  const lock = spin_lock_init();
  spin_lock(lock);
  run();
  spin_unlock(lock);
};
/** Registers of the shared memory card: BAR 0, whose INTR_STATUS a read clears. */
export const mapShared = ({ bench }: Given, how: "ioremap" | "ioremap_wc") => {
  const fn = bench.machine.root.functions.find(({ name }) => name === "shmem");
  fn?.configWrite(4, { width: 2, value: 7 });
  const io = bench.io[how](Number(fn?.bars[0]?.base), 256);
  if (!io) throw new Error("not mapped");
  return io;
};
export const handled = ({ bench, regs, pdev }: Given, acknowledge: boolean) => {
  const { interrupt, io } = bench;
  const handler = () => {
    if (acknowledge) io.iowrite32(io.ioread32(regs, 0x24), regs, 0x64);
    return interrupt.IRQ_HANDLED;
  };
  interrupt.request_irq(pdev.irq, handler, 0, "test", pdev);
  io.iowrite32(1, regs, 0x60);
  bench.delay.udelay(10);
  io.iowrite32(1, regs, 0x64);
  interrupt.free_irq(pdev.irq, pdev);
};
