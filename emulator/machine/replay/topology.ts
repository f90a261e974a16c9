/** The machine that a transcript was recorded on, out of the recorder's command line (QEMU's `-device` arguments). */
import { q35 } from "../built-in";
import type { FunctionDescription, MachineDescription } from "../description";
import { TranscriptError, type TranscriptRecord, textOf } from "./transcript";

const RAM = 256 << 20;
/** Everything that is not RAM goes to the bus, as in QEMU. */
const WINDOWS = [
  { kind: "io", start: "0x0000", end: "0xffff" },
  { kind: "memory", start: "0x000a0000", end: "0x000fffff" },
  { kind: "memory", start: RAM, end: "0xffffffff" },
  { kind: "memory", start: "0x100000000", end: 2 ** 52 - 1 },
] as const;

/** QEMU's name of a device, and ours. */
const KINDS: Readonly<Record<string, string>> = {
  "ivshmem-plain": "ivshmem",
  "virtio-rng-pci": "virtio-rng",
};
const FIRST_FREE_SLOT = 1;
const ROOT_BUS = "pcie.0";
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** A device as `-device` and `device_add` name it. */
export interface QemuDevice {
  readonly kind: string;
  readonly options: ReadonlyMap<string, string>;
}

export interface Topology {
  readonly description: MachineDescription;
  /** Where configuration accesses without an address of their own go. */
  readonly bdf: string;
}

/** `e1000e,id=e0,bus=rp0` */
export function parseDevice(text: string): QemuDevice {
  const [kind = "", ...options] = text.split(",");
  const pairs = options.map((option) => option.split("=", 2) as [string, string]);
  return { kind, options: new Map(pairs) };
}

export function topologyOf(records: readonly TranscriptRecord[]): Topology {
  const [meta] = records;
  const argv = meta && Array.isArray(meta["argv"]) ? meta["argv"].map(String) : [];
  const there = argv.flatMap((word, index) =>
    word === "-device" ? [parseDevice(argv[index + 1] ?? "")] : [],
  );
  const native = argv.some((word) => word.endsWith("acpi-pci-hotplug-with-bridge-support=off"));
  const builder = new Builder(native ? 1 : 0, sharedMemory(argv));
  for (const device of there) builder.add(device, false);
  for (const record of records) builder.follow(record);
  const functions = [{ at: "00.0", device: "host-bridge" }, ...builder.functions];
  const description = { ...q35, name: "replay", title: "Replay of a transcript", ram: RAM, functions };
  const hostBridge = { ...q35.hostBridge, windows: WINDOWS };
  return { description: { ...description, hostBridge }, bdf: textOf(meta, "bdf") ?? builder.underTest };
}

/** Bytes of `-object memory-backend-ram,id=m0,size=1M`. */
function sharedMemory(argv: readonly string[]): number {
  const object = argv.find((word) => word.startsWith("memory-backend-")) ?? "";
  return bytesOf(/size=(\w+)/.exec(object)?.[1] ?? "0");
}

function bytesOf(text: string): number {
  const unit = UNITS[text.slice(-1)];
  return unit ? Number(text.slice(0, -1)) * unit : Number(text);
}

type Growing = FunctionDescription & { below?: Growing[] };

class Builder {
  readonly functions: Growing[] = [];
  /** The last device's address, if it is on the root bus. */
  underTest = "00:00.0";
  readonly #buses = new Map<string, Growing[]>([[ROOT_BUS, this.functions]]);
  /** What was plugged in while the machine ran, by name: one that comes again is the same. */
  readonly #came = new Set<string>();
  readonly #names = new Set<string>();
  readonly #native: number;
  readonly #memory: number;

  constructor(native: number, memory: number) {
    this.#native = native;
    this.#memory = memory;
  }

  /** What is plugged in as the transcript goes on waits on its bus until then. */
  follow({ op, ...record }: TranscriptRecord): void {
    const command = String(record["command"]);
    if (op !== "hmp" || !command.startsWith("device_add ")) return;
    const device = parseDevice(command.slice("device_add ".length));
    const id = device.options.get("id") ?? "";
    if (this.#came.has(id) || this.#names.has(id)) return;
    this.#came.add(id);
    this.add(device, true);
  }

  add({ kind, options }: QemuDevice, absent: boolean): void {
    const bus = options.get("bus") ?? ROOT_BUS;
    const functions = this.#buses.get(bus);
    if (!functions) throw new TranscriptError(`The device "${kind}" is on a bus "${bus}" that nobody makes`);
    const there = absent ? [] : functions;
    const at = addressOf(options.get("addr")) ?? freeSlot(there, bus === ROOT_BUS ? FIRST_FREE_SLOT : 0);
    const id = options.get("id");
    this.#names.add(id ?? "");
    const below: Growing[] = [];
    if (id) this.#buses.set(id, below);
    this.underTest = bus === ROOT_BUS ? `00:${at}` : "00:00.0";
    const name = id ?? kind;
    const made = { at, device: KINDS[kind] ?? kind, name, absent, options: this.#options(options), below };
    functions.push(made);
  }

  #options(options: ReadonlyMap<string, string>): Readonly<Record<string, number>> {
    const mac = Number.parseInt((options.get("mac") ?? "").replaceAll(":", ""), 16);
    return {
      native: this.#native,
      slot: Number(options.get("slot") ?? 0),
      ...(mac && { mac }),
      ...(options.get("multifunction") === "on" && { multifunction: 1 }),
      ...(options.has("membar") && { membar: bytesOf(options.get("membar") ?? "0") }),
      ...(options.has("memdev") && { memory: this.#memory }),
    };
  }
}

/** `3`, `0xa`, `3.1` → `03.0`, `0a.0`, `03.1` */
function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [slot = "0", fn = "0"] = text.split(".");
  return `${Number.parseInt(slot, 16).toString(16).padStart(2, "0")}.${fn}`;
}

function freeSlot(functions: readonly Growing[], first: number): string {
  const taken = new Set(functions.map(({ at }) => at));
  for (let slot = first; ; slot++) {
    const at = `${slot.toString(16).padStart(2, "0")}.0`;
    if (!taken.has(at)) return at;
  }
}
