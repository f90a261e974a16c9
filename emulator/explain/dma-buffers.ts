/** The DMA buffer that an address was meant for. */
import { hex } from "../core/hex";
import type { DmaBufferView } from "../machine/views";

/** The buffer of this device that holds the address, or ends shortly before it. */
export function nearestBuffer(
  buffers: readonly DmaBufferView[],
  { bdf, address }: { readonly bdf: string; readonly address: bigint },
): DmaBufferView | undefined {
  const own = buffers.filter((it) => it.bdf === bdf && BigInt(it.handle) <= address);
  const last = own.sort((a, b) => (BigInt(a.handle) < BigInt(b.handle) ? 1 : -1))[0];
  return last && address - BigInt(last.handle) < BigInt(2 * last.bytes) ? last : undefined;
}

export function bufferText({ handle, bytes, direction, owner }: DmaBufferView, address: bigint): string {
  const beyond = address - BigInt(handle) - BigInt(bytes);
  const where = beyond >= 0n ? `${hex(beyond)} bytes beyond` : "inside";
  return `it lies ${where} the buffer of ${bytes} bytes that ${owner} mapped at ${handle}, ${direction}`;
}
