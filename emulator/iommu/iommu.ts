/**
 * A DMA remapping unit of the VT-d kind (Intel VT-d 3.4): each request that a function sends to RAM is translated by
 * tables in RAM, or blocked and recorded. Tables, registers and the fault record are state; what it caches is not.
 * Not modelled: queued invalidation, interrupt remapping, scalable mode, device TLBs (ATS), page requests, protected
 * memory regions, several units, and the fault that a write of several pages leaves half done.
 */
import { bus, type PhysicalAddress, physical } from "../core/address";
import type { Arena } from "../core/arena";
import { hex } from "../core/hex";
import { type Behaviours, RegisterBank } from "../core/register-bank";
import type { InterruptController } from "../pci/interrupt-controller";
import type { FunctionSide, Requested } from "../pci/place";
import type { DmaRemapping } from "../pci/remapping";
import { CAP, dmarRegisters, ECAP } from "./dmar-registers";
import {
  type Context,
  contextOf,
  fault,
  leafOf,
  type RemapFault,
  type Remapped,
  type RemapStep,
  type TableMemory,
} from "./remapping-tables";
import { arrivingAs } from "./requester";
import { TranslationCache } from "./translation-cache";

/** Where it answers: one page, as on Intel's desktop chipsets. */
export const DMAR = { base: 0xfed9_0000, bytes: 4096 } as const;

const ENABLED = 0x8000_0000;
const ROOT_TAKEN = 0x4000_0000;
const MASKED = 0x8000_0000;
const PENDING = 2;
const OVERFLOW = 1;
const RECORDED = 0x8000_0000;
const OF_A_READ = 0x4000_0000;
const INVALIDATE = 1n << 63n;
/** Fault reasons: PTE Write access is not set, PTE Read access is not set (VT-d, table 25). */
const [NOT_WRITABLE, NOT_READABLE] = [5, 6] as const;
const GRANULARITY = { GLOBAL: 1, DOMAIN: 2, PAGE: 3 } as const;

export interface IommuParts {
  readonly memory: TableMemory;
  readonly interrupts: InterruptController;
}

/** A request as it arrives: the low bits of its address count. */
export interface RemapRequest {
  readonly requester: number;
  readonly address: bigint;
  readonly write: boolean;
}

export class Iommu implements DmaRemapping {
  readonly bank: RegisterBank;
  readonly #parts: IommuParts;
  readonly #cache = new TranslationCache();

  constructor(arena: Arena, parts: IommuParts) {
    this.#parts = parts;
    this.bank = new RegisterBank(arena, {
      name: "dmar0",
      map: dmarRegisters,
      size: DMAR.bytes,
      blank: 0,
      behaviours: this.#behaviours(),
    });
  }

  reset(): void {
    this.bank.reset();
    this.bank.registers.set("CAP", CAP);
    this.bank.registers.set("ECAP", ECAP);
    this.#cache.forgetEverything();
  }

  get enabled(): boolean {
    return (this.bank.registers.value("GSTS") & ENABLED) !== 0;
  }

  /** The requester id of a function's requests as they arrive here. */
  requesterOf(fn: FunctionSide): number {
    return arrivingAs(fn);
  }

