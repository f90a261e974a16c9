/**
 * Advanced Error Reporting (PCIe Base Specification 7.8.4): status, mask and severity of each error, the header of the
 * first packet, and at a root port what arrived from below.
 * Not modelled: TLP prefixes, ECRC itself (its enables are stored).
 */
import type { Register } from "../../core/register-map";
import { showError } from "../detected-error";
import { type ConfigLogic, type ConfigWrite, type FunctionSide, writtenTo } from "../place";
import { rootErrorPending, severitiesOf, updatePortInterrupt } from "../port-interrupt";
import type { Capability } from "./capability";

export interface ErrorReportingOptions {
  /** A root port: root error registers. */
  readonly root?: boolean;
  /** Can record several headers; its log goes when its first error is cleared. */
  readonly port?: boolean;
  readonly version?: 1 | 2;
  /** The Uncorrectable Error Mask can be written; without, it is QEMU's quirk. */
  readonly maskable?: boolean;
}

/** Multiple Header Recording Enable. */
const RECORDS_SEVERAL = 0x400;
const NO_ERROR = { bit: 0, header: [0, 0, 0, 0] } as const;
const SEVERITY_RESET = 0x0046_2030;
const CORRECTABLE_MASK_RESET = 0xe000;

// biome-ignore format: a table, as in the specification
export function errorReporting(at: number, { root = false, port = root, version = 2, maskable = true }: ErrorReportingOptions = {}): Capability {
  const uncorrectable = (access: "rw" | "w1c" | "ro", doc: string) => ({ access: "ro" as const, survives: "hot-reset" as const, fields: UNCORRECTABLE_FIELDS(access), doc });
  const correctable = (access: "rw" | "w1c", doc: string) => ({ access: "ro" as const, survives: "hot-reset" as const, fields: CORRECTABLE_FIELDS(access), doc });
  const registers: Record<string, Register> = {
    AER_UNCOR_STATUS: { at: at + 0x04, width: 32, ...uncorrectable("w1c", "Uncorrectable errors detected."), spec: "PCIe 7.8.4.2" },
    AER_UNCOR_MASK: { at: at + 0x08, width: 32, ...uncorrectable(maskable ? "rw" : "ro", "Which of them are not reported."), spec: "PCIe 7.8.4.3" },
    AER_UNCOR_SEVERITY: { at: at + 0x0c, width: 32, ...uncorrectable("rw", "Which of them are fatal."), reset: SEVERITY_RESET, spec: "PCIe 7.8.4.4" },
    AER_COR_STATUS: { at: at + 0x10, width: 32, ...correctable("w1c", "Correctable errors detected."), spec: "PCIe 7.8.4.5" },
    AER_COR_MASK: { at: at + 0x14, width: 32, ...correctable("rw", "Which of them are not reported."), reset: CORRECTABLE_MASK_RESET, spec: "PCIe 7.8.4.6" },
    AER_CAP: { at: at + 0x18, width: 32, access: "ro", survives: "hot-reset", reset: port ? 0x2a0 : 0xa0, doc: "Which error was the first.", spec: "PCIe 7.8.4.7", fields: {
      FIRST: { bits: [4, 0], doc: "First Error Pointer: a bit of the status register." },
      ECRC_GENC: { bits: 5, doc: "Can generate ECRC." },
      ECRC_GENE: { bits: 6, access: "rw", doc: "Generates ECRC." },
      ECRC_CHKC: { bits: 7, doc: "Can check ECRC." },
      ECRC_CHKE: { bits: 8, access: "rw", doc: "Checks ECRC." },
      MHRC: { bits: 9, doc: "Can record several headers." },
      MHRE: { bits: 10, access: port ? "rw" : "ro", doc: "Records several headers." },
    } },
  };
  for (const word of [0, 1, 2, 3]) registers[`AER_HEADER_LOG_${word}`] = { at: at + 0x1c + word * 4, width: 32, access: "ro", survives: "hot-reset", doc: "Header of the packet that was the first error.", spec: "PCIe 7.8.4.8" };
  Object.assign(registers, rootRegisters(at, root));
  for (const word of [0, 1, 2, 3]) registers[`AER_PREFIX_LOG_${word}`] = { at: at + 0x38 + word * 4, width: 32, access: "ro", doc: "TLP prefixes of that packet.", spec: "PCIe 7.8.4.12" };
  return {
    id: 0x0001, name: "AER", at, version, registers,
    logic: (fn) => new ErrorLog(fn, { root, port }),
    ...(!maskable && { quirks: { [at + 0x08]: "UNCORRECTABLE_MASK_ZERO" as const } }),
  };
}

// biome-ignore format: a table, as in the specification
function rootRegisters(at: number, root: boolean): Readonly<Record<string, Register>> {
  if (!root) return Object.fromEntries([0x2c, 0x30, 0x34].map((offset) => [`AER_RESERVED_${offset}`, { at: at + offset, width: 32, access: "ro", doc: "Root ports only: reads zero." }]));
  return {
    AER_ROOT_COMMAND: { at: at + 0x2c, width: 32, access: "ro", doc: "Which messages interrupt.", spec: "PCIe 7.8.4.9", fields: {
      COR: { bits: 0, access: "rw", doc: "Correctable." },
      NONFATAL: { bits: 1, access: "rw", doc: "Non-fatal." },
      FATAL: { bits: 2, access: "rw", doc: "Fatal." },
    } },
    AER_ROOT_STATUS: { at: at + 0x30, width: 32, access: "ro", survives: "hot-reset", doc: "Messages that arrived.", spec: "PCIe 7.8.4.10", fields: {
      COR: { bits: 0, access: "w1c", doc: "ERR_COR." },
      MULTI_COR: { bits: 1, access: "w1c", doc: "More than one." },
      UNCOR: { bits: 2, access: "w1c", doc: "ERR_FATAL or ERR_NONFATAL." },
      MULTI_UNCOR: { bits: 3, access: "w1c", doc: "More than one." },
      FIRST_FATAL: { bits: 4, access: "w1c", doc: "The first uncorrectable was fatal." },
      NONFATAL: { bits: 5, access: "w1c", doc: "A non-fatal one." },
      FATAL: { bits: 6, access: "w1c", doc: "A fatal one." },
      IRQ: { bits: [31, 27], doc: "Vector." },
    } },
    AER_COR_SOURCE: { at: at + 0x34, width: 16, access: "ro", survives: "hot-reset", doc: "Requester ID of the first correctable.", spec: "PCIe 7.8.4.11" },
    AER_UNCOR_SOURCE: { at: at + 0x36, width: 16, access: "ro", survives: "hot-reset", doc: "Requester ID of the first uncorrectable.", spec: "PCIe 7.8.4.11" },
  };
}

