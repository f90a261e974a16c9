/** What Linux's AER service would print of an error message (drivers/pci/pcie/aer.c, 6.1). */
import { digits } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import type { LinuxState } from "../machine/views";
import { FAULT_ERRORS } from "../pci/fault-injection";
import type { FunctionSide } from "../pci/place";
import { bdfText, rootBusOf } from "../pci/root-bus";
import type { Ended } from "./cause";
import type { Rehearsed } from "./rehearsal";

const SEVERITY = { 1: "Corrected", 2: "Uncorrected (Non-Fatal)", 4: "Uncorrected (Fatal)" } as const;
const UNCORRECTABLE: Readonly<Record<number, string>> = {
  12: "TLP",
  14: "CmpltTO",
  15: "CmpltAbrt",
  20: "UnsupReq",
};
const ADVISORY = 13;
/** Who is said to have seen it (AER_GET_AGENT). */
const AGENT: Readonly<Record<number, string>> = {
  14: "Requester ID",
  15: "Completer ID",
  20: "Requester ID",
};

interface Told {
  readonly ended: Ended;
  readonly reported: Rehearsed["reported"];
  readonly linux: LinuxState | undefined;
}

/** Nothing where no root port interrupts for it. */
export function aerLines(machine: Hardware, { ended, reported, linux }: Told): readonly string[] {
  const error = ended.status === "SC" || ended.status === "CRS" ? undefined : FAULT_ERRORS[ended.status];
  return reported.flatMap(({ severity, source, port }) => {
    const from = machine.root.functionAt({
      segment: rootBusOf(port)?.segment ?? 0,
      bus: source >>> 8,
      device: (source >>> 3) & 31,
      function: source & 7,
    });
    const asked = port.config.map["AER_ROOT_COMMAND"] && port.config.value("AER_ROOT_COMMAND") & severity;
    if (!from || !asked) return [];
    const bit = severity === 1 ? ADVISORY : (error?.bit ?? 0);
    return lines({ severity, bit, from, port }, linux);
  });
}

interface Report {
  readonly severity: 1 | 2 | 4;
  readonly bit: number;
  readonly from: FunctionSide;
  readonly port: FunctionSide;
}

function lines({ severity, bit, from, port }: Report, linux: LinuxState | undefined): readonly string[] {
  const source = bdfText(from);
  const device = `${driverOf(from, linux)} ${source}:`;
  const corrected = severity === 1;
  const name = corrected ? "NonFatalErr" : (UNCORRECTABLE[bit] ?? `Unknown Error Bit ${bit}`);
  const agent = corrected ? "Receiver ID" : (AGENT[bit] ?? "Receiver ID");
  const mask = maskOf(from, corrected ? "AER_COR_MASK" : "AER_UNCOR_MASK");
  const ids = `${digits(from.config.value("VENDOR_ID"), 4)}:${digits(from.config.value("DEVICE_ID"), 4)}`;
  return [
    `${driverOf(port, linux)} ${bdfText(port)}: AER: ${SEVERITY[severity]} error received: ${source}`,
    `${device} PCIe Bus Error: severity=${SEVERITY[severity]}, type=Transaction Layer, (${agent})`,
    `${device}   device [${ids}] error status/mask=${digits(2 ** bit, 8)}/${digits(mask, 8)}`,
    `${device}    [${String(bit).padStart(2)}] ${name.padEnd(22)}${corrected ? "" : " (First)"}`,
  ];
}

function driverOf(fn: FunctionSide, linux: LinuxState | undefined): string {
  return linux?.functions.find(({ bdf }) => bdf === bdfText(fn))?.driver ?? "pci";
}

function maskOf({ config }: FunctionSide, register: string): number {
  return config.map[register] ? config.value(register) : 0;
}
