/** A device of the kind that a description names. */
import type { Device, DeviceParts } from "../pci/device";
import { catalogue } from "./catalogue";
import type { FunctionDescription } from "./description";

/** What all devices of a machine share. */
export type MachineParts = Pick<DeviceParts, "arena" | "clock" | "fidelity" | "quirks">;

/** Throws where nobody knows the kind. */
export function makeDevice(description: FunctionDescription, parts: MachineParts): Device {
  const { device, name = device, options = {}, config, bars = [], vfBars = [], rom = 0 } = description;
  const make = catalogue.get(device);
  if (!make)
    throw new RangeError(`There is no device "${device}": known are ${[...catalogue.keys()].join(", ")}`);
  const recording = config === undefined ? {} : { recording: { config, bars, vfBars, rom } };
  return make({ ...parts, name, options, ...recording });
}
