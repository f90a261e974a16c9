/**
 * What keeps a function's own requests from going up (PCIe Base Specification 7.5.1.1.3, 5.3.1.4): Bus Master Enable,
 * here and at every bridge above, and the power state.
 */
import type { FunctionSide } from "./place";

/** A clause; undefined where nothing does. */
export function hindranceOf(fn: FunctionSide): string | undefined {
  if (!fn.answers) return `${fn.name} is not there`;
  if (!fn.command.busMaster) return `Bus Master Enable (Command bit 2) of ${fn.name} is 0`;
  if (fn.powerState !== 0 && !fn.quirks.take("POWER_STATE_IGNORED"))
    return `${fn.name} is in power state D${fn.powerState}`;
  for (let bridge = fn.place?.bus.bridge; bridge; bridge = bridge.place?.bus.bridge) {
    if (!bridge.answers) return `${bridge.name}, a bridge above, is not there`;
    if (!bridge.command.busMaster)
      return `Bus Master Enable (Command bit 2) of ${bridge.name}, a bridge above, is 0`;
  }
  return undefined;
}
