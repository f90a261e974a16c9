/**
 * The root complex: it turns the CPU's accesses into requests on the bus, and the functions' requests into accesses of
 * RAM and interrupt messages. Physical and bus addresses differ by the offset of the host bridge's window.
 */
import { type BusAddress, bus as busAddress, type PhysicalAddress, physical } from "../core/address";
import type { BusWatch } from "../core/bus-watch";
import type { Completion } from "../core/io";
import type { Memory } from "../core/memory";
import { Bridge } from "./bridge";
import { Bus } from "./bus";
import type { Fabric } from "./fabric";
import type { PciFunction } from "./function";
import type { InterruptController } from "./interrupt-controller";
import type { FunctionSide, Plugged, Root } from "./place";
import { LONGEST_WRITE } from "./posted-writes";
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
    const { trace, posted } = this.fabric;
    posted.drain(this.fabric.numberOf(from), "up");
    const at = this.#dmaPlace(from, { address, bytes: target.length, write: false });
    if (at !== undefined) {
      this.watch?.dma({ function: from.name, address: this.#physicalOf(address), bytes: target.length });
      this.#ram.memory.copyOut(at, target);
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
    if (this.#dmaPlace(from, { address, bytes: source.length, write: true }) === undefined) return "UR";
    this.watch?.dma({
      function: from.name,
      address: this.#physicalOf(address),
      bytes: source.length,
      data: source,
    });
    for (let at = 0; at < source.length; at += LONGEST_WRITE) {
      const data = source.subarray(at, at + LONGEST_WRITE);
      posted.post({ direction: "up", path, bar: 0, place: Number(address) + at, data });
    }
    return "SC";
  }

  /** A write that was posted arrives: at a device's registers, or in RAM. */
  arrive({ direction, path, bar, place, data }: Arriving): void {
    if (direction === "up") {
      const at = this.#ramOffset(busAddress(BigInt(place)), data.length);
      if (at !== undefined) this.#ram.memory.copyIn(at, data);
      return;
    }
    const fn = this.fabric.functions[path - 1];
    const target = fn?.bars.find(({ index }) => index === bar);
    if (fn && target) this.fabric.wayTo(fn, target).arrive(place, data);
  }

  #dmaPlace(
    from: FunctionSide,
    { address, bytes, write }: { address: BusAddress; bytes: number; write: boolean },
  ): number | undefined {
    const fault = this.fabric.faults.meet(from.name, "dma");
    const at = fault ? undefined : this.#ramOffset(address, bytes);
    if (at !== undefined) return at;
    const why = fault ? `it ends as was asked for: ${fault}` : "there is no RAM";
    this.fabric.blocked(from, { address, bytes, write, why });
    if (!write && !from.quirks.on)
      from.config.set("STATUS", from.config.value("STATUS") | RECEIVED_MASTER_ABORT);
    if (!write) this.fabric.trace.ends("UR");
    return undefined;
  }

  #physicalOf(address: BusAddress): PhysicalAddress {
    return physical(Number(address));
  }

  #ramOffset(address: BusAddress, bytes: number): number | undefined {
    if (address + BigInt(bytes) > 1n << 52n) return undefined;
    const at = this.#ram.offsetOf(physical(Number(address)));
    const end = this.#ram.offsetOf(physical(Number(address) + bytes - 1));
    return at !== undefined && end === at + bytes - 1 ? at : undefined;
  }
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
