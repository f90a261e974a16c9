/** Offsets in BAR 0 of the edu device: a file of the driver's own, imported without its types. */
export const ID = 0x00;
export const FACTORIAL: number = 0x08;
export const STATUS = 0x20;
export const IRQ_RAISE = 0x60;
export const IRQ_ACK = 0x64;
