/**
 * A machine: objects over an arena. Building one changes nothing in the arena, so the control thread and the driver's
 * thread each build their own over the same buffer and see the same hardware.
 */
import { type PhysicalAddress, physical } from "../core/address";
import type { Arena } from "../core/arena";
import { Clock, type Timer } from "../core/clock";
import { Memory } from "../core/memory";
import { DMAR, Iommu } from "../iommu/iommu";
import { Cpu } from "../mmu/cpu";
import type { Mtrr } from "../mmu/mtrr";
import { PageTable } from "../mmu/page-table";
import { Bridge } from "../pci/bridge";
import { Bus } from "../pci/bus";
import { ConfigPorts } from "../pci/config-access";
import type { Device } from "../pci/device";
import { Fabric } from "../pci/fabric";
import type { PciFunction } from "../pci/function";
import { InterruptController, LOCAL_TIMER_VECTOR } from "../pci/interrupt-controller";
import { type Fidelity, Quirks } from "../pci/quirks";
import { RootComplex } from "../pci/root-complex";
import type { FunctionDescription, MachineDescription } from "./description";
import { at, type JsonPath } from "./description-error";
import type { Hardware } from "./hardware";
import { checkBuses, ecamsOf, lowRamOf, rangeTypesOf, windowsOf } from "./host-bridges";
import { type MachineParts, makeDevice } from "./make-device";
import { PhysicalMap } from "./physical-map";
import { PortMap } from "./port-map";
import type { PostingWish } from "./posting";
import { Watchpoints } from "./watchpoints";

export interface MachineOptions {
  /** `qemu`: with the quirks of QEMU's models, for comparison with transcripts. */
  readonly fidelity?: Fidelity;
}

export class Machine implements Hardware {
  readonly description: MachineDescription;
  readonly arena: Arena;
  readonly clock: Clock;
  readonly interrupts: InterruptController;
  /** The CPU's own: it interrupts when its time has come. */
  readonly localTimer: Timer;
  readonly root: RootComplex;
  readonly physical: PhysicalMap;
  readonly pageTable: PageTable;
  readonly cpu: Cpu;
  readonly ports: ConfigPorts;
  readonly portMap: PortMap;
  readonly ram: Memory;
  readonly devices: readonly Device[];
  /** What the machine's description says of each function. */
  readonly described = new Map<PciFunction, FunctionDescription>();
  readonly watchpoints: Watchpoints;
  /** As firmware programmed them. */
  readonly mtrr: Mtrr;
  /** The DMA remapping unit, where the board has one. */
  readonly iommu: Iommu | undefined;
  readonly #cr3: number;
  #posting: PostingWish;
  readonly quirks: Quirks;
  readonly #parts: MachineParts;

  constructor(description: MachineDescription, arena: Arena, { fidelity = "hardware" }: MachineOptions = {}) {
    this.description = description;
    this.arena = arena;
    this.#posting = { mode: description.posting ?? "prompt" };
    this.quirks = new Quirks(fidelity);
    this.clock = new Clock(arena);
    this.#parts = { arena, clock: this.clock, fidelity, quirks: this.quirks };
    this.interrupts = new InterruptController(arena, this.clock);
    this.localTimer = this.clock.timer(() => this.interrupts.message(LOCAL_TIMER_VECTOR));
    this.ram = new Memory(arena, "RAM", description.ram);
    this.#cr3 = arena.reserve(8) >>> 3;
    this.physical = new PhysicalMap({
      ram: this.ram,
      lowRam: lowRamOf(description),
      ecams: ecamsOf(description),
      quirks: this.quirks,
    });
    this.root = this.#buildRoot(this.physical);
    this.mtrr = rangeTypesOf(description);
    this.iommu = this.#addIommu();
    this.ports = new ConfigPorts(arena, this.root);
    this.devices = this.#plugEverything();
    arena.seal();
    this.pageTable = new PageTable(this.physical, () => this.cr3);
    const { mtrr } = this;
    const parts = { arena, clock: this.clock, space: this.physical, pageTable: this.pageTable, mtrr };
    const interruptPending = this.interrupts.pendingWord;
    this.cpu = new Cpu({ ...parts, interruptPending });
    this.portMap = new PortMap({
      arena,
      clock: this.clock,
      root: this.root,
      config: this.ports,
      interruptPending,
    });
    this.#connectFabric();
    this.watchpoints = new Watchpoints(this);
    this.cpu.watch = this.watchpoints;
    this.root.watch = this.watchpoints;
  }

