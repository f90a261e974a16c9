/** How Linux numbers interrupts here: lines by their input, messages above them by their vector. */

/** Message vectors of x86 start above the exceptions and the legacy interrupts. */
export const FIRST_VECTOR = 0x20;
export const FIRST_MESSAGE_IRQ = 24;

export function irqOfVector(vector: number): number {
  return vector - FIRST_VECTOR + FIRST_MESSAGE_IRQ;
}
