/** A bus: the functions on it and the bridge above it. Its number is what the bridge's Secondary Bus register holds. */
import { type Bdf, bdf } from "./bdf";
import type { PciFunction } from "./function";
import type { BusAbove, FunctionSide, Root } from "./place";

const BUS_RESET = 0x40;
const ARI_FORWARDING = 0x20;

export class Bus implements BusAbove {
  readonly root: Root;
  readonly bridge: FunctionSide | undefined;
  readonly segment: number;
  readonly #all: PciFunction[] = [];
  /** Declared for later: several may share a place. */
  readonly #waiting = new Set<PciFunction>();
  readonly #rootNumber: number;

  constructor(
    root: Root,
    { bridge, segment = 0, number = 0 }: { bridge?: FunctionSide; segment?: number; number?: number },
  ) {
    this.root = root;
    this.bridge = bridge;
    this.segment = segment;
    this.#rootNumber = number;
  }

  get number(): number {
    return this.bridge ? this.bridge.config.value("SECONDARY_BUS") : this.#rootNumber;
  }

  /** Those that are plugged in, in the order of device and function number. */
  get functions(): readonly PciFunction[] {
    return this.#all.every(({ present }) => present) ? this.#all : this.#all.filter(({ present }) => present);
  }

  /** Also those that wait to be plugged in. */
  get declared(): readonly PciFunction[] {
    return this.#all;
  }

  plug(
    fn: PciFunction,
    {
      device,
      function: number = 0,
      waiting = false,
    }: { device: number; function?: number; waiting?: boolean },
  ): void {
    const taken = this.#all.some(
      (it) => it.place?.device === device && it.place.function === number && !this.#waiting.has(it),
    );
    if (waiting) this.#waiting.add(fn);
    else if (taken)
      throw new RangeError(`Cannot plug ${fn.name} into ${device}.${number}: the place is taken`);
    fn.place = { bus: this, device, function: number };
    if (!waiting) this.#tellSiblings(fn, device);
    this.#all.push(fn);
    this.#all.sort((a, b) => order(a) - order(b));
  }

  /** Functions of one device say that there are more (PCIe 7.5.1.1.9). */
  #tellSiblings(fn: PciFunction, device: number): void {
    for (const other of this.#all) {
      if (other.place?.device !== device || this.#waiting.has(other)) continue;
      other.multifunction = true;
      fn.multifunction = true;
    }
  }

  /** To another device number, before it is plugged in. */
  move(fn: PciFunction, device: number): void {
    fn.place = { bus: this, device, function: 0 };
    this.#all.sort((a, b) => order(a) - order(b));
  }

  /** The function that answers configuration requests there. */
  at(device: number, number: number): PciFunction | undefined {
    const found = this.#at(device, number);
    if (!found?.answers || (this.#inReset && !found.quirks.take("ANSWERS_IN_RESET"))) return undefined;
    if (device > 0 && this.#isLink && !found.quirks.take("SECOND_DEVICE_ON_A_LINK")) return undefined;
    return found;
  }

  bdfOf({ place }: PciFunction): Bdf {
    return bdf({
      segment: this.segment,
      bus: this.number,
      device: place?.device ?? 0,
      function: place?.function ?? 0,
    });
  }

  #at(device: number, number: number): PciFunction | undefined {
    return this.#all.find((fn) => fn.place?.device === device && fn.place.function === number && fn.present);
  }

  /** Below a root port or a downstream port is a link, with one device; ARI makes more functions of it (PCIe 7.3.1). */
  get #isLink(): boolean {
    const config = this.bridge?.config;
    if (!config?.map["EXP_FLAGS"]) return false;
    const type = (config.value("EXP_FLAGS") >>> 4) & 15;
    const ari = config.map["EXP_DEVCTL2"] && config.value("EXP_DEVCTL2") & ARI_FORWARDING;
    return (type === 4 || type === 6) && !ari;
  }

  get #inReset(): boolean {
    return this.bridge !== undefined && (this.bridge.config.value("BRIDGE_CONTROL") & BUS_RESET) !== 0;
  }
}

function order({ place }: PciFunction): number {
  return (place?.device ?? 0) * 8 + (place?.function ?? 0);
}
