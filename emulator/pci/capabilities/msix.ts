/**
 * MSI-X (PCIe Base Specification 7.7.2): a table of messages and an array of pending bits, both in memory space behind
 * a BAR. A vector is held back by its own mask bit or the function's; unmasking sends what waited.
 */
import type { Arena } from "../../core/arena";
import { type Behaviour, RegisterBank } from "../../core/register-bank";
import type { RegisterFile } from "../../core/register-file";
import type { Register, RegisterMap } from "../../core/register-map";
import { type ConfigLogic, type ConfigWrite, type FunctionSide, writtenTo } from "../place";
import type { Capability } from "./capability";
import type { Message } from "./msi";

export const MSIX_ID = 0x11;

export interface MsixOptions {
  readonly vectors: number;
  /** Which BAR, and where in it. */
  readonly table: { readonly bar: number; readonly at: number };
  readonly pending: { readonly bar: number; readonly at: number };
}

const ENTRY_BYTES = 16;

/** The capability, and the registers that it puts behind the BAR: the device adds them to its own. */
export class Msix implements ConfigLogic {
  readonly #options: MsixOptions;
  #bank: RegisterFile | undefined;
  #fn: FunctionSide | undefined;

  constructor(options: MsixOptions) {
    this.#options = options;
  }

  // biome-ignore format: a table, as in the specification
  capability(at: number): Capability {
    const { vectors, table, pending } = this.#options;
    return { id: MSIX_ID, name: "MSIX", at, logic: (fn) => this.#attach(fn), registers: {
      MSIX_FLAGS: { at: at + 2, width: 16, access: "ro", reset: vectors - 1, doc: "Message control.", spec: "PCIe 7.7.2.2", fields: {
        QSIZE: { bits: [10, 0], doc: "Entries of the table, less one." },
        MASKALL: { bits: 14, access: "rw", doc: "Holds every vector back." },
        ENABLE: { bits: 15, access: "rw", doc: "Interrupts are messages; INTx is not used." },
      } },
      MSIX_TABLE: { at: at + 4, width: 32, access: "ro", reset: table.at | table.bar, doc: "Where the table is.", spec: "PCIe 7.7.2.3", fields: {
        BIR: { bits: [2, 0], doc: "BAR." },
        OFFSET: { bits: [31, 3], doc: "Offset in the BAR, in units of 8 bytes." },
      } },
      MSIX_PBA: { at: at + 8, width: 32, access: "ro", reset: pending.at | pending.bar, doc: "Where the pending bits are.", spec: "PCIe 7.7.2.4", fields: {
        BIR: { bits: [2, 0], doc: "BAR." },
        OFFSET: { bits: [31, 3], doc: "Offset in the BAR, in units of 8 bytes." },
      } },
    } };
  }

  /** The table and the pending bits, as registers behind the BAR. */
  get registers(): RegisterMap {
    const { vectors, table, pending } = this.#options;
    const map: Record<string, Register> = {};
    for (let vector = 0; vector < vectors; vector++)
      Object.assign(map, entry(vector, table.at + vector * ENTRY_BYTES));
    for (let word = 0; word < Math.ceil(vectors / 64) * 2; word++) {
      const at = pending.at + word * 4;
      map[`MSIX_PBA_${word}`] = {
        at,
        width: 32,
        access: "ro",
        doc: "Vectors that wait behind their mask.",
        spec: "PCIe 7.7.2.10",
      };
    }
    return map;
  }

  /** What the table's registers do: to be added to the bank's behaviours. */
  get behaviours(): Readonly<Record<string, Behaviour>> {
    const all: Record<string, Behaviour> = {};
    for (let vector = 0; vector < this.#options.vectors; vector++) {
      all[`MSIX_${vector}_CONTROL`] = { write: (value) => this.#control(vector, value) };
    }
    return all;
  }

  /** A bank of its own for the table and the pending bits, of `size` bytes. */
  bank(arena: Arena, { name, size }: { readonly name: string; readonly size: number }): RegisterBank {
    const { registers: map, behaviours } = this;
    const bank = new RegisterBank(arena, { name, map, behaviours, size, blank: 0, splitsEight: true });
    this.connect(bank.registers);
    return bank;
  }

  /** Where the table's registers are at work. */
  connect(bank: RegisterFile): void {
    this.#bank = bank;
  }

  get enabled(): boolean {
    return ((this.#fn?.config.value("MSIX_FLAGS") ?? 0) & 0x8000) !== 0;
  }

  /** The message to send, or "masked" once it is noted as pending. */
  message(vector: number): Message | "masked" {
    const bank = this.#bank;
    if (!bank || vector >= this.#options.vectors) return "masked";
    if (this.#masked(vector)) {
      this.#setPending(vector, true);
      return "masked";
    }
    const low = bank.get(`MSIX_${vector}_ADDRESS_LO`) & ~3n;
    return {
      address: low | (bank.get(`MSIX_${vector}_ADDRESS_HI`) << 32n),
      data: bank.value(`MSIX_${vector}_DATA`),
    };
  }

  written(write: ConfigWrite): void {
    const flags = this.#fn?.config.map["MSIX_FLAGS"];
    if (flags && writtenTo(write, flags) && this.enabled) this.#sendPending();
  }

  #attach(fn: FunctionSide): this {
    this.#fn = fn;
    return this;
  }

  #control(vector: number, value: number): void {
    this.#bank?.set(`MSIX_${vector}_CONTROL`, value & 1);
    if (this.enabled) this.#send(vector);
  }

  #sendPending(): void {
    for (let vector = 0; vector < this.#options.vectors; vector++) this.#send(vector);
  }

  #send(vector: number): void {
    if (this.#masked(vector) || !this.#pending(vector)) return;
    this.#setPending(vector, false);
    this.#fn?.sendMessage(vector);
  }

  #masked(vector: number): boolean {
    const all = ((this.#fn?.config.value("MSIX_FLAGS") ?? 0) & 0x4000) !== 0;
    return all || ((this.#bank?.value(`MSIX_${vector}_CONTROL`) ?? 1) & 1) !== 0;
  }

  #pending(vector: number): boolean {
    return ((this.#bank?.value(`MSIX_PBA_${vector >>> 5}`) ?? 0) >>> (vector & 31)) % 2 === 1;
  }

  #setPending(vector: number, pending: boolean): void {
    const name = `MSIX_PBA_${vector >>> 5}`;
    const bit = 1 << (vector & 31);
    const bits = this.#bank?.value(name) ?? 0;
    this.#bank?.set(name, (pending ? bits | bit : bits & ~bit) >>> 0);
  }
}

// biome-ignore format: a table, as in the specification
function entry(vector: number, at: number): RegisterMap {
  return {
    [`MSIX_${vector}_ADDRESS_LO`]: { at, width: 32, access: "rw", doc: `Vector ${vector}: where its message is written.`, spec: "PCIe 7.7.2.6" },
    [`MSIX_${vector}_ADDRESS_HI`]: { at: at + 4, width: 32, access: "rw", doc: `Vector ${vector}: address bits 63:32.`, spec: "PCIe 7.7.2.7" },
    [`MSIX_${vector}_DATA`]: { at: at + 8, width: 32, access: "rw", doc: `Vector ${vector}: what its message says.`, spec: "PCIe 7.7.2.8" },
    [`MSIX_${vector}_CONTROL`]: { at: at + 12, width: 32, access: "ro", reset: 1, doc: `Vector ${vector}: control.`, spec: "PCIe 7.7.2.9", fields: {
      MASK: { bits: 0, access: "rw", doc: "Holds the vector back." },
    } },
  };
}