  /** Who caches a way through the fabric forgets it as the fabric changes. */
  #connectFabric(): void {
    const { fabric } = this.root;
    const virtual = this.devices.flatMap((device) => device.virtual ?? []);
    fabric.connect([...this.devices, ...virtual].map((it) => it.function));
    const forget = () => this.cpu.flush();
    this.root.onDecodeChange = forget;
    fabric.trace.onSwitch = forget;
    fabric.posted.onSwitch = forget;
    fabric.faults.onChange = forget;
    fabric.interrupts = this.interrupts.log;
    this.interrupts.onTake = () => fabric.combining.flush();
    this.cpu.observer = fabric.trace;
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
    this.#keepTracing(() => this.arena.clear());
    for (const [fn, { absent }] of this.described) fn.present = !absent;
    this.iommu?.reset();
    for (const device of [...this.devices].reverse()) device.reset();
    this.posting = this.#posting;
    this.cpu.flush();
  }

  /** How long writes may be on their way: kept over resets and power cycles. */
  get posting(): PostingWish {
    return this.#posting;
  }

  set posting(wish: PostingWish) {
    this.#posting = wish;
    this.root.fabric.posted.setMode(wish.mode, { seed: wish.seed ?? 1 });
  }

  /** The reset button: every register at its reset value; what memory holds stays, and time goes on. */
  reset(): void {
    this.#keepTracing(() => this.arena.reset());
    this.iommu?.reset();
    for (const device of this.devices) device.reset();
    this.posting = this.#posting;
    this.cpu.flush();
  }

  /** The analyser at the buses has power of its own; what it held goes. */
  #keepTracing(work: () => void): void {
    const { trace } = this.root.fabric;
    const { on } = trace;
    work();
    trace.on = on;
  }

  #buildRoot(map: PhysicalMap): RootComplex {
    const { hostBridge, hostBridges = [] } = this.description;
    const windows = [{ ...hostBridge, bus: 0 }, ...hostBridges].flatMap(windowsOf);
    const otherBuses = hostBridges.map(({ bus, segment = 0 }) => ({ number: bus, segment }));
    const ram = { memory: this.ram, offsetOf: (address: PhysicalAddress) => map.ramOffset(address) };
    const fabric = new Fabric(this.arena, this.clock);
    const root = new RootComplex({ interrupts: this.interrupts, windows, otherBuses, ram, fabric });
    fabric.posted.deliver = (write) => root.arrive(write);
    fabric.trace.connect((at) => {
      const window = root.windowOf("memory", at);
      return window && root.toBus(window, at);
    });
    map.connect(root);
    return root;
  }

  #addIommu(): Iommu | undefined {
    const { iommu = "off" } = this.description;
    if (iommu === "off") return undefined;
    const unit = new Iommu(this.arena, { memory: this.physical, interrupts: this.interrupts });
    this.physical.units = [{ start: DMAR.base, bytes: DMAR.bytes, io: unit.bank }];
    this.root.remapping = unit;
    return unit;
  }

  #plugEverything(): Device[] {
    const { functions, hostBridges = [] } = this.description;
    checkBuses(hostBridges);
    const [first, ...others] = this.root.buses;
    const plugged = first ? this.#plugAll(first, functions) : [];
    const further = others.flatMap((bus, index) =>
      this.#plugAll(bus, hostBridges[index]?.functions ?? [], ["hostBridges", index, "functions"]),
    );
    return [...plugged, ...further];
  }

  #plugAll(bus: Bus, descriptions: readonly FunctionDescription[], path: JsonPath = ["functions"]): Device[] {
    return descriptions.flatMap((description, index) => this.#plugOne(bus, description, [...path, index]));
  }

  #plugOne(bus: Bus, description: FunctionDescription, path: JsonPath): Device[] {
    const device = at(path, () => makeDevice(description, this.#parts));
    this.described.set(device.function, description);
    device.function.readiness.duration = (description.options?.["readyAfterMs"] ?? 0) * 1e6;
    const [slot, fn] = description.at.split(".").map((digits) => Number.parseInt(digits, 16));
    device.function.resetDevice = () => device.reset();
    device.function.multifunction = description.options?.["multifunction"] === 1;
    const waiting = description.absent ?? false;
    at(path, () => bus.plug(device.function, { device: slot ?? 0, function: fn ?? 0, waiting }));
    for (const { function: vf, distance } of device.virtual ?? []) {
      const place = (slot ?? 0) * 8 + (fn ?? 0) + distance;
      bus.plug(vf, { device: place >>> 3, function: place & 7, waiting: true });
    }
    return [device, ...this.#plugBelow(device, description.below ?? [], path)];
  }

  #plugBelow({ function: bridge }: Device, below: readonly FunctionDescription[], path: JsonPath): Device[] {
    if (bridge instanceof Bridge) {
      bridge.below = new Bus(this.root, { bridge });
      return this.#plugAll(bridge.below, below, [...path, "below"]);
    }
    const refuse = () => {
      throw new RangeError(`Cannot plug anything below ${bridge.name}: it is no bridge`);
    };
    return below.length ? at(path, refuse) : [];
  }
}
