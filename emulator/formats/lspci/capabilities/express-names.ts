/** Values of the PCI Express capability by name. */

/** Device/Port Type (PCIe Base Specification 7.5.3.2). */
export const PORT = {
  endpoint: 0,
  legacy: 1,
  root: 4,
  upstream: 5,
  downstream: 6,
  toPci: 7,
  fromPci: 8,
  integrated: 9,
  collector: 10,
} as const;

export const PORT_NAMES: Readonly<Record<number, string>> = {
  [PORT.endpoint]: "Endpoint",
  [PORT.legacy]: "Legacy Endpoint",
  [PORT.root]: "Root Port",
  [PORT.upstream]: "Upstream Port",
  [PORT.downstream]: "Downstream Port",
  [PORT.toPci]: "PCI-Express to PCI/PCI-X Bridge",
  [PORT.fromPci]: "PCI/PCI-X to PCI-Express Bridge",
  [PORT.integrated]: "Root Complex Integrated Endpoint",
  [PORT.collector]: "Root Complex Event Collector",
};

const SPEEDS = ["", "2.5GT/s", "5GT/s", "8GT/s", "16GT/s", "32GT/s", "64GT/s"] as const;

export function speed(value: number, otherwise: string): string {
  return SPEEDS[value] || otherwise;
}

const SCALES = [1, 10, 100, 1000] as const;
/** At scale 1, 0xf0 and above are no watts but steps (7.5.3.9). */
const FIRST_STEP = 0xf0;

/** Slot power limit, in watts. */
export function slotPower(value: number, scale: number): string {
  if (scale === 0 && value >= FIRST_STEP) {
    const watts = 250 + (value - FIRST_STEP) * 25;
    return watts > 600 ? ">600W" : `${watts}W`;
  }
  return `${value / (SCALES[scale] ?? 1)}W`;
}
