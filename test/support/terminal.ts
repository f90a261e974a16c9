/** A machine as the terminal's commands reach it, without processes. */
import { fewNames } from "../../emulator/formats/pci-names";
import { sysfsDevices } from "../../emulator/linux/sysfs";
import { Inspection } from "../../emulator/machine/inspect";
import { touch } from "../../emulator/machine/touch";
import type { Reachable } from "../../extension/host/shell/reachable";
import { booted } from "./bench";

/** The demo machine, booted. */
export function reachable(): Reachable {
  const { machine, kernel } = booted();
  const inspection = new Inspection(machine, fewNames);
  return {
    get linux() {
      return kernel.state();
    },
    names: fewNames,
    sysfs: () => Promise.resolve(sysfsDevices(kernel)),
    touch: (wish) => Promise.resolve().then(() => touch(machine, wish)),
    translate: (address) => inspection.translate(address),
  };
}
