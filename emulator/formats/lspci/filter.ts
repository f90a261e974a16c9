/** `-s [[[domain]:]bus]:[slot][.func]` and `-d [vendor]:[device][:class[:prog-if]]`: hexadecimal, `*` or nothing is any. */
import type { SysfsDevice } from "../../linux/sysfs";

/** A filter that does not read so; the message is one sentence. */
export class FilterError extends Error {}

type Filter = (device: SysfsDevice) => boolean;

const PART = "([0-9a-f]*|\\*)";
const SLOT = new RegExp(`^(?:(?:${PART}:)?${PART}:)?${PART}(?:\\.([0-7]?|\\*))?$`, "i");
const IDS = new RegExp(`^${PART}:${PART}(?::${PART}(?::${PART})?)?$`, "i");

export function slotFilter(text: string): Filter {
  const match = SLOT.exec(text);
  if (!match)
    throw new FilterError(
      `"${text}" is no slot: write it as lspci does, -s [[domain:]bus:][slot][.function]`,
    );
  const wanted = match.slice(1).map(number);
  return ({ name }) => {
    const parts = name.split(/[:.]/).map((part) => Number.parseInt(part, 16));
    return wanted.every((it, index) => it === undefined || it === parts[index]);
  };
}

export function idFilter(text: string): Filter {
  const match = IDS.exec(text);
  if (!match)
    throw new FilterError(
      `"${text}" names no device: write it as lspci does, -d [vendor]:[device][:class[:prog-if]]`,
    );
  const wanted = match.slice(1).map(number);
  return (device) => {
    const parts = [device.vendor, device.device, device.class >>> 8, device.class & 0xff];
    return wanted.every((it, index) => it === undefined || it === parts[index]);
  };
}

function number(part: string | undefined): number | undefined {
  return part && part !== "*" ? Number.parseInt(part, 16) : undefined;
}
