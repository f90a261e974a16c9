/** Where a watchpoint, or an event of the machine, stops the driver. */
import type { DriverEvent, DriverHit } from "../driver-thread-protocol";
import { TRAP_PARAMETER, TRAP_URL } from "../trap-url";

/**
 * Stops in the debugger. A script of its own, because V8 ignores `debugger` in a blackboxed script,
 * and the bundle around this file is one.
 */
// biome-ignore lint/security/noGlobalEval: the trap must not be part of the bundle
export const trap = globalThis.eval(
  `(function watchpoint(${TRAP_PARAMETER}) { debugger; })\n//# sourceURL=${TRAP_URL}`,
) as (hit: DriverHit | DriverEvent) => void;
