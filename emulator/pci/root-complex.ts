/**
 * The root complex: it turns the CPU's accesses into requests on the bus, and the functions' requests into accesses of
 * RAM and interrupt messages. Physical and bus addresses differ by the offset of the host bridge's window.
 */
import { type BusAddress, bus as busAddress, type PhysicalAddress } from "../core/address";
import type { BusWatch } from "../core/bus-watch";
import type { Completion } from "../core/io";
import type { Bdf } from "./bdf";
import { Bridge } from "./bridge";
import { Bus } from "./bus";
import type { Fabric } from "./fabric";
import type { PciFunction } from "./function";
import type { InterruptController } from "./interrupt-controller";
import type { FunctionSide, Plugged, Root } from "./place";
import type { Waiting } from "./posted-writes";
import type { DmaRemapping } from "./remapping";
import { type Route, route } from "./route";
import { type Descent, type Ram, Upstream } from "./upstream";

/** A range of CPU addresses that the host bridge forwards, and what it subtracts on the way. */
export interface HostWindow {
  readonly kind: "memory" | "io";
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  /** CPU address minus bus address. */
  readonly offset: number;
  /** The root bus that it leads to: its number, and the segment where that is one. */
  readonly bus: number;
  readonly segment: number;
}

export interface RootComplexParts {
  readonly fabric: Fabric;
  readonly interrupts: InterruptController;
  readonly windows: readonly HostWindow[];
  /** The root buses besides bus 0 of segment 0. */
  readonly otherBuses: readonly { readonly segment: number; readonly number: number }[];
  readonly ram: Ram;
}

/** The board wires slots 25 and up to inputs 16 to 19, the others to 20 to 23, rotated by slot. */
const FIRST_SHARED_SLOT = 25;

/** Where a message about an INTx line goes: to no address. */
const LINE_MESSAGE = -1;
const NOTHING = new Uint8Array(0);

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
  /** What the functions ask for. */
  readonly upstream: Upstream;

  constructor({ interrupts, windows, otherBuses, ram, fabric }: RootComplexParts) {
    this.fabric = fabric;
    this.interrupts = interrupts;
    this.windows = windows;
    this.upstream = new Upstream(this, ram);
    this.bus = new Bus(this, {});
    this.buses = [this.bus, ...otherBuses.map((place) => new Bus(this, place))];
  }

  /** All functions, depth first, each bridge before what is below it. */
  get functions(): readonly PciFunction[] {
    return this.buses.flatMap(functionsBelow);
  }

  /** The function that answers configuration requests for this number, as the bus registers stand now. */
  functionAt({ segment, bus, device, function: number }: Bdf): PciFunction | undefined {
    return this.buses
      .filter((root) => root.segment === segment)
      .map((root) => busNumbered(root, bus))
      .find((it) => it !== undefined)
      ?.at(device, number);
  }

  windowOf(kind: HostWindow["kind"], address: number): HostWindow | undefined {
    return this.windows.find((it) => it.kind === kind && address >= it.start && address <= it.end);
  }

  /** Where a request goes that enters through this window. */
  route({ kind, segment, bus, offset }: HostWindow, address: number): Route | undefined {
    const root = this.buses.find((it) => it.segment === segment && it.number === bus);
    return root && route(root, this.toBus({ offset }, address), kind);
  }

  /** The way down of a request for a physical address, and the bus address that takes it. */
  routeDown(address: PhysicalAddress): Descent | undefined {
    const window = this.windowOf("memory", address);
    const found = window && this.route(window, address);
    return found && { route: found, address: this.toBus(window, address) };
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

  /** A PCIe function says so by a message, which is posted; a conventional one has a wire (PCIe 2.2.8.1). */
  lineChanged(fn: FunctionSide): void {
    const { posted } = this.fabric;
    if (posted.mode === "prompt" || !fn.config.map["EXP_FLAGS"]) this.#settleLine(fn);
    else
      posted.post({
        direction: "up",
        path: this.fabric.numberOf(fn),
        bar: 0,
        place: LINE_MESSAGE,
        data: NOTHING,
      });
  }

  #settleLine(fn: Plugged): void {
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
    return this.upstream.read(from, address, target);
  }

  dmaWrite(from: FunctionSide, address: BusAddress, source: Uint8Array): Completion {
    return this.upstream.write(from, address, source);
  }

  /** A write that was posted arrives: at a device's registers, or in RAM. */
  arrive({ direction, path, bar, place, data }: Waiting): void {
    const fn = this.fabric.functions[path - 1];
    if (direction === "up") {
      if (place !== LINE_MESSAGE) this.upstream.arrive({ place, data });
      else if (fn) this.#settleLine(fn);
      return;
    }
    const target = fn?.bars.find(({ index }) => index === bar);
    if (fn && target) this.fabric.wayTo(fn, target).arrive(place, data);
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
