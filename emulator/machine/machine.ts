/**
 * A machine: objects over an arena. Building one changes nothing in the arena, so the control thread and the driver's
 * thread each build their own over the same buffer and see the same hardware.
 */
import { type PhysicalAddress, physical } from "../core/address";
import type { Arena } from "../core/arena";
import { Clock } from "../core/clock";
import { ALL_ONES } from "../core/io";
import { Memory } from "../core/memory";
import { Cpu } from "../mmu/cpu";
import { PageTable } from "../mmu/page-table";
import { Bridge } from "../pci/bridge";
import { Bus } from "../pci/bus";
import { ConfigPorts } from "../pci/config-access";
import type { Device, Fidelity } from "../pci/device";
import type { PciFunction } from "../pci/function";
import { InterruptController } from "../pci/interrupt-controller";
import { RootComplex } from "../pci/root-complex";
import { catalogue } from "./catalogue";
import type { FunctionDescription, MachineDescription } from "./description";
import type { Hardware } from "./hardware";
import { PhysicalMap } from "./physical-map";
import { Watchpoints } from "./watchpoints";

const FOUR_GIB = 2 ** 32;

export interface MachineOptions {
  /** `qemu`: with the quirks of QEMU's models, for comparison with transcripts. */
  readonly fidelity?: Fidelity;
}

export class Machine implements Hardware {
  readonly description: MachineDescription;
  readonly arena: Arena;
  readonly clock: Clock;
  readonly interrupts: InterruptController;
  readonly root: RootComplex;
  readonly physical: PhysicalMap;
  readonly pageTable: PageTable;
  readonly cpu: Cpu;
  readonly ports: ConfigPorts;
  readonly ram: Memory;
  readonly devices: readonly Device[];
  /** What the machine's description says of each function. */
  readonly described = new Map<PciFunction, FunctionDescription>();
  readonly watchpoints: Watchpoints;
  readonly #cr3: number;
  readonly #fidelity: Fidelity;

  constructor(description: MachineDescription, arena: Arena, { fidelity = "hardware" }: MachineOptions = {}) {
    this.description = description;
    this.arena = arena;
    this.#fidelity = fidelity;
    this.clock = new Clock(arena);
    this.interrupts = new InterruptController(arena);
    this.ram = new Memory(arena, "RAM", description.ram);
    this.#cr3 = arena.reserve(8) >>> 3;
    this.physical = new PhysicalMap({
      ram: this.ram,
      lowRam: lowRamOf(description),
      ecam: Number(description.hostBridge.ecam),
      deadReads: fidelity === "qemu" ? 0 : ALL_ONES,
    });
    this.root = this.#buildRoot(this.physical);
    this.ports = new ConfigPorts(arena, this.root);
    this.devices = this.#plugAll(this.root.bus, description.functions);
    arena.seal();
    this.pageTable = new PageTable(this.physical, () => this.cr3);
    const parts = { arena, clock: this.clock, space: this.physical, pageTable: this.pageTable };
    this.cpu = new Cpu({ ...parts, interruptPending: this.interrupts.pendingWord });
    this.root.onDecodeChange = () => this.cpu.flush();
    this.watchpoints = new Watchpoints(this);
    this.cpu.watch = this.watchpoints;
  }

  /** The root of the page tables (Intel SDM vol. 3A, 4.5). */
  get cr3(): PhysicalAddress {
    return physical(this.arena.f64[this.#cr3] ?? 0);
  }

  set cr3(root: PhysicalAddress) {
    this.arena.f64[this.#cr3] = root;
    this.cpu.flush();
  }

  /** Power-on: RAM zero, time zero, every register at its reset value. */
  powerOn(): void {
    this.arena.clear();
    for (const device of this.devices) device.reset();
    this.cpu.flush();
  }

  #buildRoot(map: PhysicalMap): RootComplex {
    const windows = this.description.hostBridge.windows.map(({ kind, start, end, offset = 0 }) => ({
      kind,
      start: Number(start),
      end: Number(end),
      offset: Number(offset),
    }));
    const ram = { memory: this.ram, offsetOf: (address: PhysicalAddress) => map.ramOffset(address) };
    const root = new RootComplex({ interrupts: this.interrupts, windows, ram });
    map.connect(root);
    return root;
  }

  #plugAll(bus: Bus, descriptions: readonly FunctionDescription[]): Device[] {
    return descriptions.flatMap((description) => {
      const device = this.#make(description);
      this.described.set(device.function, description);
      const [slot, fn] = description.at.split(".").map((digits) => Number.parseInt(digits, 16));
      bus.plug(device.function, { device: slot ?? 0, function: fn ?? 0 });
      const below = this.#plugBelow(device, description.below ?? []);
      return [device, ...below];
    });
  }

  #plugBelow({ function: bridge }: Device, below: readonly FunctionDescription[]): Device[] {
    if (bridge instanceof Bridge) {
      bridge.below = new Bus(this.root, { bridge });
      return this.#plugAll(bridge.below, below);
    }
    if (below.length) throw new RangeError(`Cannot plug anything below ${bridge.name}: it is no bridge`);
    return [];
  }

  #make({ device, name, options = {}, config, bars = [], rom = 0 }: FunctionDescription): Device {
    const make = catalogue.get(device);
    if (!make)
      throw new RangeError(`There is no device "${device}": known are ${[...catalogue.keys()].join(", ")}`);
    const { arena, clock } = this;
    const recording = config === undefined ? {} : { recording: { config, bars, rom } };
    return make({ arena, clock, name: name ?? device, fidelity: this.#fidelity, options, ...recording });
  }
}

/** RAM below 4 GiB ends where the first window or ECAM begins. */
function lowRamOf({ ram, hostBridge }: MachineDescription): number {
  const memory = hostBridge.windows.filter(
    ({ kind, start }) => kind === "memory" && Number(start) >= 0x100000,
  );
  const starts = [...memory.map(({ start }) => Number(start)), Number(hostBridge.ecam)];
  return Math.min(ram, ...starts.filter((start) => start < FOUR_GIB));
}