// biome-ignore format: a table, as in the specification
const UNCORRECTABLE_FIELDS = (access: "rw" | "w1c" | "ro") => ({
  DLP: { bits: 4, access, doc: "Data Link Protocol Error." },
  SDES: { bits: 5, access, doc: "Surprise Down Error." },
  TLP: { bits: 12, access, doc: "Poisoned TLP." },
  FCP: { bits: 13, access, doc: "Flow Control Protocol Error." },
  CMPLT_TO: { bits: 14, access, doc: "Completion Timeout." },
  CMPLT_ABRT: { bits: 15, access, doc: "Completer Abort." },
  UNX_CMPLT: { bits: 16, access, doc: "Unexpected Completion." },
  RX_OF: { bits: 17, access, doc: "Receiver Overflow." },
  MALF_TLP: { bits: 18, access, doc: "Malformed TLP." },
  ECRC: { bits: 19, access, doc: "ECRC Error." },
  UNSUP_REQ: { bits: 20, access, doc: "Unsupported Request." },
  ACS_VIOL: { bits: 21, access, doc: "ACS Violation." },
  INTERNAL: { bits: 22, access, doc: "Internal Error." },
  MC_BLOCKED: { bits: 23, access, doc: "MC Blocked TLP." },
  ATOMIC: { bits: 24, access, doc: "AtomicOp Egress Blocked." },
  PREFIX: { bits: 25, access, doc: "TLP Prefix Blocked." },
});

// biome-ignore format: a table, as in the specification
const CORRECTABLE_FIELDS = (access: "rw" | "w1c") => ({
  RX_ERR: { bits: 0, access, doc: "Receiver Error." },
  BAD_TLP: { bits: 6, access, doc: "Bad TLP." },
  BAD_DLLP: { bits: 7, access, doc: "Bad DLLP." },
  ROLLOVER: { bits: 8, access, doc: "REPLAY_NUM Rollover." },
  TIMEOUT: { bits: 12, access, doc: "Replay Timer Timeout." },
  NONFATAL: { bits: 13, access, doc: "Advisory Non-Fatal Error." },
  INTERNAL: { bits: 14, access, doc: "Corrected Internal Error." },
  LOG_OVERFLOW: { bits: 15, access, doc: "Header Log Overflow." },
});

/** What software's writes do to the log, and to a root port's interrupt. */
class ErrorLog implements ConfigLogic {
  readonly #fn: FunctionSide;
  readonly #root: boolean;
  readonly #port: boolean;

  constructor(fn: FunctionSide, { root, port }: { readonly root: boolean; readonly port: boolean }) {
    this.#fn = fn;
    this.#root = root;
    this.#port = port;
  }

  written(write: ConfigWrite): void {
    if (this.#port) this.#clearLog();
    if (this.#root) this.#updateInterrupt(write);
  }

  #clearLog(): void {
    const { config, laterErrors } = this.#fn;
    const control = config.value("AER_CAP");
    if (!(control & RECORDS_SEVERAL)) laterErrors?.clear();
    const status = config.value("AER_UNCOR_STATUS") | (laterErrors?.kinds ?? 0);
    const first = (config.value("AER_UNCOR_STATUS") >>> (control & 31)) & 1;
    config.set("AER_UNCOR_STATUS", status >>> 0);
    if (!first) showError(this.#fn, laterErrors?.take() ?? NO_ERROR);
  }

  #updateInterrupt(write: ConfigWrite): void {
    const { config, quirks } = this.#fn;
    const now = rootErrorPending(this.#fn);
    const { AER_ROOT_COMMAND: command, AER_ROOT_STATUS: status } = config.map;
    const touched = (command && writtenTo(write, command)) || (status && writtenTo(write, status));
    if (touched) updatePortInterrupt(this.#fn, { now, rose: now && !this.#wasPending(write) });
    else if (quirks.on) this.#followErrors(now);
  }

  /** The quirk LINE_FOLLOWS_ERRORS. */
  #followErrors(now: boolean): void {
    const { config, quirks, messagesEnabled } = this.#fn;
    const up = (config.value("STATUS") & 8) !== 0;
    if (!messagesEnabled && up !== now && quirks.take("LINE_FOLLOWS_ERRORS"))
      this.#fn.setInterruptStatus(now);
  }

  #wasPending({ at, old }: ConfigWrite): boolean {
    const { config } = this.#fn;
    const command = at === config.map["AER_ROOT_COMMAND"]?.at ? old : config.value("AER_ROOT_COMMAND");
    const status = at === config.map["AER_ROOT_STATUS"]?.at ? old : config.value("AER_ROOT_STATUS");
    return (command & severitiesOf(status)) !== 0;
  }
}
