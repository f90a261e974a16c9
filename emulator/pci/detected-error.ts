/** A function detects an error: status bits, the log, and whether a message goes up (PCIe Base Specification 6.2.5). */
import { pullSerr, requesterId, sendErrorMessage } from "./error-message";
import type { Header, LoggedError } from "./later-errors";
import type { FunctionSide } from "./place";

/** An error as the two status registers of AER number it. */
export type DetectedError =
  | { readonly kind: "correctable"; readonly bit: number }
  | {
      readonly kind: "uncorrectable";
      readonly bit: number;
      /** Reported as correctable because someone else will handle it (PCIe 6.2.3.2.4). */
      readonly advisory?: boolean;
      /** The packet's header, for the log. */
      readonly header?: Header;
    };

const DEVICE_STATUS = { CORRECTABLE: 1, NON_FATAL: 2, FATAL: 4, UNSUPPORTED: 8 } as const;
const ENABLE = { CORRECTABLE: 1, NON_FATAL: 2, FATAL: 4, UNSUPPORTED: 8 } as const;
const ADVISORY_NON_FATAL = 13;
const LOG_OVERFLOW = 15;
const UNSUPPORTED_REQUEST = 20;
/** Multiple Header Recording Enable. */
const RECORDS_SEVERAL = 0x400;

export function detectError(fn: FunctionSide, error: DetectedError): void {
  if (!fn.config.map["EXP_DEVSTA"]) {
    if (error.kind === "uncorrectable") pullSerr(fn);
    return;
  }
  const unsupported = error.kind === "uncorrectable" && error.bit === UNSUPPORTED_REQUEST;
  if (unsupported) setDeviceStatus(fn, DEVICE_STATUS.UNSUPPORTED);
  const severity = record(fn, error);
  if (severity === undefined || !reports(fn, severity, unsupported)) return;
  sendErrorMessage(fn, { severity, source: requesterId(fn) });
}

/** Sets the status bits; the severity to report, or undefined where the mask says that nothing is reported. */
function record(fn: FunctionSide, error: DetectedError): 1 | 2 | 4 | undefined {
  if (error.kind === "correctable") return recordCorrectable(fn, error.bit);
  const fatal = fatalBy(fn, error.bit);
  if (!fatal && error.advisory) return recordAdvisory(fn, error);
  setDeviceStatus(fn, fatal ? DEVICE_STATUS.FATAL : DEVICE_STATUS.NON_FATAL);
  if (!logUncorrectable(fn, error)) return undefined;
  return fatal ? 4 : 2;
}

function recordCorrectable(fn: FunctionSide, bit: number): 1 | undefined {
  const { config } = fn;
  setDeviceStatus(fn, DEVICE_STATUS.CORRECTABLE);
  if (!config.map["AER_COR_STATUS"]) return 1;
  config.set("AER_COR_STATUS", config.value("AER_COR_STATUS") | (1 << bit));
  return (config.value("AER_COR_MASK") >>> bit) & 1 ? undefined : 1;
}

function recordAdvisory(fn: FunctionSide, error: DetectedError & { kind: "uncorrectable" }): 1 | undefined {
  const severity = recordCorrectable(fn, ADVISORY_NON_FATAL);
  if (severity !== undefined) logUncorrectable(fn, error);
  return severity;
}

/** False where the error is masked: then its bit is set, and nothing else happens. */
function logUncorrectable(
  fn: FunctionSide,
  { bit, header = [0, 0, 0, 0] }: DetectedError & { kind: "uncorrectable" },
): boolean {
  const { config, quirks } = fn;
  if (!config.map["AER_UNCOR_STATUS"]) return true;
  const status = config.value("AER_UNCOR_STATUS");
  config.set("AER_UNCOR_STATUS", (status | (1 << bit)) >>> 0);
  if ((config.value("AER_UNCOR_MASK") >>> bit) & 1) return false;
  const control = config.value("AER_CAP");
  const another = (status >>> (control & 31)) & 1;
  if (another && control & RECORDS_SEVERAL) queue(fn, { bit, header });
  else if (!another || quirks.take("LAST_ERROR_LOGGED")) showError(fn, { bit, header });
  return true;
}

/** Behind the first, if there is room: else Header Log Overflow (PCIe 6.2.4.2). */
function queue(fn: FunctionSide, error: LoggedError): void {
  if (!fn.laterErrors?.add(error)) detectError(fn, { kind: "correctable", bit: LOG_OVERFLOW });
}

/** First Error Pointer and Header Log say this one. */
export function showError({ config }: FunctionSide, { bit, header }: LoggedError): void {
  config.set("AER_CAP", (config.value("AER_CAP") & ~31) | bit);
  for (const word of [0, 1, 2, 3] as const) config.set(`AER_HEADER_LOG_${word}`, swapped(header[word]));
}

/** Bytes of a header go on the wire with the highest first. */
function swapped(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function fatalBy({ config }: FunctionSide, bit: number): boolean {
  const severity = config.map["AER_UNCOR_SEVERITY"] ? config.value("AER_UNCOR_SEVERITY") : 0x0046_2030;
  return ((severity >>> bit) & 1) !== 0;
}

/** Device Control, or for uncorrectable errors SERR# Enable, lets the message go (PCIe 6.2.5, figure 6-2). */
function reports({ config, command }: FunctionSide, severity: 1 | 2 | 4, unsupported: boolean): boolean {
  const control = config.value("EXP_DEVCTL");
  if (severity === 1)
    return (control & ENABLE.CORRECTABLE) !== 0 && (!unsupported || (control & ENABLE.UNSUPPORTED) !== 0);
  if (unsupported && !(control & ENABLE.UNSUPPORTED) && !command.serr) return false;
  return command.serr || (control & severity) !== 0;
}

function setDeviceStatus({ config }: FunctionSide, bits: number): void {
  config.set("EXP_DEVSTA", config.value("EXP_DEVSTA") | bits);
}
