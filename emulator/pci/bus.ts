/** A bus: the functions on it and the bridge above it. Its number is what the bridge's Secondary Bus register holds. */
import { type Bdf, bdf } from "./bdf";
import type { PciFunction } from "./function";
import type { BusAbove, Plugged, Root } from "./place";

export class Bus implements BusAbove {
  readonly root: Root;
  readonly bridge: Plugged | undefined;
  readonly segment: number;
  readonly #functions: PciFunction[] = [];
  readonly #rootNumber: number;

  constructor(
    root: Root,
    { bridge, segment = 0, number = 0 }: { bridge?: Plugged; segment?: number; number?: number },
  ) {
    this.root = root;
    this.bridge = bridge;
    this.segment = segment;
    this.#rootNumber = number;
  }

  get number(): number {
    return this.bridge ? this.bridge.config.value("SECONDARY_BUS") : this.#rootNumber;
  }

  /** In the order of device and function number. */
  get functions(): readonly PciFunction[] {
    return this.#functions;
  }

  plug(fn: PciFunction, { device, function: number = 0 }: { device: number; function?: number }): void {
    if (this.at(device, number))
      throw new RangeError(`Cannot plug ${fn.name} into ${device}.${number}: the place is taken`);
    fn.place = { bus: this, device, function: number };
    this.#functions.push(fn);
    this.#functions.sort((a, b) => order(a) - order(b));
  }

  at(device: number, number: number): PciFunction | undefined {
    return this.#functions.find(({ place }) => place?.device === device && place.function === number);
  }

  bdfOf({ place }: PciFunction): Bdf {
    return bdf({
      segment: this.segment,
      bus: this.number,
      device: place?.device ?? 0,
      function: place?.function ?? 0,
    });
  }
}

function order({ place }: PciFunction): number {
  return (place?.device ?? 0) * 8 + (place?.function ?? 0);
}
