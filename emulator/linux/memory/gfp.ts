/** Flags of an allocation (include/linux/gfp_types.h), and how high it may lie. */
export const GFP = {
  DMA: 0x01,
  DMA32: 0x04,
  ZERO: 0x100,
  ATOMIC: 0xa20,
  KERNEL: 0xcc0,
  NOWAIT: 0x800,
} as const;

const DMA_END = 2 ** 24;
const DMA32_END = 2 ** 32;

/** The end of the highest zone that the flags allow. */
export function limitOf(flags: number): number {
  if (flags & GFP.DMA) return DMA_END;
  return flags & GFP.DMA32 ? DMA32_END : Number.POSITIVE_INFINITY;
}

/** May the caller be put to sleep meanwhile? */
export function maySleep(flags: number): boolean {
  return (flags & 0x400) !== 0;
}
