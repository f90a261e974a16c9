/** For each check of the sanitizer a driver that is reported, and one that comes close and is not. */
import type { IoMem, KernelMem } from "linux/types";
import type { SanitizerCheck } from "../../emulator/linux/sanitizer";
import { atomically, type Driver, edu, handled, lent, mapShared, transfer } from "./mistakes";

export const cases: Readonly<Partial<Record<SanitizerCheck, readonly [bad: Driver, good: Driver]>>> = {
  "use-after-unmap": [
    ({ bench: { io } }) => {
      const mapped = io.ioremap(0x40000000, 4096) as IoMem;
      io.iounmap(mapped);
      io.ioread32(mapped);
    },
    ({ bench: { io } }) => {
      const mapped = io.ioremap(0x40000000, 4096) as IoMem;
      io.ioread32(mapped);
      io.iounmap(mapped);
    },
  ],
  "beyond-the-mapping": [
    ({ bench: { io }, regs }) => io.ioread32(regs, 1 << 20),
    ({ bench: { io }, regs }) => io.ioread32(regs, (1 << 20) - 4),
  ],
  "refused-width": [
    ({ bench: { io }, regs }) => io.ioread8(regs, 0),
    ({ bench: { io }, regs }) => io.ioread32(regs, 0),
  ],
  unaligned: [
    ({ bench: { io }, regs }) => io.ioread32(regs, 2),
    ({ bench: { io }, regs }) => io.ioread32(regs, 4),
  ],
  "side-effect-read": [
    (given) => {
      const io = mapShared(given, "ioremap_wc");
      given.bench.io.ioread32(io, 4);
      given.bench.io.iounmap(io);
    },
    (given) => {
      const io = mapShared(given, "ioremap_wc");
      given.bench.io.ioread32(io, 0);
      given.bench.io.iounmap(io);
      const uncached = mapShared(given, "ioremap");
      given.bench.io.ioread32(uncached, 4);
      given.bench.io.iounmap(uncached);
    },
  ],
  "ioremap-of-ram": [
    ({ bench: { io } }) => io.ioremap(0x200000, 4096),
    ({ bench: { io } }) => io.memremap(0x200000, 4096, io.MEMREMAP_WB),
  ],
  "memory-type": [
    (given) => {
      const first = mapShared(given, "ioremap");
      given.bench.io.iounmap(mapShared(given, "ioremap_wc"));
      given.bench.io.iounmap(first);
    },
    (given) => {
      given.bench.io.iounmap(mapShared(given, "ioremap"));
      given.bench.io.iounmap(mapShared(given, "ioremap_wc"));
    },
  ],
  "no-claim": [
    ({ bench: { pci, io }, pdev, regs }) => {
      pci.pci_release_regions(pdev);
      io.ioread32(regs, 0);
    },
    ({ bench: { io }, regs }) => io.ioread32(regs, 0),
  ],
  "dma-without-bus-master": [
    (given) => {
      given.bench.pci.pci_clear_master(given.pdev);
      lent(given, 1, (handle) => transfer(given, handle, false));
    },
    (given) => lent(given, 1, (handle) => transfer(given, handle, false)),
  ],
  "dma-outside-a-mapping": [
    (given) => lent(given, 1, (handle) => edu(given)?.dmaRead((handle + 32n) as never, new Uint8Array(64))),
    (given) => lent(given, 1, (handle) => edu(given)?.dmaRead((handle + 32n) as never, new Uint8Array(32))),
  ],
  "dma-wrong-direction": [
    (given) => lent(given, 1, (handle) => transfer(given, handle, true)),
    (given) => lent(given, 0, (handle) => transfer(given, handle, true)),
  ],
  "dma-double-unmap": [
    (given) => {
      let kept = 0n;
      lent(given, 1, (handle) => {
        kept = handle;
      });
      given.bench.dma.dma_unmap_single(given.pdev.dev, kept, 64, 1);
    },
    (given) => {
      for (let turn = 0; turn < 2; turn++) lent(given, 1, () => undefined);
    },
  ],
  "dma-wrong-size": [
    ({ bench: { dma }, pdev, buffer }) => {
      const handle = dma.dma_map_single(pdev.dev, buffer, 64, 1);
      dma.dma_mapping_error(pdev.dev, handle);
      dma.dma_unmap_single(pdev.dev, handle, 32, 1);
    },
    (given) => lent(given, 1, () => undefined),
  ],
  "dma-not-checked": [
    ({ bench: { dma }, pdev, buffer }) =>
      dma.dma_unmap_single(pdev.dev, dma.dma_map_single(pdev.dev, buffer, 64, 1), 64, 1),
    (given) => lent(given, 1, () => undefined),
  ],
  "dma-mask": [
    (given) => {
      given.bench.dma.dma_set_mask_and_coherent(given.pdev.dev, given.bench.dma.DMA_BIT_MASK(32));
      lent(given, 1, () => undefined);
    },
    (given) => lent(given, 1, () => undefined),
  ],
  "missing-sync": [
    (given) => lent(given, 2, () => given.buffer.getUint32(0)),
    (given) => {
      const { dma } = given.bench;
      lent(given, 2, (handle) => {
        dma.dma_sync_single_for_cpu(given.pdev.dev, handle, 64, 2);
        given.buffer.getUint32(0);
        dma.dma_sync_single_for_device(given.pdev.dev, handle, 64, 2);
      });
      lent(given, 1, () => given.buffer.getUint32(0));
    },
  ],
  "sleep-in-atomic": [
    (given) =>
      atomically(given, () =>
        given.bench.slab.kfree(given.bench.slab.kmalloc(8, given.bench.slab.GFP_KERNEL)),
      ),
    (given) =>
      atomically(given, () =>
        given.bench.slab.kfree(given.bench.slab.kmalloc(8, given.bench.slab.GFP_ATOMIC)),
      ),
  ],
  "missing-flush": [
    (given) => {
      const { dma, slab } = given.bench;
      const other = slab.kzalloc(64, slab.GFP_DMA) as KernelMem;
      const handle = dma.dma_map_single(given.pdev.dev, other, 64, 1);
      dma.dma_mapping_error(given.pdev.dev, handle);
      dma.dma_unmap_single(given.pdev.dev, handle, 64, 1);
      slab.kfree(other);
      transfer(given, handle, false);
    },
    (given) => lent(given, 1, (handle) => transfer(given, handle, false)),
  ],
  leak: [
    ({ bench: { slab } }) => slab.kmalloc(32, slab.GFP_KERNEL),
    ({ bench: { dma, slab }, pdev }) => dma.dmam_alloc_coherent(pdev.dev, 64, slab.GFP_KERNEL),
  ],
  "double-free": [
    ({ bench: { slab } }) => {
      const mem = slab.kmalloc(32, slab.GFP_KERNEL);
      slab.kfree(mem);
      slab.kfree(mem);
    },
    ({ bench: { slab } }) => {
      slab.kfree(slab.kmalloc(32, slab.GFP_KERNEL));
      slab.kfree(null);
    },
  ],
  "irq-none": [(given) => handled(given, false), (given) => handled(given, true)],
  "unbalanced-enable": [
    ({ bench: { interrupt }, pdev }) => interrupt.enable_irq(pdev.irq),
    ({ bench: { interrupt }, pdev }) => {
      interrupt.disable_irq(pdev.irq);
      interrupt.enable_irq(pdev.irq);
    },
  ],
  "interrupt-storm": [
    (given) => {
      const { interrupt, io, delay } = given.bench;
      interrupt.request_irq(given.pdev.irq, () => interrupt.IRQ_HANDLED, 0, "test", given.pdev);
      io.iowrite32(1, given.regs, 0x60);
      for (let turn = 0; turn < 1100; turn++) io.ioread32(given.regs, 0);
      delay.udelay(1);
      io.iowrite32(1, given.regs, 0x64);
      interrupt.free_irq(given.pdev.irq, given.pdev);
    },
    (given) => {
      for (let turn = 0; turn < 20; turn++) handled(given, true);
    },
  ],
};