  /** Where a request would go by the tables: a look, which neither uses nor fills what is cached. */
  walk({ requester, address, write }: RemapRequest, visit?: (step: RemapStep) => void): Remapped {
    const { memory } = this.#parts;
    const context = contextOf(memory, this.#root, { requester, visit });
    if ("kind" in context) return context;
    if (context.passThrough) return passedThrough(address);
    const leaf = leafOf(memory, context, { address, write, visit });
    return "kind" in leaf
      ? leaf
      : { kind: "translated", physical: placeIn(leaf, address), bytes: leaf.bytes };
  }

  /** A cached translation answers, whatever the tables say by now. */
  cached(requester: number, address: bigint): boolean {
    const context = this.#cache.context(requester);
    return context !== undefined && this.#cache.leaf(context.domain, address) !== undefined;
  }

  remap(from: FunctionSide, { address, write }: Requested): PhysicalAddress | string {
    const requester = this.requesterOf(from);
    const found = this.#translate({ requester, address: bus(address), write });
    return typeof found === "number" ? found : blocked(found, address);
  }

  refuse(from: FunctionSide, { address, write }: Requested): string {
    const found = fault(write ? NOT_WRITABLE : NOT_READABLE);
    return blocked(
      this.#record(found, { requester: this.requesterOf(from), address: bus(address), write }),
      address,
    );
  }

  #translate(request: RemapRequest): PhysicalAddress | RemapFault {
    const { requester, address, write } = request;
    const context = this.#contextOf(requester);
    if ("kind" in context) return this.#record(context, request);
    if (context.passThrough) return passedThrough(address).physical;
    const known = this.#cache.leaf(context.domain, address);
    if (known && (write ? known.write : known.read)) return placeIn(known, address);
    const leaf = leafOf(this.#parts.memory, context, { address, write });
    if ("kind" in leaf) return context.faultsDisabled ? leaf : this.#record(leaf, request);
    this.#cache.keepLeaf(context.domain, address, leaf);
    return placeIn(leaf, address);
  }

  #contextOf(requester: number): Context | RemapFault {
    const known = this.#cache.context(requester);
    if (known) return known;
    const found = contextOf(this.#parts.memory, this.#root, { requester });
    if (!("kind" in found)) this.#cache.keepContext(requester, found);
    return found;
  }

  /** Fault recording and the fault interrupt (VT-d 7.2, 7.3). */
  #record(found: RemapFault, { requester, address, write }: RemapRequest): RemapFault {
    const { registers } = this.bank;
    if (registers.value("FRCD_HIGH") & RECORDED) {
      registers.set("FSTS", registers.value("FSTS") | OVERFLOW);
      return found;
    }
    registers.set("FRCD_LOW", address & ~0xfffn);
    registers.set("FRCD_SOURCE", requester);
    registers.set("FRCD_HIGH", RECORDED | (write ? 0 : OF_A_READ) | found.reason);
    registers.set("FSTS", registers.value("FSTS") | PENDING);
    if (!(registers.value("FECTL") & MASKED)) this.#parts.interrupts.message(registers.value("FEDATA"));
    return found;
  }

  get #root(): PhysicalAddress {
    return physical(Number(this.bank.registers.get("RTADDR") & 0x000f_ffff_ffff_f000n));
  }

  #behaviours(): Behaviours<typeof dmarRegisters> {
    return {
      GCMD: { write: (command) => this.#command(command) },
      CCMD: { write: (low, high) => this.#invalidateContexts(low, high) },
      IOTLB: { write: (low, high) => this.#invalidatePages(low, high) },
      FRCD_HIGH: { write: (value) => this.#acknowledge(value) },
    };
  }

  #command(command: number): void {
    const { registers } = this.bank;
    const taken = registers.value("GSTS") | (command & ROOT_TAKEN);
    registers.set("GSTS", (taken & ~ENABLED) | (command & ENABLED));
    this.#cache.forgetEverything();
  }

  /** At once: the bit that starts it reads 0 again. Whatever was asked for, all context entries go. */
  #invalidateContexts(low: number, high: number): void {
    const value = joined(low, high);
    this.bank.registers.set("CCMD", value & ~INVALIDATE);
    if (value & INVALIDATE) this.#cache.forgetContexts();
  }

  #invalidatePages(low: number, high: number): void {
    const { registers } = this.bank;
    const value = joined(low, high);
    const granularity = (high >>> 28) & 3;
    registers.set("IOTLB", (value & ~(INVALIDATE | (3n << 57n))) | (BigInt(granularity) << 57n));
    if (!(value & INVALIDATE)) return;
    const domain = high & 0xffff;
    if (granularity === GRANULARITY.PAGE) this.#forgetPages(domain, registers.get("IVA"));
    else if (granularity === GRANULARITY.DOMAIN) this.#cache.forgetDomain(domain);
    else this.#cache.forgetEverything();
  }

  #forgetPages(domain: number, iva: bigint): void {
    const pages = 2 ** Number(iva & 0x3fn);
    this.#cache.forgetPages(domain, iva & ~0xfffn, pages);
  }

  #acknowledge(value: number): void {
    const { registers } = this.bank;
    if (!(value & RECORDED)) return;
    registers.set("FRCD_HIGH", registers.value("FRCD_HIGH") & ~RECORDED);
    registers.set("FSTS", registers.value("FSTS") & ~PENDING);
  }
}

function passedThrough(address: bigint): Exclude<Remapped, RemapFault> {
  return { kind: "passed-through", physical: physical(Number(BigInt.asUintN(52, address))), bytes: 4096 };
}

function placeIn(
  { page, bytes }: { page: PhysicalAddress; bytes: number },
  address: bigint,
): PhysicalAddress {
  return physical(page + Number(address % BigInt(bytes)));
}

function joined(low: number, high: number): bigint {
  return BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n);
}

function blocked({ text, reason }: RemapFault, address: bigint): string {
  return `the IOMMU blocks it: ${text} (fault reason 0x${reason.toString(16).padStart(2, "0")}), page ${hex(address & ~0xfffn)}`;
}
