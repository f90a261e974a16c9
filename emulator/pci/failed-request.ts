/**
 * What a request of the CPU that fails leaves behind (PCIe Base Specification 2.3.1, 6.2.3.2.4, 7.5.1.1.4): the completer
 * detects an error, and the secondary side of the root port notes the completion it received.
 * Configuration requests of absent functions leave nothing: enumeration would fill every port's status with it.
 */
import type { CompletionStatus } from "../core/transaction";
import type { Bridge } from "./bridge";
import { type DetectedError, detectError } from "./detected-error";
import type { PciFunction } from "./function";
import type { FunctionSide } from "./place";

const RECEIVED = { UR: 0x2000, CA: 0x1000 } as const;
/** In Uncorrectable Error Status. */
const POISONED = 12;
/** Parity Error bits of both status registers. */
const DETECTED = 0x8000;
const MASTER_DATA = 0x0100;
const MASTER_ABORT_MODE = 0x20;
const SIGNALED_TARGET_ABORT = 0x0800;

export interface FailedRequest {
  readonly status: CompletionStatus;
  readonly error: DetectedError;
  /** Who could not answer; nobody on the root bus. */
  readonly completer: FunctionSide | undefined;
  /** The root port on the way, whose secondary side is the requester of what goes below. */
  readonly port: FunctionSide | undefined;
  /** Posted: nobody hears of it but the completer. */
  readonly write: boolean;
}

/** In `qemu` fidelity nothing is left behind: the quirk FAILURES_UNNOTED. */
export function noteFailure({ status, error, completer, port, write }: FailedRequest): void {
  if ((completer ?? port)?.quirks.on) return;
  const poisoned = error.kind === "uncorrectable" && error.bit === POISONED;
  if (poisoned) notePoison(write ? completer : port, { secondary: !write });
  const asCompleter = status === "timeout" || (poisoned && !write) ? port : completer;
  if (asCompleter)
    detectError(asCompleter, write && error.kind === "uncorrectable" ? { ...error, advisory: false } : error);
  if (status === "CA" && completer) setStatus(completer, "STATUS", SIGNALED_TARGET_ABORT);
  if (!write && port && (status === "UR" || status === "CA")) setStatus(port, "SEC_STATUS", RECEIVED[status]);
}

/**
 * A poisoned packet arrived: Detected Parity Error always, Master Data Parity Error where Parity Error Response lets it
 * (PCIe 2.7.2.2, 7.5.1.1.4, 7.5.1.3.7). `secondary`: at the side of a port that faces down.
 */
export function notePoison(
  at: FunctionSide | undefined,
  { secondary }: { readonly secondary: boolean },
): void {
  if (!at) return;
  const control = secondary ? at.config.value("BRIDGE_CONTROL") & 1 : at.config.value("COMMAND") & 0x40;
  setStatus(at, secondary ? "SEC_STATUS" : "STATUS", control ? DETECTED | MASTER_DATA : DETECTED);
}

/** Who answers for what nobody claims on the bus below: the card of a link; on a conventional bus, the bridge. */
export function completerOf(bridge: Bridge | undefined): PciFunction | undefined {
  if (!bridge || bridge.conventionalBelow) return bridge;
  return bridge.below?.at(0, 0) ?? bridge;
}

/**
 * Nobody took a request on the conventional bus below: Received Master Abort. Whether that is an error for the
 * requester, Master Abort Mode says (PCI-to-PCI Bridge 1.2, 3.2.5.18); it is none while the bit is 0.
 */
export function masterAborts(bridge: FunctionSide): boolean {
  if (bridge.quirks.on) return true;
  setStatus(bridge, "SEC_STATUS", RECEIVED.UR);
  return (bridge.config.value("BRIDGE_CONTROL") & MASTER_ABORT_MODE) !== 0;
}

function setStatus({ config }: FunctionSide, register: "STATUS" | "SEC_STATUS", bit: number): void {
  config.set(register, config.value(register) | bit);
}
