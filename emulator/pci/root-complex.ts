/**
 * The root complex: it turns the CPU's accesses into requests on the bus, and the functions' requests into accesses of
 * RAM and interrupt messages. Physical and bus addresses differ by the offset of the host bridge's window.
 */
import {
  type BusAddress,
  bus as busAddress,
  PAGE_SIZE,
  type PhysicalAddress,
  physical,
} from "../core/address";
import type { BusWatch } from "../core/bus-watch";
import type { Completion } from "../core/io";
import type { Memory } from "../core/memory";
import { Bridge } from "./bridge";
import { Bus } from "./bus";
import type { Fabric } from "./fabric";
import type { PciFunction } from "./function";
import type { InterruptController } from "./interrupt-controller";
import type { FunctionSide, Plugged, Requested, Root } from "./place";
import { LONGEST_WRITE } from "./posted-writes";
import type { DmaRemapping } from "./remapping";
import { type Route, route } from "./route";

/** A range of CPU addresses that the host bridge forwards, and what it subtracts on the way. */
export interface HostWindow {
  readonly kind: "memory" | "io";
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  /** CPU address minus bus address. */
  readonly offset: number;
  /** The number of the root bus that it leads to. */
  readonly bus: number;
}

export interface RootComplexParts {
  readonly fabric: Fabric;
  readonly interrupts: InterruptController;
  readonly windows: readonly HostWindow[];
  /** Numbers of the root buses besides bus 0. */
  readonly otherBuses: readonly number[];
  /** RAM and where a physical address lies in it; undefined outside of RAM. */
  readonly ram: {
    readonly memory: Memory;
    readonly offsetOf: (address: PhysicalAddress) => number | undefined;
  };
}

type Arriving = Parameters<NonNullable<Fabric["posted"]["deliver"]>>[0];

const RECEIVED_MASTER_ABORT = 0x2000;
/** Message interrupts of x86 (Intel SDM vol. 3A, 11.11). */
const MESSAGES = { start: 0xfee0_0000n, end: 0xfeef_ffffn } as const;
/** The board wires slots 25 and up to inputs 16 to 19, the others to 20 to 23, rotated by slot. */
const FIRST_SHARED_SLOT = 25;

export class RootComplex implements Root {
  /** Root bus 0. */
  readonly bus: Bus;
  /** All root buses: one for each host bridge. */
  readonly buses: readonly Bus[];
  readonly windows: readonly HostWindow[];
  readonly interrupts: InterruptController;
  /** Called when BARs, windows or enables change: translations made before may be wrong. */
  onDecodeChange: (() => void) | undefined;
  /** What happens on the way: trace, held writes, faults. */
  readonly fabric: Fabric;
  /** Told of a function's own requests before they take effect. */
  watch: BusWatch | undefined;
  /** Between the functions and RAM, where there is one. */
  remapping: DmaRemapping | undefined;
  readonly #ram: RootComplexParts["ram"];

  constructor({ interrupts, windows, otherBuses, ram, fabric }: RootComplexParts) {
    this.fabric = fabric;
    this.interrupts = interrupts;
    this.windows = windows;
    this.#ram = ram;
    this.bus = new Bus(this, {});
    this.buses = [this.bus, ...otherBuses.map((number) => new Bus(this, { number }))];
  }

  /** All functions, depth first, each bridge before what is below it. */
  get functions(): readonly PciFunction[] {
    return this.buses.flatMap(functionsBelow);
  }

  /** The function that answers configuration requests for this number, as the bus registers stand now. */
  functionAt(bus: number, device: number, number: number): PciFunction | undefined {
    return this.buses
      .map((root) => busNumbered(root, bus))
      .find((it) => it !== undefined)
      ?.at(device, number);
  }

  windowOf(kind: HostWindow["kind"], address: number): HostWindow | undefined {
    return this.windows.find((it) => it.kind === kind && address >= it.start && address <= it.end);
  }

  /** Where a request goes that enters through this window. */
  route({ kind, bus, offset }: HostWindow, address: number): Route | undefined {
    const root = this.buses.find(({ number }) => number === bus);
    return root && route(root, this.toBus({ offset }, address), kind);
  }

  toBus({ offset }: Pick<HostWindow, "offset">, address: number): BusAddress {
    return busAddress(BigInt.asUintN(64, BigInt(address) - BigInt(offset)));
  }

  /** Where the CPU sees this bus address of memory or I/O; undefined where no window does. */
  toCpu(kind: HostWindow["kind"], address: BusAddress): number | undefined {
    const window = this.windows.find((it) => {
      const cpu = address + BigInt(it.offset);
      return it.kind === kind && cpu >= BigInt(it.start) && cpu <= BigInt(it.end);
    });
    return window && Number(address) + window.offset;
  }

  decodeChanged(): void {
    this.onDecodeChange?.();
  }

  lineChanged(fn: Plugged): void {
    const gsi = this.gsiOf(fn);
    const asserted = this.functions.some(
      (it) => it.interruptPin !== 0 && this.gsiOf(it) === gsi && it.assertsLine,
    );
    this.interrupts.setLine(gsi, asserted);
  }

  /** The interrupt input its INTx arrives at: each bridge on the way rotates the pin by the device number. */
  gsiOf(fn: Plugged): number {
    let [pin, at] = [fn.interruptPin - 1, fn];
    for (let bridge = at.place?.bus.bridge; bridge; bridge = at.place?.bus.bridge) {
      pin = (pin + (at.place?.device ?? 0)) % 4;
      at = bridge;
    }
    const slot = at.place?.device ?? 0;
    return slot >= FIRST_SHARED_SLOT ? 16 + pin : 20 + ((slot + pin) & 3);
  }

