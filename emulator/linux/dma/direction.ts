/** Which way data goes (include/linux/dma-direction.h). */
export const DMA_BIDIRECTIONAL = 0;
export const DMA_TO_DEVICE = 1;
export const DMA_FROM_DEVICE = 2;
export const DMA_NONE = 3;

export type Direction = 0 | 1 | 2 | 3;

/** As log lines call them (include/linux/dma-direction.h, kernel/dma/debug.c). */
export const DIRECTION_NAME = ["DMA_BIDIRECTIONAL", "DMA_TO_DEVICE", "DMA_FROM_DEVICE", "DMA_NONE"] as const;

/** The device reads. */
export function toDevice(direction: Direction): boolean {
  return direction === DMA_TO_DEVICE || direction === DMA_BIDIRECTIONAL;
}

/** The device writes. */
export function fromDevice(direction: Direction): boolean {
  return direction === DMA_FROM_DEVICE || direction === DMA_BIDIRECTIONAL;
}

/** What a mapping that failed returns. */
export const DMA_MAPPING_ERROR = 0xffff_ffff_ffff_ffffn;
