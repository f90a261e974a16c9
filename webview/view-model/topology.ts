/** The device tree for drawing and for the keyboard. */
import type { DeviceRow, RegisterRow } from "../protocol";

/** What is drawn left of a row: per level above it, whether a line passes; then how the row itself hangs. */
export interface Branch {
  readonly device: DeviceRow;
  readonly passing: readonly boolean[];
  readonly last: boolean;
}

/** Rows that are drawn again as one scrolls hang as they did. */
const known = new WeakMap<readonly DeviceRow[], readonly Branch[]>();

export function branches(devices: readonly DeviceRow[]): readonly Branch[] {
  const found = known.get(devices) ?? hung(devices);
  known.set(devices, found);
  return found;
}

/** From the last row to the first: at each depth, whether a sibling has been seen below. */
function hung(devices: readonly DeviceRow[]): readonly Branch[] {
  const seen: boolean[] = [];
  return devices
    .toReversed()
    .map((device) => {
      seen.length = Math.min(seen.length, device.depth + 1);
      const passing = Array.from({ length: device.depth }, (_, depth) => seen[depth] === true);
      const last = seen[device.depth] !== true;
      seen[device.depth] = true;
      return { device, passing, last };
    })
    .toReversed();
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