  dmaRead(from: FunctionSide, address: BusAddress, target: Uint8Array): Completion {
    if (this.#severalPages(address, target))
      return inPages(address, target, (at, piece) => this.dmaRead(from, at, piece));
    const { trace, posted } = this.fabric;
    posted.drain(this.fabric.numberOf(from), "up");
    const at = this.#dmaPlace(from, { address, bytes: target.length, write: false });
    if (at !== undefined) {
      this.watch?.dma({ function: from.name, address: at, bytes: target.length });
      this.#ram.memory.copyOut(this.#ramOffset(at, target.length) ?? 0, target);
    }
    trace.note("MRd", {
      place: Number(address),
      bytes: target.length,
      value: low64(target),
      requester: this.fabric.numberOf(from),
    });
    return at === undefined ? "UR" : "SC";
  }

  dmaWrite(from: FunctionSide, address: BusAddress, source: Uint8Array): Completion {
    if (this.#severalPages(address, source))
      return inPages(address, source, (at, piece) => this.dmaWrite(from, at, piece));
    const { trace, posted } = this.fabric;
    const path = this.fabric.numberOf(from);
    trace.note("MWr", {
      place: Number(address),
      bytes: source.length,
      value: low64(source),
      requester: path,
    });
    if (address >= MESSAGES.start && address <= MESSAGES.end) {
      posted.drain(path, "up");
      this.interrupts.message((source[0] ?? 0) | ((source[1] ?? 0) << 8));
      return "SC";
    }
    const place = this.#dmaPlace(from, { address, bytes: source.length, write: true });
    if (place === undefined) return "UR";
    this.watch?.dma({ function: from.name, address: place, bytes: source.length, data: source });
    for (let at = 0; at < source.length; at += LONGEST_WRITE) {
      const data = source.subarray(at, at + LONGEST_WRITE);
      posted.post({ direction: "up", path, bar: 0, place: place + at, data });
    }
    return "SC";
  }

  /** A write that was posted arrives: at a device's registers, or in RAM. */
  arrive({ direction, path, bar, place, data }: Arriving): void {
    if (direction === "up") {
      const at = this.#ramOffset(physical(place), data.length);
      if (at !== undefined) this.#ram.memory.copyIn(at, data);
      return;
    }
    const fn = this.fabric.functions[path - 1];
    const target = fn?.bars.find(({ index }) => index === bar);
    if (fn && target) this.fabric.wayTo(fn, target).arrive(place, data);
  }

  /** Where a request goes in RAM, or undefined where it goes nowhere. */
  #dmaPlace(from: FunctionSide, request: Requested): PhysicalAddress | undefined {
    const { write, bytes } = request;
    const fault = this.fabric.faults.meet(from.name, "dma");
    const place = fault ? `it ends as was asked for: ${fault}` : this.#remapped(from, request);
    if (typeof place === "number" && this.#ramOffset(place, bytes) !== undefined) return place;
    const why = typeof place === "number" ? "there is no RAM" : place;
    const remapped = !fault && typeof place === "string" && this.remapping?.enabled === true;
    this.fabric.blocked(from, { ...request, why, remapped });
    if (!write && !from.quirks.on)
      from.config.set("STATUS", from.config.value("STATUS") | RECEIVED_MASTER_ABORT);
    if (!write) this.fabric.trace.ends("UR");
    return undefined;
  }

  /** The physical address of a request, or why it has none. */
  #remapped(from: FunctionSide, request: Requested): PhysicalAddress | string {
    if (this.remapping?.enabled) return this.remapping.remap(from, request);
    const { address, bytes } = request;
    return address + BigInt(bytes) > 1n << 52n ? "there is no RAM" : physical(Number(address));
  }

  /** The IOMMU translates page by page, and no packet crosses one (PCIe Base Specification 2.2.7). */
  #severalPages(address: BusAddress, { length }: Uint8Array): boolean {
    return this.remapping?.enabled === true && Number(address % BigInt(PAGE_SIZE)) + length > PAGE_SIZE;
  }

  #ramOffset(address: PhysicalAddress, bytes: number): number | undefined {
    const at = this.#ram.offsetOf(address);
    const end = this.#ram.offsetOf(physical(address + bytes - 1));
    return at !== undefined && end === at + bytes - 1 ? at : undefined;
  }
}

/** One request for each page; what the worst of them ended with. */
function inPages(
  address: BusAddress,
  data: Uint8Array,
  request: (at: BusAddress, piece: Uint8Array) => Completion,
): Completion {
  let worst: Completion = "SC";
  for (let done = 0; done < data.length; ) {
    const at = busAddress(BigInt.asUintN(64, address + BigInt(done)));
    const bytes = Math.min(PAGE_SIZE - Number(at % BigInt(PAGE_SIZE)), data.length - done);
    const ended = request(at, data.subarray(done, done + bytes));
    if (ended !== "SC") worst = ended;
    done += bytes;
  }
  return worst;
}

function functionsBelow(bus: Bus): PciFunction[] {
  return bus.functions.flatMap((fn) => [
    fn,
    ...(fn instanceof Bridge && fn.below ? functionsBelow(fn.below) : []),
  ]);
}

function busNumbered(bus: Bus, number: number): Bus | undefined {
  if (bus.number === number) return bus;
  for (const fn of bus.functions) {
    if (!(fn instanceof Bridge) || !fn.below || !fn.answers) continue;
    const [secondary, subordinate] = [fn.config.value("SECONDARY_BUS"), fn.config.value("SUBORDINATE_BUS")];
    if (secondary !== 0 && number >= secondary && number <= subordinate) return busNumbered(fn.below, number);
  }
  return undefined;
}

/** The first eight bytes, little-endian. */
function low64(bytes: Uint8Array): bigint {
  return bytes.subarray(0, 8).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
