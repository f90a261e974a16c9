/**
 * The root complex: it turns the CPU's accesses into requests on the bus, and the functions' requests into accesses of
 * RAM and interrupt messages. Physical and bus addresses differ by the offset of the host bridge's window.
 */
import { type BusAddress, bus as busAddress, type PhysicalAddress, physical } from "../core/address";
import type { Completion } from "../core/io";
import type { Memory } from "../core/memory";
import { Bridge } from "./bridge";
import { Bus } from "./bus";
import type { PciFunction } from "./function";
import type { InterruptController } from "./interrupt-controller";
import type { Plugged, Root } from "./place";

/** A range of CPU addresses that the host bridge forwards, and what it subtracts on the way. */
export interface HostWindow {
  readonly kind: "memory" | "io";
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  /** CPU address minus bus address. */
  readonly offset: number;
}

export interface RootComplexParts {
  readonly interrupts: InterruptController;
  readonly windows: readonly HostWindow[];
  /** RAM and where a physical address lies in it; undefined outside of RAM. */
  readonly ram: {
    readonly memory: Memory;
    readonly offsetOf: (address: PhysicalAddress) => number | undefined;
  };
}

/** Message interrupts of x86 (Intel SDM vol. 3A, 11.11). */
const MESSAGES = { start: 0xfee0_0000n, end: 0xfeef_ffffn } as const;
/** The board wires slots 25 and up to inputs 16 to 19, the others to 20 to 23, rotated by slot. */
const FIRST_SHARED_SLOT = 25;

export class RootComplex implements Root {
  readonly bus: Bus;
  readonly windows: readonly HostWindow[];
  readonly interrupts: InterruptController;
  /** Called when BARs, windows or enables change: translations made before may be wrong. */
  onDecodeChange: (() => void) | undefined;
  readonly #ram: RootComplexParts["ram"];

  constructor({ interrupts, windows, ram }: RootComplexParts) {
    this.interrupts = interrupts;
    this.windows = windows;
    this.#ram = ram;
    this.bus = new Bus(this, {});
  }

  /** All functions, depth first, each bridge before what is below it. */
  get functions(): readonly PciFunction[] {
    return functionsBelow(this.bus);
  }

  /** The function that answers configuration requests for this number, as the bus registers stand now. */
  functionAt(bus: number, device: number, number: number): PciFunction | undefined {
    return busNumbered(this.bus, bus)?.at(device, number);
  }

  windowOf(kind: HostWindow["kind"], address: number): HostWindow | undefined {
    return this.windows.find((it) => it.kind === kind && address >= it.start && address <= it.end);
  }

  toBus({ offset }: HostWindow, address: number): BusAddress {
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

  dmaRead(address: BusAddress, target: Uint8Array): Completion {
    const at = this.#ramOffset(address, target.length);
    if (at === undefined) return "UR";
    this.#ram.memory.copyOut(at, target);
    return "SC";
  }

  dmaWrite(address: BusAddress, source: Uint8Array): Completion {
    if (address >= MESSAGES.start && address <= MESSAGES.end) {
      this.interrupts.message((source[0] ?? 0) | ((source[1] ?? 0) << 8));
      return "SC";
    }
    const at = this.#ramOffset(address, source.length);
    if (at === undefined) return "UR";
    this.#ram.memory.copyIn(at, source);
    return "SC";
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
