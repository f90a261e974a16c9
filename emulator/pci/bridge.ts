/** A type 1 function: what its windows hold goes to the bus below (PCIe Base Specification 7.5.1.3). */
import { type BusAddress, bus as busAddress } from "../core/address";
import type { Arena } from "../core/arena";
import type { Bus } from "./bus";
import { type FunctionDeclaration, PciFunction } from "./function";

export type WindowKind = "io" | "memory" | "prefetchable";

/** A range of addresses that a bridge forwards downstream; closed while base is above limit. */
export interface BridgeWindow {
  readonly kind: WindowKind;
  readonly start: BusAddress;
  /** Inclusive. */
  readonly end: BusAddress;
  readonly open: boolean;
}

export class Bridge extends PciFunction {
  below: Bus | undefined;

  constructor(arena: Arena, declaration: FunctionDeclaration) {
    super(arena, { ...declaration, header: 1 });
  }

  window(kind: WindowKind): BridgeWindow {
    if (kind === "io") return this.#ioWindow();
    const { config } = this;
    const at = kind === "memory" ? "MEMORY" : "PREF_MEMORY";
    const upper = (name: string) => (kind === "memory" ? 0n : config.get(name) << 32n);
    const start = upper("PREF_BASE_UPPER32") | ((config.get(`${at}_BASE`) & 0xfff0n) << 16n);
    const end = upper("PREF_LIMIT_UPPER32") | ((config.get(`${at}_LIMIT`) & 0xfff0n) << 16n) | 0xfffffn;
    return { kind, start: busAddress(start), end: busAddress(end), open: start <= end };
  }

  windows(): readonly BridgeWindow[] {
    return [this.window("io"), this.window("memory"), this.window("prefetchable")];
  }

  #ioWindow(): BridgeWindow {
    const start = (this.config.get("IO_BASE") & 0xf0n) << 8n;
    const end = ((this.config.get("IO_LIMIT") & 0xf0n) << 8n) | 0xfffn;
    return { kind: "io", start: busAddress(start), end: busAddress(end), open: start <= end };
  }
}
