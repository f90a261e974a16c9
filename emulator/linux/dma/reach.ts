/**
 * What no Linux can check, for it does not see the bus: whether a device keeps to what its driver has mapped for it, and
 * whether the CPU keeps off a streaming buffer while it is in the device's hands.
 */
import type { VirtualAddress } from "../../core/address";
import { digits, hex } from "../../core/hex";
import type { FunctionSide, Requested } from "../../pci/place";
import type { KernelBase } from "../kernel-base";
import { DIRECTION_NAME, fromDevice, toDevice } from "./direction";
import type { DmaDevice, DmaMapping } from "./mapping";

/** Mappings that have ended are remembered, to say of an address what it was. */
const REMEMBERED = 256;

export class Reach {
  readonly #kernel: KernelBase;
  readonly #mappings: readonly DmaMapping[];
  readonly #gone: DmaMapping[] = [];

  constructor(kernel: KernelBase, mappings: readonly DmaMapping[]) {
    this.#kernel = kernel;
    this.#mappings = mappings;
  }

  /** The device drives fewer bits than its mask says, so that what it reads is another address. */
  checkMask(dev: DmaDevice): void {
    const fn = this.#kernel.machine.devices.find(({ function: it }) => it.name === dev.functionName);
    const bits = fn?.dmaBits;
    if (bits === undefined || dev.dmaMask < 2n ** BigInt(bits)) return;
    this.#kernel.services.sanitizer.report("dma-mask", dev.pci.name, {
      level: "error",
      text: `${dev.functionName} drives ${bits} address bits, but its DMA mask is 0x${digits(dev.dmaMask)}: what it reads and writes may be another address`,
      explanation: `Call dma_set_mask_and_coherent(pdev.dev, DMA_BIT_MASK(${bits})) in probe, before the first buffer.`,
      fix: { insert: `dma_set_mask_and_coherent(pdev.dev, DMA_BIT_MASK(${bits}));` },
    });
  }

  /** A function's own request, before it takes effect. */
  request(dev: DmaDevice, from: FunctionSide, { address: at, bytes, write }: Requested): void {
    const mapping = this.#covering(this.#mappings, dev, at, bytes);
    const what = `${from.name} ${write ? "writes" : "reads"} ${bytes} bytes at ${hex(at)}`;
    if (mapping) this.#checkDirection(mapping, { what, write });
    else this.#outside(dev, what, at, bytes);
  }

  /** Who touches RAM that a device has is found out only while one has some. */
  watch(): void {
    const { memory } = this.#kernel.services;
    const lent = this.#mappings.some(({ as, owner }) => as !== "coherent" && owner === "device");
    memory.touched = lent ? (at, bytes, write) => this.#touched(at, bytes, write) : undefined;
  }

  remember(mapping: DmaMapping): void {
    this.#gone.push(mapping);
    if (this.#gone.length > REMEMBERED) this.#gone.shift();
  }

  #touched(at: VirtualAddress, bytes: number, write: boolean): void {
    const lent = this.#mappings.find(
      (it) =>
        it.as !== "coherent" &&
        it.owner === "device" &&
        at < it.virtual + it.bytes &&
        at + bytes > it.virtual,
    );
    if (!lent || !(write || fromDevice(lent.direction))) return;
    const name = DIRECTION_NAME[lent.direction];
    this.#kernel.services.sanitizer.report("missing-sync", `${hex(lent.handle)} ${write}`, {
      level: "error",
      text: `the CPU ${write ? "writes to" : "reads from"} a buffer that is mapped ${name} for ${lent.dev.functionName}, at +${hex(at - lent.virtual)}`,
      explanation: write
        ? "The device may read the old bytes: unmap first, or call dma_sync_single_for_cpu() before and dma_sync_single_for_device() after."
        : "The CPU may see old bytes: unmap first, or call dma_sync_single_for_cpu().",
    });
  }

  #checkDirection(
    { direction, handle, dev }: DmaMapping,
    { what, write }: { what: string; write: boolean },
  ): void {
    if (write ? fromDevice(direction) : toDevice(direction)) return;
    this.#kernel.services.sanitizer.report("dma-wrong-direction", `${dev.pci.name} ${hex(handle)} ${write}`, {
      level: "error",
      text: `${what}, in a buffer that is mapped ${DIRECTION_NAME[direction]}`,
      explanation: `Map it ${write ? "DMA_FROM_DEVICE" : "DMA_TO_DEVICE"}, the way the data goes, or DMA_BIDIRECTIONAL.`,
    });
  }

  #outside(dev: DmaDevice, what: string, at: bigint, bytes: number): void {
    const { sanitizer, heap } = this.#kernel.services;
    const old = this.#covering(this.#gone, dev, at, bytes);
    const freed = old && heap.isFreed(old.virtual);
    const page = hex(at & ~0xfffn);
    if (old)
      sanitizer.report(freed ? "missing-flush" : "dma-outside-a-mapping", `${dev.pci.name} ${page}`, {
        level: "error",
        text: `${what}, in a buffer of ${old.bytes} bytes that is no longer mapped${freed ? " and was freed" : ""}`,
        explanation:
          "The device still works on it: stop it, and wait until it has stopped, before the buffer is unmapped and freed.",
      });
    else
      sanitizer.report("dma-outside-a-mapping", `${dev.pci.name} ${page}`, {
        level: "error",
        text: `${what}, which its driver has not mapped`,
        explanation:
          "Give the device the dma_handle of dma_alloc_coherent() or dma_map_single(), and no more bytes than were mapped.",
      });
  }

  #covering(list: readonly DmaMapping[], dev: DmaDevice, at: bigint, bytes: number): DmaMapping | undefined {
    const covers = (it: DmaMapping) => at >= it.handle && at + BigInt(bytes) <= it.handle + BigInt(it.bytes);
    return list.findLast((it) => it.dev.pci === dev.pci && covers(it));
  }
}
