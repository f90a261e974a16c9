/**
 * A virtual function (PCIe Base Specification 9.3): there while VF Enable is set, behind BARs that the physical function
 * places for all of them, decoding by its VF Memory Space Enable.
 * Not modelled: routing ids beyond the physical function's bus, VF migration, page sizes other than 4 KiB.
 */
import { type BusAddress, bus } from "../core/address";
import type { Arena } from "../core/arena";
import { Bar, type BarDeclaration } from "./bar";
import { PciFunction } from "./function";
import type { Space } from "./place";

export interface VirtualFunctionDeclaration {
  readonly name: string;
  readonly physical: PciFunction;
  /** From 0. */
  readonly number: number;
  readonly bars: readonly BarDeclaration[];
}

/** Vendor and device id read as ones: software knows them from the physical function (9.3.4.1.1). */
const NO_ID = 0xffff;
const VF_MEMORY_ENABLE = 8;

export class VirtualFunction extends PciFunction {
  override readonly bars: readonly Bar[];
  readonly #physical: PciFunction;

  constructor(arena: Arena, { name, physical, number, bars }: VirtualFunctionDeclaration) {
    const code = (physical.config.map["CLASS_DEVICE"]?.reset ?? 0) << 8;
    const classCode = code | (physical.config.map["CLASS_PROG"]?.reset ?? 0);
    super(arena, {
      name,
      ids: { vendor: NO_ID, device: NO_ID, revision: 0, classCode },
      express: true,
      quirks: physical.quirks,
    });
    this.#physical = physical;
    this.bars = bars.map((declared) => new VirtualBar(physical, number, declared));
  }

  /** Its own Command has no Memory Space Enable (9.3.4.1.3). */
  override decodes(space: Space): boolean {
    const control = this.#physical.config.value("SRIOV_CTRL");
    return space === "memory" && (control & VF_MEMORY_ENABLE) !== 0;
  }
}

/** The n-th piece of what the physical function's VF BAR holds (9.3.3.14). */
class VirtualBar extends Bar {
  readonly #physical: PciFunction;
  readonly #number: number;

  constructor(physical: PciFunction, number: number, declared: BarDeclaration) {
    super(physical.config, declared);
    this.#physical = physical;
    this.#number = number;
  }

  override get base(): BusAddress {
    const { config } = this.#physical;
    const low = BigInt((config.value(`SRIOV_BAR_${this.index}`) & ~15) >>> 0);
    const high = this.kind === "mem64" ? config.get(`SRIOV_BAR_${this.index + 1}`) << 32n : 0n;
    return bus(BigInt.asUintN(64, (low | high) + BigInt(this.size * this.#number)));
  }
}
