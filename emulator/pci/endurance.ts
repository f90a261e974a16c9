/** What of a configuration space outlives a reset that is not a cold one (PCIe Base Specification 6.6, 7.4). */
import type { RegisterFile } from "../core/register-file";
import type { Register } from "../core/register-map";
import type { Capability } from "./capabilities/capability";

/** A word, and the bits of it that are kept. */
type Kept = readonly (readonly [at: number, lanes: number, value: number])[];

const HEADER_END = 0x40;
/** Capabilities that QEMU puts back at any reset. */
const PUT_BACK_BY_QEMU = new Set(["MSI", "MSIX", "ACS"]);
const PUT_BACK_REGISTERS = new Set(["EXP_DEVCTL", "EXP_DEVSTA", "EXP_SLTCTL", "EXP_RTCTL"]);

export class Endurance {
  readonly #config: RegisterFile;
  readonly #resetByQemu: ReadonlySet<string>;

  constructor(config: RegisterFile, capabilities: readonly Capability[]) {
    this.#config = config;
    const reset = capabilities.filter(({ name }) => PUT_BACK_BY_QEMU.has(name));
    this.#resetByQemu = new Set([
      ...PUT_BACK_REGISTERS,
      ...reset.flatMap(({ registers }) => Object.keys(registers)),
    ]);
  }

  /** Sticky registers; at an FLR also those that belong to the link. */
  keep(kind: "hot" | "function"): Kept {
    const kept = Object.values(this.#config.map).filter(
      ({ survives }) => survives === "hot-reset" || (survives === "function-reset" && kind === "function"),
    );
    return kept.map((register) => this.#lanes(register));
  }

  /** The quirk PARTIAL_RESET: everything from 0x40 up but a few registers. */
  keepAsQemu(): Kept {
    const kept = new Map<number, number>();
    for (let at = HEADER_END; at < this.#config.size; at += 4) kept.set(at, -1);
    for (const [name, register] of Object.entries(this.#config.map)) {
      if (!this.#resetByQemu.has(name)) continue;
      const [at, lanes] = this.#lanes(register);
      kept.set(at, (kept.get(at) ?? 0) & ~lanes);
    }
    return [...kept].map(([at, lanes]) => [at, lanes, this.#config.word(at)]);
  }

  putBack(kept: Kept): void {
    for (const [at, lanes, value] of kept)
      this.#config.setWord(at, (this.#config.word(at) & ~lanes) | (value & lanes));
  }

  #lanes({ at, width }: Register): readonly [at: number, lanes: number, value: number] {
    const lanes = width >= 32 ? -1 : ((1 << width) - 1) << ((at & 3) * 8);
    return [at & ~3, lanes, this.#config.word(at)];
  }
}
