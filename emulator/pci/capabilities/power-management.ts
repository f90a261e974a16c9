/**
 * PCI Power Management (PCIe Base Specification 5 and 7.5.2). In D1, D2 and D3hot a function answers configuration
 * requests only and sends nothing; on the way back from D3hot it is reset unless No_Soft_Reset says that it is not.
 * Not modelled: D3cold, PME messages, the time a transition takes (10 ms from D3hot).
 */
import type { ConfigLogic, ConfigWrite, FunctionSide } from "../place";
import { writtenTo } from "../place";
import type { Capability } from "./capability";

export interface PowerOptions {
  readonly d1?: boolean;
  readonly d2?: boolean;
  /** Needs initialization by its driver before others use it (DSI). */
  readonly initialization?: boolean;
  readonly version?: 2 | 3;
  readonly noSoftReset?: boolean;
  /** Can wake the machine: PME_En and PME_Status exist, and Data_Select. */
  readonly wakes?: boolean;
}

const D3HOT = 3;

// biome-ignore format: a table, as in the specification
export function powerManagement(at: number, options: PowerOptions = {}): Capability {
  const { d1 = false, d2 = false, initialization = false, version = 3, noSoftReset = false, wakes = false } = options;
  const offered = version | (initialization ? 0x20 : 0) | (d1 ? 0x200 : 0) | (d2 ? 0x400 : 0);
  const wake = wakes ? "rw" : "ro";
  return { id: 0x01, name: "PM", at, logic: (fn) => new PowerManagement(fn, at), registers: {
    PM_PMC: { at: at + 2, width: 16, access: "ro", reset: offered, doc: "Power management capabilities.", spec: "PCIe 7.5.2.1", fields: {
      VERSION: { bits: [2, 0], doc: "Version of the capability." },
      DSI: { bits: 5, doc: "Needs initialization before generic software uses it." },
      D1: { bits: 9, doc: "D1 is supported." },
      D2: { bits: 10, doc: "D2 is supported." },
      PME: { bits: [15, 11], doc: "States from which it can wake the machine." },
    } },
    PM_CTRL: { at: at + 4, width: 16, access: "ro", reset: noSoftReset ? 8 : 0, doc: "Power management control and status.", spec: "PCIe 7.5.2.2", fields: {
      STATE: { bits: [1, 0], access: "rw", doc: "Power state.", values: { D0: 0, D1: 1, D2: 2, D3hot: 3 } },
      NO_SOFT_RESET: { bits: 3, doc: "From D3hot to D0 nothing is reset." },
      PME_ENABLE: { bits: 8, access: wake, doc: "May wake the machine." },
      DATA_SELECT: { bits: [12, 9], access: wake, doc: "Which number the Data register shows." },
      PME_STATUS: { bits: 15, access: wakes ? "w1c" : "ro", doc: "Wants to wake the machine." },
    } },
    PM_PPB_EXTENSIONS: { at: at + 6, width: 8, access: "ro", doc: "Bridge extensions; zero in PCIe." },
    PM_DATA: { at: at + 7, width: 8, access: "ro", doc: "Power data." },
  } };
}

class PowerManagement implements ConfigLogic {
  readonly #fn: FunctionSide;
  readonly #control: { readonly at: number; readonly width: 16 };

  constructor(fn: FunctionSide, at: number) {
    this.#fn = fn;
    this.#control = { at: at + 4, width: 16 };
  }

  written(write: ConfigWrite): void {
    if (!writtenTo(write, this.#control)) return;
    const [from, to] = [write.old & 3, this.#fn.config.value("PM_CTRL") & 3];
    if (!this.#offered(to) && !this.#fn.quirks.take("UNSUPPORTED_STATE_STORED")) this.#setState(from);
    else if (from === D3HOT && to === 0) this.#wake();
  }

  #wake(): void {
    if (this.#fn.config.value("PM_CTRL") & 8 || this.#fn.quirks.take("POWER_STATE_IGNORED")) return;
    this.#fn.resetBy("function");
  }

  #offered(state: number): boolean {
    const capabilities = this.#fn.config.value("PM_PMC");
    return state === 0 || state === D3HOT || (capabilities & (state === 1 ? 0x200 : 0x400)) !== 0;
  }

  #setState(state: number): void {
    const { config } = this.#fn;
    config.set("PM_CTRL", (config.value("PM_CTRL") & ~3) | state);
  }
}
