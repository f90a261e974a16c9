/**
 * Commands of QEMU's monitor that do something to the hardware: plugging in and out, and errors of a link.
 * Not modelled: all others; a transcript that uses one is refused.
 */
import { Bridge } from "../../pci/bridge";
import { Bus } from "../../pci/bus";
import { type DetectedError, detectError } from "../../pci/detected-error";
import type { PciFunction } from "../../pci/function";
import { insert } from "../../pci/hot-plug";
import type { Machine } from "../machine";
import { parseDevice } from "./topology";
import { TranscriptError } from "./transcript";

/** QEMU's names of errors: their bits in the status registers of AER. */
const UNCORRECTABLE: Readonly<Record<string, number>> = {
  DLP: 4,
  SDN: 5,
  POISON_TLP: 12,
  FCP: 13,
  COMP_TIME: 14,
  COMP_ABORT: 15,
  UNX_COMP: 16,
  RX_OVER: 17,
  MALF_TLP: 18,
  ECRC: 19,
  UNSUP: 20,
  ACSV: 21,
  INTN: 22,
  MCBTLP: 23,
  ATOP_EBLOCKED: 24,
  TLP_PRF_BLOCKED: 25,
};
const CORRECTABLE: Readonly<Record<string, number>> = {
  RCVR: 0,
  BAD_TLP: 6,
  BAD_DLLP: 7,
  REP_ROLL: 8,
  REP_TIMER: 12,
  ADV_NONFATAL: 13,
  INTERNAL: 14,
  HL_OVERFLOW: 15,
};

const LOCKED = "Error: slot is electromechanically locked: Device or resource busy";
const PATIENCE_NS = 5e9;

export class Monitor {
  readonly #machine: Machine;
  /** Devices that were asked to go, and until when they are not asked again. */
  readonly #leaving = new Map<PciFunction, number>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** What the monitor prints. */
  run(command: string): string {
    const [verb, ...words] = command.trim().split(/\s+/);
    if (verb === "device_add") return this.#add(words[0] ?? "");
    if (verb === "device_del") return this.#remove(words[0] ?? "");
    if (verb === "pcie_aer_inject_error") return this.#inject(words);
    throw new TranscriptError(`The monitor command "${verb}" is not known in this version`);
  }

  #add(text: string): string {
    const { options } = parseDevice(text);
    const port = this.#declared(options.get("bus") ?? "");
    if (port instanceof Bridge && port.slot?.locked) return LOCKED;
    const fn = this.#declared(options.get("id") ?? "");
    if (fn.present) return `Error: Duplicate device ID '${fn.name}'`;
    this.#leaving.delete(fn);
    if (!options.has("addr")) moveToFirstFree(fn);
    insert(fn);
    return "";
  }

  #remove(name: string): string {
    const fn = this.#machine.devices.find((it) => it.function.name === name)?.function;
    const now = this.#machine.clock.now;
    if (!fn?.present) return `Error: Device '${name}' not found`;
    if ((this.#leaving.get(fn) ?? 0) > now)
      return `Error: Device ${name} is already in the process of unplug`;
    const port = fn.place?.bus.bridge;
    if (!(port instanceof Bridge) || !port.slot) return "";
    if (port.slot.locked) return LOCKED;
    if (port.slot.blinking) return "Error: Hot-unplug failed: guest is busy (power indicator blinking)";
    this.#leaving.set(fn, now + PATIENCE_NS);
    if (port.slot.off) port.slot.letGo();
    else port.slot.pressAttentionButton();
    return "";
  }

  #inject(words: readonly string[]): string {
    const flags = words.filter((word) => word.startsWith("-"));
    const [id = "", error = "", ...header] = words.filter((word) => !word.startsWith("-"));
    const fn = this.#declared(id);
    detectError(
      fn,
      errorOf(error, {
        header: header.map(Number),
        advisory: flags.includes("-a"),
        correctable: flags.includes("-c"),
      }),
    );
    const { bus, device = 0, function: number = 0 } = fn.place ?? {};
    return `OK id: ${id} root bus: 0000:00, bus: ${(bus?.number ?? 0).toString(16)} devfn: ${device.toString(16)}.${number}`;
  }

  #declared(name: string): PciFunction {
    const found = this.#machine.devices.find((it) => it.function.name === name);
    if (!found) throw new TranscriptError(`There is no device "${name}"`);
    return found.function;
  }
}

/** Without an address a device takes the lowest number that is free by then. */
function moveToFirstFree(fn: PciFunction): void {
  const bus = fn.place?.bus;
  if (!(bus instanceof Bus)) return;
  const taken = new Set(bus.functions.map(({ place }) => place?.device));
  let device = 0;
  while (taken.has(device)) device++;
  bus.move(fn, device);
}

interface Details {
  readonly header: readonly number[];
  readonly advisory: boolean;
  readonly correctable: boolean;
}

function errorOf(name: string, { header, advisory, correctable }: Details): DetectedError {
  const known = CORRECTABLE[name];
  if (known !== undefined) return { kind: "correctable", bit: known };
  const bit = UNCORRECTABLE[name] ?? 31 - Math.clz32(Number(name));
  if (Number.isNaN(bit) || bit < 0) throw new TranscriptError(`There is no error "${name}"`);
  if (correctable) return { kind: "correctable", bit };
  const [a = 0, b = 0, c = 0, d = 0] = header;
  return {
    kind: "uncorrectable",
    bit,
    advisory,
    ...(header.length > 0 && { header: [a, b, c, d] as const }),
  };
}
