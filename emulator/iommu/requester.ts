/**
 * The requester id that arrives at the root complex. Conventional PCI has none: the bridge above takes the request over,
 * a PCIe-to-PCI bridge as device 0 of its secondary bus (PCIe to PCI Bridge 1.0, 2.3), any other as itself.
 */
import { requesterId } from "../pci/error-message";
import type { FunctionSide } from "../pci/place";

const PCIE_TO_PCI = 7;

export function arrivingAs(fn: FunctionSide): number {
  let id = requesterId(fn);
  for (let bridge = fn.place?.bus.bridge; bridge; bridge = bridge.place?.bus.bridge) {
    const { config } = bridge;
    const type = config.map["EXP_FLAGS"] ? (config.value("EXP_FLAGS") >>> 4) & 15 : undefined;
    if (type === PCIE_TO_PCI) id = config.value("SECONDARY_BUS") << 8;
    else if (type === undefined) id = requesterId(bridge);
  }
  return id;
}
