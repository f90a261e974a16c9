/**
 * Error messages on their way up (PCIe Base Specification 6.2.5, 6.2.6): from the function that detected an error,
 * through the ports above it, to the root port, which notes them in Root Error Status and interrupts.
 * Not modelled: Root Complex Event Collectors; what a function on the root bus reports goes nowhere.
 */
import type { FunctionSide } from "./place";
import { severitiesOf, updatePortInterrupt } from "./port-interrupt";

/** ERR_COR, ERR_NONFATAL, ERR_FATAL (PCIe 2.2.8.3). The number is its bit in Device Control and Root Error Command. */
export interface ErrorMessage {
  readonly severity: 1 | 2 | 4;
  /** Requester ID of the function that detected the error. */
  readonly source: number;
}

const SIGNALED_SYSTEM_ERROR = 0x4000;
const BRIDGE_SERR = 0x02;
const CORRECTABLE = 1;
const FATAL = 4;
const ROOT_STATUS = {
  COR: 0x01,
  MULTI_COR: 0x02,
  UNCOR: 0x04,
  MULTI_UNCOR: 0x08,
  FIRST_FATAL: 0x10,
  NON_FATAL: 0x20,
  FATAL: 0x40,
} as const;

export function requesterId({ place }: FunctionSide): number {
  return ((place?.bus.number ?? 0) << 8) | ((place?.device ?? 0) << 3) | (place?.function ?? 0);
}

export function sendErrorMessage(from: FunctionSide, message: ErrorMessage): void {
  if (from.quirks.take("ERROR_MESSAGE_PATH")) {
    carryAsQemu(from, message);
    return;
  }
  signal(from, message);
  if (isRootPort(from)) noteAtRoot(from, message);
  for (let port = from.place?.bus.bridge; port; port = port.place?.bus.bridge) {
    receiveFromBelow(port, message);
    if (isRootPort(port)) noteAtRoot(port, message);
    else if (!forwards(port, message)) return;
    signal(port, message);
  }
}

/**
 * A conventional function pulls SERR#, where its Command register lets it; the bridge above makes a message of it, in
 * its own name (PCI Express to PCI/PCI-X Bridge 1.0, 10.1.2).
 */
export function pullSerr(from: FunctionSide): void {
  const bridge = from.place?.bus.bridge;
  if (!from.command.serr || from.quirks.on) return;
  signal(from, { severity: FATAL });
  if (!bridge) return;
  receiveFromBelow(bridge, { severity: FATAL });
  if (!forwards(bridge, { severity: FATAL })) return;
  if (bridge.config.map["EXP_DEVSTA"])
    sendErrorMessage(bridge, { severity: FATAL, source: requesterId(bridge) });
  else pullSerr(bridge);
}

type Severity = Pick<ErrorMessage, "severity">;

function forwards(port: FunctionSide, { severity }: Severity): boolean {
  if (!(port.config.value("BRIDGE_CONTROL") & BRIDGE_SERR)) return false;
  return severity === CORRECTABLE || port.command.serr;
}

/** Signaled System Error: an uncorrectable message left, and SERR# Enable is set (PCIe 7.5.1.1.4). */
function signal({ config, command }: FunctionSide, { severity }: Severity): void {
  if (severity !== CORRECTABLE && command.serr)
    config.set("STATUS", config.value("STATUS") | SIGNALED_SYSTEM_ERROR);
}

/** Received System Error of the secondary side (PCIe 7.5.1.3.7). */
function receiveFromBelow({ config }: FunctionSide, { severity }: Severity): void {
  if (severity !== CORRECTABLE) config.set("SEC_STATUS", config.value("SEC_STATUS") | SIGNALED_SYSTEM_ERROR);
}

function isRootPort({ config, place }: FunctionSide): boolean {
  return config.map["SECONDARY_BUS"] !== undefined && place?.bus.bridge === undefined;
}

/** The quirk ERROR_MESSAGE_PATH. */
function carryAsQemu(from: FunctionSide, message: ErrorMessage): void {
  for (let fn: FunctionSide | undefined = from; fn; fn = fn.place?.bus.bridge) {
    const { config, command } = fn;
    if (config.map["SECONDARY_BUS"]) receiveFromBelow(fn, message);
    if (config.map["SECONDARY_BUS"] && !(config.value("BRIDGE_CONTROL") & BRIDGE_SERR)) return;
    if (message.severity === CORRECTABLE || !command.serr) return;
    signal(fn, message);
    if (!(config.value("EXP_DEVCTL") & message.severity)) return;
    if (isRootPort(fn)) noteAtRoot(fn, message);
  }
}

/** Root Error Status, Error Source Identification and the interrupt (PCIe 7.8.4.9 to 7.8.4.11). */
function noteAtRoot(port: FunctionSide, { severity, source }: ErrorMessage): void {
  const { config } = port;
  if (!config.map["AER_ROOT_STATUS"]) return;
  const before = config.value("AER_ROOT_STATUS");
  const first = severity === CORRECTABLE ? !(before & ROOT_STATUS.COR) : !(before & ROOT_STATUS.UNCOR);
  if (first) config.set(severity === CORRECTABLE ? "AER_COR_SOURCE" : "AER_UNCOR_SOURCE", source);
  config.set("AER_ROOT_STATUS", before | noted(severity, first));
  port.place?.bus.root.fabric.reported(port, { severity, source });
  const enabled = config.value("AER_ROOT_COMMAND");
  if (enabled & severity && !(severitiesOf(before) & enabled))
    updatePortInterrupt(port, { now: true, rose: true });
}

function noted(severity: ErrorMessage["severity"], first: boolean): number {
  if (severity === CORRECTABLE) return first ? ROOT_STATUS.COR : ROOT_STATUS.COR | ROOT_STATUS.MULTI_COR;
  const kind = severity === FATAL ? ROOT_STATUS.FATAL : ROOT_STATUS.NON_FATAL;
  const order = first ? (severity === FATAL ? ROOT_STATUS.FIRST_FATAL : 0) : ROOT_STATUS.MULTI_UNCOR;
  return ROOT_STATUS.UNCOR | kind | order;
}
