/** The checks of the DMA API (kernel/dma/debug.c), with its sentences. */
import type { VirtualAddress } from "../../core/address";
import { digits, hex } from "../../core/hex";
import type { KernelBase } from "../kernel-base";
import type { SanitizerCheck } from "../sanitizer";
import { DIRECTION_NAME, type Direction, DMA_MAPPING_ERROR, fromDevice, toDevice } from "./direction";
import type { DmaDevice, DmaMapping, Streaming } from "./mapping";

interface Told {
  readonly check: SanitizerCheck;
  /** As kernel/dma/debug.c says it. */
  readonly linux: string;
  readonly explanation: string;
}

export class DmaDebug {
  readonly #kernel: KernelBase;
  readonly #mappings: readonly DmaMapping[];

  constructor(kernel: KernelBase, mappings: readonly DmaMapping[]) {
    this.#kernel = kernel;
    this.#mappings = mappings;
  }

  /** The mapping that ends; undefined where there is none, and that is told. */
  checkUnmap(dev: DmaDevice, handle: bigint, how: Streaming): DmaMapping | undefined {
    const mapping = this.#find(dev, handle);
    if (!mapping) return this.#notThere(dev, handle, how.bytes);
    this.#compare(mapping, how);
    if (!mapping.checked)
      this.#tell(dev, hex(handle), {
        check: "dma-not-checked",
        linux: `device driver failed to check map error[device address=${address(handle)}] [size=${mapping.bytes} bytes] [mapped as ${mapping.as}]`,
        explanation: "A mapping can fail: ask dma_mapping_error(dev, handle) before the handle is used.",
      });
    return mapping;
  }

  checkUnmapEntry(
    dev: DmaDevice,
    at: VirtualAddress,
    { bytes, direction, entries }: { bytes: number; direction: Direction; entries: number },
  ): DmaMapping | undefined {
    const mapping = this.#mappings.find(
      (it) => it.dev === dev && it.virtual === at && it.as === "scatter-gather",
    );
    if (!mapping) return this.#notThere(dev, BigInt(at), bytes);
    this.#compare(mapping, { bytes, direction, as: "scatter-gather" });
    if (mapping.entries !== entries)
      this.#tell(dev, hex(mapping.handle), {
        check: "dma-wrong-size",
        linux: `device driver frees DMA sg list with different entry count [map count=${mapping.entries}] [unmap count=${entries}]`,
        explanation: "dma_unmap_sg() takes the list as dma_map_sg() was given it, not what that returned.",
      });
    return mapping;
  }

  checkFree(
    dev: DmaDevice,
    handle: bigint,
    { bytes, at }: { bytes: number; at: VirtualAddress },
  ): DmaMapping | undefined {
    const mapping = this.#find(dev, handle);
    if (!mapping) return this.#notThere(dev, handle, bytes);
    this.#compare(mapping, { bytes, direction: mapping.direction, as: "coherent" });
    if (mapping.virtual !== at)
      this.#tell(dev, hex(handle), {
        check: "dma-wrong-size",
        linux: `device driver frees DMA memory with different CPU address [device address=${address(handle)}] [size=${bytes} bytes] [cpu alloc address=${address(mapping.virtual)}] [cpu free address=${address(at)}]`,
        explanation: "dma_free_coherent() takes both addresses that dma_alloc_coherent() returned.",
      });
    return mapping;
  }

  checkSync(
    dev: DmaDevice,
    handle: bigint,
    { bytes, direction, to }: { bytes: number; direction: Direction; to: "cpu" | "device" },
  ): DmaMapping | undefined {
    const end = handle + BigInt(bytes);
    const mapping = this.#mappings.find(
      (it) =>
        it.dev === dev &&
        it.as !== "coherent" &&
        handle >= it.handle &&
        handle < it.handle + BigInt(it.bytes),
    );
    if (!mapping) {
      this.#tell(dev, hex(handle), {
        check: "dma-outside-a-mapping",
        linux: `device driver tries to sync DMA memory it has not allocated [device address=${address(handle)}] [size=${bytes} bytes]`,
        explanation: "dma_sync_single_for_cpu() and its kin take a handle that is mapped.",
      });
      return undefined;
    }
    const over = Number(end - mapping.handle);
    if (over > mapping.bytes)
      this.#tell(dev, hex(handle), {
        check: "dma-wrong-size",
        linux: `device driver syncs DMA memory outside allocated range [device address=${address(handle)}] [allocation size=${mapping.bytes} bytes] [sync offset+size=${over}]`,
        explanation: "Only what was mapped can be synchronized.",
      });
    if (direction !== mapping.direction) this.#wrongSync(mapping, direction, to);
    return mapping;
  }

  /** What is left as the driver leaves a device; each is told. */
  checkLeaks(dev: DmaDevice): void {
    const left = this.#mappings.filter((it) => it.dev === dev);
    const [first] = left;
    if (!first) return;
    this.#tell(dev, "leak", {
      check: "leak",
      linux: `device driver has pending DMA allocations while released from device [count=${left.length}]\nOne of leaked entries details: [device address=${address(first.handle)}] [size=${first.bytes} bytes] [mapped with ${DIRECTION_NAME[first.direction]}] [mapped as ${first.as}]`,
      explanation: `remove() gives back what probe() took: ${first.as === "coherent" ? "dma_free_coherent()" : "dma_unmap_single()"}.`,
    });
  }

  #find(dev: DmaDevice, handle: bigint): DmaMapping | undefined {
    return this.#mappings.find((it) => it.dev === dev && it.handle === handle);
  }

  #notThere(dev: DmaDevice, handle: bigint, bytes: number): undefined {
    const invalid = handle === DMA_MAPPING_ERROR;
    this.#tell(dev, hex(handle), {
      check: "dma-double-unmap",
      linux: invalid
        ? "device driver tries to free an invalid DMA memory address"
        : `device driver tries to free DMA memory it has not allocated [device address=${address(handle)}] [size=${bytes} bytes]`,
      explanation: "Unmap each mapping once, with the handle that mapping it returned.",
    });
    return undefined;
  }

  #compare(mapping: DmaMapping, { bytes, direction, as }: Streaming): void {
    const { handle, dev } = mapping;
    const head = `[device address=${address(handle)}]`;
    const tell = (linux: string) =>
      this.#tell(dev, hex(handle), {
        check: "dma-wrong-size",
        linux,
        explanation: "Unmap with the same size, direction and kind of function as it was mapped with.",
      });
    if (mapping.bytes !== bytes)
      tell(
        `device driver frees DMA memory with different size ${head} [map size=${mapping.bytes} bytes] [unmap size=${bytes} bytes]`,
      );
    if (mapping.as !== as)
      tell(
        `device driver frees DMA memory with wrong function ${head} [size=${bytes} bytes] [mapped as ${mapping.as}] [unmapped as ${as}]`,
      );
    if (mapping.direction !== direction)
      tell(
        `device driver frees DMA memory with different direction ${head} [size=${bytes} bytes] [mapped with ${DIRECTION_NAME[mapping.direction]}] [unmapped with ${DIRECTION_NAME[direction]}]`,
      );
  }

  #wrongSync(
    { dev, handle, bytes, direction: mapped }: DmaMapping,
    direction: Direction,
    to: "cpu" | "device",
  ): void {
    const ends = `[device address=${address(handle)}] [size=${bytes} bytes] [mapped with ${DIRECTION_NAME[mapped]}] [synced with ${DIRECTION_NAME[direction]}]`;
    const what =
      to === "cpu" && !fromDevice(mapped)
        ? "syncs device read-only DMA memory for cpu"
        : to === "device" && !toDevice(mapped)
          ? "syncs device write-only DMA memory to device"
          : "syncs DMA memory with different direction";
    this.#tell(dev, hex(handle), {
      check: "dma-wrong-direction",
      linux: `device driver ${what} ${ends}`,
      explanation: "Synchronize with the direction that it was mapped with.",
    });
  }

  #tell(dev: DmaDevice, subject: string, { check, linux, explanation }: Told): void {
    const [text = linux] = linux.split("\n");
    this.#kernel.services.sanitizer.report(check, `${dev.pci.name} ${subject} ${text.slice(0, 40)}`, {
      level: "error",
      text,
      explanation,
      log: `DMA-API: ${dev.driver} ${dev.pci.name}: ${linux}`,
    });
  }
}

/** `0x00000000fffff000`, as the kernel prints it. */
function address(value: bigint | number): string {
  return `0x${digits(BigInt.asUintN(64, BigInt(value)), 16)}`;
}
