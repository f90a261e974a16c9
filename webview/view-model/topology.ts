/** The device tree for drawing and for the keyboard. */
import type { DeviceRow, RegisterRow } from "../protocol";

/** What is drawn left of a row: per level above it, whether a line passes; then how the row itself hangs. */
export interface Branch {
  readonly device: DeviceRow;
  readonly passing: readonly boolean[];
  readonly last: boolean;
}

const hasSiblingBelow = (devices: readonly DeviceRow[], index: number, depth: number): boolean => {
  const next = devices.slice(index + 1).find((device) => device.depth <= depth);
  return next?.depth === depth;
};

export function branches(devices: readonly DeviceRow[]): readonly Branch[] {
  return devices.map((device, index) => ({
    device,
    passing: Array.from({ length: device.depth }, (_, depth) => hasSiblingBelow(devices, index, depth)),
    last: !hasSiblingBelow(devices, index, device.depth),
  }));
}

/** The device to show: the one selected, or the one of what is selected, while it exists; else the first endpoint. */
export function chosenDevice(
  devices: readonly DeviceRow[],
  selected: string | undefined,
): DeviceRow | undefined {
  return (
    devices.find(({ bdf }) => bdf === selected?.split("/")[0]) ??
    devices.find(({ kind }) => kind === "endpoint") ??
    devices.at(0)
  );
}

/** The register that is selected, else the first one of the device to show. */
export function chosenRegister(device: DeviceRow, selected: string | undefined): RegisterRow | undefined {
  return device.registers.find(({ key }) => key === selected) ?? device.registers.at(0);
}

/** Where an arrow key leads in a list of `count`; undefined for a key that moves nothing. */
export function moved(index: number, { key, count }: { key: string; count: number }): number | undefined {
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count - 1 }[key];
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}
