/** A fault of the IOMMU: the entry that forbids, the buffer that was meant, and Linux's lines (drivers/iommu/intel/dmar.c). */
import { digits, hex } from "../core/hex";
import type { RemapStep } from "../iommu/remapping-tables";
import type { Hardware } from "../machine/hardware";
import type { DmaBufferView, LinuxState } from "../machine/views";
import { bdfOf } from "../machine/watch-target";
import type { Decider } from "../machine/way-views";
import type { Cause } from "./cause";
import { bufferText, nearestBuffer } from "./dma-buffers";
import type { Death } from "./ending";

type Remapping = Death & { readonly kind: "remapping" };

const PAGE = 0xfffn;

export function remapCause(machine: Hardware, death: Remapping, linux: LinuxState | undefined): Cause {
  const { from, address, write, text } = death;
  const bit = deciding(machine, death);
  const buffer = nearestBuffer(linux?.dma ?? [], { bdf: bdfOf(from), address });
  const whose = buffer
    ? `; ${bufferText(buffer, address)}`
    : "; no buffer of this device holds the address now";
  const where = bit ? `: ${bit.field} (bit ${bit.bits[0]} of the ${bit.register} at ${bit.at}) is 0` : "";
  return {
    why: `the IOMMU blocks it, ${text}${where}${whose}`,
    ...(bit && { decides: bit }),
    mends: [{ sentence: advice(buffer, { write, address }) }],
    log: lines(death),
  };
}

/** The last entry that the walk reads is the one that ends it. */
function deciding(machine: Hardware, { requester, address, write, reason }: Remapping): Decider | undefined {
  const steps: RemapStep[] = [];
  machine.iommu?.walk({ requester, address, write }, (step) => void steps.push(step));
  const last = steps.at(-1);
  if (!last) return undefined;
  const writes = last.table === "second-level" && reason === 5;
  const field = last.table === "second-level" ? (writes ? "W" : "R") : "P";
  const bit = writes ? 1 : 0;
  const register =
    last.table === "second-level" ? `second-level entry of level ${last.level}` : `${last.table} entry`;
  return {
    register,
    at: hex(last.at),
    value: hex(last.low),
    field,
    bits: [bit, bit],
    is: String((last.low >> BigInt(bit)) & 1n),
    wants: "1",
  };
}

function advice(
  buffer: DmaBufferView | undefined,
  { write, address }: { write: boolean; address: bigint },
): string {
  if (!buffer)
    return "Map the buffer before the device is told of it, and unmap it only when the device is done: dma_map_single(), dma_unmap_single()";
  if (address - BigInt(buffer.handle) >= BigInt(buffer.bytes))
    return "Map as many bytes as the device is told to transfer, or tell it fewer";
  return write
    ? "The device writes what was mapped for reading: map it with DMA_FROM_DEVICE or DMA_BIDIRECTIONAL"
    : "The device reads what was mapped for writing: map it with DMA_TO_DEVICE or DMA_BIDIRECTIONAL";
}

function lines({ requester, address, write, reason, text }: Remapping): readonly string[] {
  const source = `${digits(requester >>> 8, 2)}:${digits((requester >>> 3) & 31, 2)}.${requester & 7}`;
  return [
    "DMAR: DRHD: handling fault status reg 2",
    `DMAR: [DMA ${write ? "Write" : "Read"} NO_PASID] Request device [${source}] fault addr ${hex(address & ~PAGE)} [fault reason 0x${digits(reason, 2)}] ${text}`,
  ];
}
