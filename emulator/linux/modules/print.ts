/** linux/printk, linux/device and linux/module. */
import type * as device from "linux/device";
import type * as module from "linux/module";
import type * as printk from "linux/printk";
import type { LogLine } from "../../machine/views";
import type { BoundDevice } from "../bound-device";
import type { DriverCore } from "../driver-core";
import type { RunningKernel } from "../running-kernel";
import { vsprintf } from "../vsprintf";

export function printkModule({ kernelLog }: RunningKernel): typeof printk {
  const at =
    (level: LogLine["level"]) =>
    (format: string, ...values: readonly unknown[]) => {
      kernelLog.print(level, vsprintf(format, values).replace(/\n$/, ""));
    };
  return {
    printk: at("info"),
    pr_info: at("info"),
    pr_warn: at("warn"),
    pr_err: at("err"),
    pr_debug: at("debug"),
  };
}

export function deviceModule({ kernelLog }: RunningKernel): typeof device {
  const at =
    (level: LogLine["level"]) =>
    (dev: device.Device, format: string, ...values: readonly unknown[]) => {
      const { driver, pci } = bound(dev);
      kernelLog.print(level, `${driver} ${pci.name}: ${vsprintf(format, values).replace(/\n$/, "")}`);
    };
  return {
    dev_info: at("info"),
    dev_warn: at("warn"),
    dev_err: at("err"),
    dev_dbg: at("debug"),
    dev_name: (dev) => bound(dev).pci.name,
  };
}

export function moduleModule(drivers: DriverCore): typeof module {
  return {
    module_init: (init) => {
      drivers.init = init;
    },
    module_exit: (exit) => {
      drivers.exit = exit;
    },
    MODULE_LICENSE: () => undefined,
    MODULE_AUTHOR: () => undefined,
    MODULE_DESCRIPTION: () => undefined,
  };
}

/** A `struct device` is its PCI device here. */
function bound(dev: device.Device): BoundDevice {
  return dev as unknown as BoundDevice;
}
